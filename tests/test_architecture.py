"""The packages import only what docs/architecture.md allows."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = {"thinkfamily.settings", "thinkfamily.logs", "thinkfamily.ports"}
BASE = {"sealing", "encoder", "redaction", "understanding", "conversation", "referrals", "web"}
OURS = BASE | {"bot", "actions", "inbox", "thinkfamily"}

MAY_IMPORT = {
    "sealing": set(),
    "encoder": set(),
    "redaction": {"encoder", "sealing"},
    "understanding": {"encoder"},
    "conversation": {"understanding"},
    "referrals": {"sealing", "conversation", "thinkfamily"},
    "web": {"sealing"},
    "bot": BASE | {"thinkfamily"},
    "actions": BASE - {"web"} | {"thinkfamily"},
    "inbox": {"referrals", "sealing", "web", "thinkfamily"},
}
NEVER_AT_ALL = {"encoder", "redaction", "understanding", "conversation", "referrals", "sealing"}


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
    return found


def _files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_a_package_imports_only_what_it_may(package: str) -> None:
    wrong = []
    for path in _files(package):
        for module in _imported(path):
            top = module.split(".")[0]
            if top in OURS - {package} - MAY_IMPORT[package]:
                wrong.append(f"{path.relative_to(ROOT)} imports {module}")
            if package not in ("thinkfamily",) and module.startswith("thinkfamily.") and module not in SHARED:
                wrong.append(f"{path.relative_to(ROOT)} imports {module}: only settings, logs and ports are for others")
    assert not wrong


@pytest.mark.parametrize("package", sorted(NEVER_AT_ALL))
def test_the_core_knows_neither_rasa_nor_a_web_server(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in _files(package)
        for module in _imported(path)
        if module.split(".")[0] in {"rasa", "rasa_sdk", "tensorflow", "sanic"} or module == "aiohttp.web"
    ]
    assert not wrong


def test_only_the_settings_read_the_environment() -> None:
    wrong = []
    for package in sorted(OURS):
        for path in _files(package):
            source = path.read_text(encoding="utf-8")
            if path != ROOT / "thinkfamily" / "settings.py" and ("os.getenv" in source or "os.environ.get" in source):
                wrong.append(str(path.relative_to(ROOT)))
    assert not wrong


@pytest.mark.parametrize(
    "module",
    ["bot.desk.app", "actions.server", "referrals.relay", "inbox.app", "thinkfamily.cli", "thinkfamily.processes"],
)
def test_rasa_and_tensorflow_stay_out_of_every_process_but_the_bot(module: str) -> None:
    program = f"import sys, {module}; print(sorted({{'rasa', 'tensorflow'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
