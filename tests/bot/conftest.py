"""Importing `bot` prepares what Rasa must find before it is loaded."""

import bot  # noqa: F401
