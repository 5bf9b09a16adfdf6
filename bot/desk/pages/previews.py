"""What stands in the box as it will be sent, with what is hidden marked in place."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from bot.desk.conversations import Conversation
from bot.desk.door import NotSent
from bot.desk.left_over import left_line
from bot.desk.pages.common import desk_of, not_sent_facts
from bot.desk.shown import Part, preview_parts
from bot.desk.words import WORDS


@dataclass(frozen=True)
class Preview:
    """The typed words in stretches; `said` counts what is hidden, `left` is what could still point to the family.

    `problem` says why it would not be sent, where that is so; then there are no parts.
    """

    parts: tuple[Part, ...] = ()
    said: str = ""
    left: str = WORDS("left.general")
    problem: str = ""


async def preview_of(request: web.Request, conversation: Conversation, typed: str) -> Preview:
    """How `typed` would be sent; nothing is remembered. Raises NotSent, NoSuchConversation."""
    redacted = await desk_of(request).door.try_out(conversation.id, conversation.officer, typed)
    parts = preview_parts(typed, redacted)
    return Preview(parts, _said(parts), left_line(redacted.text))


async def preview_or_problem(request: web.Request, conversation: Conversation, typed: str) -> Preview:
    """The same; what would keep the words from being sent is said in it. Raises NoSuchConversation."""
    try:
        return await preview_of(request, conversation, typed)
    except NotSent as not_sent:
        # An empty box is nothing to complain about while somebody types.
        quiet = not_sent.why in ("empty", "no_words")
        return Preview(problem="" if quiet else not_sent_facts(not_sent.why, not_sent.values)["title"])


def _said(parts: tuple[Part, ...]) -> str:
    hidden = sum(1 for part in parts if part.token)
    not_sure = sum(1 for part in parts if part.doubtful)
    if not hidden:
        return WORDS("preview.none")
    said = [WORDS("preview.one") if hidden == 1 else WORDS("preview.many", count=hidden)]
    if not_sure:
        said.append(WORDS("preview.not_sure_one") if hidden == 1 else WORDS("preview.not_sure", count=not_sure))
    return " ".join(said)
