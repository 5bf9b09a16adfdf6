"""What the desk's handlers work with, made once when the app is created."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from bot.desk.cards import Cards
from bot.desk.closing import Closing
from bot.desk.conversations import Conversation, ConversationStore
from bot.desk.door import Door
from bot.desk.my_referrals import MyReferrals
from bot.desk.sending import Sender
from bot.desk.shown import Screen
from bot.desk.vault import Vault
from redaction import Identities
from understanding import RulePack


@dataclass(frozen=True)
class Desk:
    """The parts, by name."""

    conversations: ConversationStore
    vault: Vault
    closing: Closing
    door: Door
    sender: Sender
    referrals: MyReferrals
    cards: Cards
    pack: RulePack
    council: str

    def screen(self, conversation: Conversation) -> Screen:
        """What puts names to the tokens of a conversation. Blocks."""
        return self.screen_of(conversation, self.vault.book(conversation.id))

    def screen_of(self, conversation: Conversation, book: Identities) -> Screen:
        """The same, for a book that was read already."""
        return Screen(book, conversation.state, self.pack)


DESK = web.AppKey("desk", Desk)
