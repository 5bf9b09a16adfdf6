"""The three files of a built encoder, and how to tell that they are whole."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from encoder.errors import EncoderDamaged, EncoderMissing
from encoder.weights import sha256_of

MODEL = "encoder.onnx"
TOKENIZER = "tokenizer.json"
STAMP = "stamp.json"


@dataclass(frozen=True)
class Stamp:
    """What was built, from what, and with what."""

    recipe: int
    weights: str  # SHA-256 of the float weights
    changes: str  # SHA-256 of the file of changes merged into them; empty for the published weights as they are
    onnxruntime: str
    files: dict[str, str]  # SHA-256 by file name

    def as_dict(self) -> dict[str, Any]:
        """For writing as JSON."""
        return asdict(self)


def read_stamp(folder: Path) -> Stamp:
    """Raises EncoderMissing if nothing was built in `folder`, EncoderDamaged if the stamp cannot be read."""
    try:
        return Stamp(**json.loads((folder / STAMP).read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise EncoderMissing(f"There is no sentence encoder in {folder}: run script/setup.") from error
    except (ValueError, TypeError) as error:
        raise EncoderDamaged(f"The sentence encoder in {folder} is damaged: run script/setup.") from error


def check(folder: Path, stamp: Stamp) -> None:
    """Raises EncoderDamaged unless every file is the one that was built."""
    for name in (MODEL, TOKENIZER):
        path = folder / name
        if not path.is_file() or sha256_of(path) != stamp.files.get(name):
            raise EncoderDamaged(f"The sentence encoder in {folder} is damaged: run script/setup.")
