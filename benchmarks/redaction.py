"""Compares hiding personal data here with Presidio as it comes: `python -m benchmarks.redaction`.

One run, the same notes, one thread each. Prints a table: what part of the mentions is hidden whole, what part of other
words is hidden needlessly, and time. Times are ratios within this run; machines differ and are noisy.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import click
import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    CryptoRecognizer,
    DateRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    NhsRecognizer,
    PhoneRecognizer,
    SpacyRecognizer,
    UkDrivingLicenceRecognizer,
    UkNinoRecognizer,
    UkPassportRecognizer,
    UkPostcodeRecognizer,
    UkVehicleRegistrationRecognizer,
    UrlRecognizer,
)

from redaction import Redactor
from redaction.evaluation.counting import STRUCTURED, Hide, Tally, count
from redaction.redacted import Span
from redaction.training.notes import MarkedNote, read_notes

# Presidio's e-mail recogniser would fetch a list of domain endings; it brings one of its own.
os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""

_SPACY_MODELS = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm", "en_core_web_trf")
_PLAIN = (
    *(CreditCardRecognizer, CryptoRecognizer, DateRecognizer, EmailRecognizer, IbanRecognizer, IpRecognizer),
    *(NhsRecognizer, UkDrivingLicenceRecognizer, UkNinoRecognizer, UkPassportRecognizer, UkPostcodeRecognizer),
    *(UkVehicleRegistrationRecognizer, UrlRecognizer),
)


class _NoNames(SpacyNlpEngine):  # type: ignore[misc]
    """spaCy without a model: words only. Presidio as it comes would fetch one."""

    def load(self) -> None:
        """A blank pipeline."""
        self.nlp = {"en": spacy.blank("en")}


def stock_presidio(model: str | None) -> Hide:
    """Presidio with every recogniser it has for the UK switched on; with a spaCy model for names if one is given."""
    recognisers = [recogniser() for recogniser in _PLAIN]
    recognisers.append(PhoneRecognizer(supported_regions=("GB",)))
    engine = _NoNames()
    if model:
        recognisers.append(SpacyRecognizer())
        engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": model}])
    engine.load()
    analyser = AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=recognisers, supported_languages=["en"]),
        nlp_engine=engine,
        supported_languages=["en"],
    )

    def hide(text: str) -> Iterable[Span]:
        return [
            Span(one.start, one.end, _KINDS.get(one.entity_type, one.entity_type), "", one.score, False)
            for one in analyser.analyze(text, "en")
        ]

    return hide


_KINDS = {
    "LOCATION": "TOWN",
    "DATE_TIME": "DATE",
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "UK_NHS": "NHS",
    "UK_NINO": "NINO",
    "UK_POSTCODE": "POSTCODE",
    "UK_PASSPORT": "PASSPORT",
    "UK_DRIVING_LICENCE": "LICENCE",
    "UK_VEHICLE_REGISTRATION": "VEHICLE",
    "CREDIT_CARD": "BANK",
    "IBAN_CODE": "BANK",
    "IP_ADDRESS": "IP",
    "URL": "HANDLE",
}


def timed(hide: Hide, notes: list[MarkedNote]) -> tuple[Tally, float]:
    """What it finds, and how many notes it does in a second."""
    hide(notes[0].text)
    began = time.perf_counter()
    tally = count(notes, hide)
    return tally, len(notes) / (time.perf_counter() - began)


def long_note(notes: list[MarkedNote], length: int) -> str:
    """A text of `length` characters, made of notes."""
    text = ""
    for note in notes * (1 + length // sum(len(note.text) for note in notes)):
        text += note.text + "\n"
    return text[:length]


def percentile(hide: Hide, text: str, *, times: int = 60) -> tuple[float, float]:
    """Median and 95th percentile of milliseconds of processor time for one text."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        hide(text)
        taken.append(1000 * (time.process_time() - began))
    return statistics.median(taken), sorted(taken)[int(0.95 * len(taken))]


@click.command()
@click.option("--models", type=click.Path(exists=True, path_type=Path), default=Path("models"), show_default=True)
@click.option("--notes", type=click.Path(exists=True, path_type=Path), default=Path("nlu_data/notes"))
def main(models: Path, notes: Path) -> None:
    """Recall and time, ours and Presidio's."""
    kept = list(read_notes(notes, "testing"))
    redactor = Redactor.load(models)
    rivals: dict[str, Callable[[], Hide]] = {
        "thinkfamily": lambda: lambda text: redactor.redact(text).spans,
        "Presidio, UK recognisers on, no name model": lambda: stock_presidio(None),
    }
    for model in _SPACY_MODELS:
        if importlib.util.find_spec(model):
            rivals[f"Presidio, UK recognisers on, {model}"] = functools.partial(stock_presidio, model)
    six_hundred = long_note(kept, 600)
    click.echo("| what | all hidden | people | structured | other words hidden | notes/s | 600 characters, ms (p95) |")
    click.echo("|---|---|---|---|---|---|---|")
    for name, make in rivals.items():
        hide = make()
        tally, speed = timed(hide, kept)
        middle, high = percentile(hide, six_hundred)
        click.echo(
            f"| {name} | {tally.recall().value:.1%} | {tally.recall('PERSON').value:.1%} | "
            f"{tally.recall(*STRUCTURED).value:.1%} | {tally.over_hidden().value:.2%} | {speed:.0f} | "
            f"{middle:.0f} ({high:.0f}) |"
        )
    click.echo("\nLonger texts, thinkfamily, processor time:")
    base = None
    for length in (1_250, 2_500, 5_000, 10_000, 20_000):
        middle, _ = percentile(rivals["thinkfamily"](), long_note(kept, length), times=5)
        base = base or middle / length
        click.echo(
            f"  {length:>6}: {middle:.0f} ms, a character {middle / length / base:.2f} times the shortest text's"
        )


if __name__ == "__main__":
    main()
