"""What the components of the pipeline share, loaded once a process."""

from __future__ import annotations

from functools import cache

from encoder import Encoder, load
from thinkfamily.settings import read_settings
from understanding import Listener, load_pack
from understanding.heads import Heads


@cache
def shared_encoder() -> Encoder:
    """The encoder built at set-up. Raises encoder.EncoderMissing, which says how to build it."""
    return load(read_settings().model_dir / "encoder")


@cache
def shared_listener() -> Listener:
    """What hears the signs, by the council's rule pack. Raises understanding's errors, which say what to do."""
    return Listener(shared_encoder(), Heads.load(), load_pack(read_settings().rule_pack))
