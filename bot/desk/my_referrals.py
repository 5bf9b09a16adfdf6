"""An officer's own referrals, and their answers to the receiving team's questions."""

from __future__ import annotations

import asyncio

from sqlalchemy import Engine

from bot.desk.conversations import Conversation, NoSuchConversation
from bot.desk.door import Door, NotSent
from referrals import (
    ReferralDetails,
    ReferralLine,
    Status,
    answer_question,
    count_by_status,
    get_referral,
    list_for_officer,
)
from sealing import KeyStore


class MyReferrals:
    """The casework store, read and written as one officer."""

    def __init__(self, casework: Engine, keys: KeyStore, inbox_public: bytes, door: Door) -> None:
        self._casework = casework
        self._keys = keys
        self._inbox_public = inbox_public
        self._door = door

    async def all(self, officer: str) -> list[ReferralLine]:
        """The officer's referrals, newest first. Raises referrals.StoreUnavailable."""
        return await asyncio.to_thread(list_for_officer, self._casework, officer)

    def latest(self, conversation: Conversation) -> ReferralLine | None:
        """The newest referral made in a conversation, where there is one. Blocks; raises referrals.StoreUnavailable."""
        lines = list_for_officer(self._casework, conversation.officer)
        return next((line for line in lines if line.conversation == conversation.id), None)

    async def one(self, reference: str, officer: str) -> ReferralDetails:
        """One of them, opened. Raises referrals.ReferralsError."""
        return await asyncio.to_thread(get_referral, self._casework, self._keys, reference, officer)

    async def answer(self, referral: ReferralDetails, officer: str, raw: str) -> None:
        """Hide what is personal in `raw` with the tokens of the referral's own conversation, and send it.

        Raises NotSent, referrals.ReferralsError.
        """
        try:
            redacted = await self._door.hide(referral.conversation, officer, raw)
        except NoSuchConversation:
            # Its tokens are gone with it: new ones would be taken for other people.
            raise NotSent("names_gone") from None
        await asyncio.to_thread(
            answer_question,
            self._casework,
            self._keys,
            self._inbox_public,
            referral.reference,
            officer,
            redacted.text,
        )

    async def counts(self) -> dict[Status, int]:
        """How many referrals stand at each status, of all officers: what a manager sees."""
        return await asyncio.to_thread(count_by_status, self._casework)
