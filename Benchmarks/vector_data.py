"""The sets that vectors.py searches, made once and kept in the cache."""
import collections
import hashlib
import json
import os
import pathlib
import re
import subprocess

import numpy

cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
folder = cache / "conductor/benchmarks-data"
QUERIES = 1000
SENTENCES = 50_000
FEWEST_WORDS, MOST_WORDS = 5, 200
VECTORS = "vectors/text-150k-256d.f16.npy"

Set = collections.namedtuple("Set", "name base queries")


def save(path, rows):
    if not path.exists():
        # Under another name first, so that a run that was ended leaves no half of a set.
        part = path.with_suffix(".part.npy")
        numpy.save(part, numpy.ascontiguousarray(rows, numpy.float32))
        part.rename(path)
    return path


def sentences(text):
    for paragraph in re.split(r"\n\s*\n", text):
        for sentence in re.split(r"(?<=[.!?])\s+|\n(?=[-*#\d])", paragraph):
            words = sentence.split()
            if FEWEST_WORDS <= len(words) <= MOST_WORDS:
                yield " ".join(words)


def texts(data):
    """Every sentence once, in an order that has nothing to do with where it stood."""
    found = set()
    for file in sorted(data.glob("sets/*/corpus.jsonl")):
        for line in file.read_text().splitlines():
            document = json.loads(line)
            found.update(sentences(f"{document.get('title', '')}\n\n{document['text']}"))
    for file in sorted(data.glob("corpora/**/*.md")):
        found.update(sentences(file.read_text(errors="replace")))
    return sorted(found, key=lambda text: hashlib.sha256(text.encode()).digest())


def embedded(data, conductor):
    """The sentences of documents and sets as their MiniLM embeddings, 384 dimensions."""
    vectors = folder / "minilm-384d.npy"
    if not vectors.exists():
        chosen = texts(data)[: SENTENCES + QUERIES]
        if len(chosen) < 40_000 + QUERIES:
            raise SystemExit(f"{data}: {len(chosen)} sentences, too few")
        lines, part = folder / "minilm-384d.txt", folder / "minilm-384d.part.npy"
        lines.write_text("\n".join(chosen) + "\n")
        subprocess.run(
            [conductor, "embed", "--embedder", "all-minilm-l6-v2/fp32", "--json", "--file", lines,
             "--npy", part], check=True, stdout=subprocess.DEVNULL)
        part.rename(vectors)
    return numpy.load(vectors, mmap_mode="r")


def sets(data, conductor, names):
    """Each set's rows and held-out queries as f32 files: the last rows are the queries."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name in names:
        if name == "minilm":
            vectors, count = embedded(data, conductor), None
        else:
            vectors = numpy.load(data / VECTORS, mmap_mode="r")
            count = {"text-10k": 10_000, "text-150k": None}[name]
        queries = vectors[-QUERIES:]
        base = vectors[:-QUERIES][:count]
        made.append(Set(
            name, save(folder / f"{name}-base-{len(base)}.npy", base),
            save(folder / f"{name}-queries-{QUERIES}.npy", queries)))
    return made


def truth(chosen, limit, mask=None):
    """The nearest rows of each query by f64 inner products, and all of their scores' least.

    Also how far two f32 scores of the same pair may lie apart: an id whose f64 score is that near to
    the last true one is as right as it.
    """
    rows = numpy.load(chosen.base).astype(numpy.float64)
    queries = numpy.load(chosen.queries).astype(numpy.float64)
    allowed = numpy.arange(len(rows)) if mask is None else numpy.flatnonzero(mask)
    rows = rows[allowed]
    ids = numpy.empty((len(queries), min(limit, len(rows))), numpy.int64)
    least = numpy.empty(len(queries))
    for start in range(0, len(queries), 100):
        scores = queries[start : start + 100] @ rows.T
        some = min(limit + 22, len(rows))
        best = numpy.sort(numpy.argpartition(-scores, some - 1, axis=1)[:, :some], axis=1)
        # Equal scores by number, as a stable sort leaves them.
        order = numpy.argsort(
            -numpy.take_along_axis(scores, best, 1), axis=1, kind="stable")[:, :limit]
        best = numpy.take_along_axis(best, order, 1)
        ids[start : start + 100] = allowed[best]
        least[start : start + 100] = numpy.take_along_axis(scores, best[:, -1:], 1)[:, 0]
    lengths = numpy.linalg.norm(queries, axis=1) * numpy.linalg.norm(rows, axis=1).max()
    slack = 2 * (rows.shape[1] + 1) * 2.0**-24 * lengths
    return ids, least - slack


def compared(chosen, true_ids, floor, found):
    """(share of the true ids that were found, ids that are wrong by more than rounding)."""
    rows = numpy.load(chosen.base, mmap_mode="r")
    queries = numpy.load(chosen.queries)
    hits = wrong = total = 0
    for query, (true, ids) in enumerate(zip(true_ids, found)):
        true, ids = set(true.tolist()), set(ids)
        hits, total = hits + len(true & ids), total + len(true)
        for stranger in ids - true:
            score = numpy.dot(rows[stranger].astype(numpy.float64),
                              queries[query].astype(numpy.float64))
            wrong += bool(score < floor[query])
        wrong += max(0, len(true) - len(ids))
    return hits / max(total, 1), wrong
