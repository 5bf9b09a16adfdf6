"""The encoder, loaded once for all components of the pipeline."""

from __future__ import annotations

from functools import cache

from encoder import Encoder, load
from thinkfamily.settings import read_settings


@cache
def shared_encoder() -> Encoder:
    """The encoder built at set-up. Raises encoder.EncoderMissing, which says how to build it."""
    return load(read_settings().model_dir / "encoder")
