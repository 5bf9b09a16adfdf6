"""Hears the signs of a family's wider needs in what staff type, and suggests a level by the council's rule pack.

Importing this loads nothing heavy: the model is loaded by `Listener.load`, and `danger_words` works without it.
"""

from understanding.danger import danger_words
from understanding.errors import HeadsInvalid, PackInvalid, UnderstandingError
from understanding.heard import Heard, RedFlagRaised, SignHeard
from understanding.listener import Listener
from understanding.rulepack import RulePack, load_pack
from understanding.suggestion import Change, Reason, Suggestion, suggest
from understanding.triage import triage_lines

__all__ = [
    "Change",
    "HeadsInvalid",
    "Heard",
    "Listener",
    "PackInvalid",
    "Reason",
    "RedFlagRaised",
    "RulePack",
    "SignHeard",
    "Suggestion",
    "UnderstandingError",
    "danger_words",
    "load_pack",
    "suggest",
    "triage_lines",
]
