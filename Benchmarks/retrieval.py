"""Asks the same queries of conductor and of search engines from PyPI, over the same documents.

Every peer has the same MiniLM vectors as conductor's own, and indexes the documents whole and in pieces
of 180 words under their titles; a document ranks where its best piece does. A query's time is that of one
answer of ten; for peers without embedding it, for conductor over HTTP with it. Index times are without
the encoder.
"""
import argparse
import http.client
import importlib.metadata
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import embedding_report
import retrieval_data
import retrieval_peers
import retrieval_report

checkout = pathlib.Path(__file__).resolve().parent.parent
DEPTH = {"whole": 100, "pieces": 400}
MODES = ("hybrid", "lexical", "dense")


class Conductor:
    """The program: answers by `eval`, times by a running service over the same documents."""

    def __init__(self, program, embedder, folder):
        self.program, self.embedder, self.folder = program, embedder, folder

    def run(self, *arguments):
        done = subprocess.run(
            [self.program, *arguments, "--json"], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"exit {done.returncode}: {done.stderr}{done.stdout}")
        return json.loads(done.stdout)

    def answers(self, chosen, mode):
        saved = self.folder / "run.json"
        told = self.run("eval", "--set", chosen.place, "--mode", mode, "--embedder",
                        self.embedder, "--save", saved)
        results = json.loads(saved.read_text())["results"]
        return {result["id"]: result["found"] for result in results}, told

    def service(self, chosen):
        """Indexes the documents as files, and asks every query by HTTP."""
        root = self.folder / f"root-{chosen.name}"
        (root / "docs").mkdir(parents=True)
        for number, (_, title, text) in enumerate(chosen.documents):
            matter = f"---\ntitle: {json.dumps(title)}\n---\n" if title else ""
            (root / f"docs/{number}.md").write_text(matter + text)
        self.run("--root", root, "index", root / "docs", "--embedder", self.embedder)
        size = megabytes(root / "memory")
        service = subprocess.Popen(
            [self.program, "--root", root, "serve", "--port", "0", "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            told = json.loads(service.stdout.readline())
            token = pathlib.Path(told["token_file"]).read_text().strip()
            line = http.client.HTTPConnection("127.0.0.1", int(told["url"].rsplit(":", 1)[1]))
            fields = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

            def ask(text, mode):
                body = json.dumps({"query": text, "limit": 10, "mode": mode})
                line.request("POST", "/v1/search", body, fields)
                reply = line.getresponse()
                if reply.status != 200:
                    raise RuntimeError(f"{reply.status}: {reply.read()[:200]}")
                reply.read()

            times = {
                mode: timed(lambda text: ask(text, mode), chosen.queries.values())
                for mode in MODES}
        finally:
            service.terminate()
            service.wait(30)
            shutil.rmtree(root)
        return times, size


def megabytes(place):
    return sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) / 1e6


def timed(ask, queries):
    """Seconds of every query, after all of them once to warm up."""
    queries, seconds = list(queries), []
    for query in queries:
        ask(query)
    for query in queries:
        start = time.perf_counter()
        ask(query)
        seconds.append(time.perf_counter() - start)
    return retrieval_report.latency(seconds)


def ours(conductor, chosen):
    """Every mode's figures and scores."""
    times, size = conductor.service(chosen)
    for mode in MODES:
        conductor.answers(chosen, mode)
        # Again: its vectors are in the cache now, so that the time is the index's alone.
        answers, told = conductor.answers(chosen, mode)
        scores, figures = retrieval_report.figures(answers, chosen)
        if abs(figures["ndcg@10"] - told["ndcg@10"]) > 1e-9:
            raise SystemExit(f"{mode}: conductor says {told['ndcg@10']}, not {figures['ndcg@10']}")
        yield scores, {
            "name": f"conductor, {mode}", "unit": "its own passages", **figures, **times[mode],
            "index_seconds": told["seconds"] - told["search_seconds"], "megabytes": size}


def theirs(kind, units, chosen, vectors, asked, folder):
    """A peer's figures and scores on one kind of units."""
    place = folder / f"{kind}-{units.name}-{chosen.name}"
    place.mkdir()
    peer = retrieval_peers.PEERS[kind]()
    start = time.perf_counter()
    peer.build(units.texts, vectors, place)
    seconds = time.perf_counter() - start
    depth = min(DEPTH[units.name], len(units.texts))
    answers = {
        query: units.documents(peer.search(text, asked[query], depth))
        for query, text in chosen.queries.items()}
    scores, figures = retrieval_report.figures(answers, chosen)
    times = timed(
        lambda query: peer.search(chosen.queries[query], asked[query], 10), chosen.queries)
    size = megabytes(place)
    return scores, {
        "name": peer.name, "unit": units.name, **figures, **times, "index_seconds": seconds,
        "megabytes": size}


def compare(place, options, folder):
    chosen = retrieval_data.Set(place)
    asked = dict(zip(chosen.queries, retrieval_data.vectors(
        list(chosen.queries.values()), options.conductor, options.embedder)))
    conductor = Conductor(options.conductor, options.embedder, folder)
    rows = list(ours(conductor, chosen))
    best = rows[0][0]
    for name in DEPTH:
        units = retrieval_data.Units(name, chosen)
        vectors = retrieval_data.vectors(units.texts, options.conductor, options.embedder)
        for kind in options.peers:
            scores, row = theirs(kind, units, chosen, vectors, asked, folder)
            row["against"] = retrieval_report.difference(best, scores)
            rows.append((scores, row))
    return {"name": chosen.name, "queries": len(chosen.queries),
            "documents": len(chosen.documents), "systems": [row for _, row in rows]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=pathlib.Path, nargs="+", help="folders in BEIR's layout")
    parser.add_argument("--conductor", default=str(checkout / ".build/release/conductor"))
    parser.add_argument("--embedder", default="all-minilm-l6-v2")
    parser.add_argument("--peers", nargs="+", default=list(retrieval_peers.PEERS),
                        choices=list(retrieval_peers.PEERS))
    parser.add_argument("--markdown", action="store_true", help="also print a table")
    parser.add_argument("--plot", type=pathlib.Path,
                        default=retrieval_data.folder / "retrieval.png")
    options = parser.parse_args()
    if not os.path.exists(options.conductor):
        parser.error(f"no {options.conductor}: make build")
    machine = embedding_report.machine()
    with tempfile.TemporaryDirectory() as folder:
        sets = [compare(place, options, pathlib.Path(folder)) for place in options.sets]
    libraries = {retrieval_peers.PEERS[kind].library for kind in options.peers} - {None}
    told = {
        "machine": {**machine, "load_after": round(os.getloadavg()[0], 1)},
        "versions": {name: importlib.metadata.version(name) for name in sorted(libraries)},
        "sets": sets}
    print(json.dumps(told, indent=2))
    retrieval_report.plot(told, options.plot)
    if options.markdown:
        print("\n" + retrieval_report.markdown(told) + f"\n\nPlot: {options.plot}")


if __name__ == "__main__":
    main()
