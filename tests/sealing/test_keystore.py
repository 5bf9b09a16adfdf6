"""Keys are kept, and destroyed for good."""

from pathlib import Path

import pytest

from sealing import KeyDestroyed, KeyStore, KeyUnknown, SealBroken, open_engine


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'keys' / 'keys.db'}"


def test_an_owner_keeps_its_key(url: str) -> None:
    key = KeyStore(open_engine(url)).get_or_create("conversation/c_1")
    again = KeyStore(open_engine(url))
    assert len(key) == 32
    assert again.get("conversation/c_1") == key
    assert again.get_or_create("conversation/c_1") == key
    assert again.get_or_create("conversation/c_2") != key


def test_no_key_was_made(url: str) -> None:
    with pytest.raises(KeyUnknown):
        KeyStore(open_engine(url)).get("conversation/c_1")


def test_a_destroyed_key_never_comes_back_and_its_bytes_are_gone(url: str, tmp_path: Path) -> None:
    engine = open_engine(url)
    store = KeyStore(engine)
    key = store.get_or_create("referral/TF-1")
    store.destroy("referral/TF-1")
    store.destroy("referral/TF-1")
    with pytest.raises(KeyDestroyed):
        store.get("referral/TF-1")
    with pytest.raises(KeyDestroyed):
        store.get_or_create("referral/TF-1")
    assert store.destroyed() == ["referral/TF-1"]
    engine.dispose()  # the last connection folds the write-ahead log into the file
    left = b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())
    assert key not in left


def test_a_changed_key_opens_what_the_one_before_sealed_until_that_is_dropped(url: str) -> None:
    store = KeyStore(open_engine(url))
    store.get_or_create("conversation/c_1")
    old = store.ring("conversation/c_1").seal(b"words", "place")
    ring = store.rotate("conversation/c_1")
    new = ring.seal(b"words", "place")
    assert store.get("conversation/c_1") == ring.current
    assert [ring.unseal(sealed, "place") for sealed in (old, new)] == [b"words", b"words"]
    assert store.rotating("conversation/") == ["conversation/c_1"]
    store.drop_earlier("conversation/c_1", ring)
    assert store.rotating("conversation/") == []
    assert store.ring("conversation/c_1").unseal(new, "place") == b"words"
    with pytest.raises(SealBroken):
        store.ring("conversation/c_1").unseal(old, "place")


def test_a_change_of_keys_begun_twice_loses_nothing(url: str) -> None:
    store = KeyStore(open_engine(url))
    store.get_or_create("o")
    first = store.ring("o").seal(b"first")
    second = store.rotate("o").seal(b"second")
    ring = store.rotate("o")
    assert [ring.unseal(first), ring.unseal(second)] == [b"first", b"second"]


@pytest.mark.parametrize("how", ["dropped", "destroyed"])
def test_the_bytes_of_an_earlier_key_are_gone_while_the_store_stays_open(url: str, tmp_path: Path, how: str) -> None:
    store = KeyStore(open_engine(url))
    key = store.get_or_create("o")
    ring = store.rotate("o")
    if how == "dropped":
        store.drop_earlier("o", ring)
    else:
        store.destroy("o")
    assert key not in b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())


def test_several_owners_are_destroyed_together(url: str) -> None:
    store = KeyStore(open_engine(url))
    store.get_or_create("a")
    store.destroy("a", "b")
    assert sorted(store.destroyed()) == ["a", "b"]
    assert store.is_destroyed("b")
    assert not store.is_destroyed("c")
    with pytest.raises(KeyDestroyed):
        store.rotate("b")
    with pytest.raises(KeyUnknown):
        store.rotate("c")
