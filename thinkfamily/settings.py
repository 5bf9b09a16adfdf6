"""The one settings object; nothing else in the project reads the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "THINKFAMILY_"


class SettingsInvalid(Exception):
    """A setting is wrong; the message names it and says what it takes."""


class Settings(BaseSettings):
    """Where things are and where processes listen. Every field can be set as ``THINKFAMILY_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data_dir: Path = Field(Path("var"), description="Databases, keys and logs. Never put it in the repository.")
    model_dir: Path = Field(Path("models"), description="The sentence encoder and the trained Rasa model.")

    spacy_model: str = Field(
        "", description="An installed spaCy model, or a folder with one, that finds names too; empty means none."
    )

    desk_host: str = Field("127.0.0.1", description="Where the staff's pages listen.")
    desk_port: int = Field(8000, ge=1, le=65535)
    inbox_host: str = Field("127.0.0.1", description="Where the receiving team's pages listen.")
    inbox_port: int = Field(8001, ge=1, le=65535)
    bot_port: int = Field(5005, ge=1, le=65535, description="Rasa; always on loopback.")
    actions_port: int = Field(5055, ge=1, le=65535, description="Custom actions; always on loopback.")

    desk_database_url: str = Field("", description="SQLAlchemy URL; empty means a SQLite file in data_dir.")
    bot_database_url: str = ""
    casework_database_url: str = ""
    inbox_database_url: str = ""
    keys_database_url: str = Field("", description="Keys live apart from the data, outside its backups.")
    inbox_keys_database_url: str = Field("", description="The receiving team's keys, one a referral; kept apart alike.")
    redis_url: str = Field("", description="Locks of conversations for several bot processes; empty means one process.")
    inbox_url: str = Field("", description="Where the relay delivers; empty means the inbox on this machine.")

    rule_pack: str = Field("families-2022", description="A shipped pack's name, or the path of the council's own.")
    council_name: str = Field("Example Council", description="Shown in the header of every page.")
    secure_cookies: bool = Field(False, description="Set when the pages are served over TLS.")
    session_idle_minutes: int = Field(30, ge=1, le=720)
    names_kept_hours: int = Field(
        24, ge=1, le=720, description="Names of a conversation that nobody used for this long are cleared."
    )
    names_kept_referred_days: int = Field(
        28, ge=1, le=365, description="Names are cleared this long after a referral was sent, if it is not decided yet."
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    log_json: bool = Field(False, description="Write log lines as JSON.")

    @field_validator("data_dir", "model_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        ports = [self.desk_port, self.inbox_port, self.bot_port, self.actions_port]
        if len(set(ports)) != len(ports):
            raise ValueError("desk_port, inbox_port, bot_port and actions_port must all be different")
        return self

    def database_url(self, name: str) -> str:
        """The URL of the database ``name``: desk, bot, casework, inbox, keys or inbox_keys."""
        configured: str = getattr(self, f"{name}_database_url")
        if configured:
            return configured
        folder = self.data_dir / "keys" if name.endswith("keys") else self.data_dir
        return f"sqlite:///{folder / f'{name}.db'}"

    @property
    def keys_dir(self) -> Path:
        """Secrets between processes and the inbox's key pairs."""
        return self.data_dir / "keys"

    @property
    def intake_url(self) -> str:
        """The base address of the receiving team's intake API, without a trailing slash."""
        return self.inbox_url.rstrip("/") or f"http://127.0.0.1:{self.inbox_port}"

    @property
    def bot_url(self) -> str:
        """The bot's address, for the desk."""
        return f"http://127.0.0.1:{self.bot_port}"

    @property
    def actions_url(self) -> str:
        """The action server's address, for the bot and the desk."""
        return f"http://127.0.0.1:{self.actions_port}"


def read_settings(**changes: Any) -> Settings:
    """The settings from the environment, with ``changes`` on top.

    Raises :class:`SettingsInvalid` with one line for each wrong setting.
    """
    try:
        return Settings(**changes)
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            field = "_".join(str(part) for part in problem["loc"])
            name = PREFIX + field.upper() if field else "settings"
            lines.append(f"{name}: {problem['msg']}")
        raise SettingsInvalid("; ".join(lines)) from None
