"""The pages with scripts off: each form does what it says, and nothing that it should not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.desk.pages.routes import NAVIGATION
from conversation import NEVER_SHARED, QUESTIONS, ROLES
from referrals import open_people
from sealing import Secrets
from tests.desk.conftest import Browser, World, hidden_field
from tests.desk.servers import asks, card, sign

NOTE = "Kelly Marsh, 3 months behind w rent. lad Jayden wont go in to school. neighbour Bev Obi rang, tel 07700 900461"


async def press(browser: Browser, conversation: str, question: str, n: int, value: str, status: int = 200) -> str:
    fields = {"question": question, "n": str(n), "value": value}
    return await browser.post(f"/conversations/{conversation}/answer", fields, status)


def without_tags(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


# Opening and owning


async def test_the_first_page_leads_back_to_what_is_unfinished(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    assert f"/conversations/{conversation}" in await browser.get("/")
    world.desk.closing.finish(conversation)
    assert f"/conversations/{conversation}" not in await browser.get("/")


async def test_each_conversation_has_an_id_of_its_own(browser: Browser) -> None:
    assert await browser.open() != await browser.open()


@pytest.mark.parametrize("page", ["", "/people", "/check", "/sent", "/erase"])
async def test_another_officers_conversation_is_not_found(world: World, browser: Browser, page: str) -> None:
    conversation = await browser.open()
    other = await world.browser("other")
    answer = await other.client.get(f"/conversations/{conversation}{page}")
    assert answer.status == 404


@pytest.mark.parametrize(
    "page", ["/say", "/preview", "/answer", "/do", "/danger", "/people", "/check", "/finish", "/erase"]
)
async def test_another_officer_can_do_nothing_in_it(world: World, browser: Browser, page: str) -> None:
    conversation = await browser.open()
    other = await world.browser("other")
    answer = await other.send(f"/conversations/{conversation}{page}", {"text": "hello", "do": "skip", "send": "yes"})
    assert answer.status == 404
    assert [turn for turn in world.bot.turns if "open" not in turn] == []
    assert (await browser.client.get(f"/conversations/{conversation}")).status == 200


async def test_a_manager_sees_counts_and_no_conversation(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    manager = await world.browser("manager", "manager")
    assert "Referrals in numbers" in await manager.get("/")
    assert (await manager.client.get(f"/conversations/{conversation}")).status == 403
    assert (await manager.client.get("/referrals")).status == 403


async def test_nobody_signed_in_sees_only_the_cards(world: World) -> None:
    assert (await world.client.get("/cards")).status == 200
    assert (await world.client.get("/", allow_redirects=False)).status == 303
    assert (await world.client.get("/conversations/c_1", allow_redirects=False)).status == 303


async def test_every_link_in_the_menu_leads_somewhere(browser: Browser) -> None:
    for link in NAVIGATION:
        await browser.get(link.path)
    await browser.get("/help-sheet")


@pytest.mark.parametrize("form", ["say", "answer", "do", "danger"])
async def test_a_forms_address_opened_as_a_page_leads_back(browser: Browser, form: str) -> None:
    conversation = await browser.open()
    answer = await browser.client.get(f"/conversations/{conversation}/{form}")
    assert answer.url.path == f"/conversations/{conversation}"


# What was said


async def test_markup_in_words_is_shown_as_words(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    world.bot.says_next("<b>I heard</b>", asks("notes"))
    page = await browser.post(f"/conversations/{conversation}/say", {"text": "<script>alert(1)</script> behind"})
    assert "<script>alert" not in page
    assert "<b>I heard" not in page


async def test_every_message_has_a_heading_that_says_who_and_when(browser: Browser) -> None:
    conversation = await browser.open()
    page = await browser.post(f"/conversations/{conversation}/say", {"text": "behind with rent"})
    log = page[page.index('role="log"') : page.index("</ol>")]
    headings = re.findall(r'<h2 class="govuk-visually-hidden">(You|Assistant), <time', log)
    assert headings == ["Assistant", "You", "Assistant"]


async def test_titles_carry_neither_signs_nor_names(world: World, browser: Browser) -> None:
    world.bot.says_next("Hello", asks("notes", ledger=[sign("RNT1", "behind w rent")], danger=[card("RF3", "E")]))
    conversation = await browser.open()
    await browser.post(f"/conversations/{conversation}/say", {"text": NOTE})
    for path in (f"/conversations/{conversation}", "/", "/cards/rf3"):
        title = re.search(r"<title>(.*?)</title>", await browser.get(path))
        assert title
        assert not re.search(r"Kelly|rent|suicide|danger", title[1], re.IGNORECASE)


async def test_what_was_heard_is_listed_with_its_words_and_a_way_to_correct_it(world: World, browser: Browser) -> None:
    heard = [
        sign("RNT1", "3 months behind w rent"),
        sign("SUI2", "tablets lined up", level="E"),
        sign("EDU1", "wont go in", set_aside="not_right"),
    ]
    world.bot.says_next("I heard", asks("wants", ledger=heard))
    conversation = await browser.open()
    page = await browser.get(f"/conversations/{conversation}")
    assert "3 months behind w rent" in page
    assert re.findall(r'name="sign" value="(\w+)"', page) == ["RNT1"]  # danger is lowered only through its card
    await browser.post(f"/conversations/{conversation}/do", {"do": "not_right", "sign": "RNT1"})
    assert world.bot.choices == [{"question": "anytime", "n": 0, "value": {"do": "not_right", "sign": "RNT1"}}]


async def test_no_level_is_shown_before_the_officers_own(world: World, browser: Browser) -> None:
    known: dict[str, Any] = {"picture": {"level": "C", "headings": [1, 9, 10]}}
    world.bot.says_next("What do you think?", asks("officer_level", **known))
    conversation = await browser.open()
    assert "What I suggest" not in await browser.get(f"/conversations/{conversation}")
    suggested = {"level": "C", "pack": "p", "headings": [1], "signs": [], "reasons": [], "missing": []}
    suggestion = {**suggested, "would_change": [], "turn": "t_1"}
    world.bot.says_next("I suggest", asks("decision", 2, suggestion=suggestion, officer_level="C"))
    page = await press(browser, conversation, "officer_level", 1, "C")
    assert "What I suggest" in page
    assert "You decide" in page


# Answers


async def test_an_answer_is_pressed(world: World, browser: Browser) -> None:
    world.bot.says_next("Is there a child?", asks("child", 3))
    conversation = await browser.open()
    page = await browser.get(f"/conversations/{conversation}")
    titles = [offered.title for offered in QUESTIONS["child"].values]
    assert all(f">{title}</button>" in page for title in titles)
    page = await press(browser, conversation, "child", 3, "yes")
    assert world.bot.choices == [{"question": "child", "n": 3, "value": "yes"}]
    assert "Yes" in without_tags(page[page.index('role="log"') : page.index("</ol>")])


async def test_an_answer_pressed_twice_is_taken_once(world: World, browser: Browser) -> None:
    world.bot.says_next("Is there a child?", asks("child", 3))
    conversation = await browser.open()
    turn = hidden_field(await browser.get(f"/conversations/{conversation}"), "turn")
    for _ in range(2):
        fields = {"question": "child", "n": "3", "value": "yes", "turn": turn}
        await browser.post(f"/conversations/{conversation}/answer", fields)
    assert len(world.bot.choices) == 1


@pytest.mark.parametrize(
    ("question", "n", "value"),
    [
        ("child", "3", "perhaps"),
        ("agree_share", "3", "yes"),
        ("nonsense", "1", "yes"),
        ("check", "3", "send"),
        ("people", "3", "[PERSON 1]"),
        ("danger", "3", "not_danger"),
        ("child", "2", "yes"),
        ("child", "-1", "yes"),
        ("child", "³", "yes"),
        ("anytime", "0", "skip"),
        ("", "", ""),
    ],
)
async def test_a_forged_answer_is_refused(world: World, browser: Browser, question: str, n: str, value: str) -> None:
    world.bot.says_next("Is there a child?", asks("child", 3))
    conversation = await browser.open()
    fields = {"question": question, "n": n, "value": value}
    answer = await browser.send(f"/conversations/{conversation}/answer", fields)
    assert answer.status in (409, 422)
    assert world.bot.choices == []


@pytest.mark.parametrize(
    "form", [{}, {"do": "explode"}, {"do": "not_right"}, {"do": "not_right", "sign": "../x"}, {"do": "danger"}]
)
async def test_a_forged_press_is_refused(world: World, browser: Browser, form: dict[str, str]) -> None:
    conversation = await browser.open()
    await browser.post(f"/conversations/{conversation}/do", form, status=422)
    assert world.bot.choices == []


async def test_a_form_from_another_site_is_refused(world: World, browser: Browser) -> None:
    world.bot.says_next("Is there a child?", asks("child", 3))
    conversation = await browser.open()
    answer = await browser.client.post(
        f"/conversations/{conversation}/answer",
        data={"question": "child", "n": "3", "value": "yes"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status == 403
    assert world.bot.choices == []


async def test_several_answers_are_ticked(world: World, browser: Browser) -> None:
    world.bot.says_next("Who may they talk to?", asks("agree_agencies", 9))
    conversation = await browser.open()
    path = f"/conversations/{conversation}/answer"
    fields = [("question", "agree_agencies"), ("n", "9")]
    page = await browser.get(f"/conversations/{conversation}")
    assert "checked" not in page[page.index("<fieldset") : page.index("</fieldset>")]
    await browser.post(path, fields, status=422)
    await browser.post(path, [*fields, ("value", "school"), ("value", "health")])
    assert world.bot.choices == [{"question": "agree_agencies", "n": 9, "value": ["school", "health"]}]


async def test_agreement_is_never_chosen_beforehand(world: World, browser: Browser) -> None:
    for question in ("agree_contact", "agree_share"):
        world.bot.says_next("Is that OK?", asks(question))
        conversation = await browser.open()
        page = await browser.get(f"/conversations/{conversation}")
        assert "checked" not in page
        assert "selected" not in page


@pytest.mark.parametrize("act", ["skip", "back", "why", "stop", "ask_guidance", "resume", "status"])
async def test_the_talk_can_be_steered(world: World, browser: Browser, act: str) -> None:
    conversation = await browser.open()
    await browser.post(f"/conversations/{conversation}/do", {"do": act})
    assert world.bot.choices == [{"question": "anytime", "n": 0, "value": {"do": act}}]


async def test_what_would_be_hidden_is_shown_before_sending(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE, "preview": "1"})
    assert "4 things will be hidden." in page
    assert "Jayden" in page[page.index('id="preview"') :]
    assert world.bot.texts == []
    piece = await browser.post(f"/conversations/{conversation}/preview", {"text": NOTE})
    assert re.search(r'name="show" value="Kelly Marsh"[^>]*>Kelly Marsh <span[^>]*>\(PERSON 1\)', piece)
    assert world.desk.vault.book(conversation).people() == []


# Danger


async def test_an_emergency_takes_the_screen(world: World, browser: Browser) -> None:
    world.bot.says_next("Danger", asks("danger", danger=[card("RF3", "E", "tablets lined up")]))
    conversation = await browser.open()
    page = await browser.get(f"/conversations/{conversation}")
    assert 'data-view="danger"' in page
    main = page[page.index("<main") :]
    assert main.index("Suicide: plan, means, time or place") < main.index("999") < main.index("<form")
    assert "Take it as real" in main
    assert 'role="log"' not in page


@pytest.mark.parametrize("page", ["people", "check"])
async def test_no_form_stands_before_danger(world: World, browser: Browser, page: str) -> None:
    world.bot.says_next("Danger", asks("danger", danger=[card("RF3", "E")]))
    conversation = await browser.open()
    assert 'data-view="danger"' in await browser.get(f"/conversations/{conversation}/{page}")


@pytest.mark.parametrize("done", ["calling_now", "colleague_calling"])
async def test_calling_is_one_press(world: World, browser: Browser, done: str) -> None:
    world.bot.says_next("Danger", asks("danger", danger=[card("RF3", "E"), card("RF2", "E")]))
    conversation = await browser.open()
    fields = [("card", "RF3"), ("card", "RF2"), ("done", done)]
    await browser.post(f"/conversations/{conversation}/danger", fields)
    value = {"do": "danger", "cards": ["RF3", "RF2"], "done": done}
    assert world.bot.choices == [{"question": "anytime", "n": 0, "value": value}]


async def test_not_danger_needs_a_reason_and_the_reason_is_hidden_like_any_text(world: World, browser: Browser) -> None:
    world.bot.says_next("Danger", asks("danger", danger=[card("RF3", "E")]))
    conversation = await browser.open()
    path = f"/conversations/{conversation}/danger"
    page = await browser.post(path, {"card": "RF3", "done": "not_danger", "reason": " "}, status=422)
    assert "Say in a few words why this is not danger" in page
    await browser.post(path, {"card": "RF3", "done": "not_danger", "reason": "x" * 501}, status=422)
    assert world.bot.choices == []
    await browser.post(path, {"card": "RF3", "done": "not_danger", "reason": "Kelly Marsh was joking about sweets"})
    (choice,) = world.bot.choices
    assert choice["value"]["reason"] == "[PERSON 1] was joking about sweets"


async def test_a_reason_that_cannot_be_hidden_is_not_sent_and_stays(world: World, browser: Browser) -> None:
    world.bot.says_next("Danger", asks("danger", danger=[card("RF3", "E")]))
    conversation = await browser.open()
    world.hiding.error = RuntimeError("broken")
    form = {"card": "RF3", "done": "not_danger", "reason": "Kelly Marsh was joking"}
    page = await browser.post(f"/conversations/{conversation}/danger", form, status=503)
    assert "Kelly Marsh was joking" in page
    assert world.bot.choices == []


async def test_danger_cannot_be_waved_away_without_a_reason_by_a_forged_form(world: World, browser: Browser) -> None:
    world.bot.says_next("Danger", asks("danger", danger=[card("RF3", "E"), card("RF2", "E")]))
    conversation = await browser.open()
    path = f"/conversations/{conversation}/danger"
    several = [("card", "RF3"), ("card", "RF2"), ("done", "not_danger"), ("reason", "all a mistake")]
    await browser.post(path, several, status=422)
    await browser.post(path, {"done": "calling_now"}, status=422)
    await browser.post(path, {"card": "RF3", "done": "whatever"}, status=422)
    assert world.bot.choices == []


async def test_danger_for_today_is_a_strip_above_the_conversation(world: World, browser: Browser) -> None:
    world.bot.says_next("Danger", asks("danger", danger=[card("RF20", "S", "wouldnt leave")]))
    conversation = await browser.open()
    page = await browser.get(f"/conversations/{conversation}")
    assert "desk-card--S" in page
    assert page.index("desk-card--S") < page.index('role="log"')


async def test_the_cards_need_neither_bot_nor_redactor(world: World) -> None:
    await world.bot_server.close()
    world.hiding.error = RuntimeError("broken")
    page = await (await world.client.get("/cards")).text()
    assert "999" in page
    paths = re.findall(r'href="(/cards/\w+)"', page)
    assert len(paths) == 26  # 23 red flags and three of the desk's own
    for path in paths:
        answer = await world.client.get(path)
        assert answer.status == 200
        assert "Do this" in await answer.text()
    assert (await world.client.get("/cards/rf99")).status == 404
    assert (await world.client.get("/cards/RF3")).status == 404


# Who is who


async def people_page(world: World, browser: Browser) -> tuple[str, str]:
    conversation = await browser.open()
    world.bot.says_next("Who is who?", asks("people", 12))
    page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE})
    assert browser.last.url.path.endswith("/people")
    return conversation, page


async def test_everybody_found_is_listed_and_nobody_is_ticked(world: World, browser: Browser) -> None:
    _, page = await people_page(world, browser)
    shown = without_tags(page)
    for name in ("Kelly Marsh", "Jayden", "Bev Obi", "07700 900461"):
        assert name in shown
    assert "checked" not in page


async def test_only_those_who_agreed_are_passed_on(world: World, browser: Browser) -> None:
    conversation, _ = await people_page(world, browser)
    fields = {
        "n": "12",
        "person-1-role": "parent",
        "person-1-agreed": "yes",
        "person-2-role": "child",
        "phone-1-shared": "yes",
    }
    await browser.post(f"/conversations/{conversation}/people", fields)
    (choice,) = world.bot.choices
    assert choice["value"] == {
        "people": [
            {"token": "[PERSON 1]", "role": "parent", "agreed": True},
            {"token": "[PERSON 2]", "role": "child", "agreed": False},
            {"token": "[PERSON 3]", "role": "other", "agreed": False},
        ],
        "details": ["[PHONE 1]"],
    }


async def test_who_agreed_must_be_somebody(world: World, browser: Browser) -> None:
    conversation, _ = await people_page(world, browser)
    page = await browser.post(f"/conversations/{conversation}/people", {"n": "12", "person-1-agreed": "yes"}, 422)
    assert "Say who Kelly Marsh is" in page
    assert "checked" in page
    assert world.bot.choices == []


@pytest.mark.parametrize("role", sorted(NEVER_SHARED))
async def test_who_is_never_shared_cannot_be_ticked(world: World, browser: Browser, role: str) -> None:
    conversation, _ = await people_page(world, browser)
    fields = {"n": "12", "person-3-role": role, "person-3-agreed": "yes"}
    page = await browser.post(f"/conversations/{conversation}/people", fields, 422)
    assert ROLES[role] in page
    assert world.bot.choices == []


async def test_tokens_that_nobody_spoke_of_cannot_be_shared(world: World, browser: Browser) -> None:
    conversation, _ = await people_page(world, browser)
    fields = {"n": "12", "person-9-role": "parent", "person-9-agreed": "yes", "nhs-1-shared": "yes"}
    await browser.post(f"/conversations/{conversation}/people", fields)
    (choice,) = world.bot.choices
    assert [person["token"] for person in choice["value"]["people"]] == ["[PERSON 1]", "[PERSON 2]", "[PERSON 3]"]
    assert choice["value"]["details"] == []


# Sending

AGREED: dict[str, Any] = {
    "people": [
        {"token": "[PERSON 1]", "role": "parent", "agreed": True},
        {"token": "[PERSON 2]", "role": "child", "agreed": False},
        {"token": "[PERSON 3]", "role": "neighbour", "agreed": False},
    ],
    "details": ["[PHONE 1]"],
    "agreement": {"agree_contact": {"value": "yes", "wording": "agreement-1", "turn": "t_1"}},
    "answers": {
        "wants": {"value": "help with [PERSON 2]", "how": "text", "turn": "t_1"},
        "agree_contact": {"value": "yes", "how": "choice", "turn": "t_1"},
    },
    "ledger": [sign("RNT1", "3 months behind w rent")],
}
REFERENCE = "TF-7KQ2-M4XW"


async def check_page(world: World, browser: Browser) -> tuple[str, str]:
    conversation = await browser.open()
    world.bot.says_next("Check it", asks("check", 14, **AGREED))
    page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE})
    assert browser.last.url.path.endswith("/check")
    return conversation, page


def referred(world: World) -> None:
    """From now on the bot answers that the referral is stored."""
    referral = {"reference": REFERENCE, "status": "created"}
    state = asks("check", 14, **AGREED, referral=referral, ended={"how": "referred", "turn": "t_9"})
    world.bot.says_next("Thank you", state.model_copy(update={"question": None}))


async def test_what_will_be_sent_is_read_back_and_what_stays_hidden_is_named(world: World, browser: Browser) -> None:
    _, page = await check_page(world, browser)
    shown = without_tags(page)
    assert "3 months behind w rent" in shown
    assert "Kelly Marsh (parent)" in shown
    assert "07700 900461" in shown
    assert "Stay hidden" in shown
    assert "Bev Obi" in shown[shown.index("Stay hidden") :]
    assert "Jayden" in shown[shown.index("Stay hidden") :]


async def send(world: World, browser: Browser, conversation: str, turn: str = "", status: int = 200) -> str:
    return await browser.post(f"/conversations/{conversation}/check", {"send": "yes", "turn": turn}, status)


async def test_only_agreed_people_and_details_go_in_the_envelope(world: World, browser: Browser) -> None:
    conversation, page = await check_page(world, browser)
    turn = hidden_field(page, "turn")
    secrets = Secrets(world.settings.keys_dir)
    # The state that comes back carries the reference; until then the bot's question is still "check".
    await browser.send(f"/conversations/{conversation}/check", {"send": "yes", "turn": turn})
    ((envelope, sealed),) = world.actions.sealed()
    people = open_people(secrets.inbox_private, sealed, envelope)
    assert [(person.token, person.name, person.role) for person in people.people] == [
        ("[PERSON 1]", "Kelly Marsh", "parent")
    ]
    assert [(detail.token, detail.type, detail.value) for detail in people.details] == [
        ("[PHONE 1]", "PHONE", "07700 900461")
    ]
    assert (people.referrer.name, people.referrer.team) == ("Olga Officer", "Welfare support")
    assert world.bot.choices == [{"question": "check", "n": 14, "value": {"send": True, "envelope": envelope}}]


async def test_no_reference_is_shown_before_it_is_kept(world: World, browser: Browser) -> None:
    conversation, page = await check_page(world, browser)
    not_sent = {"status": "not_sent", "why": "try_again"}
    world.bot.says_next("It is not sent yet", asks("check", 14, **AGREED, referral=not_sent))
    page = await send(world, browser, conversation, status=503)
    assert "Not sent yet" in page
    assert "TF-" not in page
    assert "Referral made" not in await browser.get(f"/conversations/{conversation}/sent")


async def test_sending_again_after_a_failure_makes_no_second_envelope(world: World, browser: Browser) -> None:
    conversation, page = await check_page(world, browser)
    turn = hidden_field(page, "turn")
    world.bot.failure, world.bot.fails_after_keeping = (502, {}), True
    page = await send(world, browser, conversation, turn, status=503)
    assert "Not sent" in page
    assert "TF-" not in page
    assert hidden_field(page, "turn") == turn
    world.bot.failure = None
    await browser.send(f"/conversations/{conversation}/check", {"send": "yes", "turn": turn})
    assert len(world.actions.envelopes) == 1
    assert len([choice for choice in world.bot.choices if choice["question"] == "check"]) == 1


async def test_with_the_actions_down_send_is_not_pressed(world: World, browser: Browser) -> None:
    conversation, _ = await check_page(world, browser)
    world.actions.down = True
    page = await send(world, browser, conversation, status=503)
    assert "Not sent" in page
    assert world.bot.choices == []


async def test_the_reference_is_shown_once_it_is_kept(world: World, browser: Browser) -> None:
    conversation, page = await check_page(world, browser)
    turn = hidden_field(page, "turn")
    referred(world)
    page = await send(world, browser, conversation, turn)
    assert REFERENCE in page
    assert browser.last.url.path.endswith("/sent")
    # Pressed twice, or loaded again from the browser's history.
    page = await send(world, browser, conversation, turn)
    assert REFERENCE in page
    assert len(world.actions.envelopes) == 1


async def test_an_answer_can_be_changed_before_sending(world: World, browser: Browser) -> None:
    conversation, _ = await check_page(world, browser)
    await browser.post(f"/conversations/{conversation}/check", {"change": "wants"})
    assert world.bot.choices == [{"question": "check", "n": 14, "value": {"change": "wants"}}]
    assert world.actions.envelopes == {}


@pytest.mark.parametrize("question", ["wants", "people", "agree_share", "danger"])
async def test_nothing_is_sent_while_another_question_is_open(world: World, browser: Browser, question: str) -> None:
    world.bot.says_next("Well?", asks(question, 3, **AGREED))
    conversation = await browser.open()
    await send(world, browser, conversation, status=409)
    assert world.actions.envelopes == {}
    assert world.bot.choices == []


# Ending


@pytest.mark.parametrize(("how", "wiped"), [("said_no", True), ("help", False), ("nothing_heard", False)])
async def test_a_no_forgets_who_they_are_at_once(world: World, browser: Browser, how: str, wiped: bool) -> None:
    conversation = await browser.open()
    state = asks("notes", ended={"how": how, "turn": "t_1"}).model_copy(update={"question": None})
    world.bot.says_next("Thank you, [PERSON 1]", state)
    page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE})
    assert (world.desk.vault.book(conversation).people() == []) is wiped
    assert ("Kelly Marsh" not in page) is wiped
    assert ('id="text"' not in page) is wiped


async def test_finishing_forgets_who_they_are(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    state = asks("notes", ended={"how": "help", "turn": "t_1"}).model_copy(update={"question": None})
    world.bot.says_next("Thank you", state)
    await browser.post(f"/conversations/{conversation}/say", {"text": NOTE})
    page = await browser.post(f"/conversations/{conversation}/finish", {})
    assert "Kelly Marsh" not in page
    assert world.desk.vault.book(conversation).people() == []
    assert "[PERSON 1]" in page


async def test_a_conversation_that_goes_on_cannot_be_finished(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    await browser.post(f"/conversations/{conversation}/say", {"text": NOTE})
    await browser.post(f"/conversations/{conversation}/finish", {})
    assert len(world.desk.vault.book(conversation).people()) == 3


async def test_a_deleted_conversation_is_gone(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    await browser.post(f"/conversations/{conversation}/say", {"text": NOTE})
    assert "Delete this conversation?" in await browser.get(f"/conversations/{conversation}/erase")
    await browser.post(f"/conversations/{conversation}/erase", {})
    await browser.get(f"/conversations/{conversation}", status=404)
    assert world.desk.vault.book(conversation).people() == []
