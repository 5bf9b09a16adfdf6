"""Trains the sign detector's heads: python -m understanding.training.train --encoder models/encoder

Inputs: nlu_data/signs and nlu_data/notes (all authors but those kept apart), the rule pack's example phrases, the built
encoder. Output: understanding/heads/heads.npz. The same inputs give the same file. About ten minutes on two cores.

Thresholds are chosen on authors left out in turn, so that they hold for a writer the heads have not seen: for
signs at S
and E so that few are missed, for the rest so that few are wrong.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from encoder import Encoder, load
from understanding.clauses import split, windows
from understanding.features import Floats, features
from understanding.heads import SHIPPED, Head, Heads
from understanding.heard import ABOUTS, SAID_BYS, STATUSES
from understanding.language import hide_figures
from understanding.rulepack import RulePack, load_pack
from understanding.training.corpus import LabelledClause, LabelledNote, clauses, notes, phrase_examples

_log = logging.getLogger(__name__)

NONE = "none"
FOLDS = 5
# How much a missed sign weighs against a wrong one: F-beta.
BETA_DANGER = 1.0
BETA_ORDINARY = 0.7
# A sign's own best threshold is drawn toward that of all signs of its kind: it has few examples.
OWN_WEIGHT = 0.5
# At most so many present clauses at S or E may be read as denied, past, and so on, where cue words are silent.
LOWERED_AT_MOST = 0.01
# How hard the weights are held small (scikit-learn's C).
STRENGTH = 3.0
STRENGTH_OTHER = 0.3


@dataclass(frozen=True)
class Rows:
    """Encoded clauses with their labels."""

    items: list[LabelledClause]
    values: Floats

    def only(self, keep: npt.NDArray[np.bool_]) -> Rows:
        """The rows for which `keep` is true."""
        return Rows([item for item, kept in zip(self.items, keep, strict=True) if kept], self.values[keep])


def encode(encoder: Encoder, texts: Sequence[str]) -> Floats:
    """(texts, 2688): the features of each text, with figures of speech blanked out as the listener does."""
    return np.stack([features(encoded) for encoded in encoder.encode([hide_figures(text) for text in texts])])


def fit(pack: RulePack, rows: Rows, thresholds: Floats | None = None, lowering: float = 1.0) -> Heads:
    """Train all heads on these rows."""
    mean = rows.values.mean(axis=0)
    scale = (4.0 / np.sqrt(rows.values.shape[1]) / (rows.values.std(axis=0) + 1e-6)).astype(np.float32)
    scaled = ((rows.values - mean) * scale).astype(np.float32)
    names = [sign.id for sign in pack.sign_list]
    pairs = [(n, sign) for n, item in enumerate(rows.items) for sign in (item.signs or (NONE,))]
    weights = np.array([1 / max(1, len(rows.items[n].signs)) for n, _ in pairs])
    sign = _head((*names, NONE), scaled[[n for n, _ in pairs]], [name for _, name in pairs], STRENGTH, weights)
    signed = [n for n, item in enumerate(rows.items) if item.signs]
    signed_values = scaled[signed]
    return Heads(
        mean=mean,
        scale=scale,
        sign=sign,
        status=_head(STATUSES, signed_values, [rows.items[n].status for n in signed], STRENGTH_OTHER),
        about=_head(ABOUTS, signed_values, [rows.items[n].about for n in signed], STRENGTH_OTHER),
        said_by=_head(SAID_BYS, signed_values, [rows.items[n].said_by for n in signed], STRENGTH_OTHER),
        thresholds=np.ones(len(names), np.float32) if thresholds is None else thresholds,
        lowering=lowering,
    )


def _head(
    names: Sequence[str],
    values: Floats,
    labels: Sequence[str],
    strength: float,
    weights: npt.NDArray[Any] | None = None,
) -> Head:
    model = LogisticRegression(C=strength, max_iter=120, solver="lbfgs", tol=1e-3)
    model.fit(values, np.array(labels), sample_weight=weights)
    columns = [list(model.classes_).index(name) if name in model.classes_ else -1 for name in names]
    weight = np.stack([model.coef_[k] if k >= 0 else np.zeros(values.shape[1]) for k in columns], axis=1)
    # A name that was never seen in training is never the answer.
    bias = np.array([model.intercept_[k] if k >= 0 else -1e4 for k in columns])
    return Head(tuple(names), weight.astype(np.float32), bias.astype(np.float32))


@dataclass(frozen=True)
class LeftOut:
    """What heads say about texts of an author they were not trained on: the best over each text's stretches."""

    scores: Floats
    labels: npt.NDArray[np.bool_]


def _left_out(
    pack: RulePack, encoder: Encoder, rows: Rows, all_notes: Sequence[LabelledNote]
) -> tuple[LeftOut, npt.NDArray[Any], list[LabelledClause]]:
    """Scores of clauses and notes by author-wise folds; and each clause's chance of not being present."""
    authors = sorted({item.author for item in rows.items} - {"pack"})
    scores: list[Floats] = []
    labels: list[npt.NDArray[np.bool_]] = []
    not_present: list[float] = []
    tested: list[LabelledClause] = []
    names = [sign.id for sign in pack.sign_list]
    for fold in range(FOLDS):
        out = set(authors[fold::FOLDS])
        _log.info("authors left out: %s", ", ".join(sorted(out)))
        held = np.array([item.author in out for item in rows.items])
        heads = fit(pack, rows.only(~held))
        test = rows.only(held)
        chances = heads.status(heads.scaled(test.values))[:, STATUSES.index("present")]
        texts = [item.text for item in test.items] + [note.text for note in all_notes if note.author in out]
        truth = [{*item.signs} for item in test.items]
        truth += [{sign for sign, _ in note.signs} for note in all_notes if note.author in out]
        for text, signs in zip(texts, truth, strict=True):
            stretches = [text[span.start : span.end] for span in windows(text, split(text))] or [text]
            found = heads.sign(heads.scaled(encode(encoder, stretches)))[:, :-1].max(axis=0)
            scores.append(found)
            labels.append(np.array([name in signs for name in names]))
        not_present += [float(1 - chance) for chance in chances]
        tested += test.items
    return LeftOut(np.stack(scores), np.stack(labels)), np.array(not_present), tested


def choose_thresholds(pack: RulePack, left_out: LeftOut) -> Floats:
    """For each sign, the probability from which it counts as heard."""
    danger = np.array([sign.level in ("S", "E") for sign in pack.sign_list])
    result = np.zeros(len(danger), np.float32)
    for group, beta in ((danger, BETA_DANGER), (~danger, BETA_ORDINARY)):
        shared = _best_threshold(left_out.scores[:, group].ravel(), left_out.labels[:, group].ravel(), beta)
        for k in np.flatnonzero(group):
            own = _best_threshold(left_out.scores[:, k], left_out.labels[:, k], beta)
            result[k] = np.exp(OWN_WEIGHT * np.log(own) + (1 - OWN_WEIGHT) * np.log(shared))
    return result


def _best_threshold(scores: Floats, labels: npt.NDArray[np.bool_], beta: float) -> float:
    order = np.argsort(-scores)
    hits = np.cumsum(labels[order])
    said = np.arange(1, len(order) + 1)
    quality = (1 + beta**2) * hits / (beta**2 * max(1, labels.sum()) + said)
    return float(np.clip(scores[order][int(quality.argmax())], 0.02, 0.9))


def choose_lowering(pack: RulePack, not_present: npt.NDArray[Any], tested: Sequence[LabelledClause]) -> float:
    """The chance of not being present from which the status head is believed, so that little danger is lowered."""
    danger = [
        chance
        for chance, item in zip(not_present, tested, strict=True)
        if item.status == "present" and any(pack.sign(sign).level in ("S", "E") for sign in item.signs)
    ]
    return float(np.quantile(np.array(danger), 1 - LOWERED_AT_MOST))


def train(pack: RulePack, encoder: Encoder) -> Heads:
    """The whole training: thresholds on authors left out, then the heads on all authors but those kept apart."""
    items = clauses(pack, kept_apart=False) + phrase_examples(pack)
    rows = Rows(items, encode(encoder, [item.text for item in items]))
    _log.info("%d clauses and phrases", len(items))
    left_out, not_present, tested = _left_out(pack, encoder, rows, notes(pack, kept_apart=False))
    thresholds = choose_thresholds(pack, left_out)
    lowering = choose_lowering(pack, not_present, tested)
    _log.info("thresholds %.2f to %.2f; lowering from %.2f", thresholds.min(), thresholds.max(), lowering)
    return fit(pack, rows, thresholds, lowering)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Train the sign detector's heads.")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of the built encoder")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="the .npz file to write")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train(load_pack(), load(arguments.encoder)).save(arguments.out)


if __name__ == "__main__":
    main()
