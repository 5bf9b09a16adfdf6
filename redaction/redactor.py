"""Hides personal data: the one door through which a typed text becomes a text that may travel."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from redaction.edits import Edit
from redaction.errors import RedactionError, RedactionFailed
from redaction.identities import Identities, Known
from redaction.keep import keep
from redaction.normalising import Reading, read_plain
from redaction.redacted import Redacted, Span, make_redacted
from redaction.spans import Found, resolve
from redaction.told import find_told
from redaction.tripwire import find_shapes, tripwire
from redaction.types import ORG, PERSON, TOKEN, TOWN

if TYPE_CHECKING:
    from redaction.analysis import Analysis
    from redaction.nlp import TextArtifacts

_NAMES: Final = frozenset({PERSON, TOWN, ORG})
# A name found with less certainty does not hide its other mentions.
_SURE: Final = 0.5


def build_models(model_dir: Path) -> None:
    """Build, at set-up, what `Redactor.load` loads; skips what is there. Raises EncoderMissing or EncoderDamaged."""
    from redaction.tagger import build  # noqa: PLC0415 - the tagger's imports are slow

    build(model_dir)


class Redactor:
    """Loaded once (a few seconds); then safe to call from several threads, each with its own `Identities`."""

    def __init__(self, analysis: "Analysis") -> None:
        self._analysis = analysis

    @classmethod
    def load(cls, model_dir: Path, *, spacy_model: str = "") -> Self:
        """With the encoder that `build_models` made in `model_dir`.

        `spacy_model` is an installed spaCy model, or a folder with one, whose names are hidden too. Raises
        EncoderMissing, EncoderDamaged or SpacyModelMissing.
        """
        # Presidio and spaCy take seconds to import, and the bot needs only the tripwire.
        from redaction.analysis import Analysis  # noqa: PLC0415
        from redaction.tagger import NameTagger  # noqa: PLC0415

        redactor = cls(Analysis(NameTagger.load(model_dir), spacy_model))
        # Patterns are compiled on first use: not while somebody waits.
        redactor.redact("Ready.")
        return redactor

    def redact(self, text: str, identities: Identities | None = None) -> Redacted:
        """`text` with a token for whatever is personal. What it names is added to `identities`.

        Raises MessageEmpty and MessageTooLong, or RedactionFailed when the text cannot be made safe; then nothing of
        it may travel, and `identities` is as it was.
        """
        book = identities if identities is not None else Identities()
        before = book.to_json()
        try:
            return self._redact(text, book)
        except RedactionError:
            book.replace_with(Identities.from_json(before))
            raise
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic in the tokenizer, which is written in Rust, is no `Exception`
            book.replace_with(Identities.from_json(before))
            # Neither the message nor the chain may carry the text.
            raise RedactionFailed(f"The text could not be made safe ({type(error).__name__}).") from None

    def _redact(self, text: str, book: Identities) -> Redacted:
        reading = read_plain(text)
        artifacts = self._analysis.read(reading.text)
        found = (_whole(reading, item) for item in self._found(artifacts, book))
        hidden = _what_would_trip(reading, resolve(reading.text, found))
        spans = [
            self._span(reading, found, book)
            for found in hidden
            if not book.is_shown(reading.text[found.start : found.end])
        ]
        result = _replace(reading, spans)
        left = tripwire(result)
        if left:
            raise RedactionFailed(f"The text still looks personal after hiding ({', '.join(left)}).")
        return make_redacted(result, [span for _, span in spans])

    def find_again(self, kept: str, identities: Identities) -> list[Edit]:
        """Where `kept`, a text that was hidden before, names somebody or something that `identities` knows by now.

        Only what is known is looked for: by part of the name, nickname, initial, with a slip, whatever the case.
        Tokens that stand in `kept` already are left alone. Edits do not overlap and come from left to right; a new way
        of writing a known name is added to `identities`.
        """
        from redaction.edges import widen  # noqa: PLC0415
        from redaction.mentions import find_mentions  # noqa: PLC0415

        tokens = [match.span() for match in TOKEN.finditer(kept)]
        if not kept.strip():
            return []
        artifacts = self._analysis.read(kept)
        found = [widen(artifacts, mention) for mention in find_mentions(artifacts, identities.known())]
        apart = [
            item
            for item in found
            if all(item.end <= start or end <= item.start for start, end in tokens)
            and not identities.is_shown(kept[item.start : item.end])
        ]
        return [
            Edit(item.start, item.end, identities.token_for(item.type, kept[item.start : item.end]))
            for item in resolve(kept, apart)
        ]

    def _found(self, text: "TextArtifacts", book: Identities) -> Iterator[Found]:
        # With the models: it needs spaCy's types.
        from redaction.edges import widen  # noqa: PLC0415
        from redaction.mentions import find_mentions  # noqa: PLC0415

        kept = keep().kept_stretches(text.text)
        found = [
            widen(text, item)
            for item in self._analysis.find(text)
            if not _stays(text.text, item) and not any(start <= item.start and item.end <= end for start, end in kept)
        ]
        yield from found
        named_here = (
            Known(item.type, text.text[item.start : item.end], told=False)
            for item in found
            if item.type == PERSON and item.score >= _SURE and not item.doubtful
        )
        for mention in find_mentions(text, [*book.known(), *named_here]):
            yield widen(text, mention)
        for edit in find_told(text.text, book):
            match = TOKEN.fullmatch(edit.token)
            yield Found(edit.start, edit.end, match[1] if match else PERSON, 1.0)

    def _span(self, reading: Reading, found: Found, book: Identities) -> tuple[Found, Span]:
        surface = reading.text[found.start : found.end]
        token = book.token_for(found.type, surface, doubtful=found.doubtful)
        start, end = reading.original_span(found.start, found.end)
        return found, Span(start, end, found.type, token, round(found.score, 3), found.doubtful)


def _whole(reading: Reading, found: Found) -> Found:
    start, end = reading.whole(found.start, found.end)
    return replace(found, start=start, end=end)


def _what_would_trip(reading: Reading, hidden: list[Found]) -> list[Found]:
    """`hidden`, and whatever shape shows once it is taken out, as in numbers that run into one another."""
    text = reading.text
    bare, at = "", 0
    for found in hidden:
        bare += text[at : found.start] + "\n" * (found.end - found.start)
        at = found.end
    left = [
        _whole(reading, Found(tripped.start, tripped.end, tripped.type, _SURE))
        for tripped in find_shapes(bare + text[at:])
    ]
    return resolve(text, [*hidden, *left]) if left else hidden


def _stays(text: str, found: Found) -> bool:
    """Whether the policy keeps the whole of it readable; names were asked about word by word."""
    return found.type not in _NAMES and keep().keeps(text[found.start : found.end])


def _replace(reading: Reading, spans: Iterable[tuple[Found, Span]]) -> str:
    """From right to left, so that places further left stay true."""
    text = reading.text
    for found, span in sorted(spans, key=lambda pair: pair[0].start, reverse=True):
        text = text[: found.start] + span.token + text[found.end :]
    return text
