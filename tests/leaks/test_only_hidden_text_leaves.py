"""Only what the redactor made can be sent to the bot: by its type, when it runs, and by how the desk is built."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mypy import api as mypy

from bot.desk.bot_client import BotClient
from redaction import Redacted, Rewrite

ROOT = Path(__file__).parents[2]
DESK = ROOT / "bot" / "desk"
RAW = "Philippa Thornquist rang"

# --- by its type -----------------------------------------------------------------------------------------------------

_SNIPPET = """
from bot.desk.bot_client import BotClient
from redaction import Redacted, Rewrite


class Looks:
    text = "Philippa Thornquist rang"


async def send(bot: BotClient, hidden: Redacted, raw: str) -> None:
    await bot.say("c_1", "t_1", "a_1", hidden)
    await bot.rewrite("c_1", "t_2", Rewrite(), {"[PERSON 1]": hidden})
    await bot.say("c_1", "t_1", "a_1", raw)  # wrong
    await bot.say("c_1", "t_1", "a_1", Looks())  # wrong
    await bot.say("c_1", "t_1", "a_1", hidden.text)  # wrong
    await bot.rewrite("c_1", "t_2", Rewrite(), {"[PERSON 1]": raw})  # wrong
    await bot.choose("c_1", "t_1", "a_1", raw)  # wrong
    hidden.text = raw  # wrong


class Forged(Redacted):  # wrong
    pass
"""


@pytest.mark.slow
def test_text_that_was_not_hidden_does_not_pass_the_type_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snippet = tmp_path / "snippet.py"
    snippet.write_text(_SNIPPET, encoding="utf-8")
    monkeypatch.chdir(ROOT)
    said, problems, _ = mypy.run(["--config-file", "pyproject.toml", "--no-error-summary", str(snippet)])
    assert problems == ""
    found = {int(line.split(":")[1]) for line in said.splitlines() if ": error:" in line}
    wrong = {n for n, line in enumerate(_SNIPPET.splitlines(), 1) if line.endswith("# wrong")}
    assert found == wrong, said


# --- when it runs ----------------------------------------------------------------------------------------------------


class _Line:
    """Notes what is posted."""

    def __init__(self) -> None:
        self.posted: list[Any] = []

    async def post(self, path: str, content: Any) -> tuple[int, bytes]:
        self.posted.append(content)
        return 500, b""


@pytest.mark.parametrize("said", [RAW, RAW.encode(), None, SimpleNamespace(text=RAW), [RAW]])
async def test_anything_else_is_refused_before_it_is_sent(said: Any) -> None:
    line = _Line()
    bot = BotClient(line)  # type: ignore[arg-type]
    with pytest.raises(TypeError) as refused:
        await bot.say("c_1", "t_1", "a_1", said)
    assert "Philippa" not in str(refused.value)
    with pytest.raises(TypeError):
        await bot.rewrite("c_1", "t_1", Rewrite(), {"[PERSON 1]": said})
    assert line.posted == []


def test_a_hidden_text_cannot_be_made_copied_or_changed() -> None:
    with pytest.raises(TypeError):
        Redacted(RAW, (), permit=object())
    bare = object.__new__(Redacted)
    with pytest.raises(AttributeError):
        bare.text = RAW  # type: ignore[misc]
    with pytest.raises(TypeError):
        bare.__reduce__()
    assert RAW not in repr(bare.__class__)


# --- by how the desk is built ----------------------------------------------------------------------------------------


def _trees(folder: Path) -> dict[str, ast.Module]:
    return {
        str(path.relative_to(folder)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.py"))
    }


def _imports(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


_WAYS_OUT = {
    "aiohttp.ClientSession", "aiohttp.client", "aiohttp.request", "asyncio.open_connection", "ftplib", "http.client",
    "httpx", "multiprocessing", "os.popen", "requests", "smtplib", "socket", "subprocess", "syslog", "tempfile",
    "urllib.request", "urllib3", "websockets",
}  # fmt: skip


def test_one_module_of_the_desk_can_reach_another_process() -> None:
    ways = {name: _imports(tree) & _WAYS_OUT for name, tree in _trees(DESK).items()}
    assert {name: way for name, way in ways.items() if way} == {"signed_line.py": {"aiohttp.ClientSession"}}


def test_only_the_two_clients_use_the_lines_and_only_the_bots_uses_the_bots() -> None:
    trees = _trees(DESK)
    knows = {name for name, tree in trees.items() if "bot.desk.signed_line.SignedLine" in _imports(tree)}
    assert knows == {"app.py", "actions_client.py", "bot_client.py"}
    posts = {name: [n.lineno for n in ast.walk(tree) if _called(n) == "post" and name != "signed_line.py"]
             for name, tree in trees.items()}  # fmt: skip
    posting = {name for name, tree in trees.items() if "_line.post" in ast.unparse(tree)}
    assert posting == {"actions_client.py", "bot_client.py"}
    # `request.post()` reads a form; nothing else is called "post".
    for name, lines in posts.items():
        source = (DESK / name).read_text(encoding="utf-8").splitlines()
        for line in lines:
            assert "request.post()" in source[line - 1] or name in posting, f"{name}:{line}"
    # The app hands the bot's line to the bot's client, and closes it.
    uses = [ast.unparse(node) for node in ast.walk(trees["app.py"]) if _mentions(node, "to_bot")]
    assert sorted(uses) == ["BotClient(to_bot)", "to_bot.close()"]


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _mentions(node: ast.AST, name: str) -> bool:
    """A call to which ``name`` is handed, or on which it is made."""
    if not isinstance(node, ast.Call):
        return False
    on = node.func.value if isinstance(node.func, ast.Attribute) else None
    return any(isinstance(part, ast.Name) and part.id == name for part in [*node.args, on])


# Where the door's raw texts may go: to the redactor, the danger words, what looks at their form; never further.
_MAY_TAKE = {
    "self._say", "self._choose", "self._hide", "self._heard", "self._hear", "self._vault.redact", "check_readable",
    "len", "normalise", "TOKEN.sub", "book.show", "book.hide", "book.lookup", "_as_stored", "tripwire", "isinstance",
    "unicodedata.normalize", "sum", "any",
}  # fmt: skip
_RAW_NAMES = {"raw", "reason", "typed", "words", "words_or_token", "bare"}


def raw_uses(tree: ast.AST) -> list[str]:
    """Each call that a raw text is handed to, other than those that may have it."""
    wrong = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        handed = [part for part in [*node.args, *(word.value for word in node.keywords)] if _is_raw(part)]
        if not handed:
            continue
        callee = ast.unparse(node.func)
        if callee == "asyncio.to_thread":
            callee = ast.unparse(node.args[0])
        if callee not in _MAY_TAKE and callee != "redact or self._vault.redact":
            wrong.append(ast.unparse(node))
    return wrong


def _is_raw(node: ast.AST) -> bool:
    """A raw text itself, or something made of it without a call: a part, a sum, an f-string."""
    if isinstance(node, ast.Name):
        return node.id in _RAW_NAMES
    if isinstance(node, ast.Call | ast.Lambda | ast.Compare):
        return False
    return any(_is_raw(child) for child in ast.iter_child_nodes(node))


def test_raw_text_goes_to_the_redactor_and_the_danger_words_and_nowhere_else() -> None:
    assert raw_uses(_trees(DESK)["door.py"]) == []


@pytest.mark.parametrize(
    "leak",
    [
        "_log.info('said %s', raw)",
        "_log.info(f'said {raw}')",
        "NotSent('too_long', words=raw[:20])",
        "self._bot.say(conversation, turn, officer, raw)",
        "asyncio.to_thread(self._conversations.keep_turn, conversation, turn, text=raw)",
        "Choice(question='danger', n=1, value={'reason': reason})",
    ],
)
def test_a_raw_text_that_goes_further_is_found(leak: str) -> None:
    assert raw_uses(ast.parse(leak)) == [leak]


def test_what_the_desk_sends_as_words_was_made_by_the_redactor() -> None:
    """In the door, a press gets a reason only from a hidden text, and the bot is handed nothing made on the way."""
    source = ast.unparse(_trees(DESK)["door.py"])
    assert source.count("'reason':") == 1
    assert "'reason': redacted.text" in source
    said = [
        node
        for node in ast.walk(ast.parse(source))
        if _called(node) in ("say", "choose") and "_bot" in ast.unparse(node)
    ]
    assert sorted(ast.unparse(node.args[-1]) for node in said if isinstance(node, ast.Call)) == ["said", "said"]
