"""Sealing bytes, so that they open only with the key and only in the place they were sealed for.

``bound`` names that place (table, row, field). It is authenticated, not stored: moving sealed bytes to another row or
field makes them unreadable.
"""

from __future__ import annotations

import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sealing.errors import SealBroken

KEY_BYTES = 32
_NONCE_BYTES = 12
_POINT_BYTES = 32


def _place(bound: tuple[str, ...]) -> bytes:
    # JSON keeps ("a", "bc") and ("ab", "c") apart.
    return json.dumps(bound, ensure_ascii=True).encode()


def seal(key: bytes, plaintext: bytes, *bound: str) -> bytes:
    """``plaintext`` under a 32-byte ``key`` (AES-256-GCM), openable only for the same ``bound``."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, _place(bound))


def unseal(key: bytes, sealed: bytes, *bound: str) -> bytes:
    """What :func:`seal` was given. Raises :class:`SealBroken`."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _place(bound))
    except (InvalidTag, ValueError):
        raise SealBroken("sealed bytes do not open here: wrong key, altered, or moved") from None


def _shared_key(secret: bytes, ephemeral: bytes, receiver: bytes) -> bytes:
    # Both public keys go into the derivation (RFC 9180, 4.1), so that a sealed box names its receiver.
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"thinkfamily-box-1" + ephemeral + receiver).derive(secret)


def seal_for(public_key: bytes, plaintext: bytes, *bound: str) -> bytes:
    """``plaintext`` for the holder of the private half of ``public_key`` (X25519, HKDF-SHA256, AES-256-GCM).

    A fresh key pair is made for every call, and its private half forgotten: the sender cannot open what it sealed.
    """
    own = X25519PrivateKey.generate()
    ephemeral = own.public_key().public_bytes_raw()
    shared = own.exchange(X25519PublicKey.from_public_bytes(public_key))
    return ephemeral + seal(_shared_key(shared, ephemeral, public_key), plaintext, *bound)


def unseal_with(private_key: bytes, sealed: bytes, *bound: str) -> bytes:
    """What :func:`seal_for` was given. Raises :class:`SealBroken`."""
    own = X25519PrivateKey.from_private_bytes(private_key)
    ephemeral, box = sealed[:_POINT_BYTES], sealed[_POINT_BYTES:]
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(ephemeral))
    except ValueError:
        raise SealBroken("sealed bytes do not open here: they are too short or damaged") from None
    return unseal(_shared_key(shared, ephemeral, own.public_key().public_bytes_raw()), box, *bound)
