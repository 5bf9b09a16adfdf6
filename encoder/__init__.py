"""The pretrained sentence encoder, all-MiniLM-L6-v2: built small at set-up, one pass for names, intents, signs.

>>> from encoder import build, load
>>> encoder = load(build(Path("models/encoder")))
>>> encoder.encode(["Three months behind with the rent"])[0].sentence.shape
(384,)
"""

from encoder.builder import build
from encoder.errors import EncoderDamaged, EncoderError, EncoderMissing
from encoder.runtime import LAYERS_WIDTH, Encoded, Encoder, load
from encoder.weights import WIDTH

__all__ = [
    "LAYERS_WIDTH",
    "WIDTH",
    "Encoded",
    "Encoder",
    "EncoderDamaged",
    "EncoderError",
    "EncoderMissing",
    "build",
    "load",
]
