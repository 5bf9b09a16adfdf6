"""The ``thinkfamily`` command. Each subcommand loads only what it needs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thinkfamily import __version__
from thinkfamily.accounts_cli import account, token
from thinkfamily.crashes import leave_no_core
from thinkfamily.logs import set_up_logging
from thinkfamily.terminal import say, settings_or_stop, stop

if TYPE_CHECKING:
    from redaction import Redactor
    from redaction.training.notes import Part
    from thinkfamily.settings import Settings


@click.group()
@click.version_option(__version__)
def main() -> None:
    """The Think Family triage assistant."""
    leave_no_core()


@main.command()
def prepare() -> None:
    """Build the sentence encoder and train the conversation's model (skips what is up to date)."""
    from encoder import EncoderError  # noqa: PLC0415
    from thinkfamily.prepare import PreparationFailed  # noqa: PLC0415
    from thinkfamily.prepare import prepare as prepare_all  # noqa: PLC0415

    try:
        prepare_all(settings_or_stop(), say)
    except (EncoderError, PreparationFailed) as problem:
        stop(problem)


@main.command()
def up() -> None:
    """Start desk, bot, actions, relay and inbox, and say when they are ready."""
    from sealing import Secrets  # noqa: PLC0415
    from thinkfamily.first_start import make_first_accounts  # noqa: PLC0415
    from thinkfamily.ports import PortInUse  # noqa: PLC0415
    from thinkfamily.processes import check_ports, run_all  # noqa: PLC0415

    settings = settings_or_stop()
    try:
        check_ports(settings)
    except PortInUse as problem:
        stop(problem)
    if not (settings.model_dir / "bot.tar.gz").exists():
        stop(f"there is no conversation model in {settings.model_dir}: run script/setup")
    Secrets(settings.keys_dir).make_all()
    accounts = make_first_accounts(settings)

    def announce() -> None:
        click.echo()
        say(f"Ready. Staff sign in at  http://{settings.desk_host}:{settings.desk_port}/")
        say(f"Connecting Families at   http://{settings.inbox_host}:{settings.inbox_port}/")
        if accounts:
            say("First sign-ins, shown this once. Write them down, then change them:")
            for first in accounts:
                click.echo(f"      {first.place:6} {first.username:12} {first.password}    ({first.role})")
        say("Ctrl-C ends all of it.")

    say("Starting (the conversation engine takes about half a minute)")
    sys.exit(run_all(settings, announce, say))


def _process(name: str, module: str, summary: str) -> None:
    @main.command(name, help=summary)
    def start() -> None:
        settings = settings_or_stop()
        importlib.import_module(module).run(settings)


_process("desk", "bot.desk.app", "The staff's pages alone.")
_process("bot", "bot.server", "The conversation engine (Rasa) alone; loopback only.")
_process("actions", "actions.server", "The custom actions alone; loopback only.")
_process("relay", "referrals.relay", "The relay alone: delivers referrals, brings back their status.")
_process("inbox", "inbox.app", "The receiving team's pages and intake alone.")


@main.command()
def redact() -> None:
    """Hide personal data: JSON lines in, JSON lines out."""
    from redaction import redact_lines  # noqa: PLC0415

    settings = settings_or_stop()
    set_up_logging(settings.log_level, settings.log_json)  # an error that nothing expected says nothing of the lines
    _stream(redact_lines(sys.stdin, _redactor(settings)))


@main.command()
def triage() -> None:
    """Hide personal data, then say which signs are heard and what level they suggest: JSON lines in and out."""
    from encoder import EncoderError  # noqa: PLC0415
    from understanding import Listener, UnderstandingError, load_pack, triage_lines  # noqa: PLC0415

    settings = settings_or_stop()
    set_up_logging(settings.log_level, settings.log_json)
    redactor = _redactor(settings)
    try:
        listener = Listener.load(settings.model_dir, load_pack(settings.rule_pack))
    except (EncoderError, UnderstandingError) as problem:
        stop(problem)
    _stream(triage_lines(sys.stdin, listener, lambda text: redactor.redact(text).text))


@main.group()
def evaluate() -> None:
    """Measure how well it works, and write a report."""


@evaluate.command("redaction")
@click.option("--notes", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("nlu_data/notes"))
@click.option("--part", type=click.Choice(["testing", "tuning", "training"]), default="testing", show_default=True)
@click.option(
    "--outside",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with btc_dev.jsonl and wnut17_dev.jsonl, to measure the name tagger alone on them too.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("docs/evaluation"))
def evaluate_hiding(notes: Path, part: Part, outside: Path | None, out: Path) -> None:
    """How well personal data is hidden: recall and precision by type, letter case, register, with every miss."""
    from encoder import EncoderError  # noqa: PLC0415
    from redaction.evaluation import evaluate_redaction  # noqa: PLC0415

    try:
        evaluate_redaction(settings_or_stop().model_dir, notes=notes, part=part, outside=outside, out=out, say=say)
    except EncoderError as problem:
        stop(problem)
    say(f"Written: {out / 'redaction.md'} and redaction.html")


@main.command()
def alarms() -> None:
    """List what needs a person: referrals that are late or set aside, a silent relay. Exit status 1 if there is any."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from referrals import ReferralsError, open_casework  # noqa: PLC0415
    from referrals import alarms as open_alarms  # noqa: PLC0415

    try:
        found = open_alarms(open_casework(settings_or_stop().database_url("casework")), datetime.now(UTC))
    except ReferralsError as problem:
        stop(problem)
    for alarm in found:
        click.echo(f"{alarm.since:%Y-%m-%d %H:%M} {alarm.kind} {alarm.subject}")
    sys.exit(1 if found else 0)


def _redactor(settings: Settings) -> Redactor:
    from encoder import EncoderError  # noqa: PLC0415
    from redaction import RedactionError, Redactor  # noqa: PLC0415

    try:
        return Redactor.load(settings.model_dir, spacy_model=settings.spacy_model)
    except (EncoderError, RedactionError) as problem:
        stop(problem)


def _stream(lines: Iterable[str]) -> None:
    """Print each line as it comes; exit status 1 at the end where any of them is an error."""
    bad = False
    for line in lines:
        bad = bad or '"error"' in line
        click.echo(line)
    sys.exit(1 if bad else 0)


main.add_command(account)
main.add_command(token)
