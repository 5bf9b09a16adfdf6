"""Words around what a recogniser found that make it more likely: `tel`, `ref`, `account`."""

from collections.abc import Sequence
from typing import Any, Final

from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer

from redaction.nlp import TextArtifacts

_WORDS_BEFORE: Final = 4
_WORDS_AFTER: Final = 2
_RAISED_BY: Final = 0.35
_AT_LEAST: Final = 0.4


class NearbyWords(ContextAwareEnhancer):  # type: ignore[misc]
    """What Presidio's own enhancer does, in time that grows with the text and not with its square."""

    def __init__(self) -> None:
        super().__init__(
            context_similarity_factor=_RAISED_BY,
            min_score_with_context_similarity=_AT_LEAST,
            context_prefix_count=_WORDS_BEFORE,
            context_suffix_count=_WORDS_AFTER,
        )

    def enhance_using_context(
        self,
        text: str,  # noqa: ARG002 - Presidio's interface
        raw_results: Sequence[Any],
        nlp_artifacts: TextArtifacts,
        recognizers: Sequence[Any],
        context: Sequence[str] | None = None,  # noqa: ARG002
    ) -> list[Any]:
        """The results, those with one of their recogniser's context words nearby scoring higher."""
        wanted = {recogniser.id: frozenset(recogniser.context or ()) for recogniser in recognizers}
        for result in raw_results:
            words = wanted.get((result.recognition_metadata or {}).get(result.RECOGNIZER_IDENTIFIER_KEY), frozenset())
            if words and not words.isdisjoint(
                nlp_artifacts.around(result.start, result.end, before=_WORDS_BEFORE, after=_WORDS_AFTER)
            ):
                result.score = min(1.0, max(_AT_LEAST, result.score + _RAISED_BY))
        return list(raw_results)
