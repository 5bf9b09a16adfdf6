"""Keys are kept, and destroyed for good."""

from pathlib import Path

import pytest

from sealing import KeyDestroyed, KeyStore, KeyUnknown, open_engine


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
