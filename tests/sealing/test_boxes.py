"""Sealed bytes open only with the key, and only where they belong."""

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sealing import SealBroken, seal, seal_for, unseal, unseal_with

KEY = bytes(range(32))
PRIVATE = X25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()

places = st.lists(st.text(max_size=8), max_size=4)


@given(st.binary(max_size=200), places)
def test_what_is_sealed_opens_in_its_place(plaintext: bytes, place: list[str]) -> None:
    assert unseal(KEY, seal(KEY, plaintext, *place), *place) == plaintext
    assert unseal_with(PRIVATE.private_bytes_raw(), seal_for(PUBLIC, plaintext, *place), *place) == plaintext


@given(st.binary(max_size=50), places, places)
def test_sealed_bytes_do_not_open_elsewhere(plaintext: bytes, place: list[str], elsewhere: list[str]) -> None:
    if place == elsewhere:
        elsewhere = [*elsewhere, "another"]
    with pytest.raises(SealBroken):
        unseal(KEY, seal(KEY, plaintext, *place), *elsewhere)
    with pytest.raises(SealBroken):
        unseal_with(PRIVATE.private_bytes_raw(), seal_for(PUBLIC, plaintext, *place), *elsewhere)


@given(st.binary(min_size=1, max_size=50), st.data())
def test_a_changed_byte_is_noticed(plaintext: bytes, data: st.DataObject) -> None:
    for sealed, opens in (
        (seal(KEY, plaintext, "row"), lambda box: unseal(KEY, box, "row")),
        (seal_for(PUBLIC, plaintext, "row"), lambda box: unseal_with(PRIVATE.private_bytes_raw(), box, "row")),
    ):
        at = data.draw(st.integers(0, len(sealed) - 1))
        # The top bit of an X25519 point is ignored by the curve, yet it too is part of what is authenticated.
        broken = bytearray(sealed)
        broken[at] ^= data.draw(st.integers(1, 255))
        with pytest.raises(SealBroken):
            opens(bytes(broken))


@pytest.mark.parametrize("rubbish", [b"", b"short", bytes(31), bytes(32), bytes(60)])
def test_rubbish_is_refused(rubbish: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, rubbish)
    with pytest.raises(SealBroken):
        unseal_with(PRIVATE.private_bytes_raw(), rubbish)


def test_the_same_text_never_looks_the_same() -> None:
    assert seal(KEY, b"again") != seal(KEY, b"again")
    assert seal_for(PUBLIC, b"again") != seal_for(PUBLIC, b"again")
