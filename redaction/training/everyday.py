"""Writes the list of everyday words: `python -m redaction.training.everyday`.

Reads  nlu_data/signs, whose names stand as tokens, and nlu_data/notes (the training part), in which names are marked.
Writes redaction/heads/everyday.txt: words in small letters that name nobody there, shorthand and dialect among them,
       which no other list of words holds. A word on it needs more to be taken for a name.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from redaction.gazetteer import gazetteer
from redaction.tagger import EVERYDAY
from redaction.training.corpora import read_clauses
from redaction.training.notes import MarkedNote, read_notes
from redaction.words import words_of


def everyday(own: Path) -> list[str]:
    """The words, sorted; none is on a list of names, and none is ever part of a name in the notes."""
    lists = gazetteer()
    plain: set[str] = set()
    named: set[str] = set()
    for note in _texts(own):
        for word in words_of(note.text):
            if any(start < word.end and word.start < end for start, end, _ in note.marks):
                named.add(word.folded)
            elif word.text.islower() and word.text.isalpha() and not lists.is_name(word.folded):
                plain.add(word.folded)
    return sorted(plain - named)


def _texts(own: Path) -> Iterator[MarkedNote]:
    yield from read_clauses(own / "signs")
    yield from read_notes(own / "notes", "training")


@click.command()
@click.option("--own", type=click.Path(exists=True, path_type=Path), default=Path("nlu_data"), show_default=True)
def main(own: Path) -> None:
    """Write the list anew."""
    words = everyday(own)
    EVERYDAY.write_text("\n".join(words) + "\n", encoding="utf-8")
    click.echo(f"{len(words)} words written to {EVERYDAY}")


if __name__ == "__main__":
    main()
