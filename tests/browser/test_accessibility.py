"""Every page and state of the inbox, and what both apps share: WCAG 2.2 AA and good practice, at two widths."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import update

from inbox.erasing import erase
from inbox.keys import ENGINE, OUTER_SEAL
from inbox.tables import referrals
from referrals import Judgement, RedFlag, Status
from referrals.documents import DecisionSummary
from sealing import Secrets
from tests.browser.visitor import Visit, Visitor
from tests.inbox.deliveries import Client, Sent, answer_to, deliver, deliver_answer
from tests.inbox.people import PASSWORD
from web import User
from web.tries import FREE_TRIES

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
async def kay(visit: Visit, server: TestServer) -> Visitor:
    """A key worker at the inbox."""
    visitor = await visit(server)
    await visitor.sign_in("kay", PASSWORD)
    return visitor


@pytest.fixture
async def sent(relay: Client, secrets: Secrets) -> Sent:
    sent = Sent(secrets)
    await deliver(relay, secrets, sent)
    return sent


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("<img src=x>", "image-alt"),
        ("<p style='color: #999; background: #fff'>Pale</p>", "color-contrast"),
        ("<label>Name <select name=x></select></label><input name=y>", "label"),
        ("<h3>Too deep</h3>", "heading-order"),
        ("<p style='width: 400px'>Wide</p>", "at 320 pixels: the page scrolls sideways"),
        ("<p>They failed to engage</p>", "failed to engage"),
    ],
)
async def test_a_bad_page_is_found_out(visit: Visit, server: TestServer, page: str, problem: str) -> None:
    visitor = await visit(server)
    start = "<!DOCTYPE html><html lang=en><title>A page</title><meta name=viewport content='width=device-width'>"
    await visitor.page.set_content(f"{start}<main><h1>A page</h1></main>")
    await visitor.look("A page")
    await visitor.page.set_content(f"{start}<main><h1>A page</h1>{page}</main>")
    with pytest.raises(AssertionError, match=problem):
        await visitor.look()


# Signing in, passwords and errors: the same pages in both apps


async def test_signing_in_and_out(visit: Visit, server: TestServer) -> None:
    visitor = await visit(server)
    await visitor.open("/sign-in")
    await visitor.look("Sign in")
    await visitor.press("Sign in")
    await visitor.look("Enter your username.", "Enter your password.")
    for _ in range(FREE_TRIES):
        await visitor.fill(username="kay", password="not it")
        await visitor.press("Sign in")
    await visitor.look("Your username or password is not right.")
    await visitor.fill(username="kay", password="not it")
    await visitor.press("Sign in")
    await visitor.look("There were too many wrong tries.")
    await visitor.sign_in("mo", PASSWORD)
    await visitor.press("Sign out")
    await visitor.look("You are signed out.")


async def test_changing_a_password(kay: Visitor) -> None:
    await kay.open("/account/password")
    await kay.look("Change your password")
    await kay.press("Change password")
    await kay.look("Enter the password you have now.")
    await kay.fill(old=PASSWORD, new="short", again="short")
    await kay.press("Change password")
    await kay.look("12 characters or more")
    await kay.fill(old=PASSWORD, new="a brand new phrase", again="a brand new phrase")
    await kay.press("Change password")
    await kay.look("Your password is changed.")


async def test_what_cannot_be_opened(kay: Visitor, visit: Visit, server: TestServer, sent: Sent) -> None:
    await kay.open("/nowhere", 404)
    await kay.look("Page not found")
    mo = await visit(server)
    await mo.sign_in("mo", PASSWORD)
    await mo.open(f"/referrals/{sent.reference}", 403)
    await mo.look("You cannot open this")


async def test_words_sent_after_the_session_ended(kay: Visitor, sent: Sent) -> None:
    await kay.open(f"/referrals/{sent.reference}/ask")
    await kay.fill(question="Which school does he go to, and since when?")
    await kay.page.context.clear_cookies()
    await kay.press("Send the question")
    await kay.look("Sign in first")


# The inbox


async def test_the_list_of_referrals(
    kay: Visitor, visit: Visit, server: TestServer, app: web.Application, relay: Client, secrets: Secrets
) -> None:
    await kay.open("/")
    await kay.look("There is nothing new.", "There are no referrals here.")
    states = [Status.DELIVERED, Status.OPENED, Status.NEEDS_MORE, Status.ACCEPTED, Status.DECLINED] * 6
    all_sent = [Sent(secrets) for _ in states]
    for sent in all_sent:
        await deliver(relay, secrets, sent)
    with app[ENGINE].begin() as db:
        for sent, status in zip(all_sent, states, strict=True):
            db.execute(update(referrals).where(referrals.c.reference == sent.reference).values(status=status))
    await deliver_answer(relay, secrets, answer_to(secrets, all_sent[-3].reference, "Hillside"))
    erase(app[ENGINE], app[OUTER_SEAL], all_sent[-1].reference, User("a", "", "", ""))
    await kay.open("/")
    await kay.look("6 new", "Answer came", "Waiting for an answer", "Accepted", "Not accepted", "Erased", "Older")
    await kay.press("Older")
    await kay.look("Newer")
    await kay.open(f"/?status={Status.ACCEPTED}")
    await kay.look("Accepted (6)")
    await kay.open(f"/referrals/{all_sent[-1].reference}", 410)
    await kay.look("This was erased")
    mo = await visit(server)
    await mo.sign_in("mo", PASSWORD)
    await mo.look("Opened (7)")


async def test_a_referral_with_everything_in_it(kay: Visitor, relay: Client, secrets: Secrets) -> None:
    judgement = Judgement(level_shown="C", pack="families-2022", officer_level="N", why="They asked for [PERSON 2]")
    danger = (
        RedFlag(id="RF3", interrupt="E", done="calling_now"),
        RedFlag(id="RF20", interrupt="S", done="not_danger", reason="[PERSON 1] was joking"),
    )
    sent = Sent(secrets, danger=danger)
    decision = DecisionSummary(**(sent.story.decision.model_dump() | {"judgement": judgement}))
    sent = Sent(secrets, danger=danger, decision=decision)
    await deliver(relay, secrets, sent)
    await kay.open(f"/referrals/{sent.reference}")
    await kay.look("Danger that was heard", "Why they saw it differently", "07700 900123", "Also spoken of")


async def test_a_referral_with_little_in_it(kay: Visitor, relay: Client, secrets: Secrets) -> None:
    sent = Sent(secrets, signs=(), wants=None, told=(), people=(), reasons=())
    await deliver(relay, secrets, sent)
    await kay.open(f"/referrals/{sent.reference}")
    await kay.look("No signs were heard.", "Ask them when you first speak.")


async def test_accepting(kay: Visitor, sent: Sent) -> None:
    await kay.open(f"/referrals/{sent.reference}/accept")
    await kay.look("Do you want to accept this referral?")
    await kay.press("Yes, accept it")
    await kay.look("You accepted this referral.")


async def test_asking_for_more(kay: Visitor, sent: Sent, relay: Client, secrets: Secrets) -> None:
    await kay.open(f"/referrals/{sent.reference}/ask")
    await kay.look("Ask the officer for more")
    await kay.press("Send the question")
    await kay.look("Write your question.")
    await kay.fill(question="Which school does he go to?")
    await kay.press("Send the question")
    await kay.look("Your question is on its way to the officer.", "or decide without it")
    await deliver_answer(relay, secrets, answer_to(secrets, sent.reference, "Hillside, says [PERSON 1]"))
    await kay.open(f"/referrals/{sent.reference}")
    await kay.look("The officer answered", "Hillside, says Kelly Marsh")


async def test_declining(kay: Visitor, sent: Sent) -> None:
    await kay.open(f"/referrals/{sent.reference}/decline")
    await kay.look("Why can you not accept this referral?")
    await kay.press("Continue")
    await kay.look("Choose a reason.")
    await kay.page.get_by_label("Another team can help better").check()
    await kay.fill(text="The Southside hub runs a rent clinic")
    await kay.press("Continue")
    await kay.look("Check before you send")
    await kay.press("Do not accept, and send this")
    await kay.look("The officer will see your reason.")


async def test_somebody_was_first(kay: Visitor, visit: Visit, server: TestServer, sent: Sent) -> None:
    sam = await visit(server)
    await sam.sign_in("sam", PASSWORD)
    await sam.open(f"/referrals/{sent.reference}/ask")
    await kay.open(f"/referrals/{sent.reference}/accept")
    await kay.press("Yes, accept it")
    await sam.fill(question="Which school does he go to?")
    await sam.press("Send the question")
    await sam.look("Somebody was here before you", "What you wrote")
