"""The sentences of the receiving team's pages."""

from pathlib import Path

from web import Words

WORDS = Words.load(Path(__file__).with_name("words.yml"))


def label(group: str, code: str) -> str:
    """What a person reads for ``code`` of a list; the list's "other", or the code itself, where it is not known."""
    for name in (f"{group}.{code}", f"{group}.other"):
        if WORDS.has(name):
            return WORDS(name)
    return code.replace("_", " ")
