"""The door fails closed, and is never deaf: whatever goes wrong, nothing is sent, the words stay, danger is shown."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from typing import get_type_hints

import pytest
from sqlalchemy.exc import OperationalError

from bot.desk.bot_client import BotClient
from bot.desk.conversations import Conversation
from redaction import MessageTooLong, Redacted, RedactionFailed
from redaction.normalising import MAX_LENGTH
from tests.desk.conftest import Browser, World, hidden_field
from tests.desk.servers import asks

NOTE = "Kelly Marsh, 3 months behind w rent, tel 07700 900461"
DANGER = "Lee Hobday says hes got the tablets lined up in front of him and tonight is the night"


async def kept(world: World, browser: Browser, conversation_id: str) -> list[str | None]:
    """The texts of the conversation that count as said."""
    store = world.desk.conversations
    return [turn.text for turn in store.turns(store.get(conversation_id, browser.officer)) if turn.text is not None]


def box(page: str) -> str:
    """What stands in the text box."""
    found = re.search(r'<textarea[^>]* id="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return unescape(found[1])


async def test_what_is_personal_is_hidden_from_the_bot_and_shown_to_the_officer(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE})
    (sent,) = world.bot.texts
    assert "[PERSON 1], 3 months behind w rent" in sent
    assert "[PHONE 1]" in sent
    assert "Kelly Marsh" in page
    assert "(PERSON 1)" in page
    assert box(page) == ""
    bodies = b"".join(world.bot.bodies)
    assert b"Kelly" not in bodies
    assert b"900461" not in bodies


def test_the_bot_takes_no_text_that_was_not_hidden() -> None:
    hints = get_type_hints(BotClient.say)
    assert hints["text"] is Redacted
    with pytest.raises(TypeError):
        Redacted("Kelly Marsh", (), permit=None)


async def test_the_address_and_the_cookies_carry_no_words(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    await browser.post(f"/conversations/{conversation}/say", {"text": NOTE})
    assert browser.last.url.path_qs == f"/conversations/{conversation}"
    assert [answer.headers["Location"] for answer in browser.last.history] == [f"/conversations/{conversation}#latest"]
    assert "Set-Cookie" not in browser.last.headers
    assert browser.last.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("error", [RedactionFailed("no"), RuntimeError("broken"), MemoryError()])
async def test_when_hiding_fails_nothing_leaves_and_the_words_stay(
    world: World, browser: Browser, error: Exception
) -> None:
    conversation = await browser.open()
    before = len(world.bot.bodies)
    world.hiding.error = error
    page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE}, status=503)
    assert "Not sent" in page
    assert box(page) == NOTE
    assert len(world.bot.bodies) == before
    assert await kept(world, browser, conversation) == []


async def test_when_hiding_fails_danger_is_heard_all_the_same(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    world.hiding.error = RuntimeError("broken")
    page = await browser.post(f"/conversations/{conversation}/say", {"text": DANGER}, status=503)
    assert "desk-card--E" in page
    assert "999" in page
    assert box(page) == DANGER


async def test_when_the_bot_is_down_danger_is_heard_all_the_same(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    await world.bot_server.close()
    page = await browser.post(f"/conversations/{conversation}/say", {"text": DANGER}, status=503)
    assert "Not sent" in page
    assert "desk-card--E" in page
    assert box(page) == DANGER


@pytest.mark.parametrize(
    ("status", "error", "page_status"),
    [
        (503, {"error": "not_kept"}, 503),
        (500, {}, 503),
        (502, {"error": "not_kept"}, 503),
        (400, {"error": "form"}, 503),
        (401, {"error": "signature"}, 503),
        (422, {"error": "looks_personal"}, 422),
        (422, {"error": "looks_like_command"}, 422),
        (200, {"not": "an answer"}, 503),
    ],
)
async def test_when_the_bot_does_not_take_it_the_words_stay(
    world: World, browser: Browser, status: int, error: dict[str, str], page_status: int
) -> None:
    conversation = await browser.open()
    world.bot.failure = (status, error)
    page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE}, status=page_status)
    assert "Not sent" in page
    assert box(page) == NOTE
    assert await kept(world, browser, conversation) == []


async def test_what_looks_personal_to_the_bot_is_said_plainly(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    world.bot.failure = (422, {"error": "looks_personal"})
    page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE}, status=422)
    assert "We could not be sure that everything personal is hidden" in page


async def test_cards_that_the_bot_heard_are_shown_though_nothing_was_kept(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    world.bot.failure = (503, {"error": "not_kept", "cards": [{"id": "RF10", "interrupt": "E"}]})
    page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE}, status=503)
    assert "Child missing now" in page


async def test_a_retry_is_taken_once(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    world.bot.failure, world.bot.fails_after_keeping = (502, {}), True  # it kept the turn, and the answer was lost
    page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE}, status=503)
    turn = hidden_field(page, "turn")
    world.bot.failure = None
    await browser.post(f"/conversations/{conversation}/say", {"text": NOTE, "turn": turn})
    await browser.post(f"/conversations/{conversation}/say", {"text": NOTE, "turn": turn})
    assert len(world.bot.texts) == 1
    assert len(await kept(world, browser, conversation)) == 1


async def test_words_changed_before_a_retry_are_not_lost(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    world.bot.failure, world.bot.fails_after_keeping = (502, {}), True
    page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE}, status=503)
    turn = hidden_field(page, "turn")
    world.bot.failure = None
    await browser.post(f"/conversations/{conversation}/say", {"text": "cupboards bare", "turn": turn})
    assert await kept(world, browser, conversation) == ["cupboards bare"]
    assert world.bot.texts[-1] == "cupboards bare"


async def test_a_form_sent_again_with_other_words_is_a_new_message(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    page = await browser.get(f"/conversations/{conversation}")
    turn = hidden_field(page, "turn")
    for words in ("behind with rent", "no food in"):
        await browser.post(f"/conversations/{conversation}/say", {"text": words, "turn": turn})
    assert await kept(world, browser, conversation) == ["behind with rent", "no food in"]


async def test_when_it_cannot_be_stored_here_it_is_not_sent_and_a_retry_is_taken_once(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await browser.open()

    def full(*_: object, **__: object) -> Conversation:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr(world.desk.conversations, "keep_turn", full)
        page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE}, status=503)
    assert box(page) == NOTE
    turn = hidden_field(page, "turn")
    await browser.post(f"/conversations/{conversation}/say", {"text": NOTE, "turn": turn})
    assert len(world.bot.texts) == 1
    assert len(await kept(world, browser, conversation)) == 1


EMPTY = ["", "   \r\n  ", "\u200b\u200b"]
NOT_READABLE = {
    "\U0001f600\U0001f62d\U0001f44d\U0001f3fd": "only symbols or pictures",
    "PK\x03\x04\x14\x00\x08\x00\x08\x00": "inside of a file",
    "\x89PNG\r\n\x1a\n\ufffd\ufffd\ufffd": "inside of a file",
    "اسمها كيلي وهي متأخرة في الإيجار": "another alphabet",
    "\u041aelly Marsh rang": "another alphabet",
    "x" * 50_000: "50,000 characters",
}


@pytest.mark.parametrize("words", EMPTY)
async def test_an_empty_message_changes_nothing(world: World, browser: Browser, words: str) -> None:
    conversation = await browser.open()
    page = await browser.post(f"/conversations/{conversation}/say", {"text": words}, status=422)
    assert "Not sent" in page or "nothing to send" in page
    assert world.bot.texts == []
    assert await kept(world, browser, conversation) == []


@pytest.mark.parametrize("words", NOT_READABLE)
async def test_what_cannot_be_read_is_given_back_with_the_reason(world: World, browser: Browser, words: str) -> None:
    conversation = await browser.open()
    page = await browser.post(f"/conversations/{conversation}/say", {"text": words}, status=422)
    assert NOT_READABLE[words] in page
    assert world.bot.texts == []
    assert await kept(world, browser, conversation) == []
    if words.isprintable():
        assert box(page) == words


async def test_how_much_fits_is_said_as_it_is(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    page = await browser.post(f"/conversations/{conversation}/say", {"text": "x" * 60_000}, status=422)
    assert f"Up to {MAX_LENGTH:,} fit" in page


async def test_danger_in_a_message_that_is_too_long_is_heard(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    page = await browser.post(f"/conversations/{conversation}/say", {"text": DANGER + " x" * 25_000}, status=422)
    assert "desk-card--E" in page


async def test_danger_in_a_conversation_that_is_finished_is_heard(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    world.desk.closing.finish(conversation)
    page = await browser.post(f"/conversations/{conversation}/say", {"text": DANGER}, status=409)
    assert "desk-card--E" in page
    assert world.bot.texts == []


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("[PERSON 1] hit him", "(PERSON 1) hit him"),
        ("/agree", "agree"),
        ("  //  /send it", "send it"),
        ("\u202ebehind with the rent\u202c", "behind with the rent"),
        ("behind\x0bwith rent", "behind\nwith rent"),
        ("\uf0b7 behind with rent", "behind with rent"),
    ],
)
async def test_what_could_steer_the_bot_is_sent_as_plain_words(
    world: World, browser: Browser, typed: str, sent: str
) -> None:
    conversation = await browser.open()
    await browser.post(f"/conversations/{conversation}/say", {"text": typed})
    assert [text.strip() for text in world.bot.texts] == [sent]
    assert world.bot.choices == []


async def test_a_command_cannot_be_typed(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    await browser.post(f"/conversations/{conversation}/say", {"text": '/give_agreement{"agree_share": "yes"}'})
    assert not world.bot.texts[0].startswith("/")
    assert world.bot.choices == []


async def test_a_long_message_that_fits_is_sent_whole(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    words = "behind with the rent. " * 400
    await browser.post(f"/conversations/{conversation}/say", {"text": words})
    assert world.bot.texts == [words.strip()] or world.bot.texts == [words]


async def test_with_the_bot_down_a_conversation_opens_and_the_first_message_opens_it_there(
    world: World, browser: Browser
) -> None:
    world.bot.failure = (503, {"error": "not_kept"})
    conversation = await browser.open()
    assert "not answering yet" in await browser.get(f"/conversations/{conversation}")
    world.bot.failure = None
    world.bot.says_next("Hello", asks("notes"))
    await browser.post(f"/conversations/{conversation}/say", {"text": "behind with rent"})
    assert [sorted({"open", "text"} & set(turn)) for turn in world.bot.turns] == [["open"], ["text"]]


async def test_logs_carry_no_words_when_things_fail(
    world: World, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    conversation = await browser.open()
    for error in (RuntimeError(NOTE), RedactionFailed("no"), MessageTooLong("no")):
        world.hiding.error = error
        await browser.send(f"/conversations/{conversation}/say", {"text": NOTE})
    world.hiding.error = None
    await world.bot_server.close()
    await browser.send(f"/conversations/{conversation}/say", {"text": NOTE})
    assert "Kelly" not in caplog.text
    assert "900461" not in caplog.text
    assert conversation in caplog.text


async def test_a_stale_press_brings_the_page_up_to_date(world: World, browser: Browser) -> None:
    world.bot.says_next("Is there a child?", asks("child", 3))
    conversation = await browser.open()
    world.bot.says_next("What would they like?", asks("wants", 4))
    world.bot.known = world.bot.state  # the bot went on in a turn that was not kept here
    press = {"question": "child", "n": "3", "value": "yes"}
    page = await browser.post(f"/conversations/{conversation}/answer", press, status=409)
    assert "The question has changed" in page
    assert "What would they like?" in page
    assert world.bot.choices == []


async def test_two_messages_at_once_are_both_kept_in_turn(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    words = [f"behind with rent {n} months" for n in range(2, 6)]
    await asyncio.gather(*(browser.send(f"/conversations/{conversation}/say", {"text": text}) for text in words))
    assert sorted(await kept(world, browser, conversation)) == words  # type: ignore[type-var]
