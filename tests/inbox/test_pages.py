"""What people in the team see and do, with JavaScript off."""

from __future__ import annotations

import asyncio
import base64
import re

import pytest
from aiohttp import web
from sqlalchemy import select, update

from inbox.casebook import A_PAGE
from inbox.keys import ENGINE
from inbox.tables import audit, referrals
from referrals import Judgement, RedFlag, Status
from referrals.documents import DecisionSummary
from referrals.sealed import open_note
from sealing import Secrets

from .deliveries import Client, Sent, answer_to, deliver, deliver_answer, events
from .people import Person


@pytest.fixture
async def sent(relay: Client, secrets: Secrets) -> Sent:
    sent = Sent(secrets)
    assert (await deliver(relay, secrets, sent)).status == 201
    return sent


def trail(app: web.Application) -> list[tuple[str, str]]:
    with app[ENGINE].begin() as db:
        return [(row.actor, row.action) for row in db.execute(select(audit).order_by(audit.c.n))]


async def test_the_list_shows_what_is_new_and_no_names(kay: Person, sent: Sent) -> None:
    page = await kay.open("/")
    assert "1 new" in page
    assert sent.reference in page
    assert "Behind with rent, Not going to school" in page
    assert "Nobody yet" in page
    for name in ("Kelly", "Jordan", "Marsh", "[PERSON"):
        assert name not in page


async def test_the_list_can_be_narrowed_to_a_status(kay: Person, sent: Sent, relay: Client, secrets: Secrets) -> None:
    opened = Sent(secrets)
    await deliver(relay, secrets, opened)
    await kay.open(f"/referrals/{opened.reference}")
    new = await kay.open("/?status=delivered")
    assert sent.reference in new
    assert opened.reference not in new
    assert "There are no referrals here" in await kay.open("/?status=accepted")
    for nonsense in ("/?status=nothing", "/?page=x", "/?page=-1", "/?page=99999999999999999999", "/?page=0"):
        assert sent.reference in await kay.open(nonsense)


async def test_the_newest_stand_first_and_older_ones_on_further_pages(
    kay: Person, sent: Sent, relay: Client, secrets: Secrets
) -> None:
    for _ in range(A_PAGE):
        last = Sent(secrets)
        await deliver(relay, secrets, last)
    first_page = await kay.open("/")
    found = re.findall(r"TF-\w{4}-\w{4}", first_page)
    assert len(found) == A_PAGE
    assert found[0] == last.reference
    assert sent.reference not in first_page
    assert "/?page=2" in kay.text
    assert sent.reference in await kay.open("/?page=2")


async def test_names_stand_in_place_of_those_who_agreed_and_of_nobody_else(kay: Person, sent: Sent) -> None:
    page = await kay.open(f"/referrals/{sent.reference}")
    assert "Kelly Marsh is 3 months behind with the rent. Jordan Marsh will not go in" in page
    assert "[PERSON 3] next door says" in page
    assert "[PERSON 3] Neighbour or friend" in page
    assert "[PERSON 1]" not in page
    assert "and call on 07700 900123" in page
    assert "Phone 07700 900123" in page


async def test_the_referral_page_tells_the_whole_story(kay: Person, sent: Sent) -> None:
    page = await kay.open(f"/referrals/{sent.reference}")
    for words in (
        "Drugs They said this is not so no drugs in the house",
        "What has been tried before? Not known",
        "May we contact them? Yes",
        "Who else may we speak to? School or nursery",
        "3 March 2026 at 4:05pm, by Olu Officer",
        "Wording read to them agreement-1",
        "Sent by Olu Officer, Welfare support",
        "Rules used families-2022 1.0.0",
        "We were not told how to contact the family safely",
        "Kay Worker opened it",
    ):
        assert words in page
    assert "lad wont go in <b>to</b> school" in page
    assert "<b>to</b>" not in kay.text


async def test_danger_and_a_different_view_are_shown(kay: Person, relay: Client, secrets: Secrets) -> None:
    judgement = Judgement(level_shown="C", pack="families-2022", officer_level="S", why="I heard [PERSON 2] cry")
    sent = Sent(
        secrets,
        danger=(RedFlag(id="RF3", interrupt="S", done="calling_now"), RedFlag(id="RF1", interrupt="E")),
        decision=DecisionSummary(decided_by="a_1", decided_at=Sent(secrets).story.created_at, judgement=judgement),
        told=(),
        wants=None,
        signs=(),
        people=(),
    )
    await deliver(relay, secrets, sent)
    page = await kay.open(f"/referrals/{sent.reference}")
    assert "Worry about someone's safety, same day. The officer called for help." in page
    assert "Emergency. Nobody has said yet what was done." in page
    assert "I heard Jordan Marsh cry" in page
    assert "No signs were heard" in page


async def test_the_first_reading_is_told_to_the_officer_once(
    kay: Person, sam: Person, sent: Sent, relay: Client, secrets: Secrets, app: web.Application
) -> None:
    await kay.open("/")
    assert await events(relay, secrets) == []
    await kay.open(f"/referrals/{sent.reference}")
    await sam.open(f"/referrals/{sent.reference}")
    (event,) = await events(relay, secrets)
    assert (event["reference"], event["status"], event["note"]) == (sent.reference, "opened", None)
    actions = [action for _, action in trail(app)]
    assert actions == ["received", "opened", "read", "read"]
    assert len({actor for actor, _ in trail(app)}) == 3


async def test_accepting_makes_the_person_the_key_worker(
    kay: Person, sent: Sent, relay: Client, secrets: Secrets, app: web.Application
) -> None:
    path = f"/referrals/{sent.reference}"
    await kay.open(path)
    assert f'href="{path}/accept"' in kay.text
    assert "You, Kay Worker , will be the key worker" in await kay.open(f"{path}/accept")
    page = await kay.send(f"{path}/accept")
    assert "You accepted this referral" in page
    assert "Key worker Kay Worker" in page
    assert "Kay Worker accepted it" in page
    assert f'href="{path}/accept"' not in kay.text
    last = (await events(relay, secrets))[-1]
    note = open_note(sent.reply_private, base64.b64decode(last["note"]), sent.reference, Status.ACCEPTED)
    assert note == "Kay Worker will be the key worker and will get in touch with the family."
    assert trail(app)[-2][1] == "accepted"
    assert "Accepted" in await kay.open("/")


async def test_asking_sends_the_question_to_the_officer_alone(
    kay: Person, sent: Sent, relay: Client, secrets: Secrets
) -> None:
    path = f"/referrals/{sent.reference}"
    await kay.open(f"{path}/ask")
    page = await kay.send(f"{path}/ask", question="  Which school does he go to?\r\nAnd since when? ")
    assert "Your question is on its way" in page
    assert "Which school does he go to? And since when?" in page
    assert "You can wait for the answer, or decide without it" in page
    last = (await events(relay, secrets))[-1]
    note = open_note(sent.reply_private, base64.b64decode(last["note"]), sent.reference, Status.NEEDS_MORE)
    assert note == "Which school does he go to?\nAnd since when?"


async def test_a_decline_is_read_back_before_it_is_sent(
    kay: Person, sent: Sent, relay: Client, secrets: Secrets
) -> None:
    path = f"/referrals/{sent.reference}/decline"
    await kay.open(path)
    typed = {"reason": "other_team", "text": 'The "Southside" hub\r\nruns a rent clinic'}
    page = await kay.send(path, 200, **typed)
    assert "Check before you send" in page
    assert 'Another team can help better. The "Southside" hub runs a rent clinic' in page
    assert [event["status"] for event in await events(relay, secrets)] == ["opened"]
    await kay.send(path, 200, **typed, change="yes")
    assert 'value="other_team" checked' in kay.text
    assert "The &#34;Southside&#34; hub\r\nruns a rent clinic</textarea>" in kay.text
    page = await kay.send(path, 200, **typed, checked="yes")
    assert "The officer will see your reason" in page
    assert "Kay Worker did not accept it" in page
    last = (await events(relay, secrets))[-1]
    note = open_note(sent.reply_private, base64.b64decode(last["note"]), sent.reference, Status.DECLINED)
    assert note == 'Another team can help better. The "Southside" hub\nruns a rent clinic'


@pytest.mark.parametrize(
    ("what", "fields", "said"),
    [
        ("ask", {"question": ""}, "Write your question."),
        ("ask", {"question": " \n\t "}, "Write your question."),
        ("ask", {"question": "?!…"}, "Write your question."),
        ("ask", {"question": "🙂🙂"}, "Write your question."),
        ("ask", {}, "Write your question."),
        ("ask", {"question": "long " * 500}, "It has 2,499 now"),
        ("ask", {"question": "a\x00b"}, "Take out the characters that cannot be read"),
        ("decline", {"reason": "", "text": "words that took a while"}, "Choose a reason."),
        ("decline", {"reason": "made up", "text": "words that took a while"}, "Choose a reason."),
        ("decline", {"reason": "other", "text": ""}, "Write what could help the family instead"),
        ("decline", {"reason": "other", "text": "", "checked": "yes"}, "Write what could help the family instead"),
    ],
)
async def test_a_wrong_form_says_why_and_keeps_what_was_typed(
    kay: Person, sent: Sent, relay: Client, secrets: Secrets, what: str, fields: dict[str, str], said: str
) -> None:
    path = f"/referrals/{sent.reference}/{what}"
    await kay.open(path)
    page = await kay.send(path, 400, **fields)
    assert page.count(said) == 2  # in the summary and at the field
    typed = fields.get("text", "") or fields.get("question", "").strip()
    if typed.isprintable():
        assert typed in kay.text
    assert [event["status"] for event in await events(relay, secrets)] == ["opened"]


@pytest.mark.parametrize(
    "text", ["שלום, מה שם בית הספר?", "Jaka szkoła? ٣ 🙂", "[PERSON 1] <script>x</script> {{ 7*7 }}", "/accept"]
)
async def test_any_language_and_odd_text_arrive_as_they_were_typed(
    kay: Person, sent: Sent, relay: Client, secrets: Secrets, text: str
) -> None:
    path = f"/referrals/{sent.reference}"
    await kay.open(f"{path}/ask")
    await kay.send(f"{path}/ask", question=text)
    assert "<script>x" not in kay.text
    last = (await events(relay, secrets))[-1]
    assert open_note(sent.reply_private, base64.b64decode(last["note"]), sent.reference, Status.NEEDS_MORE) == text


async def test_the_second_person_is_told_kindly_and_keeps_their_words(
    kay: Person, sam: Person, sent: Sent, relay: Client, secrets: Secrets
) -> None:
    path = f"/referrals/{sent.reference}"
    await kay.open(f"{path}/accept")
    await sam.open(f"{path}/ask")
    await kay.send(f"{path}/accept")
    page = await sam.send(f"{path}/ask", expect=409, question="Which school is it?")
    assert "Somebody was here before you" in page
    assert "Kay Worker accepted it on" in page
    assert "Which school is it?" in page
    assert [event["status"] for event in await events(relay, secrets)] == ["opened", "accepted"]


async def test_two_at_the_very_same_moment_make_one_step(
    kay: Person, sam: Person, sent: Sent, relay: Client, secrets: Secrets
) -> None:
    path = f"/referrals/{sent.reference}"
    await kay.open(f"{path}/accept")
    await sam.open(f"{path}/decline")

    async def press(person: Person, what: str, **fields: str) -> int:
        answer = await person.client.post(f"{path}/{what}", data=person.hidden() | fields)
        return answer.status

    statuses = await asyncio.gather(
        press(kay, "accept"),
        press(sam, "decline", reason="other", text="the hub", checked="yes"),
        press(kay, "accept"),
    )
    assert sorted(statuses) == [200, 409, 409]
    assert len(await events(relay, secrets)) == 2


@pytest.mark.parametrize(("what", "status"), [("accept", Status.ACCEPTED), ("decline", Status.DECLINED)])
async def test_a_question_that_was_never_answered_stops_no_decision(
    kay: Person, sent: Sent, relay: Client, secrets: Secrets, what: str, status: Status
) -> None:
    path = f"/referrals/{sent.reference}"
    await kay.open(f"{path}/ask")
    await kay.send(f"{path}/ask", question="Which school?")
    assert f'href="{path}/accept"' in kay.text
    assert f'href="{path}/decline"' in kay.text
    assert f'href="{path}/ask"' not in kay.text
    await kay.open(f"{path}/{what}")
    await kay.send(f"{path}/{what}", reason="other", text="the hub", checked="yes")
    assert [event["status"] for event in await events(relay, secrets)] == ["opened", "needs_more", status]
    # The answer comes after all: it is kept and shown, and the decision stands.
    await deliver_answer(relay, secrets, answer_to(secrets, sent.reference, "Hillside"))
    page = await kay.open(path)
    assert "Hillside" in page
    assert [event["status"] for event in await events(relay, secrets)] == ["opened", "needs_more", status]


async def test_a_step_is_not_taken_over_a_question_that_was_not_seen(
    kay: Person, sam: Person, sent: Sent, relay: Client, secrets: Secrets
) -> None:
    path = f"/referrals/{sent.reference}"
    await kay.open(f"{path}/ask")
    await sam.open(f"{path}/decline")
    await kay.send(f"{path}/ask", question="Which school?")
    page = await sam.send(f"{path}/decline", 409, reason="other", text="the hub", checked="yes")
    assert "Kay Worker asked for more on" in page
    assert "the hub" in page
    assert [event["status"] for event in await events(relay, secrets)] == ["opened", "needs_more"]


async def test_a_step_is_not_taken_over_an_answer_that_was_not_seen(
    kay: Person, sent: Sent, relay: Client, secrets: Secrets
) -> None:
    path = f"/referrals/{sent.reference}"
    await kay.open(f"{path}/ask")
    await kay.send(f"{path}/ask", question="Which school?")
    await kay.open(f"{path}/decline")
    await deliver_answer(relay, secrets, answer_to(secrets, sent.reference, "Hillside"))
    page = await kay.send(f"{path}/decline", 409, reason="too_little", text="Send it again", checked="yes")
    assert "The officer answered on" in page
    assert [event["status"] for event in await events(relay, secrets)] == ["opened", "needs_more", "opened"]


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.DECLINED])
async def test_a_form_that_leads_nowhere_is_not_shown(
    kay: Person, sent: Sent, app: web.Application, status: Status
) -> None:
    with app[ENGINE].begin() as db:
        db.execute(update(referrals).values(status=status))
    for what in ("accept", "ask", "decline"):
        answer = await kay.client.get(f"/referrals/{sent.reference}/{what}", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, f"/referrals/{sent.reference}")


@pytest.mark.parametrize(
    "path",
    ["/referrals/TF-2222-2222", "/referrals/x", "/referrals/TF-2222-2222/accept", "/referrals/%00", "/referrals/"],
)
async def test_a_reference_that_is_not_here_is_a_plain_404(kay: Person, path: str) -> None:
    assert "Page not found" in await kay.open(path, 404)


async def test_a_reference_is_found_however_it_was_typed(kay: Person, sent: Sent) -> None:
    typed = sent.reference.lower().replace("-", "")
    assert sent.reference in await kay.open(f"/referrals/{typed}")


async def test_a_manager_sees_what_stands_where_and_never_a_story(mo: Person, sent: Sent) -> None:
    page = await mo.open("/")
    assert sent.reference in page
    assert "New (1)" in page
    assert "Behind with rent" not in page
    for path in ("", "/accept", "/ask", "/decline"):
        await mo.open(f"/referrals/{sent.reference}{path}", 403)


async def test_somebody_with_another_role_has_nothing_to_open_here(relay: Client, sent: Sent) -> None:
    eve = Person(relay)
    await eve.sign_in("eve", lands_on=403)
    await eve.open("/", 403)
    await eve.open(f"/referrals/{sent.reference}", 403)


async def test_looking_with_head_opens_nothing(kay: Person, sent: Sent, relay: Client, secrets: Secrets) -> None:
    assert (await kay.client.head(f"/referrals/{sent.reference}")).status == 405
    assert await events(relay, secrets) == []
