"""Log lines show places and ids, and nothing that a library was given."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.bot_plumbing.desk import ROOT

SECRET = "Zebedeth"

_PROGRAM = """
import asyncio, logging, sys, threading, warnings
import structlog
from bot.errors import NotKept
from bot.logs import set_up_structlog
from thinkfamily.logs import quieten_libraries, set_up_logging

set_up_logging({level!r}, {as_json})
set_up_structlog()
words = {secret!r}
ours, library = logging.getLogger("bot.channel"), logging.getLogger("rasa.core.processor")


def fail():
    inside = words
    raise ValueError(f"broken by {{inside}}")


def fail_twice():
    try:
        fail()
    except ValueError as error:
        raise NotKept("turn t_1 was not kept") from error


{body}
"""


def run(body: str, level: str = "DEBUG", as_json: bool = True) -> tuple[str, str]:
    program = _PROGRAM.format(level=level, as_json=as_json, secret=SECRET, body=body)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


LEAKS = {
    "message": "library.error(f'could not read {words}')",
    "arguments": "library.warning('could not read %s', words)",
    "wrong arguments": "library.warning('could not read %s %d', words, words)",
    "exception": "\ntry: fail()\nexcept ValueError: library.exception('failed')",
    "exception in our log": "\ntry: fail()\nexcept ValueError: ours.exception('turn t_1 failed')",
    "chain": "\ntry: fail_twice()\nexcept NotKept: ours.exception('turn t_1 failed')",
    "structlog": "structlog.get_logger().error('rest.message.received.failure', text=words)",
    "structlog event": "structlog.get_logger().error(words, text=words)",
    "structlog sentence": "structlog.get_logger().warning(f'could not read {words}')",
    "structlog exception": (
        "\ntry: fail()\nexcept ValueError: structlog.get_logger().exception('message.parsing.failed', user_text=words)"
    ),
    "warning": "warnings.warn(f'could not read {words}')",
    "uncaught": "fail()",
    "uncaught in a thread": "thread = threading.Thread(target=fail); thread.start(); thread.join()",
    "in a destructor": "\nclass Dying:\n    def __del__(self): fail()\nDying()",
    "task": (
        "\nasync def main():\n    async def inner(): fail()\n    asyncio.create_task(inner())\n"
        "    await asyncio.sleep(0)\nasyncio.run(main())"
    ),
    "task group": (
        "\nasync def inner(): fail()\nasync def main():\n    async with asyncio.TaskGroup() as group:\n"
        "        group.create_task(inner()); group.create_task(inner())\nasyncio.run(main())"
    ),
    "callback": (
        "\nasync def main():\n    asyncio.get_running_loop().call_soon(lambda said: fail(), words)\n"
        "    await asyncio.sleep(0.01)\nasyncio.run(main())"
    ),
    "loop's own handler": (
        "\nasync def main():\n    loop = asyncio.get_running_loop()\n"
        "    loop.call_exception_handler({'message': words, 'exception': ValueError(words), 'words': words})\n"
        "asyncio.run(main())"
    ),
    "slow callback": (
        "\nasync def main(said):\n    import time; time.sleep(0.2)\nasyncio.run(main(words), debug=True)"
    ),
    "in a pool": (
        "\nfrom concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor() as pool:\n"
        "    pool.submit(int, '1').add_done_callback(lambda done: fail())"
    ),
    "at the end": "import atexit; atexit.register(fail)",
    "a crash": "import faulthandler; faulthandler.enable(); faulthandler.dump_traceback(); fail()",
    "notes": (
        "\ntry: fail()\nexcept ValueError as error:\n    error.add_note(words)\n    ours.exception('turn t_1 failed')"
    ),
    "stack": "library.error('could not read %s', words, stack_info=True)",
    "name of a task": (
        "\nasync def main():\n    async def inner(): fail()\n    asyncio.create_task(inner(), name=words)\n"
        "    await asyncio.sleep(0.01)\nasyncio.run(main())"
    ),
    "own handler": (
        "library.addHandler(logging.StreamHandler()); library.propagate = False; quieten_libraries();"
        "library.error('could not read %s', words)"
    ),
}


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("leak", LEAKS)
def test_no_words_are_written(leak: str, as_json: bool) -> None:
    out, err = run(LEAKS[leak], as_json=as_json)
    assert out == ""
    assert SECRET not in err
    lines = err.splitlines()
    assert lines
    if as_json and leak != "a crash":  # faulthandler writes lines of its own
        assert all(json.loads(line)["message"] for line in lines)


def test_what_failed_can_still_be_found() -> None:
    _, err = run(LEAKS["chain"])
    (line,) = map(json.loads, err.splitlines())
    assert line["logger"] == "bot.channel"
    assert line["message"] == "turn t_1 failed"
    kept, cause = line["error"]
    assert (kept["type"], kept["says"]) == ("bot.errors.NotKept", "turn t_1 was not kept")
    assert (cause["type"], "says" in cause) == ("builtins.ValueError", False)
    assert [place.split()[-1] for place in cause["at"]] == ["fail_twice", "fail"]


def test_rasas_fixed_event_names_are_shown() -> None:
    _, err = run(LEAKS["structlog"])
    assert json.loads(err)["message"] == "(library) rest.message.received.failure"


def test_plain_lines_are_for_people() -> None:
    _, err = run("ours.warning('turn %s was refused', 't_1')", level="INFO", as_json=False)
    assert err.endswith("WARNING bot.channel: turn t_1 was refused\n")


def test_libraries_chatter_is_left_out_below_debug() -> None:
    _, err = run(
        "library.info('x'); ours.info('started'); structlog.get_logger().info('processor.slots.log')", level="INFO"
    )
    assert [json.loads(line)["message"] for line in err.splitlines()] == ["started"]
