"""Finishing a conversation, and erasing one."""

from __future__ import annotations

from datetime import datetime

from bot.desk.conversations import ConversationStore
from bot.desk.envelopes import EnvelopeStore
from bot.desk.vault import Vault


class Closing:
    """What ends a conversation for good. Every call blocks."""

    def __init__(self, conversations: ConversationStore, vault: Vault, envelopes: EnvelopeStore) -> None:
        self._conversations = conversations
        self._vault = vault
        self._envelopes = envelopes

    def finish(self, conversation_id: str) -> None:
        """Forget who everybody in it is; its words stay to be read, in tokens, and nothing more can be said in it."""
        self._conversations.close(conversation_id)
        self._vault.wipe(conversation_id)
        self._envelopes.forget(conversation_id)

    def erase(self, conversation_id: str) -> None:
        """Erase all of it, with what the bot keeps of it: the key that both seal under is destroyed."""
        self.finish(conversation_id)
        self._conversations.delete(conversation_id)

    def finish_left_alone(self, moment: datetime) -> int:
        """Finish what ended without a referral and was last used before `moment`; how many that were."""
        left = self._conversations.left_alone_since(moment)
        for conversation in left:
            self.finish(conversation.id)
        return len(left)
