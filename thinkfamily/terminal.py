"""What every command does alike at the terminal: say something, stop with one clear line, read the settings."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from thinkfamily.settings import Settings, SettingsInvalid, read_settings

_WRONG = 2  # exit status for anything a person can put right


def say(line: str) -> None:
    """A line about what is going on."""
    click.echo(f"==> {line}")


def stop(problem: object) -> NoReturn:
    """End the command with one line on standard error and exit status 2."""
    click.echo(f"thinkfamily: {problem}", err=True)
    sys.exit(_WRONG)


def settings_or_stop() -> Settings:
    """The settings; where one is wrong, its name and exit status 2."""
    try:
        return read_settings()
    except SettingsInvalid as problem:
        stop(problem)
