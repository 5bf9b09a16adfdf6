"""Low-rank changes to the published weights, learnt for one task: small files that are merged in at set-up.

For a weight W of shape (out, in) a file holds `W.up` (out, rank) and `W.down` (rank, in); merged it is W + up @ down
(Hu and others 2021, "LoRA"). A changed encoder is built beside the published one, for those who ask for it.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from encoder.errors import EncoderDamaged
from encoder.weights import Floats

_UP, _DOWN = ".up", ".down"


def merge(tensors: Mapping[str, Floats], file: Path) -> dict[str, Floats]:
    """The weights with the changes in `file` (.npz) merged in.

    Raises EncoderDamaged if the file cannot be read or does not fit the weights.
    """
    merged = dict(tensors)
    try:
        with np.load(file, allow_pickle=False) as kept:
            for name in kept.files:
                if name.endswith(_UP):
                    weight = name.removesuffix(_UP)
                    change = kept[name].astype(np.float32) @ kept[weight + _DOWN].astype(np.float32)
                    if change.shape != merged[weight].shape:
                        raise ValueError(f"{weight} has another shape")
                    merged[weight] = merged[weight] + change
    except (OSError, ValueError, KeyError) as error:
        raise EncoderDamaged(f"The changes to the encoder in {file.name} cannot be used: restore the file.") from error
    return merged
