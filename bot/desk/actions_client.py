"""Sealed envelopes of agreed people, brought to the actions. What is in one, only the receiving team can read."""

from __future__ import annotations

import base64
from http import HTTPStatus

from bot.desk.signed_line import LineDown, SignedLine

_PATH = "/envelopes"


class EnvelopeNotKept(Exception):
    """The actions did not keep the envelope; the same one may be brought again."""


class ActionsClient:
    """Brings envelopes to the actions, whose contract is in docs/architecture.md."""

    def __init__(self, line: SignedLine) -> None:
        self._line = line

    async def bring(self, envelope: str, conversation: str, instance: int, officer: str, sealed: bytes) -> None:
        """Bring one envelope; the same again is harmless. Raises EnvelopeNotKept."""
        content = {
            "envelope": envelope,
            "conversation": conversation,
            "instance": instance,
            "officer": officer,
            "sealed": base64.b64encode(sealed).decode(),
        }
        try:
            status, _ = await self._line.post(_PATH, content)
        except LineDown as down:
            raise EnvelopeNotKept(str(down)) from None
        if status not in (HTTPStatus.OK, HTTPStatus.CREATED):
            raise EnvelopeNotKept(f"the actions answered {status}")
