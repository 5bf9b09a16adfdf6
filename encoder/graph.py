"""The encoder as an ONNX graph: one text window in, layers 2, 4 and 6 out.

Written with onnxruntime's fused operators (attention, residual + layer norm, bias + GELU), so that the
later int8 conversion replaces whole blocks. One window at a time: no padding, hence no mask, and a text's
numbers never depend on what else was encoded with it.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from encoder.weights import BLOCKS, HEADS, LAYER_NORM_EPSILON, WIDTH, Floats

KEPT_LAYERS = (2, 4, 6)  # counted from 1; the last one is also what the sentence vector is made from
_FUSED = "com.microsoft"
_EMBEDDINGS = "embeddings"


def build_graph(tensors: Mapping[str, Floats]) -> onnx.ModelProto:
    """The float model: `ids` (1, n) int64 → `layers` (1, n, 3 * 384), the kept layers side by side."""
    graph = _Graph(tensors)
    hidden = graph.embed()
    kept = []
    for block in range(BLOCKS):
        hidden = graph.block(hidden, block)
        if block + 1 in KEPT_LAYERS:
            kept.append(hidden)
    graph.node("Concat", kept, "layers", domain="", axis=2)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "n"])],
            [helper.make_tensor_value_info("layers", TensorProto.FLOAT, [1, "n", len(KEPT_LAYERS) * WIDTH])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)],
        ir_version=8,
    )
    onnx.checker.check_model(model)
    return model


class _Graph:
    """Collects nodes and constants; every method returns the name of the value it adds."""

    def __init__(self, tensors: Mapping[str, Floats]) -> None:
        self._tensors = tensors
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def node(self, kind: str, inputs: list[str], output: str, *, domain: str, **attributes: object) -> str:
        self.nodes.append(
            helper.make_node(kind, inputs, [output], name=f"{kind}:{output}", domain=domain, **attributes)
        )
        return output

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def embed(self) -> str:
        """Word + position + type, then layer norm."""
        word = self.constant("words", self._tensors[f"{_EMBEDDINGS}.word_embeddings.weight"])
        # Every piece has type 0, so its vector is added to the positions once, here.
        placed = self.constant(
            "positions",
            self._tensors[f"{_EMBEDDINGS}.position_embeddings.weight"]
            + self._tensors[f"{_EMBEDDINGS}.token_type_embeddings.weight"][0],
        )
        zero = self.constant("zero", np.array([0], np.int64))
        one = self.constant("one", np.array([1], np.int64))
        shape = self.node("Shape", ["ids"], "shape", domain="")
        length = self.node("Slice", [shape, one, self.constant("two", np.array([2], np.int64))], "length", domain="")
        positions = self.node("Slice", [placed, zero, length], "positions_used", domain="")
        words = self.node("Gather", [word, "ids"], "words_used", domain="")
        total = self.node("Add", [words, positions], "embedded", domain="")
        return self.node(
            "LayerNormalization",
            [total, *self._layer_norm(_EMBEDDINGS)],
            "hidden_0",
            domain="",
            axis=-1,
            epsilon=LAYER_NORM_EPSILON,
        )

    def block(self, hidden: str, number: int) -> str:
        """One transformer block: attention and feed-forward, each with its residual and layer norm."""
        prefix = f"encoder.layer.{number}"
        projections = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
        weight = self.constant(
            f"{prefix}.qkv.weight",
            np.concatenate([self._tensors[f"{p}.weight"].T for p in projections], axis=1),
        )
        bias = self.constant(f"{prefix}.qkv.bias", np.concatenate([self._tensors[f"{p}.bias"] for p in projections]))
        attended = self.node("Attention", [hidden, weight, bias], f"{prefix}.attended", domain=_FUSED, num_heads=HEADS)
        hidden = self._residual(attended, hidden, f"{prefix}.attention.output")
        widened = self._matmul(hidden, f"{prefix}.intermediate.dense")
        active = self.node(
            "BiasGelu",
            [widened, self._bias(f"{prefix}.intermediate.dense")],
            f"{prefix}.active",
            domain=_FUSED,
        )
        return self._residual(active, hidden, f"{prefix}.output")

    def _residual(self, value: str, residual: str, prefix: str) -> str:
        product = self._matmul(value, f"{prefix}.dense")
        return self.node(
            "SkipLayerNormalization",
            [product, residual, *self._layer_norm(prefix), self._bias(f"{prefix}.dense")],
            f"{prefix}.normed",
            domain=_FUSED,
            epsilon=LAYER_NORM_EPSILON,
        )

    def _matmul(self, value: str, prefix: str) -> str:
        weight = self.constant(f"{prefix}.weight", self._tensors[f"{prefix}.weight"].T)
        return self.node("MatMul", [value, weight], f"{prefix}.product", domain="")

    def _bias(self, prefix: str) -> str:
        return self.constant(f"{prefix}.bias", self._tensors[f"{prefix}.bias"])

    def _layer_norm(self, prefix: str) -> list[str]:
        return [
            self.constant(f"{prefix}.LayerNorm.{part}", self._tensors[f"{prefix}.LayerNorm.{part}"])
            for part in ("weight", "bias")
        ]
