"""What our recognisers have in common with each other and with Presidio."""

from collections.abc import Sequence
from typing import Any, ClassVar

from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult

from redaction.nlp import TextArtifacts
from redaction.spans import Found

LANGUAGE = "en"
COUNTS = 0.4
"""The least score that counts: a shape that scores less needs a context word beside it."""
BY_WORDS = "by_words"
"""Key in a result's metadata: told by how it is spoken of, not by its shape."""
DOUBTFUL = "doubtful"
"""Key in a result's metadata: hidden only to be safe."""


class ShapeRecogniser(PatternRecognizer):  # type: ignore[misc]
    """One kind of number or code, told by its shape. Scores below 0.4 need a context word nearby to count."""

    TYPE: ClassVar[str]
    SHAPES: ClassVar[tuple[tuple[str, str, float], ...]]
    """Name, regular expression and score of each shape."""
    CONTEXT: ClassVar[tuple[str, ...]] = ()
    """Single lower-case words (longer entries would never match)."""

    def __init__(self) -> None:
        super().__init__(
            supported_entity=self.TYPE,
            supported_language=LANGUAGE,
            name=type(self).__name__,
            patterns=[Pattern(name, shape, score) for name, shape, score in self.SHAPES],
            context=list(self.CONTEXT),
        )


class NameRecogniser(EntityRecognizer):  # type: ignore[misc]
    """Names, told from the words of a text and what the name tagger makes of them."""

    TYPES: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        super().__init__(supported_entities=list(self.TYPES), supported_language=LANGUAGE, name=type(self).__name__)

    def load(self) -> None:
        """Nothing to load: everything comes with the text's artifacts."""

    def find(self, text: TextArtifacts) -> list[Found]:
        """What this recogniser takes for personal data."""
        raise NotImplementedError

    def analyze(
        self,
        text: str,  # noqa: ARG002 - Presidio's interface
        entities: Sequence[str],  # noqa: ARG002
        nlp_artifacts: TextArtifacts,
    ) -> list[Any]:
        """Presidio's way of asking `find`."""
        return [
            RecognizerResult(
                entity_type=found.type,
                start=found.start,
                end=found.end,
                score=found.score,
                recognition_metadata={
                    RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                    DOUBTFUL: found.doubtful,
                    BY_WORDS: True,
                },
            )
            for found in self.find(nlp_artifacts)
        ]
