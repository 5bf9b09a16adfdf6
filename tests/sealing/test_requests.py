"""Only a fresh request, signed by the right process, is taken, and once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealing import BadSignature, RequestVerifier, sign_request

SECRET = b"s" * 32


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@given(st.binary(max_size=100), st.sampled_from(["/a", "/a?b=1"]))
def test_a_signed_request_is_taken_once(body: bytes, path: str) -> None:
    clock = Clock()
    verifier = RequestVerifier(SECRET, clock=clock)
    headers = sign_request(SECRET, "POST", path, body, clock=clock)
    verifier.verify("POST", path, {name.upper(): value for name, value in headers.items()}, body)
    with pytest.raises(BadSignature, match="seen before"):
        verifier.verify("POST", path, headers, body)


@pytest.mark.parametrize(
    ("method", "path", "body", "secret"),
    [
        ("GET", "/a", b"{}", SECRET),
        ("POST", "/b", b"{}", SECRET),
        ("POST", "/a", b"[]", SECRET),
        ("POST", "/a", b"{}", b"t" * 32),
    ],
)
def test_anything_changed_is_refused(method: str, path: str, body: bytes, secret: bytes) -> None:
    headers = sign_request(SECRET, "POST", "/a", b"{}")
    with pytest.raises(BadSignature, match="signature is wrong"):
        RequestVerifier(secret).verify(method, path, headers, body)


@pytest.mark.parametrize("headers", [{}, {"X-Thinkfamily-Time": "now"}, {"X-Thinkfamily-Time": "²"}])
def test_unsigned_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature, match="not signed"):
        RequestVerifier(SECRET).verify("POST", "/a", headers, b"")


@pytest.mark.parametrize("drift", [-61, 61])
def test_stale_is_refused(drift: int) -> None:
    clock = Clock()
    headers = sign_request(SECRET, "POST", "/a", b"", clock=clock)
    clock.now += drift
    with pytest.raises(BadSignature, match="stale"):
        RequestVerifier(SECRET, clock=clock).verify("POST", "/a", headers, b"")
