"""Presidio's engine with our recognisers and our reading of the text. Slow to import: loaded with the models."""

import logging
from typing import Final

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer

from redaction.nlp import PlainNlpEngine, TextArtifacts
from redaction.recognisers import all_recognisers
from redaction.recognisers.base import DOUBTFUL, LANGUAGE
from redaction.spans import Found
from redaction.tagger import NameTagger

# A shape that scores less needs a context word beside it, which adds 0.35.
_THRESHOLD: Final = 0.4
_WORDS_BEFORE: Final = 4
_WORDS_AFTER: Final = 2


class Analysis:
    """Finds personal data in a normalised text, each layer on its own."""

    def __init__(self, tagger: NameTagger) -> None:
        # At DEBUG Presidio logs the words around what it found.
        logging.getLogger("presidio-analyzer").addFilter(lambda record: record.levelno >= logging.WARNING)
        self._reader = PlainNlpEngine(tagger)
        self._engine = AnalyzerEngine(
            registry=RecognizerRegistry(recognizers=all_recognisers(), supported_languages=[LANGUAGE]),
            nlp_engine=self._reader,
            supported_languages=[LANGUAGE],
            default_score_threshold=_THRESHOLD,
            context_aware_enhancer=LemmaContextAwareEnhancer(
                context_prefix_count=_WORDS_BEFORE,
                context_suffix_count=_WORDS_AFTER,
                context_matching_mode="whole_word",
            ),
        )
        self._kinds = self._engine.get_supported_entities(LANGUAGE)

    def read(self, text: str) -> TextArtifacts:
        """What all layers need to know of the text."""
        return self._reader.process_text(text, LANGUAGE)

    def find(self, text: TextArtifacts) -> list[Found]:
        """Everything any recogniser takes for personal data; spans may overlap."""
        results = self._engine.analyze(text.text, LANGUAGE, entities=self._kinds, nlp_artifacts=text)
        return [
            Found(
                result.start,
                result.end,
                result.entity_type,
                float(result.score),
                bool(result.recognition_metadata.get(DOUBTFUL)),
            )
            for result in results
        ]
