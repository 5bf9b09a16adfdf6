"""The trained weights: small linear heads over the shared encoder, committed as one .npz file.

Made by understanding/training/train.py; what they can and cannot do is in docs/models/sign-detector.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understanding.errors import HeadsInvalid
from understanding.features import FEATURES, Floats

SHIPPED = Path(__file__).parent / "heads" / "heads.npz"


@dataclass(frozen=True, eq=False)
class Head:
    """One linear layer and softmax over `names`."""

    names: tuple[str, ...]
    weights: Floats
    bias: Floats

    def __call__(self, scaled: Floats) -> Floats:
        """(texts, names): probabilities, each row adding up to 1."""
        scores = scaled @ self.weights + self.bias
        scores -= scores.max(axis=1, keepdims=True)
        powers = np.exp(scores)
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


@dataclass(frozen=True, eq=False)
class Heads:
    """All the heads: which sign (the last name is "none"), its status, whom it is about, who said it."""

    mean: Floats
    scale: Floats
    sign: Head
    status: Head
    about: Head
    said_by: Head
    thresholds: Floats
    """For each sign, the probability from which it counts as heard."""
    lowering: float
    """The probability of not being present from which the status head overrules silence of the cue words."""

    def scaled(self, rows: Floats) -> Floats:
        """The features as the heads were trained on them."""
        return np.asarray((rows - self.mean) * self.scale, np.float32)

    def save(self, path: Path) -> None:
        """Write the .npz file; weights are kept in half precision."""
        arrays: dict[str, npt.ArrayLike] = {
            "mean": self.mean,
            "scale": self.scale,
            "thresholds": self.thresholds,
            "lowering": np.float32(self.lowering),
        }
        for name in ("sign", "status", "about", "said_by"):
            head: Head = getattr(self, name)
            arrays |= {
                f"{name}_names": np.array(head.names),
                f"{name}_weights": head.weights.astype(np.float16),
                f"{name}_bias": head.bias,
            }
        np.savez_compressed(path, **arrays)

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Heads:
        """Raises HeadsInvalid when the file is missing or is not one that `save` wrote for this encoder."""
        try:
            with np.load(path, allow_pickle=False) as data:
                heads = {
                    name: Head(
                        tuple(str(item) for item in data[f"{name}_names"]),
                        data[f"{name}_weights"].astype(np.float32),
                        data[f"{name}_bias"].astype(np.float32),
                    )
                    for name in ("sign", "status", "about", "said_by")
                }
                loaded = cls(
                    data["mean"],
                    data["scale"],
                    **heads,
                    thresholds=data["thresholds"],
                    lowering=float(data["lowering"]),
                )
        except (OSError, KeyError, ValueError) as error:
            raise HeadsInvalid(
                f"The sign detector's weights ({path.name}) cannot be read: run understanding/training/train.py."
            ) from error
        if loaded.mean.shape != (FEATURES,) or len(loaded.thresholds) != len(loaded.sign.names) - 1:
            raise HeadsInvalid(
                f"The sign detector's weights ({path.name}) do not fit: run understanding/training/train.py."
            )
        return loaded
