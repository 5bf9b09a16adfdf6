"""Training: skipped when nothing changed, without loading Rasa to find that out."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import CannotStart
from bot.training import TrainingFailed, fingerprint, train, validate
from tests.bot_plumbing.desk import ROOT
from thinkfamily.settings import read_settings

_AGAIN = """
import sys
from pathlib import Path
from bot.training import train
from thinkfamily.settings import read_settings
train(read_settings(model_dir=sys.argv[1]), root=Path(sys.argv[2]))
print(sorted({"rasa", "tensorflow"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_an_up_to_date_model_is_left_alone_and_rasa_is_not_loaded(models: Path, tiny_root: Path) -> None:
    before = (models / "bot.tar.gz").stat().st_mtime_ns
    done = subprocess.run(
        [sys.executable, "-c", _AGAIN, str(models), str(tiny_root)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["the conversation model is up to date", "[]"]
    assert (models / "bot.tar.gz").stat().st_mtime_ns == before
    assert [path.name for path in models.iterdir() if path.name.startswith(".training")] == []


@pytest.mark.parametrize(
    "change",
    ["config.yml", "bot/domain/domain.yml", "bot/rules/rules.yml", "nlu_data/intents/intents.yml", "new", "gone"],
)
@pytest.mark.slow
def test_any_change_asks_for_training(tmp_path: Path, models: Path, tiny_root: Path, change: str) -> None:
    root, folder = tmp_path / "root", tmp_path / "models"
    shutil.copytree(tiny_root, root)
    shutil.copytree(models, folder)
    if change == "new":
        (root / "nlu_data/intents/more.yml").write_text('version: "3.1"\n')
    elif change == "gone":
        (folder / "bot.tar.gz").unlink()
    else:
        with (root / change).open("a") as file:
            file.write("# changed\n")

    class Asked(Exception):
        pass

    def say(line: str) -> None:
        if line.startswith("training"):
            raise Asked

    with pytest.raises(Asked):
        train(read_settings(model_dir=folder), say, root=root)


def test_our_components_and_the_encoder_count_as_part_of_the_model(tmp_path: Path) -> None:
    for folder in ("bot/domain", "nlu_data/intents", "bot/rules", "bot/nlu", "models/encoder"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "config.yml").write_text("pipeline: [{name: bot.nlu.signs.Signs}]\npolicies: [{name: RulePolicy}]\n")
    (tmp_path / "bot/nlu/signs.py").write_text("A = 1\n")
    seen = {fingerprint(tmp_path, tmp_path / "models")}
    for name in ("bot/nlu/signs.py", "bot/nlu/shared.py", "models/encoder/stamp.json"):
        (tmp_path / name).write_text("2")
        seen.add(fingerprint(tmp_path, tmp_path / "models"))
    assert len(seen) == 4


def test_without_a_configuration_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"config\.yml"):
        train(read_settings(model_dir=tmp_path), root=tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("bot/rules/rules.yml", "intent: open", "intent: opened"),
        ("bot/rules/rules.yml", "action: action_take_turn", "action: action_nobody_wrote"),
        ("nlu_data/intents/intents.yml", "intent: tell", "intent: told"),
        ("nlu_data/intents/intents.yml", "- knife", "- xyzopened"),
    ],
)
def test_faulty_data_is_not_let_through(tmp_path: Path, tiny_root: Path, file: str, old: str, new: str) -> None:
    validate(root=tiny_root)
    root = tmp_path / "root"
    shutil.copytree(tiny_root, root)
    (root / file).write_text((root / file).read_text().replace(old, new))
    with pytest.raises(TrainingFailed):
        validate(root=root)


@pytest.mark.slow
def test_the_data_of_the_real_conversation_is_sound() -> None:
    validate()
