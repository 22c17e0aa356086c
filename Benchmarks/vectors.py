"""Searches the same vectors with conductor's index and others, in turn, on one thread of one processor.

Every index lives in a process of its own, and the rounds of all of them alternate. Times are the
processor's for that process: on a machine with other work, time that passes would favour short calls. A
ratio is the median of each round's quotient, so that a machine that slows down slows both sides; above 1
means that conductor is faster. Every id is compared with the nearest rows by f64 inner products.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ONE_THREAD = {name: "1" for name in (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")}
os.environ.update(ONE_THREAD)

import numpy

import vector_data
import vector_report

checkout = pathlib.Path(__file__).resolve().parent.parent
OURS, FLAT = "conductor", "faiss-flat"
SETS = ("text-10k", "text-150k", "minilm")
# Breadths of a search, for what has one: for graphs, each is a method of its own.
BREADTHS = {"faiss-hnsw": [64], "hnswlib": [64], "usearch": [64]}
KINDS = (OURS, FLAT, "sqlite-vec", *BREADTHS)
# The slow ones answer fewer queries in a round.
QUERIES_A_ROUND = {"sqlite-vec": 100}
BATCHES = (1, 32)
SHARES = (0.001, 0.01, 0.1, 0.5)
LIMIT = 10


class Index:
    """One index in its process."""

    def __init__(self, kind, options):
        self.kind = kind
        command = [options.vector_bench, "serve"] if kind == OURS else [
            sys.executable, checkout / "Benchmarks/vector_peers.py", kind]
        forced = {"CONDUCTOR_ISA": options.isa, "FAISS_SIMD_LEVEL": options.isa.upper()}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **(forced if options.isa else {})})

    def ask(self, what, **arguments):
        print(json.dumps({"do": what, **arguments}), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.kind}: ended with {self.process.wait()}")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)


class Method:
    """One way to search an index, and what its rounds took."""

    def __init__(self, index, breadth):
        self.index, self.breadth = index, breadth
        self.name = index.kind if breadth is None else f"{index.kind} ef={breadth}"
        self.count = QUERIES_A_ROUND.get(index.kind, vector_data.QUERIES)
        self.times, self.ids, self.evaluations = {}, {}, None

    def run(self, batch, key=None, count=None):
        """One round, after a short one that brings the index back into the caches."""
        if self.breadth is not None:
            self.index.ask("widen", breadth=self.breadth)
        count, key = min(self.count, count or self.count), key or batch
        self.index.ask("round", batch=batch, limit=LIMIT, count=min(32, count))
        told = self.index.ask("round", batch=batch, limit=LIMIT, count=count,
                              answers=key not in self.ids)
        self.times.setdefault(key, []).append(told["nanoseconds"])
        self.ids.setdefault(key, told.get("ids"))
        if batch == 1 and told.get("evaluations") is not None:
            self.evaluations = self.evaluations or {}
            self.evaluations[key] = told["evaluations"] / count


def filtered(chosen, ours, flat, options, folder):
    """Searches that look at a random share of the rows, ours and FAISS's in turn."""
    told = []
    rows = len(numpy.load(chosen.base, mmap_mode="r"))
    random = numpy.random.default_rng(1)
    for share in SHARES:
        mask = random.random(rows) < share
        file = folder / f"mask-{share}"
        # A word more than needed, as readers may take whole ones.
        file.write_bytes(numpy.packbits(mask, bitorder="little").tobytes() + bytes(8))
        truth = vector_data.truth(chosen, LIMIT, mask)
        for method in (ours, flat):
            method.index.ask("filter", mask=str(file))
        for _ in range(options.rounds):
            for method in (ours, flat):
                method.run(1, key=share, count=options.filter_queries)
        for method in (ours, flat):
            method.index.ask("filter")
        entry = vector_report.pair(ours, flat, share)
        for name, method in (("conductor", ours), ("faiss", flat)):
            entry[name]["recall"], entry[name]["wrong"] = vector_data.compared(
                chosen, *truth, method.ids[share])
        told.append({"share": share, "matching": int(mask.sum()),
                     "evaluations": ours.evaluations[share], **entry})
    return told


def measure(chosen, options, folder):
    """All methods on one set."""
    indexes = {kind: Index(kind, options) for kind in options.methods}
    try:
        loaded = {}
        for kind, index in indexes.items():
            loaded[kind] = index.ask("load", base=str(chosen.base), queries=str(chosen.queries))
            print(f"{chosen.name}: {kind} {loaded[kind]['build_seconds']:.1f} s", file=sys.stderr)
        methods = [Method(index, breadth) for kind, index in indexes.items()
                   for breadth in BREADTHS.get(kind, [None])]
        read = []
        for _ in range(options.rounds):
            for batch in BATCHES:
                for method in methods:
                    method.run(batch)
            if OURS in indexes:
                read.append(indexes[OURS].ask("read")["nanoseconds"][0])
        truth = vector_data.truth(chosen, LIMIT)
        for method in methods:
            method.recall, method.wrong = vector_data.compared(chosen, *truth, method.ids[1])
            method.same_in_batches = method.ids[32] == method.ids[1]
        told = vector_report.described(chosen, loaded, methods, read)
        plain = {method.name: method for method in methods}
        if OURS in plain:
            told["differing_from_plain_scan"] = indexes[OURS].ask("verify", limit=LIMIT)["differing"]
            if FLAT in plain:
                told["filters"] = filtered(chosen, plain[OURS], plain[FLAT], options, folder)
        return told
    finally:
        for index in indexes.values():
            index.close()


def kernels(options, dimension):
    text = subprocess.run([options.vector_bench, "kernels", str(dimension)], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    return json.loads(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, default=checkout.parent / "shared/data",
                        help="a folder with vectors/, corpora/ and sets/")
    parser.add_argument("--sets", nargs="*", choices=SETS, default=SETS)
    parser.add_argument("--methods", nargs="*", choices=KINDS, default=KINDS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--filter-queries", type=int, default=200)
    parser.add_argument("--isa", default="", help="force avx2, for conductor and for FAISS")
    parser.add_argument("--processor", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--conductor", default=str(checkout / ".build/release/conductor"))
    parser.add_argument("--vector-bench",
                        default=str(checkout / ".build-benchmarks/release/vector-bench"))
    parser.add_argument("--kernels", action="store_true", help="measure the kernels too")
    parser.add_argument("--plot", type=pathlib.Path, default=vector_data.folder / "vectors.png")
    parser.add_argument("--markdown", action="store_true", help="also print tables")
    options = parser.parse_args()
    if not (options.data / vector_data.VECTORS).exists():
        parser.error(f"no {options.data / vector_data.VECTORS}: --data")
    if not os.path.exists(options.vector_bench):
        parser.error(f"no {options.vector_bench}: scripts/bench.sh vectors builds it")
    chosen = vector_data.sets(options.data, options.conductor, options.sets)
    os.sched_setaffinity(0, {options.processor})
    told = {"machine": vector_report.machine(), "instruction_set": options.isa or "best",
            "rounds": options.rounds}
    if options.kernels:
        told["kernels"] = kernels(options, 256)
    with tempfile.TemporaryDirectory() as folder:
        told["sets"] = [measure(one, options, pathlib.Path(folder)) for one in chosen]
    told["machine"]["load_after"] = round(os.getloadavg()[0], 1)
    print(json.dumps(told, indent=1))
    vector_report.plot(told, options.plot)
    if options.markdown:
        print("\n" + vector_report.markdown(told))


if __name__ == "__main__":
    main()
