"""What Presidio's engine is given about a text: tokens with lemmas, our own words, and the name tagger's opinion."""

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator
from typing import Any

import spacy
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from redaction.gazetteer import gazetteer
from redaction.tagger import LABELS, Floats, NameTagger, everyday_words
from redaction.types import ORG, PERSON, TOWN
from redaction.words import Word, words_of

_LANGUAGE = "en"
_COLUMN = {kind: column for column, kind in enumerate(LABELS)}
_NAMES = [_COLUMN[kind] for kind in (PERSON, TOWN, ORG)]


class TextArtifacts(NlpArtifacts):  # type: ignore[misc]
    """One text, read once for all recognisers."""

    def __init__(
        self,
        text: str,
        words: list[Word],
        scores: Floats,
        everyday: Container[str],
        doc: Any,
        engine: NlpEngine,
    ) -> None:
        super().__init__(
            entities=[],
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            lemmas=[token.lemma_ for token in doc],
            nlp_engine=engine,
            language=_LANGUAGE,
        )
        self.text = text
        self.words = words
        self._starts = [word.start for word in words]
        # As lists: they are asked word by word, many times.
        self._scores: list[list[float]] = scores.tolist()
        self._likeliest: list[int] = (scores[:, 1:-1].argmax(axis=1) + 1).tolist()
        self._everyday = everyday
        letters = [letter for letter in text if letter.isalpha()]
        capitals = sum(letter.isupper() for letter in letters)
        self.has_meaningful_case = 0 < capitals < 0.6 * len(letters)
        """Whether a capital letter says anything: not in text all in small letters or all in capitals."""

    def around(self, start: int, end: int, *, before: int, after: int) -> list[str]:
        """Up to so many words, folded, before and after the stretch from `start` to `end`."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [word.folded for word in (*self.words[max(0, first - before) : first], *self.words[last : last + after])]

    def score(self, index: int, kind: str) -> float:
        """How sure the tagger is that the word belongs to a name of this kind, 0 to 1."""
        return self._scores[index][_COLUMN[kind]]

    def name_score(self, index: int) -> float:
        """How sure the tagger is that the word belongs to the name of a person, a place or an organisation."""
        scores = self._scores[index]
        return sum(scores[column] for column in _NAMES)

    def likeliest_kind(self, index: int) -> str:
        """What the word is, if it is part of something personal at all."""
        return LABELS[self._likeliest[index]]

    def personal_score(self, index: int) -> float:
        """How sure the tagger is that the word is part of something personal, whatever it is."""
        return 1 - self._scores[index][0]

    def begins(self, index: int) -> bool:
        """Whether the tagger takes the word for the first of a name, number or date."""
        return self._scores[index][-1] > 0.5

    def is_everyday(self, index: int) -> bool:
        """Whether it is among the commonest English words of the encoder or our clauses, names apart."""
        folded = self.words[index].folded
        return folded in self._everyday and not gazetteer().is_name(folded)

    def is_capital(self, index: int) -> bool:
        """Whether the word begins with a capital that says something."""
        return self.has_meaningful_case and self.words[index].text[:1].isupper()

    def begins_sentence(self, index: int) -> bool:
        """Whether a capital would stand here anyway."""
        if index == 0:
            return True
        between = self.gap(index)
        return any(mark in between for mark in ".!?\n:;•-")

    def gap(self, index: int) -> str:
        """What stands between the word and the one before it."""
        start = self.words[index - 1].end if index else 0
        return self.text[start : self.words[index].start]

    def before(self, index: int) -> str:
        """The word before, folded, if only a space (or a possessive ending) parts them; else nothing."""
        if index and self.gap(index).strip("'’s ") == "" and "\n" not in self.gap(index):
            return self.words[index - 1].folded
        return ""

    def after(self, index: int) -> str:
        """The word after, folded, if only a space parts them; else nothing."""
        if index + 1 < len(self.words) and self.gap(index + 1).strip(" ") == "":
            return self.words[index + 1].folded
        return ""


class PlainNlpEngine(NlpEngine):  # type: ignore[misc]
    """A blank English pipeline: tokens and lower-case lemmas, no downloaded model; names come from our tagger.

    Presidio's context words are compared with lemmas, so without them they silently do nothing.
    """

    def __init__(self, tagger: NameTagger) -> None:
        self._tagger = tagger
        self._everyday = tagger.encoder.vocabulary | everyday_words()
        self._pipeline: Any = None

    def load(self) -> None:
        """Make the pipeline."""
        self._pipeline = spacy.blank(_LANGUAGE)

    def is_loaded(self) -> bool:
        """Whether `load` was called."""
        return self._pipeline is not None

    def process_text(self, text: str, language: str) -> TextArtifacts:  # noqa: ARG002 - Presidio's interface
        """Read one text."""
        doc = self._pipeline.make_doc(text)
        for token in doc:
            token.lemma_ = token.lower_
        words = words_of(text)
        return TextArtifacts(text, words, self._tagger.scores(text, words), self._everyday, doc, self)

    def process_batch(
        self,
        texts: Iterable[str],
        language: str,
        batch_size: int = 1,  # noqa: ARG002
        n_process: int = 1,  # noqa: ARG002
        **_options: Any,
    ) -> Iterator[tuple[str, TextArtifacts]]:
        """Read texts one by one: none depends on another."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002
        """No word is too common to be context."""
        return False

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002
        """Whether it holds no letter or digit."""
        return not any(letter.isalnum() for letter in word)

    def get_supported_entities(self) -> list[str]:
        """None of its own: names come from recognisers."""
        return []

    def get_supported_languages(self) -> list[str]:
        """English."""
        return [_LANGUAGE]
