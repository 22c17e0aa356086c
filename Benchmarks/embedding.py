"""Embeds the same texts with conductor, ONNX Runtime and sentence-transformers, in turn.

Every encoder runs on all processors, and tokenization is in every time. The ratios that count
compare the time of embedding alone: conductor's own "seconds", where it tells them, with the
peers' open sessions. A ratio above 1 means that conductor is faster.
"""
# Nothing large is imported here: a child's peak memory starts from its parent's.
import argparse
import json
import os
import pathlib
import re

import statistics
import subprocess
import sys
import tempfile
import time

import embedding_report

checkout = pathlib.Path(__file__).resolve().parent.parent
cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
models = pathlib.Path(os.environ.get("CONDUCTOR_MODELS") or cache / "conductor/models")
MODEL, WINDOW = "all-minilm-l6-v2", 256
PEERS = {
    "onnxruntime-fp32": ("onnxruntime", "fp32"),
    "onnxruntime-int8": ("onnxruntime", "int8"),
    "sentence-transformers": ("sentence-transformers", "fp32"),
}
IN_TURN = ("conductor-fp32", "onnxruntime-fp32", "conductor-int8", "onnxruntime-int8",
           "sentence-transformers")
QUERY = "how do I restart a pod that keeps crashing"
WORDS_A_PASSAGE, FEWEST_WORDS = 150, 30
TRIAL_TEXTS = 64


def passages():
    """The example world's sections, at most 150 words each, without the very short ones."""
    for page in sorted(checkout.glob("corpora/**/*.md")):
        for section in re.split(r"\n(?=#)", page.read_text()):
            words = section.split()
            for start in range(0, len(words), WORDS_A_PASSAGE):
                passage = words[start : start + WORDS_A_PASSAGE]
                if len(passage) >= FEWEST_WORDS:
                    yield " ".join(passage)


class Conductor:
    """The program, one whole process a run."""

    def __init__(self, program, embedder, folder):
        self.program, self.embedder, self.folder = program, embedder, folder
        self.runs, self.vectors = [], folder / f"conductor-{embedder.replace('/', '-')}.npy"

    def run(self, *arguments):
        chosen = [] if self.embedder == "default" else ["--embedder", self.embedder]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            start = time.perf_counter()
            child = subprocess.Popen(
                [self.program, "embed", "--json", *chosen, *arguments], stdout=out, stderr=errors)
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - start
            child.returncode = os.waitstatus_to_exitcode(status)
            printed, complaint = (stream.seek(0) or stream.read() for stream in (out, errors))
            if child.returncode:
                said = " ".join((complaint + printed).decode(errors="replace").split())
                raise RuntimeError(f"exit {child.returncode}: {said[:200]}")
            return seconds, usage.ru_maxrss, json.loads(printed)

    def embed(self, texts):
        seconds, kilobytes, told = self.run("--file", texts, "--npy", self.vectors)
        self.runs.append({"process": seconds, "encoder": told.get("seconds"),
                          "kilobytes": kilobytes})
        self.token_counts = told["tokens"]

    def start_up(self):
        return statistics.median(self.run("short query")[0] for _ in range(10)) * 1000


def conductors(program, folder):
    """By precision, each run once."""
    found = {name: Conductor(program, f"{MODEL}/{name}", folder) for name in ("fp32", "int8")}
    for conductor in found.values():
        conductor.run("warm up")
    return found


class Peer:
    """peers.py in a process of its own."""

    def __init__(self, kind, precision, texts, folder):
        self.runs, self.vectors = [], folder / f"{kind}-{precision}.npy"
        self.process = subprocess.Popen(
            [sys.executable, checkout / "Benchmarks/peers.py", kind, "--precision", precision,
             "--model", models / MODEL, "--cache", cache / f"conductor/benchmarks-onnx",
             "--texts", texts],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "HF_HUB_OFFLINE": "1"})
        self.hello = self.ask("hello")

    def ask(self, what, **arguments):
        print(json.dumps({"do": what, **arguments}), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.process.args[2]}: ended with {self.process.wait()}")
        return json.loads(answer)

    def trial(self, counts):
        """Lets the peer find its fastest batches on texts of all lengths."""
        order = sorted(range(len(counts)), key=lambda row: counts[row])
        rows = order[:: -(-len(order) // TRIAL_TEXTS)]
        tokens = sum(counts[row] for row in rows)
        told = self.ask("trial", rows=rows)
        return {"best": told["best"], "tried_tokens_per_s": {
            " ".join(f"{key} {value}" for key, value in variant.items()): round(tokens / seconds)
            for seconds, variant in told["tried"]}}

    def embed(self, _):
        self.runs.append(self.ask("embed", npy=str(self.vectors)))

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)


def queries(ours, peers, repeats):
    """One short query: the whole encoder is open, and what is timed is text to vector."""
    told = {name: peer.ask("query", text=QUERY, repeats=repeats) for name, peer in peers.items()}
    for precision, conductor in ours.items():
        told[f"conductor-{precision}"] = conductor.run(QUERY, "--repeat", str(repeats))[2]["times"]
    return told


def read_texts(options):
    if options.texts:
        lines = options.texts.read_text().split("\n")
        texts = [line for line in (" ".join(line.split()) for line in lines) if line]
    else:
        texts = list(passages())
    if not options.limit or options.limit > len(texts):
        return texts
    return [texts[row * len(texts) // options.limit] for row in range(options.limit)]


def compare(options, folder):
    machine = embedding_report.machine()
    texts, texts_file, notes = read_texts(options), folder / "texts", []
    texts_file.write_text("\n".join(texts) + "\n")
    ours = conductors(options.conductor, folder)
    peers, trials = {}, {}
    try:
        for name, kind in PEERS.items():
            if name != "sentence-transformers" or options.sentence_transformers:
                peers[name] = Peer(*kind, texts_file, folder)
                counts = peers["onnxruntime-fp32"].hello["token_counts"]
                trials[name] = peers[name].trial(counts)
        everyone = {**{f"conductor-{name}": item for name, item in ours.items()}, **peers}
        for _ in range(options.rounds):
            for name in IN_TURN:
                if name in everyone:
                    everyone[name].embed(texts_file)
        one_query = queries(ours, peers, 200)
        starts = {f"conductor-{name}": round(item.start_up(), 1) for name, item in ours.items()}
    finally:
        for peer in peers.values():
            peer.close()
    for name, item in ours.items():
        differing = sum(min(a, WINDOW) != b for a, b in zip(item.token_counts, counts))
        if differing:
            notes.append(f"conductor {name} counts other tokens in {differing} texts")
    tokens = sum(counts)
    versions = {}
    for peer in peers.values():
        versions.update(peer.hello["versions"])
    return {
        "machine": {**machine, "load_after": round(os.getloadavg()[0], 1)},
        "versions": versions, "texts": len(texts), "tokens": tokens, "rounds": options.rounds,
        "speeds": embedding_report.speeds(everyone, trials, tokens),
        "ratios": embedding_report.ratios(ours, peers), "query": {"text": QUERY, **one_query},
        "start_up_ms": starts, "least_cosine": embedding_report.cosines(everyone),
        "notes": notes,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--texts", type=pathlib.Path, help="a file with a text a line")
    parser.add_argument("--limit", type=int, help="how many texts at most")
    parser.add_argument("--conductor", default=str(checkout / ".build/release/conductor"))
    parser.add_argument("--sentence-transformers", action="store_true")
    parser.add_argument("--markdown", action="store_true", help="also print a table")
    options = parser.parse_args()
    if not os.path.exists(options.conductor):
        parser.error(f"no {options.conductor}: make build")
    with tempfile.TemporaryDirectory() as folder:
        told = compare(options, pathlib.Path(folder))
    print(json.dumps(told, indent=2))
    if options.markdown:
        print("\n" + embedding_report.markdown(told))


if __name__ == "__main__":
    main()
