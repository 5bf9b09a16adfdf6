"""A council's own spaCy model as one more layer."""

from pathlib import Path

import pytest
import spacy

from redaction import Redactor, SpacyModelMissing


@pytest.fixture(scope="module")
def own_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real spaCy model on disk that knows three names which nothing else takes for one."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]
        [
            {"label": "PERSON", "pattern": "flimsy"},
            {"label": "GPE", "pattern": "yonder"},
            {"label": "ORG", "pattern": "Housing Benefit"},
            {"label": "CARDINAL", "pattern": "three"},
        ]
    )
    folder = tmp_path_factory.mktemp("spacy") / "model"
    pipeline.to_disk(folder)
    return folder


def test_its_names_are_hidden_too(redactor: Redactor, model_dir: Path, own_model: Path) -> None:
    text = "the flimsy box went yonder, three times, by Housing Benefit"
    assert redactor.redact(text).text == text
    joined = Redactor.load(model_dir, spacy_model=str(own_model))
    assert joined.redact(text).text == "the [PERSON 1] box went [TOWN 1], three times, by Housing Benefit"


@pytest.mark.parametrize("name", ["no_such_model", "/nowhere/at/all"])
def test_a_model_that_is_not_there_is_named_and_never_fetched(model_dir: Path, name: str) -> None:
    with pytest.raises(SpacyModelMissing, match=name):
        Redactor.load(model_dir, spacy_model=name)
