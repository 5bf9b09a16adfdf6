"""What a page says about what was just done, or could not be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.desk.conversations import Conversation
from bot.desk.door import NotSent
from bot.desk.pages.common import not_sent_facts
from bot.desk.words import WORDS

_DONE: Final = "done"


@dataclass(frozen=True)
class Notice:
    """A short notice near the box; `title` is empty where all went well."""

    text: str
    title: str = ""


_NOT_EVERYWHERE_YET: Final = Notice(WORDS("not_everywhere_yet.text"), WORDS("not_everywhere_yet.title"))


def said_done(request: web.Request, conversation: Conversation) -> Notice | None:
    """What the address says was done, in words; what is not done everywhere yet, whatever the address says."""
    done = request.query.get(_DONE, "")
    if WORDS.has(f"hiding.done.{done}"):
        return done_notice(done, conversation)
    return _NOT_EVERYWHERE_YET if conversation.unfinished else None


def done_notice(done: str, conversation: Conversation) -> Notice:
    """What was done, in words, and what that does not reach."""
    if conversation.unfinished:
        return _NOT_EVERYWHERE_YET
    told = [WORDS(f"hiding.done.{done}")] + [WORDS("hiding.team_has_it")] * team_has_it(conversation)
    return Notice(" ".join(told))


def could_not(not_sent: NotSent) -> Notice:
    """Why something was not done."""
    facts = not_sent_facts(not_sent.why, not_sent.values)
    return Notice(facts["text"], facts["title"])


def team_has_it(conversation: Conversation) -> bool:
    """Whether a referral went: what is changed here stays there as it was."""
    referral = conversation.state.referral
    return referral is not None and bool(referral.reference)
