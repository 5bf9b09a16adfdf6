"""How people say things: cue words, phrases, figures of speech and status, kept as data beside this file."""

from understanding.language.cues import Cues
from understanding.language.figures import hide_figures
from understanding.language.phrases import Phrases
from understanding.language.status import StatusRules

__all__ = ["Cues", "Phrases", "StatusRules", "hide_figures"]
