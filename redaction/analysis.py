"""Presidio's engine with our recognisers and our reading of the text. Slow to import: loaded with the models."""

import logging

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

from redaction.context_words import NearbyWords
from redaction.nlp import PlainNlpEngine, TextArtifacts
from redaction.recognisers import all_recognisers
from redaction.recognisers.base import BY_WORDS, COUNTS, DOUBTFUL, LANGUAGE
from redaction.recognisers.spacy_name import SpacyNameRecogniser
from redaction.spans import Found
from redaction.tagger import NameTagger


class Analysis:
    """Finds personal data in a normalised text, each layer on its own."""

    def __init__(self, tagger: NameTagger, spacy_model: str = "") -> None:
        """`spacy_model` is one more that finds names. Raises SpacyModelMissing."""
        # At DEBUG Presidio logs the words around what it found.
        logging.getLogger("presidio-analyzer").addFilter(lambda record: record.levelno >= logging.WARNING)
        recognisers = all_recognisers()
        if spacy_model:
            recognisers.append(SpacyNameRecogniser(spacy_model))
        self._reader = PlainNlpEngine(tagger)
        self._engine = AnalyzerEngine(
            registry=RecognizerRegistry(recognizers=recognisers, supported_languages=[LANGUAGE]),
            nlp_engine=self._reader,
            supported_languages=[LANGUAGE],
            default_score_threshold=COUNTS,
            context_aware_enhancer=NearbyWords(),
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
                doubtful=bool(result.recognition_metadata.get(DOUBTFUL)),
                by_words=bool(result.recognition_metadata.get(BY_WORDS)),
            )
            for result in results
        ]
