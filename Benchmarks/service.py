"""Searches over HTTP from 32 connections for 30 seconds: errors, rate, latency, memory, descriptors."""
import argparse, asyncio, json, os, pathlib, platform, shutil, statistics, subprocess, tempfile, time

checkout = pathlib.Path(__file__).resolve().parent.parent
conductor = checkout / ".build/release/conductor"
QUERIES = [
    "pods stuck in CrashLoopBackOff", "cut the S3 bill", "queue is filling up with failed messages",
    "certificate expires", "KubePodCrashLooping", "rotate the payment keys", "terraform state lock",
]


def resident_kilobytes(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


async def client(number, port, token, end, latencies, errors):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn = number
    while time.monotonic() < end:
        body = json.dumps({"query": QUERIES[turn % len(QUERIES)], "limit": 10}).encode()
        turn += 1
        head = (
            f"POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
        started = time.monotonic()
        try:
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            fields = dict(
                line.lower().split(b": ", 1) for line in answer.split(b"\r\n")[1:] if b": " in line)
            await reader.readexactly(int(fields[b"content-length"]))
            if not answer.startswith(b"HTTP/1.1 200"):
                errors.append(answer.split(b"\r\n")[0].decode())
        except (OSError, EOFError) as error:
            errors.append(repr(error))
            return
        latencies.append(time.monotonic() - started)
    writer.close()


async def load(port, token, connections, seconds):
    latencies, errors, end = [], [], time.monotonic() + seconds
    await asyncio.gather(
        *(client(n, port, token, end, latencies, errors) for n in range(connections)))
    return sorted(latencies), errors


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = pathlib.Path(folder) / "world"
        shutil.copytree(checkout / "corpora", world)
        subprocess.run([conductor, "--root", world, "index"], check=True, capture_output=True)
        service = subprocess.Popen(
            [conductor, "--root", world, "serve", "--port", "0", "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            told = json.loads(service.stdout.readline())
            port = int(told["url"].rsplit(":", 1)[1])
            token = pathlib.Path(told["token_file"]).read_text().strip()
            asyncio.run(load(port, token, options.connections, 5))
            before = resident_kilobytes(service.pid), descriptors(service.pid)
            latencies, errors = asyncio.run(
                load(port, token, options.connections, options.seconds))
            after = resident_kilobytes(service.pid), descriptors(service.pid)
        finally:
            service.terminate()
            service.wait(10)
    print(f"machine      {platform.machine()}, {os.cpu_count()} processors")
    print(f"connections  {options.connections} for {options.seconds:g} s, after 5 s to warm up")
    print(f"answers      {len(latencies)}, {len(latencies) / options.seconds:.0f} a second")
    print(f"errors       {len(errors)} {sorted(set(errors))[:5] if errors else ''}")
    print(f"latency      p50 {statistics.median(latencies) * 1000:.0f} ms, "
          f"p99 {latencies[int(len(latencies) * 0.99)] * 1000:.0f} ms")
    print(f"memory       {before[0]} kB before, {after[0]} kB after")
    print(f"descriptors  {before[1]} before, {after[1]} after")
    return 1 if errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
