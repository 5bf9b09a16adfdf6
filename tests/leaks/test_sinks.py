"""The search for planted words finds them in every dress: a leak test that cannot see proves nothing."""

import base64
import json
import urllib.parse

import pytest

from tests.support.sinks import leaks

NAME = "Zebedee Quillfeather"


@pytest.mark.parametrize(
    "dressed",
    [
        NAME.encode(),
        NAME.upper().encode(),
        b"\x00\x01" + NAME.encode() + b"\x02",
        json.dumps({"text": f"from {NAME}."}).encode(),
        json.dumps({"text": f"rang\n{NAME}"}).encode(),
        urllib.parse.quote(f"a={NAME}").encode(),
        urllib.parse.urlencode({"text": NAME}).encode(),
        base64.b64encode(NAME.encode()),
        f"x{NAME}y".encode("utf-16-le"),
        f"x{NAME}y".encode("utf-16-be"),
        base64.b64encode(b"x" + NAME.encode() + b"yz"),
        base64.b64encode(b"xy" + NAME.encode() + b"z"),
    ],
)
def test_a_planted_name_is_found(dressed: bytes) -> None:
    assert leaks([NAME], {"here": dressed, "there": b"nothing"}) == [f"here: {NAME}"]


def test_what_is_not_there_is_not_found() -> None:
    assert leaks([NAME, "Quill"], {"here": b"[PERSON 1] Quillfeathers quil", "there": b""}) == []
