"""Sees to it that what was stored agrees with what is known by now: at the bot first, then in the desk's own rows."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from bot.desk.bot_client import BotClient, LooksPersonal, TurnFailed
from bot.desk.envelopes import EnvelopeStore
from bot.desk.rewrites import Queued, Rewrites
from bot.desk.vault import Vault
from redaction import Redacted, RedactionError, Rewrite, TurnEdit
from sealing import KeyDestroyed, SealingError

_log = logging.getLogger(__name__)


class Rewriter:
    """Finishes what is to be hidden or shown late. Calls for one conversation must come one after the other."""

    def __init__(self, rewrites: Rewrites, vault: Vault, envelopes: EnvelopeStore, bot: BotClient) -> None:
        self._rewrites = rewrites
        self._vault = vault
        self._envelopes = envelopes
        self._bot = bot

    async def finish(self, conversation_id: str) -> bool:
        """Do what the conversation waits for; whether all of it is done. Raises nothing: it is tried again later."""
        try:
            await asyncio.to_thread(self.look_back, conversation_id)
            while queued := await asyncio.to_thread(self._next, conversation_id):
                await self._make(conversation_id, queued)
        except TurnFailed as failed:
            _log.warning("%s is not rewritten everywhere yet: %s", conversation_id, failed)
            return False
        except KeyDestroyed:
            return True  # erased: nothing is left to rewrite
        except (SQLAlchemyError, SealingError, RedactionError, ValueError) as error:
            _log.error("%s could not be rewritten here yet: %s", conversation_id, type(error).__name__)
            return False
        return True

    def look_back(self, conversation_id: str) -> None:
        """Look through what was stored, if the book changed since, and write down what is to change. Blocks.

        Raises sqlalchemy's, sealing's and redaction's errors; it is due still, then.
        """
        waiting = self._rewrites.waiting(conversation_id)
        if waiting is None or not waiting.due:
            return
        kept = self._rewrites.kept(conversation_id)
        typed = kept.typed()
        found = self._vault.look_through(conversation_id, typed)
        book = self._vault.book(conversation_id)
        shown: dict[str, str] = {}
        renamed: dict[str, str] = {}
        for token in sorted(kept.tokens()):
            if book.is_settled_away(token):
                words = self._vault.words_shown(conversation_id, token)
                shown |= {token: words.text} if words else {}
            elif book.now(token) != token:
                renamed[token] = book.now(token)
        edits = tuple(TurnEdit(turn, part, edit) for (turn, part), some in found.items() for edit in some)
        rewrite = Rewrite(frozenset(turn for turn, _ in typed), edits, shown, renamed)
        self._rewrites.looked_through(conversation_id, rewrite)

    def waiting(self) -> list[str]:
        """Every conversation that something is to be finished in. Blocks."""
        return self._rewrites.conversations()

    def _next(self, conversation_id: str) -> Queued | None:
        waiting = self._rewrites.waiting(conversation_id)
        if waiting is None:
            self._rewrites.let_go(conversation_id)
            return None
        return waiting.queued[0] if waiting.queued else None

    async def _make(self, conversation_id: str, queued: Queued) -> None:
        wanted = queued.rewrite
        shown = await asyncio.to_thread(self._shown, conversation_id, wanted)
        if shown is None:
            await self._without_shown(conversation_id, queued)
            return
        try:
            await self._bot.rewrite(conversation_id, queued.id, wanted, shown)
        except LooksPersonal:
            await self._without_shown(conversation_id, queued)
            return
        # An envelope that is sealed already may name somebody by what is changed here: it is made anew.
        await asyncio.to_thread(self._envelopes.forget, conversation_id)
        await asyncio.to_thread(self._rewrites.make, conversation_id, queued)

    def _shown(self, conversation_id: str, wanted: Rewrite) -> dict[str, Redacted] | None:
        """The words shown, through the redactor; None where they are no longer those that were written down."""
        words = {token: self._vault.words_shown(conversation_id, token) for token in wanted.shown or {}}
        known = {token: redacted for token, redacted in words.items() if redacted is not None}
        texts = {token: redacted.text for token, redacted in known.items()}
        return known if texts == (wanted.shown or {}) else None

    async def _without_shown(self, conversation_id: str, queued: Queued) -> None:
        """Names were cleared, or the words may not be shown: what is hidden stays so; the rest is done all the same."""
        _log.warning("what was to be shown again in %s stays hidden", conversation_id)
        rest = Rewrite(queued.rewrite.turns, queued.rewrite.edits, None, queued.rewrite.renamed)
        await asyncio.to_thread(self._rewrites.replace, conversation_id, queued, rest)
