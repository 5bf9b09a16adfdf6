"""The name tagger: for every word, how likely it is part of something personal, and of which kind.

A small network over the layers 2, 4 and 6, at the word, of an encoder that was fine-tuned for this, and features that
do not hang on letter case: officers type in small letters and in capitals. See docs/models/name-tagger.md.
"""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import encoder as sentence_encoder
from encoder import LAYERS_WIDTH, WIDTH, Encoded, Encoder
from redaction.gazetteer import gazetteer
from redaction.keep import keep
from redaction.names import TITLES
from redaction.types import OTHER, TYPES
from redaction.words import Word

HEAD: Final = Path(__file__).parent / "heads" / "names.npz"

CHANGES: Final = Path(__file__).parent / "heads" / "encoder_changes.npz"

EVERYDAY: Final = Path(__file__).parent / "heads" / "everyday.txt"

LABELS: Final = ("O", *(kind for kind in TYPES if kind != OTHER))
"""What the columns of the scores stand for; one more column, the last, says how likely the word begins a name."""

_ENCODER_FOLDER: Final = "encoder-names"

Floats = NDArray[np.float32]

_LISTS_AROUND: Final = (-1, 1)
_SENTENCE_ENDS: Final = frozenset(".!?\n:;•-")
SURFACE_WIDTH: Final = 34
FEATURES: Final = 2 * WIDTH + LAYERS_WIDTH + SURFACE_WIDTH
# Whether the word itself, and those beside it, are on the lists of names: in training these are blanked now and then,
# so that the network learns to tell a name that is on no list.
LISTED: Final = tuple(FEATURES - SURFACE_WIDTH + 5 * place + number for place in range(3) for number in range(4))


@functools.cache
def everyday_words() -> frozenset[str]:
    """Words of our own clauses, which name nobody: shorthand and dialect that no other list of words holds."""
    return frozenset(EVERYDAY.read_text(encoding="utf-8").split())


@dataclass(frozen=True)
class NameTagger:
    """The encoder and the network's weights."""

    encoder: Encoder
    weights: tuple[Floats, ...]
    """Alternately a matrix and a bias, layer by layer."""

    @classmethod
    def load(cls, model_dir: Path) -> "NameTagger":
        """With the encoder that `build` made. Raises EncoderMissing, EncoderDamaged, or what `read_head` raises."""
        return cls.read_head(sentence_encoder.load(model_dir / _ENCODER_FOLDER), HEAD)

    @classmethod
    def read_head(cls, encoder: Encoder, head: Path) -> "NameTagger":
        """Read a committed head. Raises OSError or ValueError if it is missing or damaged."""
        with np.load(head, allow_pickle=False) as kept:
            weights = tuple(kept[f"w{number}"].astype(np.float32) for number in range(len(kept.files) - 1))
            labels = tuple(kept["labels"].tolist())
        if weights[0].shape[0] != FEATURES or labels != LABELS:
            raise ValueError("The name tagger's head does not fit this version: train it again.")
        return cls(encoder, weights)

    def scores(self, text: str, words: list[Word]) -> Floats:
        """(words, labels + 1): the probability of each of `LABELS` for each word of `text`, then that it begins one."""
        if not words:
            return np.zeros((0, len(LABELS) + 1), np.float32)
        hidden = word_features(text, words, self.encoder.encode([text])[0])
        for matrix, bias in zip(self.weights[0:-2:2], self.weights[1:-2:2], strict=True):
            hidden = np.maximum(hidden @ matrix + bias, 0)
        logits = hidden @ self.weights[-2] + self.weights[-1]
        kinds, begins = logits[:, :-1], logits[:, -1:]
        powers = np.exp(kinds - kinds.max(axis=1, keepdims=True))
        return np.hstack([powers / powers.sum(axis=1, keepdims=True), 1 / (1 + np.exp(-begins))])


def build(model_dir: Path) -> Path:
    """Build the fine-tuned encoder from the published weights and our changes, unless it is there. Returns its folder.

    Raises EncoderMissing or EncoderDamaged.
    """
    return sentence_encoder.build(model_dir / _ENCODER_FOLDER, CHANGES)


def word_features(text: str, words: list[Word], encoded: Encoded) -> Floats:
    """(words, FEATURES): the encoder's three layers at the word's first piece, its last layer at the word's last
    piece and at the next word, and the surface features."""
    layers, offsets = encoded.layers, encoded.offsets
    if not offsets:  # nothing in the text that the encoder can read
        layers, offsets = np.zeros((1, LAYERS_WIDTH), np.float32), [(0, len(text))]
    first, last = pieces_of(words, offsets)
    following = np.vstack([layers[first[1:], -WIDTH:], np.zeros((1, WIDTH), np.float32)])
    return np.hstack([layers[first], layers[last, -WIDTH:], following, surface_features(text, words, last - first)])


def pieces_of(words: list[Word], offsets: list[tuple[int, int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Index of the first and last word piece of each word (pieces the encoder cannot read share a neighbour's)."""
    starts = np.array([start for start, _ in offsets])
    ends = np.array([end for _, end in offsets])
    first = np.searchsorted(ends, [word.start for word in words], side="right")
    last = np.searchsorted(starts, [word.end for word in words], side="left") - 1
    first = np.minimum(first, len(offsets) - 1)
    return first, np.maximum(np.minimum(last, len(offsets) - 1), first)


def surface_features(text: str, words: list[Word], extra_pieces: NDArray[np.int64]) -> Floats:
    """(words, SURFACE_WIDTH): lists, letter case as against the rest of the text, and what stands around."""
    lists, kept = gazetteer(), keep()
    letters = [letter for letter in text if letter.isalpha()]
    upper = sum(letter.isupper() for letter in letters) / max(1, len(letters))
    listed = np.zeros((len(words), 5), np.float32)
    own = np.zeros((len(words), 16), np.float32)
    for row, word in enumerate(words):
        before = text[max(0, word.start - 2) : word.start]
        after = text[word.end : word.end + 2]
        listed[row] = (
            word.folded in lists.first_names,
            word.folded in lists.surnames,
            (word.folded,) in lists.places,
            word.folded in lists.also_words,
            kept.keeps_word(word.folded) or word.folded in TITLES,
        )
        capital = word.text[:1].isupper() and upper < 0.6
        begins = (not before.strip() and (word.start == 0 or "\n" in before)) or bool(_SENTENCE_ENDS & set(before))
        own[row] = (
            capital and not begins,
            capital and begins,
            word.text.isupper() and len(word.text) > 1 and upper < 0.6,
            upper > 0.6 or upper < 0.01,
            any(letter.isdigit() for letter in word.text),
            min(float(extra_pieces[row]), 4.0) / 4,
            len(word.text) < 3,
            after[:1] in ("'", "’"),
            word.text.isdigit(),
            min(len(word.text), 12) / 12,
            sum(letter.isdigit() for letter in word.text) / len(word.text),
            before[-1:] in ("£", "$", "€"),
            before[-1:] in ("/", "-", ".") and before[-2:-1].isalnum(),
            after[:1] in ("/", "-", ".") and after[1:2].isalnum(),
            "@" in before or "@" in after,
            "%" in after,
        )
    around = [np.roll(listed, shift, axis=0) for shift in _LISTS_AROUND]
    around[0][-1:] = 0
    around[1][:1] = 0
    apart = np.array(
        [
            (
                bool(text[previous.end : word.start].strip()),
                "," in text[previous.end : word.start],
                "@" in text[previous.end : word.start] or "#" in text[previous.end : word.start],
            )
            for previous, word in zip([words[0], *words[:-1]], words, strict=True)
        ],
        np.float32,
    )
    return np.hstack([listed, *around, own, apart])
