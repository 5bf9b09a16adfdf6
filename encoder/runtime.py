"""Runs the built encoder: one pass over a text serves the name tagger, the intents and the signs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from encoder.errors import EncoderDamaged
from encoder.files import MODEL, TOKENIZER, check, read_stamp
from encoder.weights import WIDTH, Floats

LAYERS_WIDTH = 3 * WIDTH

# The model was trained on windows of 256 pieces, its two end marks included.
_WINDOW = 254
# A piece near a window's edge is taken from the next window, where it has words on both sides.
_OVERLAP = 64
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, eq=False)
class Encoded:
    """What the encoder says about one text."""

    offsets: list[tuple[int, int]]
    """Start and end of each word piece, in code points of the text given; without the model's end marks."""
    layers: Floats
    """(pieces, 1152) float32: layers 2, 4 and 6, side by side."""
    sentence: Floats
    """(384,) float32: the mean of the last layer over the whole text, of length 1; zeros if the text is empty."""


class Encoder:
    """The sentence encoder, ready to run; safe to call from several threads."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._start = tokenizer.token_to_id("[CLS]")
        self._end = tokenizer.token_to_id("[SEP]")
        self.vocabulary: frozenset[str] = frozenset(piece for piece in tokenizer.get_vocab() if piece.isalpha())
        """Words that are one piece: the commonest of English text, in small letters, names among them."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode each text by itself; its result never depends on the others. Long texts lose nothing."""
        return [self._encode(text) for text in texts]

    def _encode(self, text: str) -> Encoded:
        # A lone surrogate cannot be written as UTF-8, which the tokenizer needs; its place is kept.
        tokens = self._tokenizer.encode(_SURROGATE.sub("�", text), add_special_tokens=False)
        count = len(tokens.ids)
        layers = np.zeros((count, LAYERS_WIDTH), np.float32)
        total = np.zeros(WIDTH, np.float32)
        for window in _windows(count):
            ids = np.array([[self._start, *tokens.ids[window.first : window.last], self._end]], np.int64)
            (output,) = self._session.run(None, {"ids": ids})
            layers[window.keep_from : window.keep_to] = output[0, 1:-1][
                window.keep_from - window.first : window.keep_to - window.first
            ]
            # The published model averages over its end marks too.
            total += output[0, 0, -WIDTH:] + output[0, -1, -WIDTH:]
        total += layers[:, -WIDTH:].sum(axis=0)
        length = float(np.linalg.norm(total))
        return Encoded(tokens.offsets, layers, total / length if length else total)


@dataclass(frozen=True)
class _Window:
    first: int
    last: int
    keep_from: int
    keep_to: int


def _windows(count: int) -> Iterator[_Window]:
    """Overlapping windows over `count` pieces; their kept parts meet without gap or overlap."""
    first, keep_from = 0, 0
    while keep_from < count:
        last = min(first + _WINDOW, count)
        keep_to = count if last == count else last - _OVERLAP // 2
        yield _Window(first, last, keep_from, keep_to)
        keep_from = keep_to
        first = last - _OVERLAP


def load(folder: Path, *, threads: int = 2) -> Encoder:
    """Load what `build` wrote. `threads` is how many cores one pass may use.

    Raises EncoderMissing if nothing was built there, EncoderDamaged if a file is not the one that was built.
    """
    check(folder, read_stamp(folder))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A waiting thread sleeps instead of spinning: several processes share few cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions share no public base class
        raise EncoderDamaged(f"The sentence encoder in {folder} does not load: run script/setup.") from error
    return Encoder(session, ready_tokenizer(Tokenizer.from_file(str(folder / TOKENIZER))))


def ready_tokenizer(tokenizer: Tokenizer) -> Tokenizer:
    """The published tokenizer, made to lose nothing of a text."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    # "[SEP]" typed by a person is text, not the model's end mark.
    tokenizer.encode_special_tokens = True
    return tokenizer
