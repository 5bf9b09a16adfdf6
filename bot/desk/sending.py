"""Sending a referral: only the people who agreed are sealed for the receiving team, and only then is "send" pressed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from bot.desk.actions_client import ActionsClient, EnvelopeNotKept
from bot.desk.conversations import Conversation
from bot.desk.door import Door, NotSent
from bot.desk.envelopes import EnvelopeStore
from bot.desk.vault import Vault
from conversation import NEVER_SHARED, State
from conversation.turns import Choice
from redaction import TOKEN, Identities
from referrals import AgreedDetail, AgreedPerson, PeopleDocument, Referrer
from sealing import SealingError

_log = logging.getLogger(__name__)


def people_document(state: State, book: Identities, referrer: Referrer) -> PeopleDocument:
    """Names of the people who agreed and the details that were ticked, out of the token book; nobody else's.

    Raises NotSent where the book no longer knows one of them.
    """
    return PeopleDocument(
        referrer=referrer,
        people=tuple(
            AgreedPerson(token=person.token, name=_known(book, person.token), role=person.role)
            for person in state.people or ()
            if person.agreed and person.role not in NEVER_SHARED
        ),
        details=tuple(
            AgreedDetail(token=token, type=kind, value=_known(book, token)) for token, kind in _details(state)
        ),
    )


def _details(state: State) -> Iterator[tuple[str, str]]:
    for token in state.details:
        match = TOKEN.fullmatch(token)
        if match:
            yield token, match[1]


def _known(book: Identities, token: str) -> str:
    if not book.lookup(token):
        raise NotSent("names_gone")
    return book.restore(token)


class Sender:
    """Sends the referral of a conversation; sending again sends nothing twice."""

    def __init__(self, door: Door, vault: Vault, envelopes: EnvelopeStore, actions: ActionsClient) -> None:
        self._door = door
        self._vault = vault
        self._envelopes = envelopes
        self._actions = actions

    async def send(self, conversation: Conversation, turn: str, referrer: Referrer) -> Conversation:
        """Bring the sealed envelope, then press "send". Raises NotSent, NoSuchConversation.

        What is still to be hidden or shown is done first: it may change who is named, and what is said.
        """
        conversation = await self._door.finish_rewriting(conversation.id, conversation.officer)
        if conversation.unfinished:
            raise NotSent("not_everywhere_yet")
        state = conversation.state
        if state.question is None or state.question.id != "check":
            raise NotSent("stale_question")
        try:
            book = await asyncio.to_thread(self._vault.book, conversation.id)
            people = people_document(state, book, referrer)
            envelope = await asyncio.to_thread(self._envelopes.get_or_seal, conversation.id, state.instance, people)
            await self._actions.bring(
                envelope.id, conversation.id, state.instance, conversation.officer, envelope.sealed
            )
        except EnvelopeNotKept as error:
            _log.warning("the envelope of %s was not kept: %s", conversation.id, error)
            raise NotSent("bot_down") from None
        except (SQLAlchemyError, SealingError) as error:
            _log.error("the people of %s could not be sealed: %s", conversation.id, type(error).__name__)
            raise NotSent("not_kept") from None
        choice = Choice(question="check", n=state.question.n, value={"send": True, "envelope": envelope.id})
        return await self._door.choose(conversation.id, conversation.officer, turn, choice)
