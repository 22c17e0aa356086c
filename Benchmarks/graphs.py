"""Conductor's graph beside FAISS's HNSW, hnswlib and usearch, each swept, on one thread of one processor.

First every peer is built at every M and efConstruction and searched at every ef: its curve of recall and
speed. Then, at each stated recall, the fastest of each peer takes turns with conductor, rounds alternating;
a ratio is the median of the rounds' quotients. Times are processor time, as in vectors.py. Indexes that are
built once are kept in the cache, with the time it took, as are the curves.
"""
import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile

import numpy

import graph_report
import vector_data
import vector_report
from vectors import LIMIT, OURS, Index, checkout

PEERS = ("faiss-hnsw", "hnswlib", "usearch")
NEIGHBOURS, BUILD_BREADTHS = (16, 24, 32, 48), (100, 200, 400)
LADDER = (10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 448, 640, 896)
TARGETS = (0.95, 0.98, 0.99)
SHARES = (0.001, 0.01, 0.1, 0.5)
SLACK = 0.005


class Searches:
    """Rounds over the queries of one index, at one breadth."""

    def __init__(self, index, breadth, chosen, truth):
        self.index, self.breadth, self.chosen, self.truth = index, breadth, chosen, truth
        self.rounds, self.told = [], {}

    def run(self, count=None, first=0, warm=64):
        count = count or vector_data.QUERIES - first
        self.index.ask("widen", breadth=self.breadth)
        self.index.ask("round", batch=1, limit=LIMIT, count=warm)
        self.told = self.index.ask(
            "round", batch=1, limit=LIMIT, count=count, first=first, answers=not self.rounds)
        if not self.rounds:
            self.recall = recall(self.truth[first : first + count], self.told["ids"])
        self.rounds.append(self.told["nanoseconds"])
        return self

    @property
    def qps(self):
        times = min(self.rounds, key=sum)
        return 1e9 * len(times) / sum(times)


def recall(truth, found):
    """The mean share of the true nearest that were found."""
    return statistics.mean(
        len(set(true.tolist()) & set(ids)) / max(1, len(true)) for true, ids in zip(truth, found))


def curve(index, chosen, truth):
    points = []
    for breadth in LADDER:
        one = Searches(index, breadth, chosen, truth).run()
        points.append({"breadth": breadth, "recall": one.recall, "qps": one.qps})
        if one.recall > 0.997:
            break
    return points


def swept(kind, chosen, truth, options):
    """The curve of a peer at every setting, from the cache where it is there."""
    curves = []
    for neighbours in options.neighbours:
        for breadth in options.build_breadths:
            store = vector_data.folder / f"{chosen.name}-{kind}-{neighbours}-{breadth}"
            kept = pathlib.Path(f"{store}.curve.json")
            if not kept.exists():
                index = Index(kind, options)
                loaded = load(index, chosen, neighbours, breadth)
                kept.write_text(json.dumps({
                    "neighbours": neighbours, "build_breadth": breadth,
                    "build_seconds": loaded["build_seconds"],
                    "points": curve(index, chosen, truth)}))
                index.close()
                print(f"{chosen.name}: {store.name} {loaded['build_seconds']:.0f} s", file=sys.stderr)
            curves.append(json.loads(kept.read_text()))
    return curves


def load(index, chosen, neighbours=16, breadth=200, **more):
    store = vector_data.folder / f"{chosen.name}-{index.kind}-{neighbours}-{breadth}"
    return index.ask(
        "load", base=str(chosen.base), queries=str(chosen.queries), neighbours=neighbours,
        build_breadth=breadth, store=str(store), **more)


def speed_at(points, target):
    """Queries a second at a recall, between two points of a curve; 0 where it is not reached."""
    points = sorted(points, key=lambda point: point["recall"])
    for low, high in zip([None, *points], points):
        if high["recall"] >= target:
            if low is None:
                return high["qps"]
            share = (target - low["recall"]) / max(1e-9, high["recall"] - low["recall"])
            return low["qps"] ** (1 - share) * high["qps"] ** share
    return 0


def reaching(index, chosen, truth, target, breadths):
    """The least of rising breadths that reaches a recall, by halving."""
    low, high = 0, len(breadths) - 1
    while low < high:
        middle = (low + high) // 2
        if Searches(index, breadths[middle], chosen, truth).run().recall >= target:
            high = middle
        else:
            low = middle + 1
    return Searches(index, breadths[low], chosen, truth)


def fine(least):
    """Breadths that rise by a thirtieth."""
    breadths = [least]
    while breadths[-1] < 1200:
        breadths.append(max(breadths[-1] + 1, breadths[-1] * 31 // 30))
    return breadths


def compared(ours, chosen, truth, curves, options):
    """At each recall, the fastest setting of each peer beside ours, in turn."""
    told = []
    for target in TARGETS:
        entry = {"target": target, "peers": []}
        best, indexes = [], []
        for kind, of_kind in curves.items():
            fastest = max(of_kind, key=lambda one: speed_at(one["points"], target))
            if speed_at(fastest["points"], target) == 0:
                entry["peers"].append({"kind": kind, "reached": False})
                continue
            index = Index(kind, options)
            indexes.append(index)
            load(index, chosen, fastest["neighbours"], fastest["build_breadth"])
            best.append((fastest, reaching(index, chosen, truth, target, fine(LIMIT))))
        own = reaching(ours, chosen, truth, target, fine(1))
        for _ in range(options.rounds):
            for one in (own, *(search for _, search in best)):
                one.run()
        entry |= {"recall": own.recall, "depth": own.breadth, "qps": own.qps}
        for setting, search in best:
            entry["peers"].append({
                "kind": search.index.kind, "reached": True, "recall": search.recall,
                "ef": search.breadth, "qps": search.qps, "memory": search.index.ask("memory"),
                **{name: setting[name] for name in ("neighbours", "build_breadth", "build_seconds")},
                "ratio": statistics.median(
                    sum(theirs) / sum(mine) for mine, theirs in zip(own.rounds, search.rounds))})
        for index in indexes:
            index.close()
        told.append(entry)
    return told


def stated(ours, chosen, truth):
    """The recall of queries that taught nothing, at depths learnt for a stated recall.

    Learnt from the index's own rows, and from the first 256 queries; measured on the others.
    """
    told, first = [], 256
    for target in TARGETS:
        for count in (None, first):
            learnt = ours.ask("learn", target=target, **({"count": count} if count else {}))
            one = Searches(ours, 0, chosen, truth).run(first=first)
            shares = [len(set(true.tolist()) & set(ids)) / LIMIT
                      for true, ids in zip(truth[first:], one.told["ids"])]
            told.append({
                "target": target, "from": "queries" if count else "rows", "depth": learnt["depth"],
                "recall": one.recall, "qps": one.qps,
                "standard_error": statistics.stdev(shares) / len(shares) ** 0.5})
    return told


def memory(chosen, truth, folder, target, options):
    """What a process takes that opens the saved index and answers all queries at a recall."""
    index = Index(OURS, options)
    before = index.ask("memory")["memory"]
    index.ask("open", base=str(folder), queries=str(chosen.queries))
    own = reaching(index, chosen, truth, target, fine(1))
    for _ in range(options.rounds):
        own.run()
    after = index.ask("memory")["memory"]
    index.close()
    names = {"RssAnon": "privateKilobytes", "RssFile": "mappedKilobytes"}
    return {"recall": own.recall, "qps": own.qps, **{kind: after[name] - before[name] for kind, name in names.items()}}


def filtered(ours, chosen, folder, options):
    """Random filters: by the plan that costs least, exactly, and the peers' graphs at 0.98 unfiltered."""
    told = []
    count = len(numpy.load(chosen.base, mmap_mode="r"))
    random = numpy.random.default_rng(1)
    ours.ask("learn", target=0.98)
    peers = {}
    for kind in ("faiss-hnsw", "hnswlib"):
        peers[kind] = Index(kind, options)
        load(peers[kind], chosen, 32, 200)
    for share in SHARES:
        mask = random.random(count) < share
        file = folder / f"mask-{share}"
        file.write_bytes(numpy.packbits(mask, bitorder="little").tobytes() + bytes(8))
        truth = vector_data.truth(chosen, LIMIT, mask)[0]
        ways = {"auto": (ours, -1), "exact": (ours, None)}
        ways |= {kind: (index, 112) for kind, index in peers.items()}
        searches = {name: Searches(index, breadth, chosen, truth)
                    for name, (index, breadth) in ways.items()}
        for index in (ours, *peers.values()):
            index.ask("filter", mask=str(file))
        for _ in range(options.rounds):
            for name, one in searches.items():
                one.run(count=100 if name == "hnswlib" else 300, warm=16)
        for index in (ours, *peers.values()):
            index.ask("filter")
        auto, exact = searches["auto"], searches["exact"]
        told.append({
            "share": share, "matching": int(mask.sum()),
            "graph_searches": auto.told.get("graph_searches"), "fallbacks": auto.told.get("fallbacks"),
            "over_exact": statistics.median(
                sum(a) / sum(b) for a, b in zip(auto.rounds, exact.rounds)),
            "ways": {name: {"recall": one.recall, "ms": statistics.median(
                min(one.rounds, key=sum)) / 1e6} for name, one in searches.items()}})
    for index in peers.values():
        index.close()
    return told


def churned(chosen, folder, options):
    """Half of the rows leave, as many others come; beside an index made of what is there at the end."""
    count = len(numpy.load(chosen.base, mmap_mode="r"))
    random = numpy.random.default_rng(2)
    order = random.permutation(count)
    third = count // 3
    start, end = numpy.zeros(count, bool), numpy.zeros(count, bool)
    start[order[: 2 * third]] = True
    end[order[third : 3 * third]] = True
    files = {}
    for name, mask in (("start", start), ("end", end)):
        files[name] = folder / f"churn-{name}"
        files[name].write_bytes(numpy.packbits(mask, bitorder="little").tobytes() + bytes(8))
    truth = vector_data.truth(chosen, LIMIT, end)[0]
    ends, told = {}, {}
    for name, first in (("changed", "start"), ("fresh", "end")):
        ends[name] = index = Index(OURS, options)
        index.ask("load", base=str(chosen.base), queries=str(chosen.queries), mask=str(files[first]))
        index.ask("graph", target=0.98)
        told[name] = {"file_bytes": index.ask("save", base=str(folder / name))["file_bytes"]}
    changes = ends["changed"].ask("churn", base=str(chosen.base), mask=str(files["end"]))
    told["changed"] |= {name: changes[name] for name in ("file_bytes", "tidy_file_bytes")}
    for name in ("removals", "insertions"):
        times = changes[name]
        told[name] = {"count": len(times), "median_ms": statistics.median(times) / 1e6,
                      "mean_ms": statistics.mean(times) / 1e6,
                      "p99_ms": vector_report.percentile(times, 0.99) / 1e6}
    told["depths"] = []
    for depth in (32, 64, 128, 192):
        pair = {name: Searches(index, depth, chosen, truth).run() for name, index in ends.items()}
        told["depths"].append({"depth": depth} | {
            name: {"recall": one.recall, "qps": one.qps} for name, one in pair.items()})
    for index in ends.values():
        index.close()
    return told


def measure(chosen, options, folder):
    truth = vector_data.truth(chosen, LIMIT)[0]
    told = {"name": chosen.name, "rows": len(numpy.load(chosen.base, mmap_mode="r")),
            "dimension": numpy.load(chosen.base, mmap_mode="r").shape[1]}
    told["curves"] = {kind: swept(kind, chosen, truth, options) for kind in options.peers}
    ours = Index(OURS, options)
    loaded = ours.ask("load", base=str(chosen.base), queries=str(chosen.queries))
    built = ours.ask("graph", target=0.98)
    told["build_seconds"] = {"codes": loaded["build_seconds"], "graph": built["build_seconds"]}
    told["own_curve"] = curve(ours, chosen, truth)
    told["at_recall"] = compared(ours, chosen, truth, told["curves"], options)
    told["stated"] = stated(ours, chosen, truth)
    saved = folder / f"{chosen.name}-saved"
    told["file_bytes"] = ours.ask("save", base=str(saved))["file_bytes"]
    told["memory"] = memory(chosen, truth, saved, 0.98, options)
    told["filters"] = filtered(ours, chosen, folder, options)
    ours.close()
    told["churn"] = churned(chosen, folder, options)
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, default=checkout.parent / "shared/data",
                        help="a folder with vectors/, corpora/ and sets/")
    parser.add_argument("--sets", nargs="*", choices=("text-10k", "text-150k", "minilm"),
                        default=("text-150k", "minilm"))
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS)
    parser.add_argument("--neighbours", nargs="*", type=int, default=NEIGHBOURS)
    parser.add_argument("--build-breadths", nargs="*", type=int, default=BUILD_BREADTHS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--isa", default="", help="force avx2, for conductor and for FAISS")
    parser.add_argument("--processor", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--conductor", default=str(checkout / ".build/release/conductor"))
    parser.add_argument("--vector-bench",
                        default=str(checkout / ".build-benchmarks/release/vector-bench"))
    parser.add_argument("--plot", type=pathlib.Path, default=vector_data.folder / "graphs.png")
    parser.add_argument("--markdown", action="store_true", help="also print tables")
    parser.add_argument("--sweep-only", action="store_true", help="only make the peers' curves")
    options = parser.parse_args()
    if not (options.data / vector_data.VECTORS).exists():
        parser.error(f"no {options.data / vector_data.VECTORS}: --data")
    sets = vector_data.sets(options.data, options.conductor, options.sets)
    os.sched_setaffinity(0, {options.processor})
    told = {"machine": vector_report.machine(), "rounds": options.rounds}
    if options.sweep_only:
        for one in sets:
            truth = vector_data.truth(one, LIMIT)[0]
            for kind in options.peers:
                swept(kind, one, truth, options)
        return
    with tempfile.TemporaryDirectory() as folder:
        told["sets"] = [measure(one, options, pathlib.Path(folder)) for one in sets]
    told["machine"]["load_after"] = round(os.getloadavg()[0], 1)
    print(json.dumps(told, indent=1))
    graph_report.plot(told, options.plot)
    if options.markdown:
        print("\n" + graph_report.markdown(told))


if __name__ == "__main__":
    main()
