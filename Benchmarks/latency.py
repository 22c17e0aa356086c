"""Searches over HTTP one after another, as one person does: latency of the first pass and of later ones."""
import argparse, http.client, json, os, pathlib, platform, shutil, statistics, subprocess, tempfile, time

checkout = pathlib.Path(__file__).resolve().parent.parent
WARM_UP = ["zebra quartz", "violet umbrella", "xylophone", "walnut ginger"] * 3


def queries(path):
    lines = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    return [line.get("query") or line["text"] for line in lines]


def percentiles(seconds):
    ordered = sorted(seconds)
    return (f"p50 {statistics.median(ordered) * 1e3:5.1f} ms   "
            f"p99 {ordered[int(len(ordered) * 0.99)] * 1e3:5.1f} ms   ({len(ordered)} searches)")


class Service:
    def __init__(self, binary, root):
        self.process = subprocess.Popen(
            [binary, "--root", root, "serve", "--port", "0", "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        told = json.loads(self.process.stdout.readline())
        self.connection = http.client.HTTPConnection(told["url"].split("//")[1])
        token = pathlib.Path(told["token_file"]).read_text().strip()
        self.headers = {"Content-Type": "application/json", "Authorization": "Bearer " + token}

    def search(self, query):
        body = json.dumps({"query": query, "limit": 10})
        started = time.perf_counter()
        self.connection.request("POST", "/v1/search", body, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        seconds = time.perf_counter() - started
        if answer.status != 200:
            raise SystemExit(f"{answer.status} for {query!r}: {text[:300]!r}")
        return seconds

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        self.process.terminate()
        self.process.wait(10)


def measure(binary, root, texts, passes):
    """The latencies of the first pass, those of later ones, and the processor's seconds of a later search."""
    service = Service(binary, root)
    try:
        for query in WARM_UP:
            service.search(query)
        first = [service.search(query) for query in texts]
        before = service.processor_seconds()
        later = [service.search(query) for _ in range(passes) for query in texts]
        return first, later, (service.processor_seconds() - before) / len(later)
    finally:
        service.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "corpora", type=pathlib.Path, help="a folder of pages; it is copied and indexed")
    parser.add_argument(
        "sets", type=pathlib.Path, nargs="+", help="files of queries, one JSON object a line")
    parser.add_argument("--passes", type=int, default=3, help="after the first one")
    parser.add_argument(
        "--binary", type=pathlib.Path, nargs="+", default=[checkout / ".build/release/conductor"],
        help="several are measured in turn")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "world"
        shutil.copytree(options.corpora, root / "corpora")
        binaries = [binary.resolve() for binary in options.binary]
        subprocess.run([binaries[0], "--root", root, "index", root / "corpora"], check=True)
        print(f"machine  {platform.machine()}, {os.cpu_count()} processors, "
              f"load {os.getloadavg()[0]:.1f}")
        for path in options.sets:
            texts = queries(path)
            words = statistics.median(len(text.split()) for text in texts)
            print(f"\n{path}: {len(texts)} queries, {words:g} words in the middle")
            for binary in binaries:
                first, later, processor = measure(binary, root, texts, options.passes)
                if len(binaries) > 1:
                    print(binary)
                print(f"  first pass    {percentiles(first)}")
                print(f"  later passes  {percentiles(later)}   processor {processor * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
