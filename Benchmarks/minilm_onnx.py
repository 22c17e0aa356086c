"""all-MiniLM-L6-v2 as ONNX graphs, made from the installed weights into the cache.

The graphs hold the fused operators of ONNX Runtime that its own transformer optimizer puts in the
place of an exported BERT (EmbedLayerNormalization, Attention, SkipLayerNormalization, BiasGelu),
and end in mean pooling and unit length, so that nothing of the encoder is left to Python.
"""
import hashlib
import json
import logging
import os
import pathlib
import tempfile

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

# Raised when an equal model would give another file.
RECIPE = 1
PRECISIONS = {
    "fp32": ("fp32",),
    "int8": ("int8-per-tensor", "int8-per-channel"),
}


class Graph:
    def __init__(self, weights, shape):
        self.weights, self.shape = weights, shape
        self.nodes, self.constants = [], {}

    def constant(self, name, array):
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(numpy.ascontiguousarray(array), name)
        return name

    def vector(self, name):
        return self.constant(name, self.weights[name])

    def matrix(self, name):
        """A linear layer's weights, laid out as MatMul reads them."""
        return self.constant(name, self.weights[name].T)

    def node(self, kind, inputs, outputs=None, **attributes):
        outputs = outputs or [f"{kind.lower()}_{len(self.nodes)}"]
        fused = kind in {
            "EmbedLayerNormalization", "Attention", "SkipLayerNormalization", "BiasGelu"}
        self.nodes.append(helper.make_node(
            kind, inputs, outputs, name=f"{kind}_{len(self.nodes)}",
            domain="com.microsoft" if fused else "", **attributes))
        return outputs[0]

    def embeddings(self):
        tables = [self.vector(f"embeddings.{kind}_embeddings.weight")
                  for kind in ("word", "position", "token_type")]
        norm = [self.vector(f"embeddings.LayerNorm.{part}") for part in ("weight", "bias")]
        return self.node(
            "EmbedLayerNormalization",
            ["input_ids", "token_type_ids", *tables, *norm, "attention_mask"],
            ["embedded", "lengths"], epsilon=self.shape["layer_norm_eps"])

    def attention(self, states, layer):
        projections = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
        weights = numpy.concatenate(
            [self.weights[name + ".weight"].T for name in projections], axis=1)
        biases = numpy.concatenate([self.weights[name + ".bias"] for name in projections])
        return self.node(
            "Attention",
            [states, self.constant(layer + ".qkv.weight", weights),
             self.constant(layer + ".qkv.bias", biases), "lengths"],
            num_heads=self.shape["num_attention_heads"])

    def add_and_norm(self, states, dense, norm, skipped):
        product = self.node("MatMul", [states, self.matrix(dense + ".weight")])
        return self.node(
            "SkipLayerNormalization",
            [product, skipped, self.vector(norm + ".weight"), self.vector(norm + ".bias"),
             self.vector(dense + ".bias")],
            epsilon=self.shape["layer_norm_eps"])

    def layer(self, states, layer):
        context = self.attention(states, layer)
        attended = self.add_and_norm(
            context, layer + ".attention.output.dense", layer + ".attention.output.LayerNorm",
            states)
        inner = self.node("MatMul", [attended, self.matrix(layer + ".intermediate.dense.weight")])
        inner = self.node("BiasGelu", [inner, self.vector(layer + ".intermediate.dense.bias")])
        return self.add_and_norm(
            inner, layer + ".output.dense", layer + ".output.LayerNorm", attended)

    def pooled(self, states):
        """The masked sum, scaled to unit length: the mean's direction is the sum's."""
        mask = self.node("Cast", ["attention_mask"], to=TensorProto.FLOAT)
        row = self.node("Unsqueeze", [mask, self.constant("one", numpy.array([1], numpy.int64))])
        total = self.node("MatMul", [row, states])
        total = self.node("Squeeze", [total, "one"])
        return self.node("LpNormalization", [total], ["vectors"], axis=-1, p=2)

    def model(self):
        states = self.embeddings()
        for index in range(self.shape["num_hidden_layers"]):
            states = self.layer(states, f"encoder.layer.{index}")
        self.pooled(states)
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT32, ["texts", "tokens"])
            for name in ("input_ids", "token_type_ids", "attention_mask")]
        output = helper.make_tensor_value_info(
            "vectors", TensorProto.FLOAT, ["texts", self.shape["hidden_size"]])
        graph = helper.make_graph(
            self.nodes, "all-MiniLM-L6-v2", inputs, [output], list(self.constants.values()))
        return helper.make_model(
            graph, ir_version=8,
            opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])


def build(name, model_folder, target):
    """Writes the graph of that name; int8 ones are made from fp32's file beside it."""
    if name == "fp32":
        shape = json.loads((model_folder / "config.json").read_text())
        onnx.save(Graph(load_file(model_folder / "model.safetensors"), shape).model(), target)
    else:
        # It warns of what a graph that is fused already has behind it.
        logging.getLogger().setLevel(logging.ERROR)
        quantize_dynamic(
            target.parent / "fp32.onnx", target, weight_type=QuantType.QInt8,
            per_channel=name.endswith("per-channel"),
            extra_options={"DefaultTensorType": TensorProto.FLOAT})


def graphs(precision, model_folder, cache):
    """Paths by name of the graphs of that precision, each made when it is missing."""
    weights = (model_folder / "model.safetensors").stat()
    key = hashlib.sha256(
        f"{RECIPE} {onnx.__version__} {onnxruntime.__version__} {weights.st_size} "
        f"{weights.st_mtime_ns}".encode()).hexdigest()[:16]
    folder = pathlib.Path(cache) / key
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("fp32", *PRECISIONS[precision]):
        target = folder / f"{name}.onnx"
        if target.exists():
            continue
        with tempfile.TemporaryDirectory(dir=folder) as work:
            made = pathlib.Path(work) / target.name
            if name != "fp32":
                os.link(folder / "fp32.onnx", made.parent / "fp32.onnx")
            build(name, model_folder, made)
            made.replace(target)
    return {name: folder / f"{name}.onnx" for name in PRECISIONS[precision]}
