"""Measures redaction on marked notes: `python -m redaction.training.evaluate --notes nlu_data/notes`.

By default on the notes kept apart, which nothing was trained or tuned on. A marked word is `masked` when any token
covers it, `right` when that token is of its own type; `needless` counts unmarked words that were hidden.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import click
import numpy as np
from numpy.typing import NDArray

import encoder
from redaction.names import TITLES
from redaction.redactor import Redactor
from redaction.tagger import LABELS, Floats, NameTagger
from redaction.training.corpora import in_case, label, read_outside
from redaction.training.notes import MarkedNote, read_notes
from redaction.words import Word, words_of

CASES: Final = ("as typed", "lower", "upper")


@dataclass
class Tally:
    """Counts of words."""

    marked: Counter[str] = field(default_factory=Counter)
    masked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    needless: int = 0
    unmarked: int = 0
    doubtful: int = 0
    leaks: list[tuple[str, str, str]] = field(default_factory=list)
    """Note, type and word that stayed readable. The notes are invented, so they may be shown."""
    extra: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, note: MarkedNote, redactor: Redactor) -> None:
        """Redact one note and count its words."""
        spans = redactor.redact(note.text).spans
        self.doubtful += sum(span.doubtful for span in spans)
        for word in words_of(note.text):
            wanted = next((kind for start, end, kind in note.marks if _inside(word, start, end)), None)
            got = next((span.type for span in spans if _inside(word, span.start, span.end)), None)
            if wanted is None and word.folded in TITLES:
                continue  # some of the notes mark the title with the name, some do not
            if wanted is None:
                self.unmarked += 1
                if got is not None:
                    self.needless += 1
                    self.extra.append((note.id, got, word.text))
                continue
            self.marked[wanted] += 1
            self.masked[wanted] += got is not None
            self.right[wanted] += got == wanted
            if got is None:
                self.leaks.append((note.id, wanted, word.text))

    @property
    def hidden(self) -> int:
        """Words covered by a token."""
        return self.masked.total() + self.needless

    def table(self) -> str:
        """One line a type, then the whole."""
        lines = [f"{'type':10}{'words':>7}{'masked':>9}{'right':>9}"]
        for kind in sorted(self.marked, key=lambda kind: -self.marked[kind]):
            count = self.marked[kind]
            lines.append(f"{kind:10}{count:7}{self.masked[kind] / count:9.1%}{self.right[kind] / count:9.1%}")
        total, masked = self.marked.total(), self.masked.total()
        lines.append(f"{'all':10}{total:7}{masked / max(1, total):9.1%}{self.right.total() / max(1, total):9.1%}")
        lines.append(
            f"precision {1 - self.needless / max(1, self.hidden):.1%}; {self.needless} of {self.unmarked} other words "
            f"hidden ({self.needless / max(1, self.unmarked):.1%}); {self.doubtful} names marked as doubtful"
        )
        return "\n".join(lines)


def _inside(word: Word, start: int, end: int) -> bool:
    return start < word.end and word.start < end


def evaluate(redactor: Redactor, notes: Iterable[MarkedNote], case: str) -> Tally:
    """Redact every note in the given letter case, each as a conversation of its own."""
    tally = Tally()
    for note in notes:
        tally.add(in_case(note, case), redactor)
    return tally


def tagger_report(scores: Floats, labels: NDArray[np.int64]) -> str:
    """The tagger alone, word by word: `scores` (words, LABELS), `labels` as indices into LABELS."""
    found = scores.argmax(1)
    parts = []
    for number, name in enumerate(LABELS[1:], 1):
        right = int(((found == number) & (labels == number)).sum())
        recall = right / max(1, int((labels == number).sum()))
        precision = right / max(1, int((found == number).sum()))
        masked = float((scores[labels == number, 0] < 0.5).mean())
        parts.append(f"{name} recall {recall:.3f} precision {precision:.3f} masked {masked:.3f}")
    return f"{'; '.join(parts)}; other words hidden {float((scores[labels == 0, 0] < 0.5).mean()):.4f}"


def evaluate_tagger(tagger: NameTagger, notes: Iterable[MarkedNote], case: str) -> str:
    """`tagger_report` over outside text in the given letter case."""
    scores, labels = [], []
    for note in notes:
        labelled = label(in_case(note, case))
        known = np.array(labelled.labels) >= 0
        if known.any():
            scores.append(tagger.scores(labelled.text, words_of(labelled.text))[known])
            labels.append(np.array(labelled.labels)[known])
    return tagger_report(np.vstack(scores), np.concatenate(labels))


@click.command()
@click.option(
    "--notes", type=click.Path(exists=True, path_type=Path), default=Path("nlu_data/notes"), show_default=True
)
@click.option("--models", type=click.Path(exists=True, path_type=Path), default=Path("models"), show_default=True)
@click.option("--learnt", is_flag=True, help="Measure on the notes that were learnt from instead.")
@click.option(
    "--outside",
    type=click.Path(exists=True, path_type=Path),
    help="Measure the tagger alone on a file of outside text.",
)
@click.option("--leaks", is_flag=True, help="Show which words stayed readable and which were hidden needlessly.")
def main(notes: Path, models: Path, learnt: bool, outside: Path | None, leaks: bool) -> None:
    """Print recall by type and letter case."""
    if outside:
        tagger = NameTagger.load(encoder.load(models / "encoder"))
        for case in CASES:
            click.echo(f"{outside.stem}, {case}: {evaluate_tagger(tagger, read_outside(outside), case)}")
        return
    redactor = Redactor.load(models)
    for case in CASES:
        tally = evaluate(redactor, read_notes(notes, kept_apart=not learnt), case)
        click.echo(f"\n{case}\n{tally.table()}")
        if leaks:
            for title, rows in (("readable", tally.leaks), ("needless", tally.extra)):
                click.echo(f"{title}: " + "; ".join(f"{note} {kind} {word}" for note, kind, word in rows))


if __name__ == "__main__":
    main()
