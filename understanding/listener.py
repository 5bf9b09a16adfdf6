"""The sign detector: phrases for precision, the trained heads for recall, cue words for status and danger."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from understanding.clauses import Span, count_words, windows
from understanding.errors import HeadsInvalid
from understanding.heard import About, Heard, SaidBy, SignHeard, Status, interrupt_of
from understanding.reading import Found, Reading
from understanding.rulepack import RulePack
from understanding.suggestion import suggest

if TYPE_CHECKING:
    from encoder import Encoder
    from understanding.features import Floats
    from understanding.heads import Heads

_TOKEN = re.compile(r"\[[A-Z]+ \d+\]")


class Listener:
    """Hears signs in redacted text. Loaded once; `hear` keeps nothing between calls: any thread may call it."""

    def __init__(self, encoder: Encoder, heads: Heads, pack: RulePack) -> None:
        unknown = set(heads.sign.names[:-1]) - pack.sign_ids
        if unknown:
            raise HeadsInvalid(
                f"The sign detector knows signs that the rule pack does not have ({', '.join(sorted(unknown))}): "
                "add them to the pack, or run understanding/training/train.py."
            )
        self._encoder = encoder
        self._heads = heads
        self.pack = pack

    @classmethod
    def load(cls, model_dir: Path, pack: RulePack) -> Listener:
        """Load the encoder built in `model_dir`/encoder and the committed heads.

        Raises encoder.EncoderMissing, encoder.EncoderDamaged or HeadsInvalid, which say what to do.
        """
        from encoder import load  # noqa: PLC0415  the model is heavy: nothing is loaded by importing this package
        from understanding.heads import Heads  # noqa: PLC0415

        return cls(load(model_dir / "encoder"), Heads.load(), pack)

    def hear(self, text: str) -> Heard:
        """Everything heard in one message of redacted text (with tokens such as [PERSON 1])."""
        reading = Reading(text, self.pack)
        spans = windows(text, reading.clauses)
        scores = _Scores(self._encoder, self._heads, reading, spans)
        signs = self._signs(reading, scores)
        red_flags = reading.red_flags(signs)
        child = reading.has("child", "pregnant", "baby")
        baby = reading.has("pregnant", "baby") is not None
        level = suggest(self.pack, signs, True if child else None, red_flags, baby=baby).level
        watched = reading.has("watched") is not None or _present("DAB7", signs)
        return Heard(
            signs=signs,
            red_flags=red_flags,
            interrupt=interrupt_of(level),
            child_or_pregnancy=child is not None,
            child_words=reading.words_around(child) if child else "",
            baby=baby,
            watched=watched,
        )

    def _signs(self, reading: Reading, scores: _Scores) -> tuple[SignHeard, ...]:
        places: dict[str, list[Found]] = defaultdict(list)
        for found in [*reading.phrases(), *scores.found()]:
            places[found.sign].append(found)
        heard: dict[tuple[str, Status], SignHeard] = {}
        for sign_id, candidates in places.items():
            for found in _apart(candidates):
                sign = self._sign(sign_id, found, reading, scores)
                held = heard.get((sign_id, sign.status))
                if held is None or sign.confidence > held.confidence:
                    heard[sign_id, sign.status] = sign
        return tuple(sorted(heard.values(), key=lambda sign: (sign.start, sign.id, sign.status)))

    def _sign(self, sign_id: str, found: Found, reading: Reading, scores: _Scores) -> SignHeard:
        span = found.span
        status = reading.status(sign_id, scores.heart(sign_id, span), found.exact)
        if status == "present" and found.exact is None:
            status = scores.lowered(span, self.pack.sign(sign_id).not_lowered_by)
        about, said_by = scores.about(span)
        return SignHeard(
            id=sign_id,
            status=status,
            words=reading.text[span.start : span.end],
            start=span.start,
            end=span.end,
            confidence=round(found.confidence, 3),
            about=about,
            said_by=said_by,
            level=reading.level(sign_id, span) if status == "present" else self.pack.sign(sign_id).level,
        )


class _Scores:
    """What the heads say about every stretch of one message."""

    def __init__(self, encoder: Encoder, heads: Heads, reading: Reading, spans: Sequence[Span]) -> None:
        import numpy as np  # noqa: PLC0415

        from understanding.features import FEATURES, features  # noqa: PLC0415

        self._heads = heads
        self._reading = reading
        self._spans = list(spans)
        self._place: Mapping[Span, int] = {span: n for n, span in enumerate(self._spans)}
        texts = [reading.looked_at[span.start : span.end] for span in self._spans]
        rows = [features(encoded) for encoded in encoder.encode(texts)]
        scaled = heads.scaled(np.stack(rows) if rows else np.zeros((0, FEATURES), np.float32))
        self._scaled: Floats = scaled
        self._signs = heads.sign(scaled)
        self._signs[[n for n, span in enumerate(self._spans) if _says_little(reading, span)]] = 0

    def found(self) -> Iterable[Found]:
        """Every stretch in which a sign is heard, with how sure (0.5 at the sign's threshold)."""
        for n, span in enumerate(self._spans):
            for k, threshold in enumerate(self._heads.thresholds):
                score = float(self._signs[n, k])
                if score >= threshold:
                    yield Found(self._heads.sign.names[k], span, score / (score + float(threshold)))

    def heart(self, sign_id: str, span: Span) -> Span:
        """Of a stretch of several clauses, the clause that carries the sign most, whose status counts."""
        inside = [clause for clause in self._reading.clauses if span.start <= clause.start and clause.end <= span.end]
        if sign_id not in self._heads.sign.names or len(inside) < 2:
            return span
        k = self._heads.sign.names.index(sign_id)
        best = max(inside, key=lambda clause: self._signs[self._place[Span(clause.start, clause.end)], k])
        clearly = self._signs[self._place[Span(best.start, best.end)], k] >= self._heads.thresholds[k] / 2
        return Span(best.start, best.end) if clearly else span

    def lowered(self, span: Span, not_lowered_by: Iterable[Status]) -> Status:
        """The status the status head reads where cue words are silent; present unless it is sure."""
        n = self._nearest(span)
        names = cast("tuple[Status, ...]", self._heads.status.names)
        chances = dict(zip(names, self._heads.status(self._scaled[n : n + 1])[0], strict=True))
        for status in not_lowered_by:
            chances["present"] += chances.pop(status, 0.0)
        best = max(chances, key=lambda status: chances[status])
        return best if 1 - chances["present"] >= self._heads.lowering else "present"

    def about(self, span: Span) -> tuple[About, SaidBy]:
        """Whom the sign is about, and who said or saw it."""
        row = self._scaled[self._nearest(span)][None]
        about = self._heads.about.names[int(self._heads.about(row)[0].argmax())]
        said_by = self._heads.said_by.names[int(self._heads.said_by(row)[0].argmax())]
        return cast("About", about), cast("SaidBy", said_by)

    def _nearest(self, span: Span) -> int:
        """The stretch that was scored and is most like this one."""
        if span in self._place:
            return self._place[span]
        return min(
            range(len(self._spans)),
            key=lambda n: abs(self._spans[n].start - span.start) + abs(self._spans[n].end - span.end),
        )


def _apart(candidates: Sequence[Found]) -> list[Found]:
    """The surest places of one sign that do not overlap; of equally sure ones the shortest."""
    chosen: list[Found] = []
    for found in sorted(candidates, key=lambda found: (-found.confidence, found.span.end - found.span.start)):
        if not any(found.span.overlaps(other.span) for other in chosen):
            chosen.append(found)
    return chosen


def _says_little(reading: Reading, span: Span) -> bool:
    """Whether fewer than three words are left without tokens and figures of speech: too few for the heads."""
    words = _TOKEN.sub(" ", reading.looked_at[span.start : span.end])
    return count_words(words, 0, len(words)) < 3


def _present(sign_id: str, signs: Sequence[SignHeard]) -> bool:
    return any(sign.id == sign_id and sign.status == "present" for sign in signs)
