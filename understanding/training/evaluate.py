"""Measures the listener on the authors kept apart, and writes the figures into docs/models/sign-detector.md:

python -m understanding.training.evaluate --models models

Clauses are short texts labelled with all their signs and one status; notes are whole messages, with people's details
already replaced by tokens (what redaction itself misses is measured elsewhere).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from understanding import Heard, Listener, danger_words, load_pack
from understanding.heard import LEVELS, Interrupt, Level, highest
from understanding.rulepack import RulePack
from understanding.training.corpus import ROOT, LabelledClause, LabelledNote, clauses, notes

PAGE = ROOT / "docs" / "models" / "sign-detector.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


@dataclass(frozen=True)
class Rate:
    """So many of so many, with Wilson's 95 % interval."""

    hits: int
    of: int

    def __str__(self) -> str:
        if not self.of:
            return "-"
        share, n, z = self.hits / self.of, self.of, 1.96
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        low, high = max(0.0, middle - half), min(1.0, middle + half)
        return f"{100 * share:.0f} % ({100 * low:.0f}-{100 * high:.0f}; {self.hits} of {self.of})"


@dataclass(frozen=True)
class Case:
    """One text with what it carries, and what was heard in it."""

    gold: frozenset[str]
    """Signs that are present."""
    not_present: frozenset[str]
    """Signs that are denied, past, conditional or about others."""
    interrupt: Interrupt
    heard: Heard
    by_patterns: Interrupt

    @property
    def present(self) -> set[str]:
        """The signs heard as present."""
        return {sign.id for sign in self.heard.signs if sign.status == "present"}


def clause_cases(listener: Listener, items: Sequence[LabelledClause]) -> list[Case]:
    """The clauses, each heard by itself."""
    return [
        _case(
            listener,
            item.text,
            item.signs if item.status == "present" else (),
            item.signs if item.status != "present" else (),
        )
        for item in items
    ]


def note_cases(listener: Listener, items: Sequence[LabelledNote]) -> list[Case]:
    """The notes, each heard as one message."""
    cases = []
    for item in items:
        present = [sign for sign, status in item.signs if status == "present"]
        others = [sign for sign, status in item.signs if status != "present"]
        cases.append(_case(listener, item.text, present, others, item.interrupt))
    return cases


def _case(
    listener: Listener, text: str, present: Iterable[str], others: Iterable[str], interrupt: Interrupt | None = None
) -> Case:
    gold = frozenset(present)
    levels: list[Level] = [listener.pack.sign(sign).level for sign in gold]
    serious = highest("N", *levels)
    due: Interrupt = interrupt or (serious if serious in ("S", "E") else "none")
    flags = danger_words(text)
    by_patterns: Interrupt = "E" if any(flag.interrupt == "E" for flag in flags) else "S" if flags else "none"
    return Case(gold, frozenset(others) - gold, due, listener.hear(text), by_patterns)


def sign_rows(pack: RulePack, cases: Sequence[Case]) -> list[str]:
    """Recall, precision and F1 of present signs, level by level."""
    rows = ["| level of the sign | recall | precision | F1 |", "|---|---|---|---|"]
    groups = {level: {sign.id for sign in pack.sign_list if sign.level == level} for level in reversed(LEVELS)}
    for name, inside in [*groups.items(), ("all", pack.sign_ids)]:
        hits = sum(1 for case in cases for sign in case.present & case.gold if sign in inside)
        wanted = sum(1 for case in cases for sign in case.gold if sign in inside)
        said = sum(1 for case in cases for sign in case.present if sign in inside)
        f1 = 2 * hits / (wanted + said) if wanted + said else 0.0
        rows.append(f"| {name} | {Rate(hits, wanted)} | {Rate(hits, said)} | {f1:.2f} |")
    return rows


def interrupt_rows(cases: Sequence[Case], heard: Callable[[Case], Interrupt]) -> list[str]:
    """How often danger interrupts when it should, and when it should not."""
    due = [case for case in cases if case.interrupt != "none"]
    emergency = [case for case in cases if case.interrupt == "E"]
    denied = [case for case in cases if case.interrupt == "none" and case.not_present]
    ordinary = [case for case in cases if case.interrupt == "none" and not case.not_present]
    nothing = [case for case in ordinary if not case.gold]
    groups = (
        ("danger that interrupts (S or E)", due),
        ("emergencies that interrupt at all", emergency),
        ("false interrupts: nothing worrying in it", nothing),
        ("false interrupts: lesser signs or nothing", ordinary),
        ("false interrupts: with signs denied, past, others', or if", denied),
    )
    rows = [f"| {what} | {Rate(sum(heard(case) != 'none' for case in some), len(some))} |" for what, some in groups]
    as_e = Rate(sum(heard(case) == "E" for case in emergency), len(emergency))
    return [*rows, f"| emergencies that interrupt as E | {as_e} |"]


def status_row(cases: Sequence[Case]) -> str:
    """Of signs that are not present, how many are heard as present all the same."""
    wrong = sum(len(case.present & case.not_present) for case in cases)
    rate = Rate(wrong, sum(len(case.not_present) for case in cases))
    return f"| signs denied, past, others' or if, heard as present | {rate} |"


def most_missed(cases: Sequence[Case]) -> str:
    """The signs most often missed, with counts."""
    missed = Counter(sorted(sign for case in cases for sign in case.gold - case.present))
    return ", ".join(f"{sign} {count}" for sign, count in missed.most_common(12))


def most_wrong(cases: Sequence[Case]) -> str:
    """The signs most often heard where they are not, with counts."""
    wrong = Counter(sorted(sign for case in cases for sign in case.present - case.gold))
    return ", ".join(f"{sign} {count}" for sign, count in wrong.most_common(12))


def figures(listener: Listener, clause_items: Sequence[LabelledClause], note_items: Sequence[LabelledNote]) -> str:
    """All the figures, as Markdown."""
    short = clause_cases(listener, clause_items)
    whole = note_cases(listener, note_items)
    parts = [f"Authors kept apart: {', '.join(sorted({item.author for item in clause_items}))}."]
    for title, cases in ((f"Clauses ({len(short)})", short), (f"Whole notes ({len(whole)})", whole)):
        parts += [f"### {title}", "\n".join(sign_rows(listener.pack, cases))]
        for what, heard in (
            ("with the listener", lambda case: case.heard.interrupt),
            ("by patterns alone (`danger_words`)", lambda case: case.by_patterns),
        ):
            parts.append("\n".join([f"| interrupts, {what} | |", "|---|---|", *interrupt_rows(cases, heard)]))
        parts.append("\n".join(["| status | |", "|---|---|", status_row(cases)]))
        parts.append(f"Most often missed: {most_missed(cases)}.\n\nMost often heard wrongly: {most_wrong(cases)}.")
    return "\n\n".join(parts)


def write(page: Path, text: str) -> None:
    """Put the figures between the two marks of the page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Measure the sign detector on the authors kept apart.")
    parser.add_argument("--models", type=Path, required=True, help="folder that holds the built encoder")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write the figures into")
    arguments = parser.parse_args()
    pack = load_pack()
    listener = Listener.load(arguments.models, pack)
    text = figures(listener, clauses(pack, kept_apart=True), notes(pack, kept_apart=True))
    write(arguments.page, text)


if __name__ == "__main__":
    main()
