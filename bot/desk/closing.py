"""Finishing a conversation, erasing one, and clearing names when their time is over."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.desk.conversations import Conversation, ConversationStore, WhyCleared
from bot.desk.envelopes import EnvelopeStore
from bot.desk.vault import Vault
from redaction import RedactionError
from referrals import ReferralLine, StoreUnavailable
from referrals.states import DECIDED
from sealing import SealingError

_log = logging.getLogger(__name__)

ReferralOf = Callable[[Conversation], ReferralLine | None]
"""The newest referral of a conversation, where one is known."""


@dataclass(frozen=True)
class NamesKept:
    """How long names are kept: `untouched` after the last use, `referred` after a referral was sent."""

    untouched: timedelta
    referred: timedelta


class Closing:
    """What ends a conversation for good. Every call blocks."""

    def __init__(
        self,
        conversations: ConversationStore,
        vault: Vault,
        envelopes: EnvelopeStore,
        look_back: Callable[[str], None],
    ) -> None:
        """`look_back` writes down what is still to be hidden in a conversation, which takes its names."""
        self._conversations = conversations
        self._vault = vault
        self._envelopes = envelopes
        self._look_back = look_back

    def finish(self, conversation_id: str, why: WhyCleared = "finished") -> None:
        """Forget who everybody in it is; its words stay to be read, in tokens, and nothing more can be said in it."""
        try:
            self._look_back(conversation_id)
        except (SQLAlchemyError, SealingError, RedactionError) as error:
            # They were promised that the names go: that comes first.
            _log.error("%s was closed without a last look back: %s", conversation_id, type(error).__name__)
        self._close(conversation_id, why)

    def erase(self, conversation_id: str) -> None:
        """Erase all of it, with what the bot keeps of it: the keys that both seal under are destroyed."""
        self._close(conversation_id, "finished")
        self._conversations.delete(conversation_id)

    def clear_names(self, now: datetime, kept: NamesKept, referral_of: ReferralOf) -> int:
        """Finish every conversation whose names have been kept long enough; how many that were.

        That is one that nobody used for a while, ended or not; with a referral, one that the team has decided about or
        that was sent long ago.
        """
        cleared = 0
        for conversation in self._conversations.open():
            why = _why_over(conversation, now, kept, referral_of)
            if why is not None:
                self.finish(conversation.id, why)
                cleared += 1
        return cleared

    def _close(self, conversation_id: str, why: WhyCleared) -> None:
        self._conversations.close(conversation_id, why)
        self._vault.wipe(conversation_id)
        self._envelopes.forget(conversation_id)


def _why_over(conversation: Conversation, now: datetime, kept: NamesKept, referral_of: ReferralOf) -> WhyCleared | None:
    """Why the names are to be cleared now, if they are."""
    referral = conversation.state.referral
    if referral is None or not referral.reference:
        return "time" if conversation.touched_at < now - kept.untouched else None
    try:
        known = referral_of(conversation)
    except StoreUnavailable:
        known = None
    if known is not None and known.status in DECIDED:
        return "referral_over"
    sent_at = conversation.touched_at if known is None else known.created_at
    return "referral_time" if sent_at < now - kept.referred else None
