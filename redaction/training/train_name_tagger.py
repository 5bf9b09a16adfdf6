"""Trains the name tagger's head: `python -m redaction.training.train_name_tagger OUTSIDE_DATA --encoder FOLDER`.

OUTSIDE_DATA holds btc_train.jsonl, wnut17_train.jsonl and the two _dev files (see docs/models/name-tagger.md). Takes
about five minutes on two cores; needs about 4 GB of memory.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

import encoder as sentence_encoder
from redaction.gazetteer import gazetteer
from redaction.tagger import EVERYDAY, FEATURES, HEAD, LABELS, LISTED, SURFACE_WIDTH, word_features
from redaction.training.corpora import (
    Labelled,
    NameSwapper,
    in_case,
    label,
    learnable_notes,
    read_clauses,
    read_outside,
)
from redaction.training.evaluate import tagger_report
from redaction.types import TOKEN
from redaction.words import words_of

SEED = 20
HIDDEN = 160
EPOCHS = 2
BATCH = 1024
RATE = 1e-3
DROPPED = 0.3
"""Part of the encoder's numbers that is left out at random in each step."""
HIDDEN_DROPPED = 0.4
"""Part of the hidden layer that is left out at random in each step."""
DECAY = 1e-2
"""How much of every weight is taken away in each step, times the rate."""
BLANKED = 0.35
"""Part of the words for which the lists of names are blanked in each step."""
NOTE_COPIES = 4
"""How often each of our notes is used, each time with other names."""

Floats = NDArray[np.float32]
Half = NDArray[np.float16]


def training_texts(outside: Path, own: Path, rng: random.Random) -> Iterator[Labelled]:
    """Everything to learn from, in the letter cases that people type."""
    swapper = NameSwapper(rng)
    for name in ("btc_train", "wnut17_train"):
        for note in read_outside(outside / f"{name}.jsonl"):
            yield label(note)
            yield label(in_case(note, rng.choice(("lower", "lower", "upper"))))
    for note in learnable_notes(own / "notes"):
        yield from (label(in_case(note, case)) for case in ("as typed", "lower", "upper"))
        for _ in range(NOTE_COPIES):
            case = rng.choice(("as typed", "as typed", "as typed", "lower", "lower", "upper"))
            yield label(in_case(swapper.swap(note), case))
    for note in read_clauses(own / "signs"):
        yield label(in_case(swapper.swap(note, always=True), rng.choice(("as typed", "as typed", "lower", "upper"))))


def tuning_texts(outside: Path) -> Iterator[Labelled]:
    """Outside text that is not learnt from, as typed and in small letters."""
    for name in ("btc_dev", "wnut17_dev"):
        for note in read_outside(outside / f"{name}.jsonl"):
            yield label(note)
            yield label(in_case(note, "lower"))


def everyday(folder: Path) -> list[str]:
    """Every word of our clauses in small letters: names stand there as tokens."""
    lists = gazetteer()
    return sorted(
        {
            word.folded
            for clause in read_clauses(folder)
            for word in words_of(TOKEN.sub(" ", clause.text))
            if word.text.islower() and word.text.isalpha() and not lists.is_name(word.folded)
        }
    )


def featurise(encoder: sentence_encoder.Encoder, texts: Iterable[Labelled]) -> tuple[Half, NDArray[np.int64]]:
    """Features and label of every word that something can be learnt from."""
    rows: list[Half] = []
    labels: list[NDArray[np.int64]] = []
    for labelled in texts:
        words = words_of(labelled.text)
        if not words:
            continue
        wanted = np.array(labelled.labels)
        features = word_features(labelled.text, words, encoder.encode([labelled.text])[0])
        rows.append(features[wanted >= 0].astype(np.float16))
        labels.append(wanted[wanted >= 0])
    return np.vstack(rows), np.concatenate(labels)


class Head:
    """One hidden layer, trained with Adam and decoupled weight decay."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self.weights: list[Floats] = [
            rng.normal(0, np.sqrt(2 / FEATURES), (FEATURES, HIDDEN)).astype(np.float32),
            np.zeros(HIDDEN, np.float32),
            rng.normal(0, np.sqrt(2 / HIDDEN), (HIDDEN, len(LABELS))).astype(np.float32),
            np.zeros(len(LABELS), np.float32),
        ]
        self._mean = [np.zeros_like(weight) for weight in self.weights]
        self._square = [np.zeros_like(weight) for weight in self.weights]
        self._step = 0

    def learn(self, features: Floats, labels: NDArray[np.int64], rate: float) -> float:
        """One step; returns the mean loss."""
        first, first_bias, second, second_bias = self.weights
        kept = self._rng.random((len(labels), HIDDEN), dtype=np.float32) > HIDDEN_DROPPED
        hidden = np.maximum(features @ first + first_bias, 0) * kept / (1 - HIDDEN_DROPPED)
        scores = _softmax(hidden @ second + second_bias)
        rows = np.arange(len(labels))
        loss = float(-np.log(scores[rows, labels] + 1e-9).mean())
        scores[rows, labels] -= 1
        error = scores / len(labels)
        back = (error @ second.T) * (hidden > 0) / (1 - HIDDEN_DROPPED)
        self._adam([features.T @ back, back.sum(0), hidden.T @ error, error.sum(0)], rate)
        return loss

    def predict(self, features: Half) -> Floats:
        """(rows, labels) probabilities."""
        first, first_bias, second, second_bias = self.weights
        return np.vstack(
            [
                _softmax(np.maximum(part.astype(np.float32) @ first + first_bias, 0) @ second + second_bias)
                for part in np.array_split(features, 1 + len(features) // 8192)
            ]
        )

    def _adam(self, gradients: Sequence[Floats], rate: float) -> None:
        self._step += 1
        for number, gradient in enumerate(gradients):
            weight, mean, square = self.weights[number], self._mean[number], self._square[number]
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient * gradient - square)
            change = mean / (1 - 0.9**self._step) / (np.sqrt(square / (1 - 0.999**self._step)) + 1e-8)
            weight -= rate * (change + DECAY * weight)


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    scores: Floats = powers / powers.sum(axis=1, keepdims=True)
    return scores


def train(features: Half, labels: NDArray[np.int64], tuning: tuple[Half, NDArray[np.int64]]) -> Head:
    """Fit a head, and say after each pass how it does on the tuning text."""
    rng = np.random.default_rng(SEED)
    head = Head(rng)
    steps = EPOCHS * (len(labels) // BATCH)
    encoded = FEATURES - SURFACE_WIDTH
    done = 0
    for epoch in range(EPOCHS):
        order = rng.permutation(len(labels))
        losses = []
        for start in range(0, len(order) - BATCH + 1, BATCH):
            rows = np.sort(order[start : start + BATCH])
            batch = features[rows].astype(np.float32)
            batch[:, :encoded] *= (rng.random((1, encoded)) > DROPPED) / (1 - DROPPED)
            batch[np.ix_(np.flatnonzero(rng.random(BATCH) < BLANKED), np.array(LISTED))] = 0
            done += 1
            losses.append(head.learn(batch, labels[rows], RATE * 0.5 * (1 + np.cos(np.pi * done / steps))))
        click.echo(f"pass {epoch + 1}: loss {np.mean(losses):.4f}; {tagger_report(head.predict(tuning[0]), tuning[1])}")
    return head


@click.command()
@click.argument("outside", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--own", type=click.Path(exists=True, path_type=Path), default=Path("nlu_data"), show_default=True)
@click.option("--encoder", "folder", type=click.Path(path_type=Path), default=Path("models/encoder"), show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=HEAD, show_default=False)
def main(outside: Path, own: Path, folder: Path, out: Path) -> None:
    """Train the name tagger's head and write it as a small .npz file."""
    encoder = sentence_encoder.load(sentence_encoder.build(folder))
    features, labels = featurise(encoder, training_texts(outside, own, random.Random(SEED)))  # noqa: S311 - no secret
    click.echo(f"{len(labels)} words to learn from")
    head = train(features, labels, featurise(encoder, tuning_texts(outside)))
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out, **{f"w{number}": weight.astype(np.float16) for number, weight in enumerate(head.weights)})
    EVERYDAY.write_text("\n".join(everyday(own / "signs")) + "\n", encoding="utf-8")
    click.echo(f"written: {out}, {EVERYDAY}")


if __name__ == "__main__":
    main()
