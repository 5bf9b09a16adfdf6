"""What must be built before the processes start: the sentence encoder and the conversation's model."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import encoder
from redaction import build_models
from thinkfamily.settings import Settings


class PreparationFailed(Exception):
    """Something could not be built; what went wrong was printed before."""


def prepare(settings: Settings, say: Callable[[str], None]) -> None:
    """Build the encoder and train the conversation's model, skipping what is up to date.

    Raises :class:`PreparationFailed`, or one of the encoder's exceptions.
    """
    folder = settings.model_dir / "encoder"
    say("Sentence encoder")
    encoder.build(folder)
    say("Name tagger")
    build_models(settings.model_dir)
    say("Conversation model")
    # In a process of its own: training loads TensorFlow, which nothing but the bot may.
    done = subprocess.run([sys.executable, "-m", "bot.training"], check=False)
    if done.returncode:
        raise PreparationFailed("the conversation's model could not be trained; the lines above say why")
