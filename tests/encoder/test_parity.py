"""The graph computes what the published model computes, and int8 costs little of it."""

import numpy as np
import onnxruntime
import pytest
from tokenizers import Tokenizer

import encoder
from encoder.graph import build_graph
from encoder.weights import WIDTH, Floats, load_tensors, published_model
from tests.encoder.float_pass import float_layers

TEXTS = [
    "Kelly Marsh rang about her rent, 3 months behind, lad wont go in to school",
    "KELLY MARSH",
    "he hit me last night and i am scared to go home with the kids",
    "UC stopped in May, no food in the house since tuesday. " * 6,
]


@pytest.fixture(scope="module")
def tensors() -> dict[str, Floats]:
    return load_tensors(published_model())


@pytest.fixture(scope="module")
def ids() -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(published_model().tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return [tokenizer.encode(text).ids for text in TEXTS]


def _cosine(left: Floats, right: Floats) -> Floats:
    return (left * right).sum(-1) / np.linalg.norm(left, axis=-1) / np.linalg.norm(right, axis=-1)


def test_the_float_graph_is_the_published_model(tensors: dict[str, Floats], ids: list[list[int]]) -> None:
    session = onnxruntime.InferenceSession(build_graph(tensors).SerializeToString(), providers=["CPUExecutionProvider"])
    for row in ids:
        (output,) = session.run(None, {"ids": np.array([row])})
        np.testing.assert_allclose(output[0], float_layers(tensors, row), atol=2e-5)


def test_int8_costs_little(loaded: encoder.Encoder, tensors: dict[str, Floats], ids: list[list[int]]) -> None:
    for text, row in zip(TEXTS, ids, strict=True):
        made = loaded.encode([text])[0]
        wanted = float_layers(tensors, row)
        for layer, floor in enumerate((0.98, 0.97, 0.96)):
            columns = slice(layer * WIDTH, (layer + 1) * WIDTH)
            assert _cosine(made.layers[:, columns], wanted[1:-1, columns]).min() > floor
        assert _cosine(made.sentence, wanted[:, -WIDTH:].mean(axis=0)) > 0.985
