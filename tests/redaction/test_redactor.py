import json
import logging
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction import (
    TOKEN,
    Identities,
    MessageEmpty,
    MessageTooLong,
    Redacted,
    RedactionFailed,
    Redactor,
    tripwire,
)
from redaction.spans import Found

NOTE = "Kelly Marsh, 3 months behind w rent, lad wont go in to school"


def test_hides_the_name_and_nothing_else(redactor: Redactor) -> None:
    assert redactor.redact(NOTE).text == "[PERSON 1], 3 months behind w rent, lad wont go in to school"


@pytest.mark.parametrize("change", [str.lower, str.upper])
def test_whatever_the_case(redactor: Redactor, change: object) -> None:
    assert callable(change)
    typed = change(NOTE)
    assert redactor.redact(typed).text == typed.replace(typed[:11], "[PERSON 1]")


def test_places_are_those_of_the_text_given(redactor: Redactor) -> None:
    typed = "  /Cl \u200bKe\u0301lly  Ma\u00adrsh rang ０７７００ ９００１２３"
    spans = redactor.redact(typed).spans
    assert [(span.type, typed[span.start : span.end]) for span in spans] == [
        ("PERSON", "Ke\u0301lly  Ma\u00adrsh"),
        ("PHONE", "０７７００ ９００１２３"),
    ]


def test_the_same_person_has_the_same_token_all_through(redactor: Redactor) -> None:
    identities = Identities()
    redactor.redact("Kelly Marsh rang about her son Jayden.", identities)
    second = redactor.redact("kelly's rent is late. JAYDEN wont go in. Dean Marsh is back", identities)
    assert second.text == "[PERSON 1]'s rent is late. [PERSON 2] wont go in. [PERSON 3] is back"


def test_a_name_hides_its_other_mentions_in_the_same_text(redactor: Redactor) -> None:
    text = redactor.redact("ms pargeter came in. later pargeters lad rang. Pargetter is upset").text
    assert "arget" not in text.lower()


def test_no_conversation_knows_another(redactor: Redactor) -> None:
    first, second = Identities(), Identities()
    redactor.redact("Kelly Marsh rang", first)
    assert redactor.redact("Hodan Warsame rang", second).text == "[PERSON 1] rang"
    assert second.people() == [("[PERSON 1]", "Hodan Warsame")]


def test_without_identities_nothing_is_remembered(redactor: Redactor) -> None:
    redactor.redact("Wilhelmina Quettonby rang")
    assert redactor.redact("Hodan Warsame rang").text == "[PERSON 1] rang"


def test_typed_tokens_and_commands_mean_nothing(redactor: Redactor) -> None:
    redacted = redactor.redact('／agree{"by": "[PERSON 1]"} [PERSON 2]')
    assert redacted.text == 'agree{"by": "(PERSON 1)"} (PERSON 2)'
    assert redacted.spans == ()


def test_what_a_person_hides_stays_hidden_and_what_they_show_stays_readable(redactor: Redactor) -> None:
    identities = Identities()
    token = identities.hide("Storm")
    assert redactor.redact("Storm came in", identities).text == f"{token} came in"
    identities.show("Storm")
    assert redactor.redact("Storm came in", identities).text == "Storm came in"


def test_only_the_redactor_makes_a_redacted() -> None:
    with pytest.raises(TypeError, match="hand it the text"):
        Redacted("Kelly Marsh", (), permit=object())


def test_a_redacted_is_not_copied_around(redactor: Redactor) -> None:
    with pytest.raises(TypeError):
        redactor.redact("Kelly Marsh").__reduce__()


def test_its_repr_says_nothing(redactor: Redactor) -> None:
    assert "rent" not in repr(redactor.redact(NOTE))


@pytest.mark.parametrize("typed", ["", " \n", "///", "\u200b"])
def test_nothing_to_read(redactor: Redactor, typed: str) -> None:
    with pytest.raises(MessageEmpty):
        redactor.redact(typed)


def test_too_long(redactor: Redactor) -> None:
    with pytest.raises(MessageTooLong):
        redactor.redact("a " * 15_001)


class _Broken:
    """An analysis that fails, or that finds nothing."""

    def __init__(self, redactor: Redactor, *, fails: BaseException | None) -> None:
        self._analysis = redactor._analysis
        self._fails = fails

    def read(self, text: str) -> object:
        return self._analysis.read(text)

    def find(self, _text: object) -> list[Found]:
        if self._fails:
            raise self._fails
        return []


class _Panic(BaseException):
    """As a library written in Rust raises."""


@pytest.mark.parametrize("error", [RuntimeError("Kelly Marsh"), MemoryError("Kelly"), _Panic("inside Kelly Marsh")])
def test_fails_closed_and_says_nothing_of_the_text(redactor: Redactor, error: BaseException) -> None:
    broken = Redactor(_Broken(redactor, fails=error))  # type: ignore[arg-type]
    identities = Identities()
    with pytest.raises(RedactionFailed) as caught:
        broken.redact("Kelly Marsh 07700 900123", identities)
    assert "Kelly" not in str(caught.value)
    assert "900" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert identities.people() == []


def test_asked_to_end_it_ends(redactor: Redactor) -> None:
    with pytest.raises(KeyboardInterrupt):
        Redactor(_Broken(redactor, fails=KeyboardInterrupt())).redact("Kelly Marsh")  # type: ignore[arg-type]


def test_numbers_stay_hidden_when_every_layer_misses_them(redactor: Redactor) -> None:
    blind = Redactor(_Broken(redactor, fails=None))  # type: ignore[arg-type]
    assert blind.redact("it is 07700 900123, BA2 9ZX").text == "it is [PHONE 1], [POSTCODE 1]"


def test_nothing_is_logged_of_the_text(redactor: Redactor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        redactor.redact("Quettonby's claim ref CTR-448210, tel 07700 900123, dob 3/4/87")
    assert not re.search("quettonby|448210|900123|3/4/87|claim", caplog.text, re.IGNORECASE)


def test_many_threads_get_what_one_gets(redactor: Redactor) -> None:
    texts = [f"Kelly Marsh {number} months behind, tel 07700 900{number:03}" for number in range(40)]
    alone = [redactor.redact(text).text for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert [item.text for item in pool.map(redactor.redact, texts)] == alone


_PIECES = st.sampled_from(
    [
        "Kelly Marsh", "07700 900123", "QQ 12 34 56 C", "a@example.com", "[PERSON 1]", "BA2 9ZX", "12-34-56", "/", "[",
        "] ", "rent", "mum", "said", "3", "14 Pennyroyal Walk", "Will", "\n", ", ", " ", "’s", "\u200b", "１２", "@",
        "dob 3/4/87", "ref HB/20771/3", "no", "999",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=4), min_size=1, max_size=12).map("".join))
def test_every_token_in_the_result_is_a_span_and_nothing_trips(redactor: Redactor, typed: str) -> None:
    try:
        redacted = redactor.redact(typed)
    except MessageEmpty:
        return
    assert [match[0] for match in TOKEN.finditer(redacted.text)] == [span.token for span in redacted.spans]
    assert tripwire(redacted.text) == []
    ends = [0, *(span.end for span in redacted.spans)]
    assert all(end <= span.start < span.end <= len(typed) for end, span in zip(ends, redacted.spans, strict=False))


_WATCHED = """
import json, sys
from pathlib import Path

seen = []
NETWORK = ("socket.", "urllib.", "http.client.", "ftplib.", "smtplib.", "nntplib.", "telnetlib.", "webbrowser.")
PROGRAMS = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.")


def watch(event, arguments):
    # Noted, not raised: an error could be caught on the way, and then nobody would hear of it.
    if event.startswith(NETWORK + PROGRAMS):
        seen.append(event)
    elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        seen.append(f"open to write: {arguments[0]}")


sys.dont_write_bytecode = True
sys.addaudithook(watch)
"""
_REDACTS = """
import tldextract
from redaction import Identities, Redactor

def extract(*_, **__): seen.append("the list of suffixes is wanted")
tldextract.extract = extract

redactor, book = Redactor.load(Path(model_dir)), Identities()
# Of what is imported with Presidio, "requests" looks whether there is IPv6, and another asks "uname": both stay here.
while_loading = [event for event in seen if event not in ("socket.__new__", "socket.bind", "subprocess.Popen")]
seen.clear()
text = redactor.redact("kelly@example.co.uk tel 07700 900123", book).text
redactor.redact("Kelly Marsh, kelly at example dot museum, 10.0.0.1, www.example.com, QQ 12 34 56 C, BA2 9ZX", book)
redactor.find_again("kelly rang from 07700 900123", book)
try: redactor.redact(" ", book)
except Exception: pass
servers = [name for name in ("rasa", "tensorflow", "torch", "aiohttp") if name in sys.modules]
print(json.dumps([text, servers, while_loading, seen]))
"""


def test_it_opens_no_socket_writes_no_file_and_loads_no_server(model_dir: Path) -> None:
    program = f"{_WATCHED}model_dir = {str(model_dir)!r}\n{_REDACTS}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["[EMAIL 1] tel [PHONE 1]", [], [], []]


@pytest.mark.parametrize(
    "does",
    [
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import socket; socket.gethostbyname('localhost')",
        "import urllib.request\ntry: urllib.request.urlopen('http://127.0.0.1:9')\nexcept OSError: pass",
        "import requests\ntry: requests.get('http://127.0.0.1:9')\nexcept OSError: pass",
        "import subprocess; subprocess.run(['true'])",
        "import tempfile; tempfile.NamedTemporaryFile()",
    ],
    ids=["udp", "names", "old-names", "urllib", "requests", "program", "file"],
)
def test_whatever_would_leave_is_seen(does: str) -> None:
    program = f"{_WATCHED}\n{does}\nprint(json.dumps(seen))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)


def test_the_tripwire_comes_without_presidio() -> None:
    program = "import sys, redaction; print([m for m in ('presidio_analyzer', 'spacy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "text",
    [
        "0315 called out, back 0640",
        "rang 9.04, again at 14.29, no answer",
        "shift ends 22:00 till 06:30",
    ],
)
def test_times_of_day_stay(redactor: Redactor, text: str) -> None:
    assert redactor.redact(text).text == text


def test_a_relation_stays_and_a_title_goes(redactor: Redactor) -> None:
    assert redactor.redact("her sister Kelly Marsh rang").text == "her sister [PERSON 1] rang"
    assert redactor.redact("we asked for Father Cathal Brannigan").text == "we asked for [PERSON 1]"
    assert redactor.redact("he calls himself Big Tadhg Connors").text == "he calls himself [PERSON 1]"
