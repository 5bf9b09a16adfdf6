"""Training the conversation's model: ``python -m bot.training``.

Nothing is trained while what it is made from stays the same, and finding that out does not load Rasa: it happens at
every start.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import click
import structlog
import yaml

from bot.errors import BotError, CannotStart
from bot.server import MODEL_NAME
from thinkfamily.settings import Settings, SettingsInvalid, read_settings

ROOT = Path(__file__).resolve().parent.parent
CONFIG = "config.yml"
DOMAIN = "bot/domain"
DATA = ("nlu_data/intents", "bot/rules")
_STAMP_NAME = "bot.stamp"
# What Rasa finds strange and we want so.
_EXPECTED = (
    re.compile(r"^Slot auto-fill has been removed"),  # comes with every domain and asks for nothing
    re.compile(r"^The (utterance|intent) '\w+' is not used in any story or rule"),  # the agenda uses them
    re.compile(r"^The intent '(choose|open)' is listed in the domain file, but is not found"),  # never to be typed
    re.compile(r"^'RulePolicy' is not included"),  # the agenda is the only policy
)
_VERSIONS_OF = ("rasa", "scikit-learn", "tensorflow")


class TrainingFailed(BotError):
    """The model could not be trained, or its data has faults; what is wrong was printed before."""


def train(settings: Settings, say: Callable[[str], None] = click.echo, *, root: Path = ROOT) -> Path:
    """The model's file, trained now unless it is up to date.

    ``root`` holds config.yml, the domain and the training data. Raises :class:`TrainingFailed`.
    """
    model, stamp = settings.model_dir / MODEL_NAME, settings.model_dir / _STAMP_NAME
    wanted = fingerprint(root, settings.model_dir)
    if model.exists() and stamp.exists() and stamp.read_text() == wanted:
        say("the conversation model is up to date")
        return model
    say("training the conversation model (about a minute; loading Rasa takes a third of it)")
    settings.model_dir.mkdir(parents=True, exist_ok=True)
    _quieten()
    from rasa.model_training import train as train_with_rasa  # noqa: PLC0415 - slow to load, and only needed here
    from rasa.shared.exceptions import RasaException  # noqa: PLC0415

    with tempfile.TemporaryDirectory(dir=settings.model_dir, prefix=".training-") as draft:
        try:
            result = train_with_rasa(
                domain=str(root / DOMAIN),
                config=str(root / CONFIG),
                training_files=[str(root / folder) for folder in DATA],
                output=draft,
                fixed_model_name=MODEL_NAME,
            )
        except RasaException as error:
            raise TrainingFailed(f"the model could not be trained: {error}") from error
        if result.code != 0 or result.model is None:
            raise TrainingFailed("the model could not be trained: the lines above say why")
        stamp.unlink(missing_ok=True)
        Path(result.model).replace(model)
    stamp.write_text(wanted)
    say(f"trained {model.name}")
    return model


def _quieten() -> None:
    """Leave only what a person can act on of the hundreds of lines that a training prints."""
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # its cache would be a folder in the repository
    os.environ["LOG_LEVEL"] = "ERROR"  # no progress bars
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    warnings.showwarning = _show_warning


def _show_warning(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    if _matters(message, category):
        click.echo(f"warning: {message}", err=True)


def _matters(message: Warning | str, category: type[Warning]) -> bool:
    # Rasa's own findings about the data are UserWarnings; the rest is libraries talking about each other's age.
    return category is UserWarning and not any(expected.search(str(message)) for expected in _EXPECTED)


def validate(*, root: Path = ROOT) -> None:
    """Check domain, rules and intents against each other. Raises :class:`TrainingFailed` on any warning."""
    _quieten()
    from rasa.cli.utils import validate_files  # noqa: PLC0415 - slow to load, and only needed here
    from rasa.shared.importers.importer import TrainingDataImporter  # noqa: PLC0415

    data = [str(root / folder) for folder in DATA]
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            importer = TrainingDataImporter.load_from_config(str(root / CONFIG), str(root / DOMAIN), data)
            validate_files(fail_on_warnings=True, max_history=None, importer=importer)
        except SystemExit as ended:
            raise TrainingFailed("the conversation's data has faults: the lines above say which") from ended
    faults = [str(warning.message) for warning in warned if _matters(warning.message, warning.category)]
    if faults:
        raise TrainingFailed("the conversation's data has faults:\n" + "\n".join(faults))


def fingerprint(root: Path, model_dir: Path) -> str:
    """Over every file the conversation's model is made from, and the versions of what makes it.

    The sentence encoder in ``model_dir`` is one of them, by the stamp it was built with.
    """
    digest = hashlib.sha256()
    for path in sorted(_made_from(root)):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    encoder = model_dir / "encoder" / "stamp.json"
    if encoder.exists():
        digest.update(encoder.read_bytes())
    versions = {name: metadata.version(name) for name in _VERSIONS_OF}
    return json.dumps({"made from": digest.hexdigest(), **versions}, sort_keys=True)


def _made_from(root: Path) -> Iterator[Path]:
    config = root / CONFIG
    if not config.exists():
        raise CannotStart(f"there is no {CONFIG} in {root}: is the installation complete?")
    yield config
    for folder in (DOMAIN, *DATA):
        yield from (path for path in (root / folder).rglob("*.yml"))
    steps = yaml.safe_load(config.read_text(encoding="utf-8"))
    for step in [*steps["pipeline"], *steps["policies"]]:
        module = root / f"{step['name'].rpartition('.')[0].replace('.', '/')}.py"
        if module.exists():  # a component of ours, with the modules beside it
            yield from module.parent.glob("*.py")


def main() -> None:
    """Train if needed; with ``--validate``, check the data instead."""
    try:
        if "--validate" in sys.argv[1:]:
            validate()
        else:
            train(read_settings())
    except (BotError, SettingsInvalid) as problem:
        click.echo(f"thinkfamily training: {problem}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
