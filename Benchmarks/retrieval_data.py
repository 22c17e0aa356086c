"""Sets in BEIR's layout as retrieval.py asks them, and the vectors that every peer is given."""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import tempfile

import numpy

cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
folder = cache / "conductor/benchmarks-data/retrieval"
WORDS_A_PIECE = 180


class Set:
    """Documents, the queries that have a relevant one, and the grades."""

    def __init__(self, place):
        self.place, self.name = place, place.name
        self.documents, self.queries, self.grades = [], {}, {}
        for record in records(place / "corpus.jsonl"):
            self.documents.append((record["_id"], record.get("title") or "", record["text"]))
        for number, line in enumerate((place / "qrels.tsv").read_text().split("\n")):
            if number and line:
                query, document, grade = line.split("\t")
                self.grades.setdefault(query, {})[document] = int(grade)
        for record in records(place / "queries.jsonl"):
            if any(grade > 0 for grade in self.grades.get(record["_id"], {}).values()):
                self.queries[record["_id"]] = record["text"]


def records(path):
    with path.open() as lines:
        return [json.loads(line) for line in lines if line.strip()]


def words(text):
    return " ".join(text.split())


class Units:
    """What a peer indexes: whole documents, or pieces of them, each under its title."""

    def __init__(self, name, chosen):
        self.name, self.texts, self.owners = name, [], []
        for document, title, text in chosen.documents:
            for part in [text] if name == "whole" else pieces(text):
                self.texts.append(words(f"{title} {part}"))
                self.owners.append(document)

    def documents(self, rows):
        """The documents of rows, each at the place of its best one."""
        return list(dict.fromkeys(self.owners[row] for row in rows))


def pieces(text):
    """Paragraphs packed to at most 180 words; longer ones are cut."""
    packed = []
    for paragraph in re.split(r"\n\s*\n", text):
        parts = paragraph.split()
        for start in range(0, len(parts), WORDS_A_PIECE):
            part = parts[start : start + WORDS_A_PIECE]
            if packed and len(packed[-1]) + len(part) <= WORDS_A_PIECE:
                packed[-1] += part
            else:
                packed.append(part)
    return [" ".join(part) for part in packed] or [""]


def vectors(texts, conductor, embedder):
    """By conductor's own encoder, cut at the model's window; kept in the cache."""
    key = hashlib.sha256("\n".join([embedder, *texts]).encode()).hexdigest()[:24]
    target = folder / f"{key}.npy"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as work:
            source, made = pathlib.Path(work) / "texts", pathlib.Path(work) / "made.npy"
            source.write_text("".join(words(text) + "\n" for text in texts))
            subprocess.run(
                [conductor, "embed", "--embedder", embedder, "--file", source, "--npy", made],
                check=True, stderr=subprocess.DEVNULL)
            made.replace(target)
    return numpy.load(target)
