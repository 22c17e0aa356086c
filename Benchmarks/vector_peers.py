"""A process that holds one index to compare with and answers vectors.py, a line for a line.

One thread each. A call is timed from rows in memory to ids in memory, in processor time; of FAISS's two
doors the one without checks in Python is used.
"""
import argparse
import importlib.metadata
import json
import os
import pathlib
import re
import sys
import time

import numpy

# Neighbours a node, breadth of the build, where nothing else is asked for.
NEIGHBOURS, BUILD_BREADTH = 16, 200


class FaissFlat:
    packages = ("faiss-cpu",)

    def __init__(self, dimension, neighbours, build_breadth):
        import faiss

        faiss.omp_set_num_threads(1)
        self.faiss, self.parameters = faiss, None
        self.neighbours, self.build_breadth = neighbours, build_breadth
        self.index = self.make(dimension)

    def save(self, path):
        self.faiss.write_index(self.index, path)

    def open(self, path):
        self.index = self.faiss.read_index(path)

    def make(self, dimension):
        return self.faiss.IndexFlatIP(dimension)

    def add(self, rows):
        self.index.add(rows)

    def choose(self, mask, count):
        """The bitmap is the fastest of FAISS's selectors for this."""
        self.parameters = None
        if mask is not None:
            self.bits = mask
            selector = self.faiss.IDSelectorBitmap(mask)
            self.parameters = self.faiss.SearchParameters(sel=selector)
            self.parameters.selector = selector

    def prepare(self, batches, limit):
        """The arguments of search_c, made before the clock starts."""
        swig = self.faiss.swig_ptr
        calls = []
        for queries in batches:
            scores = numpy.empty((len(queries), limit), numpy.float32)
            ids = numpy.empty((len(queries), limit), numpy.int64)
            calls.append((len(queries), swig(queries), limit, swig(scores), swig(ids),
                          self.parameters, queries, scores, ids))
        return calls

    def search(self, call):
        self.index.search_c(*call[:6])
        return call[8]


class FaissGraph(FaissFlat):
    breadth = 16

    def make(self, dimension):
        index = self.faiss.IndexHNSWFlat(
            dimension, self.neighbours, self.faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = self.build_breadth
        return index

    def widen(self, breadth):
        self.index.hnsw.efSearch = self.breadth = breadth
        self.choose_breadth()

    def choose(self, mask, count):
        self.parameters = None
        if mask is not None:
            self.bits, selector = mask, self.faiss.IDSelectorBitmap(mask)
            self.parameters = self.faiss.SearchParametersHNSW(sel=selector)
            self.parameters.selector = selector
            self.choose_breadth()

    def choose_breadth(self):
        if self.parameters is not None:
            self.parameters.efSearch = self.breadth


class Hnswlib:
    packages = ("hnswlib",)

    def __init__(self, dimension, neighbours, build_breadth):
        import hnswlib

        self.neighbours, self.build_breadth, self.filter = neighbours, build_breadth, None
        self.index = hnswlib.Index(space="ip", dim=dimension)

    def add(self, rows):
        self.index.init_index(len(rows), ef_construction=self.build_breadth, M=self.neighbours)
        self.index.set_num_threads(1)
        self.index.add_items(rows)

    def save(self, path):
        self.index.save_index(path)

    def open(self, path):
        self.index.load_index(path)
        self.index.set_num_threads(1)

    def choose(self, mask, count):
        """hnswlib asks a function for every row."""
        if mask is None:
            self.filter = None
        else:
            self.filter = numpy.unpackbits(mask, bitorder="little").astype(bool).tolist().__getitem__

    def widen(self, breadth):
        self.index.set_ef(breadth)

    def prepare(self, batches, limit):
        return [(queries, limit) for queries in batches]

    def search(self, call):
        return self.index.knn_query(call[0], k=call[1], filter=self.filter)[0]


class Usearch:
    packages = ("usearch",)

    def __init__(self, dimension, neighbours, build_breadth):
        from usearch.index import Index

        self.index = Index(ndim=dimension, metric="ip", dtype="f32", connectivity=neighbours,
                           expansion_add=build_breadth)

    def save(self, path):
        self.index.save(path)

    def open(self, path):
        self.index.load(path)

    def add(self, rows):
        self.index.add(numpy.arange(len(rows)), rows, threads=1)

    def widen(self, breadth):
        self.index.expansion_search = breadth

    def prepare(self, batches, limit):
        return [(queries, limit) for queries in batches]

    def search(self, call):
        keys = self.index.search(call[0], call[1], threads=1).keys
        return keys.reshape(len(call[0]), -1)


class SqliteVec:
    packages = ("sqlite-vec", "apsw")

    def __init__(self, dimension, neighbours, build_breadth):
        import apsw
        import sqlite_vec

        self.connection = apsw.Connection(":memory:")
        self.connection.enable_load_extension(True)
        self.connection.load_extension(sqlite_vec.loadable_path())
        # Of unit vectors, cosine and inner product order alike.
        self.connection.execute("CREATE VIRTUAL TABLE rows USING vec0("
                                f"vector float[{dimension}] distance_metric=cosine)")

    def add(self, rows):
        with self.connection:
            self.connection.executemany("INSERT INTO rows(rowid, vector) VALUES (?, ?)",
                                        ((row, rows[row].tobytes()) for row in range(len(rows))))

    def prepare(self, batches, limit):
        return [[(query.tobytes(), limit) for query in queries] for queries in batches]

    def search(self, call):
        return [[row[0] for row in self.connection.execute(
            "SELECT rowid FROM rows WHERE vector MATCH ? AND k = ? ORDER BY distance", asked)]
            for asked in call]


KINDS = {"faiss-flat": FaissFlat, "faiss-hnsw": FaissGraph, "hnswlib": Hnswlib,
         "usearch": Usearch, "sqlite-vec": SqliteVec}


def private_kilobytes():
    """What the process has for itself; files that it maps do not count."""
    return resident("RssAnon")


def resident(kind):
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(rf"{kind}:\s*(\d+)", status)[1])


class Peer:
    def __init__(self, kind):
        self.kind = KINDS[kind]

    def load(self, base, queries, neighbours=NEIGHBOURS, build_breadth=BUILD_BREADTH, store=None):
        """Builds an index, or opens the one that an earlier run has left in the file `store`."""
        rows = numpy.load(base, mmap_mode="r")
        self.count, self.queries = len(rows), numpy.load(queries)
        self.index = self.kind(rows.shape[1], neighbours, build_breadth)
        self.baseline = {kind: resident(kind) for kind in ("RssAnon", "RssFile")}
        told = pathlib.Path(f"{store}.json")
        if store and told.exists():
            self.index.open(store)
            return json.loads(told.read_text())
        start = time.process_time()
        self.index.add(rows)
        reply = {"rows": len(rows), "dimension": rows.shape[1],
                 "build_seconds": time.process_time() - start,
                 "kilobytes": private_kilobytes() - self.baseline["RssAnon"],
                 "versions": {name: importlib.metadata.version(name)
                              for name in self.kind.packages}}
        if store:
            self.index.save(store)
            told.write_text(json.dumps(reply))
        return reply

    def memory(self):
        """What was taken since before the index was there, and the pages of files it touched."""
        return {kind: resident(kind) - before for kind, before in self.baseline.items()}

    def widen(self, breadth):
        self.index.widen(breadth)
        return {}

    def filter(self, mask=None):
        bits = None if mask is None else numpy.fromfile(mask, numpy.uint8)
        self.index.choose(bits, self.count)
        return {}

    def round(self, batch, limit, count, first=0, answers=False):
        batches = [numpy.ascontiguousarray(self.queries[start : min(start + batch, first + count)])
                   for start in range(first, first + count, batch)]
        calls, times, ids = self.index.prepare(batches, limit), [], []
        for call in calls:
            start = time.process_time_ns()
            found = self.index.search(call)
            times.append(time.process_time_ns() - start)
            if answers:
                ids += [[int(id) for id in row if id >= 0] for row in found]
        return {"nanoseconds": times, "ids": ids if answers else None}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    options = parser.parse_args()
    # What libraries print must not come between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    peer = Peer(options.kind)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(getattr(peer, asked.pop("do"))(**asked)), file=answers, flush=True)


if __name__ == "__main__":
    main()
