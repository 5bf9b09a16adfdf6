"""The tagger alone, on text that other people wrote and marked (see docs/models/name-tagger.md)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from redaction.evaluation.counting import Share
from redaction.evaluation.variants import CASES
from redaction.tagger import LABELS, NameTagger
from redaction.training.corpora import in_case, label, read_outside
from redaction.types import PERSON
from redaction.words import words_of

FILES = {"Broad Twitter Corpus, segment a": "btc_dev.jsonl", "WNUT 2017, development part": "wnut17_dev.jsonl"}


def measure_outside(model_dir: Path, folder: Path) -> list[tuple[str, dict[str, Share]]]:
    """For each corpus and letter case: words of people found, hidden under any kind, and other words hidden."""
    tagger = NameTagger.load(model_dir)
    measured = []
    for name, file in FILES.items():
        for case in CASES:
            best, want = [], []
            for note in read_outside(folder / file):
                labelled = label(in_case(note, case))
                if labelled.labels:
                    best.append(tagger.scores(labelled.text, words_of(labelled.text))[:, :-1].argmax(axis=1))
                    want.append(np.array(labelled.labels))
            found, wanted = np.concatenate(best), np.concatenate(want)
            person, other = wanted == LABELS.index(PERSON), wanted == 0
            measured.append(
                (
                    f"{name}, {case}",
                    {
                        "people found": Share(int((found[person] == LABELS.index(PERSON)).sum()), int(person.sum())),
                        "people hidden": Share(int((found[person] > 0).sum()), int(person.sum())),
                        "other words hidden": Share(int((found[other] > 0).sum()), int(other.sum())),
                    },
                )
            )
    return measured
