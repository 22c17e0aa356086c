"""A million rows in a file: to build, open, search and change, each in a process of its own.

The rows are seeded, slightly turned copies of the set of 150k; nothing is said of recall. Times are those
that pass. The file is put out of the system's cache before it is opened.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

import numpy

import vector_data
from embedding_report import machine

checkout = pathlib.Path(__file__).resolve().parent.parent
ROWS, NOISE, BLOCK, SEED = 1_000_000, 0.2, 50_000, 1
SEARCHES = 100


def write_rows(source, path, count):
    """Copies of the rows, each moved by a random vector of a fifth of its length."""
    rows = numpy.load(source, mmap_mode="r")
    random = numpy.random.default_rng(SEED)
    target = numpy.lib.format.open_memmap(path, "w+", numpy.float32, (count, rows.shape[1]))
    for start in range(0, count, BLOCK):
        numbers = numpy.arange(start, min(start + BLOCK, count)) % len(rows)
        block = rows[numbers].astype(numpy.float32)
        block += random.standard_normal(block.shape, numpy.float32) * (
            NOISE / numpy.sqrt(rows.shape[1]))
        target[start : start + len(block)] = block / numpy.linalg.norm(block, axis=1, keepdims=True)
    target.flush()


def run(*command):
    """(seconds, peak kilobytes)"""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command[:3]}: exit {child.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss


def forget(file):
    """Takes a file's pages out of the system's cache."""
    descriptor = os.open(file, os.O_RDONLY)
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def measure(options, folder):
    base, index = folder / "rows.npy", folder / "index"
    chosen = vector_data.sets(options.data, options.conductor, ["text-150k"])[0]
    write_rows(chosen.base, base, options.rows)
    seconds, peak = run(options.conductor, "vectors", "build", base, "-o", index)
    told = {"rows": options.rows, "build": {"seconds": round(seconds, 2), "peakKilobytes": peak}}
    base.unlink()
    forget(index / "base")
    server = subprocess.Popen([options.vector_bench, "serve"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)

    def ask(what, **arguments):
        print(json.dumps({"do": what, **arguments}), file=server.stdin, flush=True)
        answer = server.stdout.readline()
        if not answer:
            raise SystemExit(f"vector-bench: ended with {server.wait()}")
        return json.loads(answer)

    told["open"] = ask("open", base=str(index), queries=str(chosen.queries))
    # Changed before anything was searched: so an upsert reads only what it changes.
    told["upsert"] = ask("upsert", key=options.rows // 2, first=0)
    told["first search"] = ask("search", first=0)
    found = told["first search"].pop("ids")[0]
    if found[0] != options.rows // 2:
        raise SystemExit("the row that was put in is not the nearest to itself")
    times = ask("round", count=SEARCHES, batch=1, limit=10)["nanoseconds"]
    times = ask("round", count=SEARCHES, batch=1, limit=10)["nanoseconds"]
    told["later searches"] = {"median_ms": round(statistics.median(times) / 1e6, 3)}
    server.stdin.close()
    server.wait(60)
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, default=checkout.parent / "shared/data")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--folder", type=pathlib.Path, default=vector_data.folder,
                        help="where some 3 GB go for the time of the run")
    parser.add_argument("--conductor", default=str(checkout / ".build/release/conductor"))
    parser.add_argument("--vector-bench",
                        default=str(checkout / ".build-benchmarks/release/vector-bench"))
    options = parser.parse_args()
    if not (options.data / vector_data.VECTORS).exists():
        parser.error(f"no {options.data / vector_data.VECTORS}: --data")
    options.folder.mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(dir=options.folder))
    try:
        told = {"machine": machine(), **measure(options, folder)}
    finally:
        shutil.rmtree(folder)
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
