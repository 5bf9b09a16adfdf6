"""Receipts only the receiving team can give; secrets only their owner can read."""

import threading
from pathlib import Path

import pytest

from sealing import ReceiptWrong, Secrets, seal_for, sign_receipt, unseal_with, verify_receipt

RECEIPT = {"reference": "TF-1", "digest": "ab", "received_at": "2026-01-01T00:00:00+00:00"}


def test_a_receipt_is_checked(tmp_path: Path) -> None:
    secrets, others = Secrets(tmp_path / "a"), Secrets(tmp_path / "b")
    signature = sign_receipt(secrets.receipt_private, RECEIPT)
    verify_receipt(secrets.receipt_public, dict(reversed(RECEIPT.items())), signature)
    with pytest.raises(ReceiptWrong):
        verify_receipt(others.receipt_public, RECEIPT, signature)
    with pytest.raises(ReceiptWrong):
        verify_receipt(secrets.receipt_public, {**RECEIPT, "digest": "cd"}, signature)
    with pytest.raises(ReceiptWrong):
        verify_receipt(secrets.receipt_public, RECEIPT, "not base64!")


def test_secrets_stay_and_are_private(tmp_path: Path) -> None:
    first = Secrets(tmp_path / "keys")
    first.make_all()
    again = Secrets(tmp_path / "keys")
    assert again.desk_to_bot == first.desk_to_bot
    assert unseal_with(first.inbox_private, seal_for(again.inbox_public, b"x", "p"), "p") == b"x"
    for path in (tmp_path / "keys").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_processes_started_together_agree(tmp_path: Path) -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(Secrets(tmp_path).desk_to_bot)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["desk_to_bot.secret"]
