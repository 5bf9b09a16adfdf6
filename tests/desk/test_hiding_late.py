"""Hidden late or shown again: everywhere it was stored, whatever stops on the way."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import get_type_hints

import pytest

from bot.desk.bot_client import BotClient
from bot.desk.conversations import Conversation, NoSuchConversation
from bot.desk.door import NotSent
from conversation import State
from conversation.turns import Choice
from redaction import Redacted
from sealing import KeyStore, SealBroken, new_id, open_engine
from tests.desk.conftest import Browser, World
from tests.desk.servers import asks, card, sign

OFFICER = "a_1"
# Everyday words: the redactor leaves them, and only a person can know that somebody goes by them.
NAME = "big fella"
NOTE = f"{NAME} is 3 months behind w rent"


async def opened(world: World) -> Conversation:
    conversation = world.desk.conversations.create(OFFICER)
    return await world.desk.door.open(conversation.id, OFFICER)


async def say(world: World, conversation: Conversation, text: str, turn: str | None = None) -> Conversation:
    return await world.desk.door.say(conversation.id, OFFICER, turn or new_id("t"), text)


def texts(world: World, conversation: Conversation) -> list[str]:
    """What counts as said, as the desk keeps it."""
    store = world.desk.conversations
    return [turn.text for turn in store.turns(store.get(conversation.id, OFFICER)) if turn.text is not None]


def everything(world: World, conversation: Conversation) -> str:
    """All that the desk keeps of what was said, opened."""
    store = world.desk.conversations
    now = store.get(conversation.id, OFFICER)
    return repr(store.turns(now)) + now.state.model_dump_json()


def on_disk(world: World) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(world.settings.data_dir.glob("desk.db*")))


async def start_with_note(world: World) -> Conversation:
    """A conversation in which the name went through, and is quoted by all that may quote it."""
    conversation = await opened(world)
    state = asks(
        "wants",
        ledger=[sign("RNT1", NOTE, history=[{"turn": "t_0", "status": "present", "words": NOTE}])],
        danger=[card("RF6", "E", NOTE.upper(), because=["RNT1"], reason=f"{NAME} said so", done="not_danger")],
        answers={"wants": {"value": f"a coat for {NAME}", "how": "text", "turn": "t_0"}},
        facts={"child_words": NAME},
        suggestion={
            "level": "C",
            "pack": "p",
            "headings": [],
            "signs": [{"id": "RNT1", "name": "Rent arrears", "words": NOTE, "level": "C"}],
            "reasons": [f"rent: {NAME}"],
            "missing": [],
            "would_change": [],
            "turn": "t_0",
        },
        officer_level="C",
    )
    world.bot.says_next(f"I heard: {NAME}", state)
    return await say(world, conversation, NOTE)


async def test_words_hidden_late_are_hidden_everywhere(world: World) -> None:
    conversation = await start_with_note(world)
    before = conversation.state
    bodies = len(world.bot.bodies)
    after = await world.desk.door.hide_words(conversation.id, OFFICER, NAME.upper())
    assert not after.unfinished
    assert texts(world, conversation) == world.bot.texts == ["[PERSON 1] is 3 months behind w rent"]
    assert NAME.lower() not in everything(world, conversation).lower()
    assert world.desk.vault.book(conversation.id).lookup("[PERSON 1]") == (NAME.upper(), NAME)
    # Nothing else is lost, and danger is as it was.
    assert after.state.question == before.question
    assert after.state.officer_level == "C"
    assert [(one.id, one.interrupt, one.done) for one in after.state.danger] == [("RF6", "E", "not_danger")]
    assert after.state.ledger[0].words == "[PERSON 1] is 3 months behind w rent"
    assert after.state.answers["wants"].value == "a coat for [PERSON 1]"
    # Only places and tokens cross the line.
    assert NAME.encode().lower() not in b"".join(world.bot.bodies[bodies:]).lower()
    # Every later mention is hidden at the door.
    await say(world, conversation, f"{NAME} rang again")
    assert world.bot.texts[-1] == "[PERSON 1] rang again"


async def test_words_that_were_only_typed_can_be_hidden_before_anything_is_sent(world: World) -> None:
    conversation = await opened(world)
    await world.desk.door.hide_words(conversation.id, OFFICER, NAME, "ORG")
    assert world.bot.rewrites == {}
    await say(world, conversation, NOTE)
    assert world.bot.texts == ["[ORG 1] is 3 months behind w rent"]


async def test_a_reason_is_found_too(world: World) -> None:
    conversation = await opened(world)
    world.bot.says_next("?", asks("wants"))
    value = {"do": "danger", "cards": ["RF6"], "done": "not_danger"}
    press = Choice(question="anytime", n=0, value=value)
    await world.desk.door.choose(conversation.id, OFFICER, new_id("t"), press, f"{NAME} made it up")
    await world.desk.door.hide_words(conversation.id, OFFICER, NAME)
    (rewrite,) = world.bot.rewrites.values()
    assert [(one["part"], one["start"], one["end"]) for one in rewrite["edits"]] == [("reason", 0, len(NAME))]
    assert NAME not in everything(world, conversation)


@pytest.mark.parametrize("words", ["", "  ", "...", "[PERSON 1]", "\u200b"])
async def test_there_must_be_something_to_hide(world: World, words: str) -> None:
    conversation = await start_with_note(world)
    with pytest.raises(NotSent) as caught:
        await world.desk.door.hide_words(conversation.id, OFFICER, words)
    assert caught.value.why == "nothing_to_hide"
    assert world.bot.rewrites == {}


async def test_words_shown_again_are_put_back_everywhere_and_stay_readable(world: World) -> None:
    conversation = await start_with_note(world)
    await world.desk.door.hide_words(conversation.id, OFFICER, NAME)
    for _ in range(2):
        after = await world.desk.door.show_words(conversation.id, OFFICER, "[PERSON 1]")
    assert texts(world, conversation) == world.bot.texts == [NOTE]
    assert after.state.ledger[0].words == NOTE
    await say(world, conversation, f"{NAME} rang")
    assert world.bot.texts[-1] == f"{NAME} rang"
    await world.desk.door.hide_words(conversation.id, OFFICER, NAME)
    assert texts(world, conversation) == ["[PERSON 1] is 3 months behind w rent", "[PERSON 1] rang"]


async def test_all_ways_in_which_a_token_was_written_are_shown(world: World) -> None:
    conversation = await opened(world)
    await say(world, conversation, "Kelly Marsh rang. kelly is 3 months behind w rent")
    assert world.bot.texts == ["[PERSON 1] rang. [PERSON 1] is 3 months behind w rent"]
    await world.desk.door.show_words(conversation.id, OFFICER, "[PERSON 1]")
    assert world.bot.texts == ["Kelly Marsh rang. Kelly Marsh is 3 months behind w rent"]
    assert world.desk.vault.book(conversation.id).people() == []


async def test_numbers_always_stay_hidden(world: World) -> None:
    conversation = await opened(world)
    await say(world, conversation, "ring 07700 900461 about the rent")
    for words in ("[PHONE 1]", "07700 900461"):
        with pytest.raises(NotSent) as caught:
            await world.desk.door.show_words(conversation.id, OFFICER, words)
        assert caught.value.why == "always_hidden"
    assert world.bot.texts == ["ring [PHONE 1] about the rent"]


def test_only_what_went_through_the_redactor_can_be_shown_at_the_bot() -> None:
    hints = get_type_hints(BotClient.rewrite)
    assert Redacted in hints["shown"].__args__
    assert not any(hint is str for name, hint in hints.items() if name not in ("conversation", "rewrite"))


async def test_doubtful_words_are_settled_together_in_one_rewrite(world: World) -> None:
    conversation = await opened(world)

    def doubt(book: object) -> None:
        for words in (NAME, "sparkle"):
            book.token_for("PERSON", words, doubtful=True)  # type: ignore[attr-defined]

    await say(world, conversation, "big fella rang. sparkle made it up")
    world.desk.vault.change(conversation.id, doubt)
    await say(world, conversation, "the rent")
    assert texts(world, conversation)[0] == "big fella rang. sparkle made it up"
    after = await world.desk.door.settle(conversation.id, OFFICER, ["[PERSON 1]"])
    assert world.desk.vault.book(conversation.id).doubtful() == []
    assert texts(world, conversation)[0] == world.bot.texts[0] == "[PERSON 1] rang. sparkle made it up"
    assert (len(world.bot.rewrites), after.unfinished) == (1, False)


async def test_once_known_hidden_everywhere_also_in_turns_already_stored(world: World) -> None:
    conversation = await opened(world)
    await say(world, conversation, "marsh is 3 months behind w rent")
    first = world.bot.texts[0]
    await say(world, conversation, "her full name is Kelly Marsh")
    assert world.bot.texts[0] == texts(world, conversation)[0] == "[PERSON 1] is 3 months behind w rent"
    assert first in ("marsh is 3 months behind w rent", world.bot.texts[0])


async def test_two_tokens_become_one_person(world: World) -> None:
    conversation = await opened(world)
    people = [{"token": f"[PERSON {n}]", "role": "other", "agreed": False} for n in (1, 2)]
    world.bot.says_next("?", asks("wants", people=people))
    await say(world, conversation, "Kelly Marsh and Dean Hobday owe rent")
    after = await world.desk.door.same_person(conversation.id, OFFICER, "[PERSON 2]", "[PERSON 1]")
    assert texts(world, conversation) == world.bot.texts == ["[PERSON 1] and [PERSON 1] owe rent"]
    assert [person.token for person in after.state.people or ()] == ["[PERSON 1]"]
    assert world.desk.vault.book(conversation.id).people() == [("[PERSON 1]", "Kelly Marsh")]
    await say(world, conversation, "Dean Hobday rang")
    assert world.bot.texts[-1] == "[PERSON 1] rang"


@pytest.mark.parametrize(
    ("known", "pair", "why"),
    [
        ({"people": [{"token": "[PERSON 2]", "role": "parent", "agreed": True}]}, (2, 1), "already_agreed"),
        ({"people": [{"token": "[PERSON 2]", "role": "parent", "agreed": True}]}, (1, 2), "already_agreed"),
        ({"referral": {"reference": "TF-1", "status": "created"}}, (2, 1), "already_agreed"),
        ({}, (2, 9), "not_two_people"),
        ({}, (1, 1), "not_two_people"),
    ],
)
async def test_who_is_agreed_or_sent_stays_who_they_are(
    world: World, known: dict[str, object], pair: tuple[int, int], why: str
) -> None:
    conversation = await opened(world)
    world.bot.says_next("?", asks("wants", **known))
    await say(world, conversation, "Kelly Marsh and Dean Hobday owe rent")
    with pytest.raises(NotSent) as caught:
        await world.desk.door.same_person(conversation.id, OFFICER, *(f"[PERSON {n}]" for n in pair))
    assert caught.value.why == why
    assert world.bot.texts == ["[PERSON 1] and [PERSON 2] owe rent"]


async def test_it_is_another_officers(world: World) -> None:
    conversation = await start_with_note(world)
    with pytest.raises(NoSuchConversation):
        await world.desk.door.hide_words(conversation.id, "a_2", NAME)


# Never half done


@pytest.mark.parametrize("after_keeping", [False, True])
@pytest.mark.parametrize("failure", [(503, {"error": "not_kept"}), (502, {}), (400, {"error": "form"})])
async def test_when_the_bot_cannot_it_is_finished_by_the_next_call_under_the_same_id(
    world: World, failure: tuple[int, dict[str, str]], after_keeping: bool
) -> None:
    conversation = await start_with_note(world)
    world.bot.rewrite_failure, world.bot.fails_after_keeping = failure, after_keeping
    after = await world.desk.door.hide_words(conversation.id, OFFICER, NAME)
    assert after.unfinished
    assert texts(world, conversation) == [NOTE]
    # New mentions are hidden meanwhile.
    hidden = await world.desk.door.try_out(conversation.id, OFFICER, f"{NAME} rang")
    assert hidden.text == "[PERSON 1] rang"
    world.bot.rewrite_failure, world.bot.fails_after_keeping = None, False
    after = await say(world, conversation, f"{NAME} rang")
    assert not after.unfinished
    assert texts(world, conversation) == world.bot.texts == ["[PERSON 1] is 3 months behind w rent", "[PERSON 1] rang"]
    assert len(world.bot.rewrites) == 1


async def test_what_is_hidden_and_shown_while_the_bot_is_silent_comes_out_as_said_last(world: World) -> None:
    conversation = await start_with_note(world)
    door = world.desk.door
    world.bot.rewrite_failure, world.bot.fails_after_keeping = (502, {}), True
    await door.hide_words(conversation.id, OFFICER, NAME)
    await door.show_words(conversation.id, OFFICER, NAME)
    await door.hide_words(conversation.id, OFFICER, NAME)
    await door.hide_words(conversation.id, OFFICER, "rent", "ORG")
    world.bot.rewrite_failure, world.bot.fails_after_keeping = None, False
    after = await door.finish_rewriting(conversation.id, OFFICER)
    assert not after.unfinished
    assert texts(world, conversation) == world.bot.texts == ["[PERSON 1] is 3 months behind w [ORG 1]"]


async def test_the_tidy_task_finishes_what_was_left(world: World) -> None:
    conversation = await start_with_note(world)
    world.bot.rewrite_failure = (503, {"error": "not_kept"})
    assert (await world.desk.door.hide_words(conversation.id, OFFICER, NAME)).unfinished
    world.bot.rewrite_failure = None
    world.desk.conversations.close(conversation.id)
    await world.desk.door.finish_all_rewriting()
    assert NAME not in everything(world, conversation)
    assert not world.desk.conversations.get(conversation.id, OFFICER).unfinished


@pytest.mark.parametrize("step", ["looked_through", "make", "let_go"])
async def test_killed_between_two_steps_it_is_finished_later(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    conversation = await start_with_note(world)

    class Killed(BaseException):
        """The process ends here."""

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(f"bot.desk.rewrites.Rewrites.{step}", die)
        with pytest.raises(Killed):
            await world.desk.door.hide_words(conversation.id, OFFICER, NAME)
    await world.desk.door.finish_all_rewriting()
    assert texts(world, conversation) == world.bot.texts == ["[PERSON 1] is 3 months behind w rent"]
    assert len(world.bot.rewrites) == 1
    assert keys(world).rotating("conversation/") == []


async def test_with_the_desks_database_locked_nothing_is_half_done(world: World) -> None:
    conversation = await start_with_note(world)
    lock = sqlite3.connect(world.settings.data_dir / "desk.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotSent, match="not_kept"):
        await world.desk.door.hide_words(conversation.id, OFFICER, NAME)
    lock.execute("ROLLBACK")
    lock.close()
    assert texts(world, conversation) == [NOTE]
    await world.desk.door.hide_words(conversation.id, OFFICER, NAME)
    assert NAME not in everything(world, conversation)


async def test_a_turn_is_taken_though_looking_back_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = await opened(world)
    await say(world, conversation, "marsh is 3 months behind w rent")
    world.bot.rewrite_failure = (503, {"error": "not_kept"})
    await say(world, conversation, "her full name is Kelly Marsh")
    assert texts(world, conversation)[-1] == "her full name is [PERSON 1]"
    world.bot.rewrite_failure = None
    after = await world.desk.door.finish_rewriting(conversation.id, OFFICER)
    assert not after.unfinished
    assert texts(world, conversation)[0] == "[PERSON 1] is 3 months behind w rent"


async def test_a_message_whose_answer_was_lost_is_found_at_the_bot_too(world: World) -> None:
    conversation = await opened(world)
    world.bot.failure, world.bot.fails_after_keeping = (502, {}), True
    turn = new_id("t")
    with pytest.raises(NotSent):
        await say(world, conversation, NOTE, turn)
    assert world.bot.texts == [NOTE]
    world.bot.failure, world.bot.fails_after_keeping = None, False
    await world.desk.door.hide_words(conversation.id, OFFICER, NAME)
    assert world.bot.texts == ["[PERSON 1] is 3 months behind w rent"]
    # The same words again are the same message: nothing is heard twice.
    await say(world, conversation, NOTE, turn)
    assert world.bot.texts == texts(world, conversation) == ["[PERSON 1] is 3 months behind w rent"]


async def test_a_message_sent_again_after_its_words_were_hidden_is_the_same_message(world: World) -> None:
    conversation, turn = await opened(world), new_id("t")
    await say(world, conversation, NOTE, turn)
    await world.desk.door.hide_words(conversation.id, OFFICER, NAME)
    await say(world, conversation, NOTE, turn)
    assert texts(world, conversation) == ["[PERSON 1] is 3 months behind w rent"]


async def test_when_they_say_no_what_was_stored_is_looked_through_before_the_names_go(world: World) -> None:
    conversation = await opened(world)
    await say(world, conversation, "marsh is 3 months behind w rent")
    world.bot.says_next("Understood.", State.model_validate({"ended": {"how": "said_no", "turn": "t_9"}}))
    world.bot.rewrite_failure = (503, {})
    after = await say(world, conversation, "Kelly Marsh said no")
    assert after.names_cleared is not None
    assert after.names_cleared.why == "said_no"
    assert world.desk.vault.book(conversation.id).people() == []
    world.bot.rewrite_failure = None
    await world.desk.door.finish_all_rewriting()
    assert texts(world, conversation)[0] == world.bot.texts[0] == "[PERSON 1] is 3 months behind w rent"


async def test_before_sending_envelopes_are_made_anew_and_nothing_is_sent_half_hidden(world: World) -> None:
    conversation = await opened(world)
    state = asks("check", people=[{"token": "[PERSON 1]", "role": "parent", "agreed": True}])
    world.bot.says_next("Check this", state)
    conversation = await say(world, conversation, f"Kelly Marsh knows {NAME}")
    from referrals import Referrer  # noqa: PLC0415

    who = Referrer(name="Olga", team="Welfare")
    world.bot.rewrite_failure = (503, {})
    conversation = await world.desk.door.hide_words(conversation.id, OFFICER, NAME)
    with pytest.raises(NotSent) as caught:
        await world.desk.sender.send(conversation, new_id("t"), who)
    assert caught.value.why == "not_everywhere_yet"
    assert world.actions.envelopes == {}
    world.bot.rewrite_failure = None
    await world.desk.sender.send(conversation, new_id("t"), who)
    assert len(world.actions.envelopes) == 1
    await world.desk.door.hide_words(conversation.id, OFFICER, "knows", "ORG")
    await world.desk.sender.send(conversation, new_id("t"), who)
    assert len(world.actions.envelopes) == 2


async def test_after_sending_it_is_hidden_here_all_the_same(world: World) -> None:
    conversation = await opened(world)
    world.bot.says_next("Sent", State.model_validate({"referral": {"reference": "TF-1", "status": "created"}}))
    await say(world, conversation, NOTE)
    after = await world.desk.door.hide_words(conversation.id, OFFICER, NAME)
    assert after.state.referral is not None
    assert after.state.referral.reference == "TF-1"
    assert texts(world, conversation) == ["[PERSON 1] is 3 months behind w rent"]


async def test_roles_that_were_said_stay_with_the_names(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    world.bot.says_next("Who is who?", asks("people"))
    await browser.post(f"/conversations/{conversation}/say", {"text": "Kelly Marsh and Dean Hobday owe rent"})
    form = {"n": "1", "person-1-role": "parent", "person-2-role": ""}
    await browser.post(f"/conversations/{conversation}/people", form)
    book = world.desk.vault.book(conversation)
    assert [book.role(f"[PERSON {n}]") for n in (1, 2)] == ["parent", ""]
    page = await browser.get(f"/conversations/{conversation}/people")
    assert page.count('value="parent" selected') == 1


# Old bytes


def keys(world: World) -> KeyStore:
    return KeyStore(open_engine(world.settings.database_url("keys")))


def sealed_rows(path: Path) -> list[bytes]:
    with sqlite3.connect(path) as db:
        return [row[0] for row in db.execute("SELECT body FROM desk_turns UNION SELECT state FROM desk_conversations")]


async def test_old_bytes_are_gone_and_no_key_opens_them(world: World) -> None:
    conversation = await start_with_note(world)
    old = sealed_rows(world.settings.data_dir / "desk.db")
    assert all(blob in on_disk(world) for blob in old)
    await world.desk.door.hide_words(conversation.id, OFFICER, NAME)
    left = on_disk(world)
    assert not any(blob in left for blob in old)
    ring = keys(world).ring(f"conversation/{conversation.id}")
    assert ring.earlier == ()
    places = [("desk_turns", conversation.id, str(n), "body") for n in (1, 2)]
    for place in [*places, ("desk_conversations", conversation.id, "state")]:
        for blob in old:
            with pytest.raises(SealBroken):
                ring.unseal(blob, *place)
