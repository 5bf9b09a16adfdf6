"""Signed receipts: the receiving team's word that a referral is durably theirs (Ed25519)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sealing.errors import ReceiptWrong


def _canonical(receipt: Mapping[str, str]) -> bytes:
    return json.dumps(dict(receipt), sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def sign_receipt(private_key: bytes, receipt: Mapping[str, str]) -> str:
    """The signature over ``receipt``, base64."""
    return base64.b64encode(Ed25519PrivateKey.from_private_bytes(private_key).sign(_canonical(receipt))).decode()


def verify_receipt(public_key: bytes, receipt: Mapping[str, str], signature: str) -> None:
    """Raises :class:`ReceiptWrong` unless the holder of the key's private half signed exactly this receipt."""
    try:
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(public_key).verify(raw, _canonical(receipt))
    except (InvalidSignature, binascii.Error, ValueError):
        raise ReceiptWrong("the receipt was not signed by the receiving team's key") from None
