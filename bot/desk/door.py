"""The door: the one way from what an officer types to the bot. It fails closed, and it is never deaf.

Raw text lives here in memory only. Whatever goes wrong, nothing counts as said: `NotSent` names why, and holds the
action cards for danger that was heard all the same, so that the page can give the words back and show them.
"""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

from sqlalchemy.exc import SQLAlchemyError

from bot.desk import bot_client
from bot.desk.bot_client import BotClient, CardShown, Reply, TurnFailed
from bot.desk.conversations import Conversation, ConversationStore, NoSuchConversation, WhyCleared
from bot.desk.rewriter import Rewriter
from bot.desk.shown import NOT_SAID
from bot.desk.vault import Vault
from conversation import State, ValueNotAllowed, check_value
from conversation.turns import Choice
from redaction import (
    PERSON,
    TOKEN,
    Identities,
    MessageEmpty,
    MessageTooLong,
    Redacted,
    RedactionError,
    normalise,
    tripwire,
)
from redaction.normalising import MAX_LENGTH
from sealing import KeyDestroyed, SealingError, new_id

_log = logging.getLogger(__name__)

Hear = Callable[[str], Sequence[CardShown]]
"""Danger heard in raw text, without the bot and the redactor."""

# What word processors and mail programs leave in pasted writing; other control characters are a sign of a file.
_CONTROLS_IN_WRITING = frozenset("\t\n\v\f\r\x85")
_UNKNOWN_CHARACTER = "\ufffd"
_MOST_UNREADABLE = 0.02  # of all characters


class NotSent(Exception):
    """Nothing was sent or kept. `why` is a name in words.yml (not_sent), `values` fill it; `cards` is danger heard."""

    def __init__(self, why: str, cards: Sequence[CardShown] = (), **values: object) -> None:
        super().__init__(why)
        self.why = why
        self.cards = tuple(cards)
        self.values = values


_WHY: dict[type[TurnFailed], str] = {
    bot_client.BotDown: "bot_down",
    bot_client.NotKept: "not_kept",
    bot_client.StaleQuestion: "stale_question",
    bot_client.LooksPersonal: "looks_personal",
    bot_client.LooksLikeCommand: "looks_like_command",
    bot_client.TurnRefused: "bot_down",
    bot_client.TurnReused: "bot_down",
}

# Of a turn refused like this the bot keeps nothing.
_NOT_TAKEN = (
    bot_client.LooksPersonal,
    bot_client.LooksLikeCommand,
    bot_client.StaleQuestion,
    bot_client.TurnRefused,
)


class Door:
    """Takes what officers say in their conversations. One turn at a time in each conversation."""

    def __init__(
        self,
        conversations: ConversationStore,
        vault: Vault,
        bot: BotClient,
        hear: Hear,
        finish: Callable[[str, WhyCleared], None],
        rewriter: Rewriter,
    ) -> None:
        """`finish` wipes a conversation's names and closes it; it blocks."""
        self._rewriter = rewriter
        self._conversations = conversations
        self._vault = vault
        self._bot = bot
        self._hear = hear
        self._finish = finish
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def open(self, conversation_id: str, officer: str) -> Conversation:
        """Let the bot open the conversation, or say again where it stands. Raises NotSent, NoSuchConversation."""
        async with self._lock(conversation_id):
            conversation = await self._get(conversation_id, officer)
            return await self._taken(conversation, self._open(conversation))

    async def say(self, conversation_id: str, officer: str, turn: str, raw: str) -> Conversation:
        """Hide what is personal in `raw`, send it, keep the turn. Raises NotSent, NoSuchConversation.

        The same turn id with the same words is taken once, however often it is sent.
        """
        try:
            async with self._lock(conversation_id):
                conversation = await self._rewritten(await self._get(conversation_id, officer))
                return await self._taken(conversation, self._say(conversation, turn, raw))
        except NotSent as not_sent:
            not_sent.cards = not_sent.cards or await self._heard(conversation_id, raw)
            raise

    async def choose(
        self, conversation_id: str, officer: str, turn: str, choice: Choice, reason: str | None = None
    ) -> Conversation:
        """Send a press; `reason` is typed text that goes with it, and is hidden first.

        Raises NotSent, NoSuchConversation.
        """
        async with self._lock(conversation_id):
            conversation = await self._rewritten(await self._get(conversation_id, officer))
            return await self._taken(conversation, self._choose(conversation, turn, choice, reason))

    async def hide_words(self, conversation_id: str, officer: str, words: str, kind: str = PERSON) -> Conversation:
        """The officer says that `words` is personal: hidden from now on, and in all that was stored.

        The conversation comes back `unfinished` where that is not so everywhere yet; it is tried again until it is.
        Once `state.referral.reference` is set, the receiving team has the words already.
        Raises NotSent ("nothing_to_hide"), NoSuchConversation.
        """
        bare = _as_stored(TOKEN.sub(" ", words))
        return await self._change(conversation_id, officer, lambda book: book.hide(bare, kind), "nothing_to_hide")

    async def show_words(self, conversation_id: str, officer: str, words_or_token: str) -> Conversation:
        """Not personal after all: readable from now on, and put back in all that was stored.

        A token stands for every way it was written. Comes back as `hide_words` does.
        Raises NotSent ("always_hidden" for numbers and addresses), NoSuchConversation.
        """

        def show(book: Identities) -> None:
            for words in book.lookup(words_or_token) or (_as_stored(words_or_token),):
                book.show(words)

        return await self._change(conversation_id, officer, show, "always_hidden")

    async def settle(self, conversation_id: str, officer: str, hidden: Collection[str]) -> Conversation:
        """All doubtful tokens at once: those in `hidden` are sure from now on, all others are shown.

        What may never be shown stays hidden too. Comes back as `hide_words` does. Raises NotSent, NoSuchConversation.
        """

        def settle(book: Identities) -> None:
            for token, _ in book.doubtful():
                written = book.lookup(token)
                if token in hidden or any(tripwire(words) for words in written):
                    book.settle(token)
                else:
                    for words in written:
                        book.show(words)

        return await self._change(conversation_id, officer, settle, "always_hidden")

    async def same_person(self, conversation_id: str, officer: str, token: str, into: str) -> Conversation:
        """Two tokens are one person: `token` becomes `into` everywhere. Comes back as `hide_words` does.

        Raises NotSent: "not_two_people" for anything but two people of this conversation, "already_agreed" once one of
        them was agreed to be shared or the referral is sent. Raises NoSuchConversation.
        """

        def may(state: State) -> None:
            agreed = {person.token for person in state.people or () if person.agreed}
            if agreed & {token, into} or (state.referral is not None and state.referral.reference):
                raise NotSent("already_agreed")

        def merge(book: Identities) -> None:
            book.merge(token, into)

        return await self._change(conversation_id, officer, merge, "not_two_people", may)

    async def finish_rewriting(self, conversation_id: str, officer: str) -> Conversation:
        """Do what is still to be hidden or shown, if anything is; `unfinished` says whether something is left.

        Raises NotSent ("closed"), NoSuchConversation.
        """
        async with self._lock(conversation_id):
            return await self._rewritten(await self._get(conversation_id, officer))

    async def finish_all_rewriting(self) -> None:
        """The same for every conversation of every officer, closed ones too."""
        for conversation_id in await asyncio.to_thread(self._rewriter.waiting):
            async with self._lock(conversation_id):
                await self._rewriter.finish(conversation_id)

    async def warm_up(self) -> None:
        """Load what listens for danger words, so that nobody waits for it later."""
        await self._heard("the warm-up", "hello")

    async def hide(self, conversation_id: str, officer: str, raw: str) -> Redacted:
        """What would be sent for `raw`; the people found in it are remembered. Raises NotSent, NoSuchConversation."""
        async with self._lock(conversation_id):
            await self._get(conversation_id, officer)
            return await self._hide(conversation_id, raw)

    async def try_out(self, conversation_id: str, officer: str, raw: str) -> Redacted:
        """What would be sent for `raw`; nothing is remembered. Raises NotSent, NoSuchConversation."""
        await self._get(conversation_id, officer)
        return await self._hide(conversation_id, raw, self._vault.try_out)

    def _lock(self, conversation_id: str) -> asyncio.Lock:
        return self._locks.setdefault(conversation_id, asyncio.Lock())

    async def _get(self, conversation_id: str, officer: str) -> Conversation:
        try:
            conversation = await asyncio.to_thread(self._conversations.get, conversation_id, officer)
        except KeyDestroyed:
            raise NoSuchConversation("the conversation was erased") from None
        except (SQLAlchemyError, SealingError) as error:
            _log.error("%s could not be read: %s", conversation_id, type(error).__name__)
            raise NotSent("not_kept") from None
        if conversation.closed_at:
            raise NotSent("closed")
        return conversation

    async def _change(
        self,
        conversation_id: str,
        officer: str,
        change: Callable[[Identities], object],
        refused: str,
        may: Callable[[State], None] = lambda _: None,
    ) -> Conversation:
        """Change the book, then everything stored; `refused` says why where the book does not take the change."""
        async with self._lock(conversation_id):
            conversation = await self._get(conversation_id, officer)
            may(conversation.state)
            try:
                await asyncio.to_thread(self._vault.change, conversation_id, change)
            except ValueError:
                raise NotSent(refused) from None
            except KeyDestroyed:
                raise NotSent("closed") from None
            except (SQLAlchemyError, SealingError) as error:
                _log.error("the book of %s could not be changed: %s", conversation_id, type(error).__name__)
                raise NotSent("not_kept") from None
            return await self._rewritten(replace(conversation, unfinished=True))

    async def _rewritten(self, conversation: Conversation) -> Conversation:
        """The conversation once what was stored agrees with the book, as far as can be."""
        if not conversation.unfinished:
            return conversation
        await self._rewriter.finish(conversation.id)
        try:
            return await asyncio.to_thread(self._conversations.get, conversation.id, conversation.officer)
        except KeyDestroyed:
            raise NoSuchConversation("the conversation was erased") from None
        except (SQLAlchemyError, SealingError):
            return conversation  # `unfinished` still

    async def _taken(self, conversation: Conversation, taking: Awaitable[Conversation]) -> Conversation:
        try:
            return await self._rewritten(await taking)
        except bot_client.Erased:
            raise NoSuchConversation("the conversation was erased") from None
        except TurnFailed as failed:
            _log.warning("a turn of %s was not taken: %s", conversation.id, failed)
            cards = failed.cards if isinstance(failed, bot_client.NotKept) else ()
            if isinstance(failed, bot_client.StaleQuestion):
                await self._catch_up(conversation)
            raise NotSent(_WHY[type(failed)], cards) from None
        except (SQLAlchemyError, SealingError) as error:
            _log.error("a turn of %s could not be kept here: %s", conversation.id, type(error).__name__)
            raise NotSent("not_kept") from None

    async def _open(self, conversation: Conversation) -> Conversation:
        turn = new_id("t")
        reply = await self._bot.open(conversation.id, turn, conversation.officer)
        return await self._keep(conversation, reply)

    async def _catch_up(self, conversation: Conversation) -> None:
        """The bot knows of a turn that was not kept here: ask it where the conversation stands."""
        try:
            await self._open(conversation)
        except (TurnFailed, SQLAlchemyError, SealingError) as error:
            _log.warning("%s could not catch up with the bot: %s", conversation.id, type(error).__name__)

    async def _say(self, conversation: Conversation, turn: str, raw: str) -> Conversation:
        redacted = await self._hide(conversation.id, raw)
        before = await asyncio.to_thread(self._conversations.find_turn, conversation, turn)
        if before is not None:
            if before.text == redacted.text:
                return conversation
            turn = new_id("t")  # other words in a form that was sent before: a new message
        if not conversation.state.answered_turn:
            conversation = await self._open(conversation)
        try:
            reply = await self._send(conversation, turn, redacted)
        except bot_client.TurnReused:  # the bot had kept it, the answer was lost, and the words were changed since
            reply = await self._send(conversation, new_id("t"), redacted)
        return await self._keep(conversation, reply, text=redacted.text)

    async def _send(self, conversation: Conversation, turn: str, said: Redacted | Choice) -> Reply:
        """Send a message or a press. It is noted first: should its answer be lost, the bot may have it all the same."""
        text, choice = (said.text, None) if isinstance(said, Redacted) else (None, said)
        if not await asyncio.to_thread(self._conversations.sending, conversation, turn, text=text, choice=choice):
            return await self._send(conversation, new_id("t"), said)
        try:
            if isinstance(said, Redacted):
                return await self._bot.say(conversation.id, turn, conversation.officer, said)
            return await self._bot.choose(conversation.id, turn, conversation.officer, said)
        except _NOT_TAKEN:
            await asyncio.to_thread(self._conversations.not_taken, conversation, turn)
            raise

    async def _choose(self, conversation: Conversation, turn: str, choice: Choice, reason: str | None) -> Conversation:
        typed = _typed_in(choice) if reason is None else reason
        if typed is not None:
            redacted = await self._hide(conversation.id, typed)
            choice = Choice(question=choice.question, n=choice.n, value={**choice.value, "reason": redacted.text})
        try:
            check_value(choice.question, choice.value)
        except ValueNotAllowed:
            raise NotSent("not_offered") from None
        try:
            reply = await self._send(conversation, turn, choice)
        except bot_client.TurnReused:
            reply = await self._send(conversation, new_id("t"), choice)
        if choice.question == "people":
            await self._keep_roles(conversation.id, choice)
        return await self._keep(conversation, reply, choice=choice)

    async def _keep_roles(self, conversation_id: str, choice: Choice) -> None:
        """Who is who was said: it stays with the names, also when the question is opened again."""

        def set_roles(book: Identities) -> None:
            for person in choice.value["people"]:
                book.set_role(person["token"], "" if person["role"] == NOT_SAID else person["role"])

        await asyncio.to_thread(self._vault.change, conversation_id, set_roles)

    async def _hide(
        self, conversation_id: str, raw: str, redact: Callable[[str, str], Redacted] | None = None
    ) -> Redacted:
        check_readable(raw)
        try:
            return await asyncio.to_thread(redact or self._vault.redact, conversation_id, raw)
        except MessageEmpty:
            raise NotSent("empty") from None
        except MessageTooLong:
            raise NotSent("too_long", length=f"{len(raw):,}", most=f"{MAX_LENGTH:,}") from None
        except RedactionError as error:
            _log.warning("a message of %s could not be made safe: %s", conversation_id, type(error).__name__)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # whatever else: a panic in a library written in Rust is no `Exception`
            _log.error("hiding failed in %s: %s", conversation_id, type(error).__name__)
        raise NotSent("hiding_failed")

    async def _keep(
        self, conversation: Conversation, reply: Reply, *, text: str | None = None, choice: Choice | None = None
    ) -> Conversation:
        kept = await asyncio.to_thread(
            self._conversations.keep_turn,
            conversation,
            reply.turn,
            text=text,
            choice=choice,
            messages=reply.messages,
            state=reply.state,
        )
        if kept.state.ended is not None and kept.state.ended.how == "said_no":
            # They said no: who they are is forgotten at once.
            await asyncio.to_thread(self._finish, kept.id, "said_no")
        return await asyncio.to_thread(self._conversations.get, kept.id, kept.officer)

    async def _heard(self, conversation_id: str, raw: str) -> tuple[CardShown, ...]:
        try:
            return tuple(await asyncio.to_thread(self._hear, raw))
        except Exception as error:  # the cards' own page is still one press away
            _log.error("danger words could not be looked for in %s: %s", conversation_id, type(error).__name__)
            return ()


def _typed_in(choice: Choice) -> str | None:
    """Words that came inside a press, where only hidden ones may stand: they are as raw as any."""
    reason = choice.value.get("reason") if isinstance(choice.value, dict) else None
    return reason if isinstance(reason, str) else None


def _as_stored(words: str) -> str:
    """Words in the form in which texts are stored. Raises NotSent where there is nothing in them to hide."""
    try:
        return normalise(words).strip()
    except (MessageEmpty, MessageTooLong):
        raise NotSent("nothing_to_hide") from None


def check_readable(raw: str) -> None:
    """Raises NotSent for what is no writing that can be made safe here: no words, a file's bytes, another alphabet."""
    unreadable = sum(
        character == _UNKNOWN_CHARACTER
        or (unicodedata.category(character) in ("Cc", "Cs") and character not in _CONTROLS_IN_WRITING)
        for character in raw
    )
    if "\0" in raw or unreadable > _MOST_UNREADABLE * len(raw):
        raise NotSent("not_text")
    letters = [character for character in unicodedata.normalize("NFKC", raw) if character.isalnum()]
    if not letters:
        raise NotSent("no_words" if raw.strip() else "empty")
    # Names in other alphabets, and letters of theirs that look like ours, would not be recognised and hidden.
    if any(letter.isalpha() and not _is_latin(letter) for letter in letters):
        raise NotSent("other_alphabet")


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER LETTER")) or letter in "μΩ"  # units
