"""The numbers a head reads from one encoded stretch of text."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from encoder import LAYERS_WIDTH, WIDTH, Encoded

Floats = npt.NDArray[np.float32]
FEATURES = WIDTH + 2 * LAYERS_WIDTH


def features(encoded: Encoded) -> Floats:
    """(2688,): the sentence vector, and the mean and the largest of each layer's numbers over the word pieces."""
    if not len(encoded.offsets):
        return np.zeros(FEATURES, np.float32)
    parts: list[npt.NDArray[Any]] = [encoded.sentence, encoded.layers.mean(axis=0), encoded.layers.max(axis=0)]
    joined: Floats = np.concatenate(parts).astype(np.float32)
    return joined
