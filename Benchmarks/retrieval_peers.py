"""The search engines from PyPI that retrieval.py compares with, each as its documentation uses it.

All of them are given the same texts, and the same vectors where they take any. `search` returns rows,
best first.
"""
import os
import pathlib

os.environ.update(
    ANONYMIZED_TELEMETRY="False", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")

import numpy


class BM25S:
    name, library = "bm25s", "bm25s"

    def build(self, texts, vectors, folder):
        import bm25s
        import Stemmer

        self.bm25s, self.stemmer = bm25s, Stemmer.Stemmer("english")
        self.count, self.index = len(texts), bm25s.BM25()
        self.index.index(self.tokens(texts), show_progress=False)
        self.index.save(str(folder))

    def tokens(self, texts):
        return self.bm25s.tokenize(
            texts, stopwords="en", stemmer=self.stemmer, show_progress=False)

    def search(self, text, vector, limit):
        rows, _ = self.index.retrieve(
            self.tokens([text]), k=min(limit, self.count), show_progress=False)
        return rows[0].tolist()


class SentenceTransformers:
    """Its exact search over the vectors; the encoder's own speed is embedding.py's matter."""

    name, library = "sentence-transformers, dense", "sentence-transformers"

    def build(self, texts, vectors, folder):
        import torch
        from sentence_transformers.util import semantic_search

        self.torch, self.semantic_search = torch, semantic_search
        self.rows = torch.from_numpy(vectors)
        numpy.save(pathlib.Path(folder) / "vectors.npy", vectors)

    def search(self, text, vector, limit):
        query = self.torch.from_numpy(vector[None])
        return [hit["corpus_id"] for hit in self.semantic_search(query, self.rows, top_k=limit)[0]]


class ReciprocalRanks:
    """No library's own: what one writes by hand around the two above."""

    name, library = "bm25s + dense, reciprocal ranks", None

    def build(self, texts, vectors, folder):
        self.parts = BM25S(), SentenceTransformers()
        for number, part in enumerate(self.parts):
            (folder / str(number)).mkdir()
            part.build(texts, vectors, folder / str(number))

    def search(self, text, vector, limit):
        scores = {}
        for part in self.parts:
            for place, row in enumerate(part.search(text, vector, max(limit, 100))):
                scores[row] = scores.get(row, 0) + 1 / (61 + place)
        return sorted(scores, key=lambda row: (-scores[row], row))[:limit]


class Chroma:
    name, library = "Chroma", "chromadb"

    def build(self, texts, vectors, folder):
        import chromadb

        self.client = chromadb.PersistentClient(
            path=str(folder), settings=chromadb.Settings(anonymized_telemetry=False))
        self.table = self.client.create_collection(
            "set", embedding_function=None, metadata={"hnsw:space": "cosine"})
        step = self.client.get_max_batch_size()
        for start in range(0, len(texts), step):
            rows = range(start, min(start + step, len(texts)))
            self.table.add(
                ids=[str(row) for row in rows], documents=[texts[row] for row in rows],
                embeddings=vectors[rows.start : rows.stop])

    def search(self, text, vector, limit):
        told = self.table.query(query_embeddings=[vector], n_results=limit, include=[])
        return [int(row) for row in told["ids"][0]]


class LanceDB:
    name, library = "LanceDB, hybrid", "lancedb"

    def build(self, texts, vectors, folder):
        import lancedb
        import pyarrow

        rows = pyarrow.FixedSizeListArray.from_arrays(
            pyarrow.array(vectors.ravel()), vectors.shape[1])
        self.table = lancedb.connect(str(folder)).create_table("set", pyarrow.table(
            {"row": list(range(len(texts))), "text": texts, "vector": rows}))
        self.table.create_fts_index("text")
        self.table.wait_for_index(["text_idx"])

    def search(self, text, vector, limit):
        found = self.table.search(query_type="hybrid").vector(vector).text(text)
        return found.limit(limit).to_arrow()["row"].to_pylist()


class Txtai:
    name, library = "txtai, hybrid", "txtai"

    def build(self, texts, vectors, folder):
        from txtai import Embeddings

        self.known = known = dict(zip(texts, vectors))
        self.embeddings = Embeddings(
            method="external", hybrid=True,
            transform=lambda texts: numpy.array([known[text] for text in texts]))
        self.embeddings.index((row, text, None) for row, text in enumerate(texts))
        # A function has no place in a saved index.
        self.embeddings.config.pop("transform")
        self.embeddings.save(str(folder / "index"))

    def search(self, text, vector, limit):
        self.known[text] = vector
        return [row for row, _ in self.embeddings.search(text, limit)]


PEERS = {peer.__name__: peer for peer in (
    BM25S, SentenceTransformers, ReciprocalRanks, Chroma, LanceDB, Txtai)}
