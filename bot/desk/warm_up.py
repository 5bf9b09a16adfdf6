"""The first turn: it passes through the whole chain and back before the desk says that it is ready."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from bot.desk.bot_client import BotClient
from bot.desk.closing import Closing
from bot.desk.conversations import ConversationStore
from bot.desk.door import Door, NotSent
from sealing import SealingError, new_id

_log = logging.getLogger(__name__)

OFFICER = "a_warm_up"
# Invented, and with a name in it: hiding, hearing and answering all have something to do.
_WORDS = "Ann Example rang about a new address. She is 2 months behind with the rent."
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0  # seconds


class WarmUp:
    """Tries until one turn has come back."""

    def __init__(self, door: Door, bot: BotClient, conversations: ConversationStore, closing: Closing) -> None:
        self._door = door
        self._bot = bot
        self._conversations = conversations
        self._closing = closing
        self._done = False

    async def ready(self) -> bool:
        """Whether a turn has passed through redaction, bot and actions and back."""
        return self._done

    async def run(self) -> None:
        """Try, with growing pauses, until a turn has passed."""
        await self._door.warm_up()
        pause = _FIRST_PAUSE
        while not (await self._bot.is_ready() and await self._turn_passes()):
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)
        self._done = True
        _log.info("a turn has passed through the whole chain: ready")

    async def _turn_passes(self) -> bool:
        try:
            conversation = await asyncio.to_thread(self._conversations.create, OFFICER)
            try:
                await self._door.say(conversation.id, OFFICER, new_id("t"), _WORDS)
            finally:
                await asyncio.to_thread(self._closing.erase, conversation.id)
        except NotSent as not_sent:
            _log.info("not ready yet: %s", not_sent.why)
            return False
        except (SQLAlchemyError, SealingError) as error:
            _log.error("not ready: the databases cannot be used (%s)", type(error).__name__)
            return False
        return True
