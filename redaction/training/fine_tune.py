"""Fine-tunes the name tagger: `python -m redaction.training.fine_tune OUTSIDE_DATA`. Needs the group `training`.

Reads  OUTSIDE_DATA/btc_train.jsonl and wnut17_train.jsonl (see docs/models/name-tagger.md), nlu_data/notes (without the
       writers kept apart), nlu_data/signs, nlu_data/names.
Writes redaction/heads/names.npz (the head) and encoder_changes.npz (low-rank changes to the encoder).
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from encoder import WIDTH
from encoder.runtime import ready_tokenizer
from encoder.weights import load_tensors, published_model
from redaction.tagger import CHANGES, FEATURES, HEAD, LABELS, LISTED, Floats, pieces_of, surface_features
from redaction.training.corpora import IGNORED, Labelled, in_case, label, read_clauses, read_outside
from redaction.training.notes import MarkedNote, read_notes
from redaction.training.torch_encoder import TorchEncoder
from redaction.training.variation import Variation, mangle
from redaction.types import DATE, DOB, PERSON
from redaction.words import words_of

SEED: Final = 20
RANK: Final = 16
HIDDEN: Final = 256
PIECES_A_BATCH: Final = 1600
RATE: Final = 7e-4
DROPPED: Final = 0.1
HIDDEN_DROPPED: Final = 0.3
DECAY: Final = 1e-2
BLANKED: Final = 0.4
"""Part of the words for which the lists of names are blanked in each step, so that names on no list are learnt too."""
OUTSIDE_SHARE: Final = 0.3
"""Part of the outside text that is seen in each pass."""
LONGEST: Final = 254  # word pieces, as in encoder.runtime
_MANGLED: Final = 0.15


@dataclass(frozen=True)
class Example:
    """One text as numbers."""

    ids: list[int]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    surface: Floats
    labels: NDArray[np.int64]
    begins: Floats


class Tagger(nn.Module):
    """The encoder with the head that redaction.tagger runs in NumPy."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = TorchEncoder(load_tensors(published_model()), RANK, DROPPED)
        self.hidden = nn.Linear(FEATURES, HIDDEN)
        self.out = nn.Linear(HIDDEN, len(LABELS) + 1)

    def forward(self, batch: list[Example], blank: Tensor | None = None) -> Tensor:
        """(words of the whole batch, labels + 1) logits."""
        longest = max(len(example.ids) for example in batch)
        ids = torch.zeros(len(batch), longest, dtype=torch.long)
        present = torch.zeros(len(batch), longest, dtype=torch.bool)
        for row, example in enumerate(batch):
            ids[row, : len(example.ids)] = torch.tensor(example.ids)
            present[row, : len(example.ids)] = True
        layers = self.encoder(ids, present)
        rows = []
        for row, example in enumerate(batch):
            words = layers[row, 1:-1]
            first, last = words[torch.from_numpy(example.first)], words[torch.from_numpy(example.last)]
            following = torch.cat([first[1:, -WIDTH:], torch.zeros(1, WIDTH)])
            rows.append(torch.cat([first, last[:, -WIDTH:], following, torch.from_numpy(example.surface)], dim=1))
        features = torch.cat(rows)
        if blank is not None:
            features = features.clone()
            features[blank.nonzero()[:, 0][:, None], torch.tensor(LISTED)] = 0
        hidden = F.dropout(F.relu(self.hidden(features)), HIDDEN_DROPPED, self.training)
        logits: Tensor = self.out(hidden)
        return logits


def texts_of_a_pass(outside: Path, own: Path, rng: random.Random) -> Iterator[Labelled]:
    """What is seen in one pass: every note twice, once with other names; clauses; some of the outside text."""
    variation = Variation(rng, "training")
    for name in ("btc_train", "wnut17_train"):
        for note in read_outside(outside / f"{name}.jsonl"):
            if rng.random() < OUTSIDE_SHARE:
                yield label(in_case(note, rng.choice(("as typed", "as typed", "lower", "upper"))))
    for note in read_notes(own / "notes", "training"):
        yield label(in_case(note, rng.choice(("as typed", "as typed", "as typed", "lower", "upper"))))
        varied = _mangled(rng, variation.vary(note))
        yield label(in_case(varied, rng.choice(("as typed", "as typed", "as typed", "lower", "upper"))))
    for note in read_clauses(own / "signs"):
        yield label(in_case(variation.vary(note, tokens=True), rng.choice(("as typed", "as typed", "lower", "upper"))))


def _mangled(rng: random.Random, note: MarkedNote) -> MarkedNote:
    text, marks, at = "", [], 0
    for start, end, kind in note.marks:
        surface = note.text[start:end]
        if kind not in (PERSON, DATE, DOB) and rng.random() < _MANGLED:
            surface = mangle(rng, surface)
        text += note.text[at:start]
        marks.append((len(text), len(text) + len(surface), kind))
        text += surface
        at = end
    return MarkedNote(note.id, text + note.text[at:], tuple(marks), note.register)


def as_example(tokenizer: Tokenizer, labelled: Labelled) -> Example | None:
    """None where there is nothing to learn from. Words past the first window are left out."""
    encoded = tokenizer.encode(labelled.text, add_special_tokens=False)
    offsets = encoded.offsets[:LONGEST]
    if not offsets:
        return None
    words = [word for word in words_of(labelled.text) if word.end <= offsets[-1][1]]
    labels = np.array(labelled.labels[: len(words)])
    if not words or (labels == IGNORED).all():
        return None
    first, last = pieces_of(words, offsets)
    start, end = tokenizer.encode("", add_special_tokens=True).ids
    ids = [start, *encoded.ids[:LONGEST], end]
    surface = surface_features(labelled.text, words, last - first)
    begins = np.array(labelled.begins[: len(words)], np.float32)
    return Example(ids, first, last, surface, labels, begins)


def batches(examples: list[Example], rng: random.Random) -> list[list[Example]]:
    """Texts of like length together, up to PIECES_A_BATCH pieces with their padding."""
    made: list[list[Example]] = []
    batch: list[Example] = []
    for example in sorted(examples, key=lambda example: (len(example.ids), rng.random())):
        if batch and (len(batch) + 1) * len(example.ids) > PIECES_A_BATCH:
            made.append(batch)
            batch = []
        batch.append(example)
    made.append(batch)
    rng.shuffle(made)
    return made


def loss_of(logits: Tensor, batch: list[Example]) -> Tensor:
    """Cross-entropy over the kinds, and over "begins" where something is marked."""
    labels = torch.from_numpy(np.concatenate([example.labels for example in batch]))
    begins = torch.from_numpy(np.concatenate([example.begins for example in batch]))
    kinds = F.cross_entropy(logits[:, :-1], labels, ignore_index=IGNORED)
    marked = labels > 0
    if not marked.any():
        return kinds
    return kinds + 0.2 * F.binary_cross_entropy_with_logits(logits[marked, -1], begins[marked])


def report(tagger: Tagger, examples: list[Example]) -> str:
    """Words found (under any kind) and wrongly hidden, over texts that are not learnt from."""
    tagger.eval()
    found, labels = [], []
    with torch.no_grad():
        for batch in batches(examples, random.Random(0)):  # noqa: S311 - no secret
            found.append(tagger(batch)[:, :-1].argmax(1).numpy())
            labels.append(np.concatenate([example.labels for example in batch]))
    tagger.train()
    got, want = np.concatenate(found), np.concatenate(labels)
    person = want == LABELS.index(PERSON)
    marked, other = want > 0, want == 0
    return (
        f"PERSON hidden {(got[person] > 0).mean():.3f}; all hidden {(got[marked] > 0).mean():.3f}, "
        f"right {(got[marked] == want[marked]).mean():.3f}; other words hidden {(got[other] > 0).mean():.4f}"
    )


def save(tagger: Tagger) -> None:
    """Write head and changes as 16-bit numbers."""
    weights = [
        part.detach().numpy().astype(np.float16)
        for layer in (tagger.hidden, tagger.out)
        for part in (layer.weight.T, layer.bias)
    ]
    np.savez_compressed(HEAD, labels=np.array(LABELS), **{f"w{n}": weight for n, weight in enumerate(weights)})
    np.savez_compressed(CHANGES, **tagger.encoder.changes())


@click.command()
@click.argument("outside", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--own", type=click.Path(exists=True, path_type=Path), default=Path("nlu_data"), show_default=True)
@click.option("--passes", default=5, show_default=True)
@click.option("--minutes", default=600.0, show_default=True, help="Save and stop after so many minutes.")
def main(outside: Path, own: Path, passes: int, minutes: float) -> None:
    """Fine-tune encoder and head on the training part of the notes, and write both."""
    torch.manual_seed(SEED)
    rng = random.Random(SEED)  # noqa: S311 - no secret
    tokenizer = ready_tokenizer(Tokenizer.from_file(str(published_model().tokenizer)))
    tuning = [
        example
        for case in ("as typed", "lower")
        for note in read_notes(own / "notes", "tuning")
        if (example := as_example(tokenizer, label(in_case(note, case))))
    ]
    tagger = Tagger()
    learnt = [parameter for parameter in tagger.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learnt, lr=RATE, weight_decay=DECAY)
    began, step = time.monotonic(), 0
    for number in range(passes):
        made = (as_example(tokenizer, text) for text in texts_of_a_pass(outside, own, rng))
        todo = batches([example for example in made if example], rng)
        losses = []
        for place, batch in enumerate(todo):
            step += 1
            done = (number + place / len(todo)) / passes
            rate = RATE * min(1, step / 100) * max(0.02, 0.5 * (1 + np.cos(np.pi * done)))
            for group in optimiser.param_groups:
                group["lr"] = rate
            words = sum(len(example.labels) for example in batch)
            loss = loss_of(tagger(batch, torch.rand(words) < BLANKED), batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learnt, 1.0)
            optimiser.step()
            losses.append(loss.item())
            if step % 100 == 0:
                click.echo(
                    f"step {step}, {done:.0%}, loss {np.mean(losses[-100:]):.4f}, {time.monotonic() - began:.0f} s"
                )
        click.echo(f"pass {number + 1}: loss {np.mean(losses):.4f}; {report(tagger, tuning)}")
        save(tagger)
        if time.monotonic() - began > minutes * 60:
            break


if __name__ == "__main__":
    main()
