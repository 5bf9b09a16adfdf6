"""The published model in plain NumPy, written from the BERT paper: what the built encoder is compared with."""

import numpy as np
from scipy.special import erf

from encoder.weights import BLOCKS, HEADS, LAYER_NORM_EPSILON, WIDTH, Floats


def float_layers(tensors: dict[str, Floats], ids: list[int]) -> Floats:
    """(len(ids), 3 * 384): layers 2, 4 and 6."""
    hidden = (
        tensors["embeddings.word_embeddings.weight"][ids]
        + tensors["embeddings.position_embeddings.weight"][: len(ids)]
        + tensors["embeddings.token_type_embeddings.weight"][0]
    )
    hidden = _layer_norm(tensors, hidden, "embeddings")
    outputs = []
    for block in range(BLOCKS):
        prefix = f"encoder.layer.{block}"
        attended = _dense(tensors, _attend(tensors, hidden, prefix), f"{prefix}.attention.output.dense")
        hidden = _layer_norm(tensors, hidden + attended, f"{prefix}.attention.output")
        widened = _dense(tensors, hidden, f"{prefix}.intermediate.dense")
        active = widened * 0.5 * (1 + erf(widened / np.sqrt(2)))
        hidden = _layer_norm(tensors, hidden + _dense(tensors, active, f"{prefix}.output.dense"), f"{prefix}.output")
        outputs.append(hidden)
    return np.concatenate(outputs[1::2], axis=1)


def _attend(tensors: dict[str, Floats], hidden: Floats, prefix: str) -> Floats:
    query, key, value = (
        _dense(tensors, hidden, f"{prefix}.attention.self.{part}")
        .reshape(len(hidden), HEADS, WIDTH // HEADS)
        .transpose(1, 0, 2)
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 2, 1) / np.sqrt(WIDTH // HEADS)
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    scores /= scores.sum(-1, keepdims=True)
    return (scores @ value).transpose(1, 0, 2).reshape(len(hidden), WIDTH)


def _dense(tensors: dict[str, Floats], value: Floats, name: str) -> Floats:
    return value @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]


def _layer_norm(tensors: dict[str, Floats], value: Floats, prefix: str) -> Floats:
    centred = value - value.mean(-1, keepdims=True)
    scaled = centred / np.sqrt(value.var(-1, keepdims=True) + LAYER_NORM_EPSILON)
    return scaled * tensors[f"{prefix}.LayerNorm.weight"] + tensors[f"{prefix}.LayerNorm.bias"]
