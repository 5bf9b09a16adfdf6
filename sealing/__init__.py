"""Keys, sealing, request signatures and receipts.

Everything that is kept sealed, and every message between processes, goes through here.

Exceptions::

    SealingError
    ├── KeyUnknown      no such key was ever made
    ├── KeyDestroyed    it was destroyed on purpose: what it sealed is gone for good
    ├── SealBroken      wrong key, altered bytes, or bytes moved from another place
    ├── BadSignature    a request that is not from the process it claims, is stale, or was seen before
    └── ReceiptWrong    a receipt that the receiving team's key did not sign
"""

from sealing.boxes import seal, seal_for, unseal, unseal_with
from sealing.columns import UtcDateTime
from sealing.engines import open_engine, wipe_freed_pages
from sealing.errors import (
    BadSignature,
    KeyDestroyed,
    KeyUnknown,
    ReceiptWrong,
    SealBroken,
    SealingError,
)
from sealing.ids import new_id
from sealing.keystore import KeyRing, KeyStore
from sealing.receipts import sign_receipt, verify_receipt
from sealing.requests import RequestVerifier, sign_request
from sealing.secrets import Secrets

__all__ = [
    "BadSignature",
    "KeyDestroyed",
    "KeyRing",
    "KeyStore",
    "KeyUnknown",
    "ReceiptWrong",
    "RequestVerifier",
    "SealBroken",
    "SealingError",
    "Secrets",
    "UtcDateTime",
    "new_id",
    "open_engine",
    "seal",
    "seal_for",
    "sign_receipt",
    "sign_request",
    "unseal",
    "unseal_with",
    "verify_receipt",
    "wipe_freed_pages",
]
