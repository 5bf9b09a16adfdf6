"""Every page and state of the desk: WCAG 2.2 AA and good practice, at two widths."""

from __future__ import annotations

from typing import Any

import pytest

from conversation import State
from referrals import Status
from tests.browser.visitor import Visit, Visitor
from tests.desk.conftest import PASSWORD, World
from tests.desk.servers import asks, card, doubt, sign
from tests.desk.test_pages import AGREED, NOTE, referred
from tests.desk.test_referrals import Team

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SUGGESTION: dict[str, Any] = {
    "level": "C",
    "pack": "families-2022",
    "headings": [9],
    "signs": [],
    "reasons": ["A secure home"],
    "missing": ["child_or_pregnancy"],
    "would_change": ["A child under 18, or a pregnancy"],
    "turn": "t_1",
}


class Officer(Visitor):
    """An officer at the desk. ``id`` is their account's."""

    id: str

    async def start(self) -> str:
        """Open a new conversation; the address of its page."""
        await self.open("/")
        await self.press("Start a new conversation")
        return "/conversations/" + self.page.url.rsplit("/", 1)[1]

    async def say(self, text: str) -> None:
        """Type it and send it."""
        await self.fill(text=text)
        await self.press("Send")


@pytest.fixture
async def olga(world: World, visit: Visit) -> Officer:
    made = await world.browser()
    await made.client.session.close()
    visitor = await visit(world.client.server)  # type: ignore[arg-type]
    olga = Officer(visitor.page, world.client.server)  # type: ignore[arg-type]
    olga.id = made.officer
    await olga.sign_in("officer", PASSWORD)
    return olga


def ended(how: str, **known: Any) -> State:
    """A talk that has come to its end."""
    state = asks("notes", ended={"how": how, "turn": "t_1"}, **known)
    return state.model_copy(update={"question": None})


# Pages outside a conversation


async def test_the_first_page(world: World, olga: Officer) -> None:
    await olga.open("/")
    await olga.look("You have no open conversations.")
    conversation = await olga.start()
    world.bot.says_next("Thank you", ended("help"))
    await olga.start()
    world.bot.says_next("Danger", asks("danger", danger=[card("RF3", "E", "tablets lined up")]))
    await olga.start()
    world.bot.says_next("Until later", asks("child", parked=True))
    await olga.start()
    Team(world, olga.id).refer(conversation.rsplit("/", 1)[1])
    await olga.open("/")
    await olga.look("Ended", "Action card open", "Stopped for now", "On its way")


async def test_help_and_the_help_sheet(olga: Officer) -> None:
    await olga.open("/help")
    await olga.look("Who can see what you type")
    await olga.open("/help-sheet")
    await olga.look("Your claim is not affected.")


async def test_the_action_cards_before_signing_in(world: World, visit: Visit) -> None:
    visitor = await visit(world.client.server)  # type: ignore[arg-type]
    await visitor.open("/cards")
    await visitor.look("If anyone is in danger now, call 999.")
    for page in ("rf3", "rf20", "emergency"):
        await visitor.open(f"/cards/{page}")
        await visitor.look("Who to call")


async def test_a_manager_sees_numbers(world: World, visit: Visit, olga: Officer) -> None:
    conversation = await olga.start()
    Team(world, olga.id).refer(conversation.rsplit("/", 1)[1])
    made = await world.browser("boss", "manager")
    await made.client.session.close()
    manager = await visit(world.client.server)  # type: ignore[arg-type]
    await manager.sign_in("boss", PASSWORD)
    await manager.look("Referrals in numbers", "On its way")


# A conversation


async def test_typing_and_sending(world: World, olga: Officer) -> None:
    await olga.start()
    await olga.look("What did you hear or see?", "Nothing yet.")
    await olga.fill(text=NOTE)
    await olga.look("4 things will be hidden.", "always hidden")
    heard = [sign("RNT1", "3 months behind w rent"), sign("EDU1", "wont go in to school", set_aside="not_right")]
    world.bot.says_next("I heard this", asks("wants", 2, ledger=heard))
    await olga.press("Send")
    await olga.look("I heard this", "That is not right", "Only you see these names.")


@pytest.mark.parametrize("question", ["child", "officer_level", "wants", "agree_contact", "people", "check"])
async def test_each_kind_of_question(world: World, olga: Officer, question: str) -> None:
    world.bot.says_next(f"Here is the question {question}.", asks(question, 3, ledger=[sign("RNT1", "behind w rent")]))
    await olga.start()
    await olga.look(f"Here is the question {question}.")


async def test_several_answers(world: World, olga: Officer) -> None:
    world.bot.says_next("Who may they talk to?", asks("agree_agencies", 9))
    await olga.start()
    await olga.look("Choose all that they said yes to")
    await olga.press("Continue")
    await olga.look("Error:")


async def test_the_suggestion(world: World, olga: Officer) -> None:
    known: dict[str, Any] = {"ledger": [sign("RNT1", "behind w rent")], "officer_level": "C"}
    world.bot.says_next("I suggest", asks("decision", 4, suggestion=SUGGESTION, **known))
    await olga.start()
    await olga.look("What I suggest", "You decide.")


async def test_a_talk_that_was_stopped_for_now(world: World, olga: Officer) -> None:
    world.bot.says_next("Until later", asks("child", 3, parked=True))
    await olga.start()
    await olga.look("Go on")


# What is hidden


async def test_hiding_words_before_they_are_sent(olga: Officer) -> None:
    await olga.start()
    await olga.fill(text="lad is 14, has a twin. Bev Obi rang")
    await olga.look("Bev Obi (PERSON 1)", "Could still point to this family: age 14, twin.")
    await olga.page.locator("#text").dblclick(position={"x": 20, "y": 16})
    await olga.look("Hide this")
    await olga.page.locator("#hide-words summary").click()
    await olga.look("Hide these words too")
    await olga.page.locator("#hide-words").get_by_role("button", name="Hide these words").click()
    await olga.look("Nothing was hidden.")


async def test_what_is_hidden_in_a_conversation(world: World, olga: Officer) -> None:
    conversation = await olga.start()
    await olga.open(f"{conversation}/hidden")
    await olga.look("Nothing is hidden yet.")
    await olga.open(conversation)
    await olga.say(NOTE)
    await olga.look("Hide words in this message")
    world.desk.vault.change(conversation.rsplit("/", 1)[1], doubt("Storm", "Misty"))
    await olga.open(f"{conversation}/hidden")
    await olga.look("Are these names?", "Numbers and addresses", "Two names, one person?")
    await olga.page.locator("[name=what][value='[PERSON 2]']").click()
    await olga.look("You can read it again", "You chose to show these")
    await olga.press("They are the same person")
    await olga.look("Choose two different people.")
    await olga.open(conversation)
    await olga.look("Are these names?")
    await olga.page.get_by_role("link", name="Hide words in this message").click()
    await olga.look("Tick each word to hide.")
    await olga.press("Hide the ticked words")
    await olga.look("Tick the words to hide.")


@pytest.mark.parametrize("question", ["people", "check"])
async def test_doubts_before_names_are_passed_on(world: World, olga: Officer, question: str) -> None:
    world.bot.says_next("Next", asks(question, 4))
    conversation = await olga.start()
    world.desk.vault.change(conversation.rsplit("/", 1)[1], doubt("Storm"))
    await olga.open(f"{conversation}/{question}")
    await olga.look("We were not sure about 1 of the words we hid")


async def test_what_is_not_hidden_everywhere_yet(world: World, olga: Officer) -> None:
    conversation = await olga.start()
    await olga.say("works at the factory")
    await olga.look("works at the factory")
    world.bot.rewrite_failure = (503, {"error": "not_kept"})
    await olga.open(f"{conversation}/hidden")
    await olga.page.locator("#more-words").fill("factory")
    await olga.press("Hide these words")
    await olga.look("Not everywhere yet.")


# Not sent


async def test_words_that_could_not_be_hidden(world: World, olga: Officer) -> None:
    await olga.start()
    world.hiding.error = RuntimeError("broken")
    await olga.say(NOTE)
    await olga.look("Not sent. We could not hide names and numbers")


async def test_danger_in_words_that_could_not_be_sent(world: World, olga: Officer) -> None:
    await olga.start()
    world.bot.failure = (502, {})
    await olga.say("he has a knife and he is here now")
    await olga.look("Not sent.", "there are words about danger in it", "Who to call")


async def test_a_service_that_cannot_be_reached(olga: Officer) -> None:
    await olga.start()
    await olga.page.route("**/say", lambda route: route.abort())
    await olga.say("behind with rent")
    await olga.look("Not sent. This page cannot reach the service")


# Danger


async def test_an_emergency(world: World, olga: Officer) -> None:
    cards = [card("RF3", "E", "tablets lined up"), card("RF2", "E")]
    world.bot.says_next("Danger", asks("danger", danger=cards))
    await olga.start()
    await olga.look("Who to call", "You wrote: “tablets lined up”")
    await olga.page.locator("summary").first.click()
    await olga.press("This is not danger")
    await olga.look("Error:")


async def test_a_worry_for_today(world: World, olga: Officer) -> None:
    world.bot.says_next("Today", asks("danger", danger=[card("RF20", "S", "wouldnt leave")]))
    await olga.start()
    await olga.look("Today:", "Who to call")
    await olga.page.locator("summary").first.click()
    await olga.press("This is not danger")
    await olga.look("Error:")


async def test_several_worries_for_today(world: World, olga: Officer) -> None:
    cards = [card("RF20", "S", "wouldnt leave"), card("RF4", "S", "not being here")]
    world.bot.says_next("Today", asks("danger", danger=cards))
    await olga.start()
    await olga.look("Today", "Do not do this")
    for summary in await olga.page.locator("summary").all():
        await summary.click()
    await olga.look("Say in a few words why this is not danger")


# Who is who, checking, sending


async def test_who_is_who(world: World, olga: Officer) -> None:
    await olga.start()
    world.bot.says_next("Who is who?", asks("people", 12))
    await olga.say(NOTE)
    await olga.look("Tick only the people who said we may share their name.", "07700 900461")
    await olga.page.get_by_label("Agreed to be shared: Kelly Marsh").check()
    await olga.press("Continue")
    await olga.look("There is a problem", "Say who Kelly Marsh is")


async def test_who_is_who_where_nobody_is_named(world: World, olga: Officer) -> None:
    world.bot.says_next("Who is who?", asks("people", 12))
    conversation = await olga.start()
    await olga.open(f"{conversation}/people")
    await olga.look("No names were found in this conversation.")


async def test_checking_and_sending(world: World, olga: Officer) -> None:
    await olga.start()
    world.bot.says_next("Check it", asks("check", 14, **AGREED))
    await olga.say(NOTE)
    await olga.look("Read this to the family before you send it.", "Stay hidden")
    world.actions.down = True
    await olga.press("Send to Connecting Families")
    await olga.look("Not sent")
    world.actions.down = False
    referred(world)
    await olga.press("Send to Connecting Families")
    await olga.look("Referral made", "What happens next")
    await olga.press("Go back to the conversation")
    await olga.look("Conversation", "TF-")


# Endings


@pytest.mark.parametrize("how", ["help", "said_no", "safeguarding", "referred"])
async def test_each_ending(world: World, olga: Officer, how: str) -> None:
    await olga.start()
    world.bot.says_next("Thank you", ended(how))
    await olga.say(NOTE)
    await olga.look("Thank you")


async def test_finishing_and_deleting(world: World, olga: Officer) -> None:
    conversation = await olga.start()
    world.bot.says_next("Thank you", ended("help"))
    await olga.say(NOTE)
    await olga.press("Finish and clear the names")
    await olga.look("This conversation is finished.")
    await olga.open(f"{conversation}/erase")
    await olga.look("Delete this conversation?")
    await olga.press("Delete it")
    await olga.look("You have no open conversations.")
    await olga.open(conversation, 404)
    await olga.look("Page not found")


# My referrals


async def test_my_referrals(world: World, olga: Officer) -> None:
    await olga.open("/referrals")
    await olga.look("You have made no referrals yet.")
    conversation = await olga.start()
    await olga.say("Kelly Marsh, behind with rent since Dan Obi left")
    team = Team(world, olga.id)
    reference = team.refer(conversation.rsplit("/", 1)[1])
    team.deliver(reference)
    await olga.open("/referrals")
    await olga.look(reference, "Delivered")
    team.tell(1, reference, Status.OPENED)
    team.tell(2, reference, Status.NEEDS_MORE, "When is a good time to ring [PERSON 1]?")
    await olga.open(f"/referrals/{reference}")
    await olga.look("What they ask", "What happened so far")
    await olga.press("Send the answer")
    await olga.look("Error:")
    await olga.fill(answer="After 3, not when Dan Obi is in")
    await olga.press("Send the answer")
    await olga.look("After 3")
    team.tell(3, reference, Status.DECLINED, "Another team can help [PERSON 1] better")
    await olga.open(f"/referrals/{reference}")
    await olga.look("Why it was not accepted")
