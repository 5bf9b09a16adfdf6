"""The settings say what is wrong, in one line for each."""

import os
from pathlib import Path

import pytest

from thinkfamily.settings import PREFIX, Settings, SettingsInvalid, read_settings


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def test_defaults_stay_on_this_machine(tmp_path: Path) -> None:
    settings = read_settings(data_dir=tmp_path)
    assert {settings.desk_host, settings.inbox_host} == {"127.0.0.1"}
    assert settings.database_url("desk") == f"sqlite:///{tmp_path}/desk.db"
    assert settings.database_url("keys") == f"sqlite:///{tmp_path}/keys/keys.db"
    assert settings.intake_url == f"http://127.0.0.1:{settings.inbox_port}"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THINKFAMILY_DESK_PORT", "8100")
    monkeypatch.setenv("THINKFAMILY_CASEWORK_DATABASE_URL", "postgresql://db/casework")
    monkeypatch.setenv("THINKFAMILY_INBOX_URL", "https://families.example.org/")
    settings = read_settings()
    assert settings.desk_port == 8100
    assert settings.database_url("casework") == "postgresql://db/casework"
    assert settings.intake_url == "https://families.example.org"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DESK_PORT", "lots", "THINKFAMILY_DESK_PORT"),
        ("DESK_PORT", "70000", "less than or equal to 65535"),
        ("DESK_PORT", "8001", "must all be different"),
        ("LOG_LEVEL", "LOUD", "THINKFAMILY_LOG_LEVEL"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsInvalid, match=said) as caught:
        read_settings()
    assert "\n" not in str(caught.value)


def test_an_unknown_change_is_refused() -> None:
    with pytest.raises(SettingsInvalid, match="DESK_PROT"):
        read_settings(desk_prot=1)


def test_every_setting_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`{PREFIX}{name.upper()}`" not in page]
    assert not missing
