"""Secrets that our processes share, one file each, made on first use and readable by their owner only."""

from __future__ import annotations

import os
import secrets
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sealing.boxes import KEY_BYTES


class Secrets:
    """The secrets in ``folder``. Deploying processes apart means giving each only the files it reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make_all(self) -> None:
        """Make every secret that is missing, so that processes started together find the same ones."""
        for name in ("desk_to_bot", "bot_to_actions", "desk_to_actions", "relay_to_inbox"):
            getattr(self, name)
        _ = self.inbox_public, self.receipt_public

    @cached_property
    def desk_to_bot(self) -> bytes:
        """Signs the desk's turns to the bot."""
        return self._shared("desk_to_bot")

    @cached_property
    def bot_to_actions(self) -> bytes:
        """Lets the bot call the actions."""
        return self._shared("bot_to_actions")

    @cached_property
    def desk_to_actions(self) -> bytes:
        """Signs the envelopes that the desk brings to the actions."""
        return self._shared("desk_to_actions")

    @cached_property
    def relay_to_inbox(self) -> bytes:
        """Signs deliveries to the inbox."""
        return self._shared("relay_to_inbox")

    @cached_property
    def inbox_private(self) -> bytes:
        """Opens what was sealed for the receiving team; belongs on the inbox's machine alone."""
        return self._kept("inbox.private", X25519PrivateKey.generate().private_bytes_raw())

    @cached_property
    def inbox_public(self) -> bytes:
        """What the desk and the actions seal for."""
        public = self._folder / "inbox.public"
        if not public.exists():
            private = X25519PrivateKey.from_private_bytes(self.inbox_private)
            return self._kept("inbox.public", private.public_key().public_bytes_raw())
        return public.read_bytes()

    @cached_property
    def receipt_private(self) -> bytes:
        """Signs receipts; belongs on the inbox's machine alone."""
        return self._kept("receipt.private", Ed25519PrivateKey.generate().private_bytes_raw())

    @cached_property
    def receipt_public(self) -> bytes:
        """What the relay checks receipts with."""
        public = self._folder / "receipt.public"
        if not public.exists():
            private = Ed25519PrivateKey.from_private_bytes(self.receipt_private)
            return self._kept("receipt.public", private.public_key().public_bytes_raw())
        return public.read_bytes()

    def _shared(self, name: str) -> bytes:
        return self._kept(f"{name}.secret", secrets.token_bytes(KEY_BYTES))

    def _kept(self, name: str, fresh: bytes) -> bytes:
        """The bytes of file ``name``; ``fresh`` becomes them where there is none. Two processes agree on one."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / name
        draft = path.with_name(f".{name}.{secrets.token_hex(8)}")
        if not path.exists():
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(fresh)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)  # fails where another process was first: then its file stands
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_bytes()
