"""The desk's sentences, from words.yml."""

from __future__ import annotations

from pathlib import Path

from web import Words

WORDS = Words.load(Path(__file__).with_name("words.yml"))
