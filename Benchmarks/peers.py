"""A process that holds one encoder to compare with and answers embedding.py, a line for a line.

Each embeds its texts sorted by length, in the batches that were fastest in a trial, on as many
threads as there are processors. Tokenization is within every time; padding counts as no tokens.
"""
import argparse
import concurrent.futures
import importlib.metadata
import json
import os
import pathlib
import statistics
import sys
import time

import numpy

WINDOW, DIMENSION = 256, 384
THREADS = os.cpu_count()
BATCHES = (1, 8, 32)
# A batch at a time on all threads, or a batch on each thread, as many side by side.
LAYOUTS = sorted({1, THREADS})


class OnnxRuntime:
    packages = ("onnxruntime", "onnx", "tokenizers", "numpy")

    def __init__(self, precision, model, cache):
        import minilm_onnx
        import tokenizers

        self.tokenizer = tokenizers.BertWordPieceTokenizer(
            str(model / "vocab.txt"), lowercase=True)
        self.tokenizer.enable_truncation(WINDOW)
        self.sessions = {}
        for name, path in minilm_onnx.graphs(precision, model, cache).items():
            for threads in LAYOUTS:
                self.sessions[name, threads] = self.session(path, threads)
        self.pool = concurrent.futures.ThreadPoolExecutor(THREADS)

    @staticmethod
    def session(path, threads):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        return onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"])

    def variants(self):
        return [{"graph": graph, "batch": batch, "threads_a_batch": threads}
                for graph, threads in self.sessions for batch in BATCHES]

    def token_counts(self, texts):
        return [len(item.ids) for item in self.tokenizer.encode_batch(texts)]

    def embed(self, texts, variant):
        session = self.sessions[variant["graph"], variant["threads_a_batch"]]
        encoded = [item.ids for item in self.tokenizer.encode_batch(texts)]
        order = sorted(range(len(texts)), key=lambda index: len(encoded[index]), reverse=True)
        vectors = numpy.empty((len(texts), DIMENSION), numpy.float32)

        def run(rows):
            ids = numpy.zeros((len(rows), len(encoded[rows[0]])), numpy.int32)
            mask = numpy.zeros_like(ids)
            for row, index in enumerate(rows):
                ids[row, : len(encoded[index])] = encoded[index]
                mask[row, : len(encoded[index])] = 1
            feed = {"input_ids": ids, "attention_mask": mask,
                    "token_type_ids": numpy.zeros_like(ids)}
            vectors[rows] = session.run(None, feed)[0]

        batches = [order[start : start + variant["batch"]]
                   for start in range(0, len(order), variant["batch"])]
        list((self.pool.map if variant["threads_a_batch"] < THREADS else map)(run, batches))
        return vectors

    def query_variants(self):
        return [{"graph": graph, "batch": 1, "threads_a_batch": threads}
                for graph, threads in self.sessions]


class SentenceTransformers:
    packages = ("sentence-transformers", "transformers", "torch", "tokenizers", "numpy")

    def __init__(self, _, model, __):
        import torch

        torch.set_num_threads(THREADS)
        self.models = [self.load(model) for _ in range(THREADS)]
        self.pool = concurrent.futures.ThreadPoolExecutor(
            THREADS, initializer=torch.set_num_threads, initargs=(1,))

    @staticmethod
    def load(model):
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer import modules

        encoder = modules.Transformer(str(model), max_seq_length=WINDOW)
        pooling = modules.Pooling(DIMENSION, "mean")
        return SentenceTransformer(
            modules=[encoder, pooling, modules.Normalize()], device="cpu")

    def variants(self):
        return [{"batch": batch, "threads_a_batch": threads}
                for threads in LAYOUTS for batch in BATCHES]

    def embed(self, texts, variant):
        """Sorted by the library itself, within each thread's share."""
        def run(thread, share):
            vectors[share] = self.models[thread].encode(
                [texts[index] for index in share], batch_size=variant["batch"],
                show_progress_bar=False)

        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        vectors = numpy.empty((len(texts), DIMENSION), numpy.float32)
        if variant["threads_a_batch"] == THREADS:
            run(0, order)
        else:
            shares = [order[thread::THREADS] for thread in range(min(THREADS, len(order)))]
            list(self.pool.map(run, range(THREADS), shares))
        return vectors

    def query_variants(self):
        return [{"batch": 1, "threads_a_batch": threads} for threads in LAYOUTS]


class Peer:
    def __init__(self, encoder, texts):
        self.encoder, self.texts = encoder, texts
        self.best = None

    def hello(self):
        told = {name: importlib.metadata.version(name) for name in self.encoder.packages}
        counts = getattr(self.encoder, "token_counts", None)
        return {"versions": told, "token_counts": counts(self.texts) if counts else None}

    def trial(self, rows):
        """Seconds of every variant for those texts, the better of two; keeps the fastest."""
        texts = [self.texts[row] for row in rows]
        tried = []
        for variant in self.encoder.variants():
            self.encoder.embed(texts[-variant["batch"]:], variant)
            tried.append((min(self.timed(texts, variant)[0] for _ in range(2)), variant))
        self.best = min(tried, key=lambda item: item[0])[1]
        return {"tried": tried, "best": self.best}

    def timed(self, texts, variant):
        start = time.perf_counter()
        vectors = self.encoder.embed(texts, variant)
        return time.perf_counter() - start, vectors

    def embed(self, npy):
        seconds, vectors = self.timed(self.texts, self.best)
        numpy.save(npy, vectors)
        return {"encoder": seconds}

    def query(self, text, repeats):
        """The least median of the variants that embed one text."""
        answers = []
        for variant in self.encoder.query_variants():
            times = [self.timed([text], variant)[0] * 1000 for _ in range(repeats + 1)]
            answers.append({**variant, "first_ms": round(times[0], 2),
                            "median_ms": round(statistics.median(times[1:]), 2)})
        return min(answers, key=lambda answer: answer["median_ms"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["onnxruntime", "sentence-transformers"])
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    parser.add_argument("--texts", type=pathlib.Path, required=True)
    options = parser.parse_args()
    # What libraries print must not come between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    kind = OnnxRuntime if options.kind == "onnxruntime" else SentenceTransformers
    peer = Peer(
        kind(options.precision, options.model, options.cache),
        options.texts.read_text().split("\n")[:-1])
    for line in sys.stdin:
        asked = json.loads(line)
        answer = getattr(peer, asked.pop("do"))(**asked)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
