"""The officer in charge of what is hidden, with scripts off: before sending, after it, and together."""

from __future__ import annotations

import re
from html import unescape

import pytest

from bot.desk.words import WORDS
from tests.desk.conftest import Browser, World
from tests.desk.servers import asks, card, doubt
from tests.desk.test_door import box
from tests.desk.test_pages import NOTE, without_tags

LATE = "bev came too, from the factory. Storm at home"


async def own_texts(world: World, browser: Browser, conversation: str) -> list[str]:
    """What the officer said, as it is kept: in tokens."""
    store = world.desk.conversations
    return [turn.text for turn in store.turns(store.get(conversation, browser.officer)) if turn.text is not None]


def marked(page: str) -> list[str]:
    """What is marked as hidden in the log, with its label."""
    log = page[page.index('role="log"') : page.index("</ol>")]
    return [without_tags(mark) for mark in re.findall(r"<mark.*?</mark>", log, re.DOTALL)]


def preview_of(page: str) -> str:
    """The words of the preview as a person reads them."""
    return unescape(without_tags(page[page.index('id="previewed"') : page.index('id="hide-words"')]))


# Before sending


async def test_the_preview_is_the_whole_text_with_a_button_for_each_hidden_stretch(browser: Browser) -> None:
    conversation = await browser.open()
    page = await browser.post(f"/conversations/{conversation}/say", {"text": NOTE, "preview": "1"})
    seen = preview_of(page)
    assert "4 things will be hidden." in seen
    assert "Kelly Marsh (PERSON 1) : show this again , 3 months behind w rent" in seen
    assert "07700 900461 (PHONE 1, always hidden)" in seen
    assert re.findall(r'name="show" value="([^"]*)"', page) == ["Kelly Marsh", "Jayden", "Bev Obi"]


async def test_a_word_is_shown_again_before_sending_and_the_text_stays(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    page = await browser.post(f"/conversations/{conversation}/box", {"text": NOTE, "show": "Jayden"})
    assert box(page) == NOTE
    assert re.findall(r'name="show" value="([^"]*)"', page) == ["Kelly Marsh", "Bev Obi"]
    await browser.post(f"/conversations/{conversation}/say", {"text": NOTE})
    assert "lad Jayden wont" in world.bot.texts[0]


async def test_more_words_are_hidden_before_sending_and_the_text_stays(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    fields = {"text": LATE, "words": " factory, ", "kind": "group"}
    page = await browser.post(f"/conversations/{conversation}/box", fields)
    assert box(page) == LATE
    assert "factory (ORG 1)" in preview_of(page)
    assert WORDS("hiding.done.hidden") in page
    await browser.post(f"/conversations/{conversation}/say", {"text": LATE})
    assert "factory" not in world.bot.texts[0]
    assert b"factory" not in b"".join(world.bot.bodies)


async def test_enter_in_the_one_line_field_does_not_send(browser: Browser) -> None:
    page = await browser.get(f"/conversations/{await browser.open()}")
    form = page[page.index('id="say"') :]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert "/box" in first[0]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"words": " , "}, "nothing_to_hide"),
        ({}, "nothing_to_hide"),
        ({"words": "x" * 201}, "too_much_to_hide"),
        ({"show": "07700 900461"}, "always_hidden"),
    ],
)
async def test_what_cannot_be_done_in_the_box_is_said_near_it(
    browser: Browser, fields: dict[str, str], why: str
) -> None:
    conversation = await browser.open()
    page = await browser.post(f"/conversations/{conversation}/box", {"text": NOTE} | fields, 422)
    assert box(page) == NOTE
    assert WORDS(f"not_sent.{why}.title") in page[page.index('id="notice"') :]
    assert "Kelly Marsh" in preview_of(page)


async def test_the_preview_says_what_could_still_point_to_the_family(browser: Browser) -> None:
    conversation = await browser.open()
    page = await browser.post(f"/conversations/{conversation}/say", {"text": "lad is 14, has a twin", "preview": "1"})
    assert "Could still point to this family: age 14, twin." in preview_of(page)
    assert WORDS("left.general") in preview_of(await browser.get(f"/conversations/{conversation}"))


# After sending


async def said(browser: Browser, text: str = LATE) -> str:
    """A conversation in which this was said."""
    conversation = await browser.open()
    await browser.post(f"/conversations/{conversation}/say", {"text": text})
    return conversation


async def test_words_are_hidden_late_everywhere(world: World, browser: Browser) -> None:
    conversation = await said(browser)
    page = await browser.post(f"/conversations/{conversation}/hidden/hide", {"words": "factory", "kind": "group"})
    assert WORDS("hiding.done.hidden_everywhere") in page
    assert "factory (ORG 1)" in marked(page)
    (kept,) = await own_texts(world, browser, conversation)
    assert "from the [ORG 1]" in kept


async def test_the_page_lists_everything_hidden_and_shows_it_again(world: World, browser: Browser) -> None:
    conversation = await said(browser, NOTE)
    page = await browser.get(f"/conversations/{conversation}/hidden")
    words = without_tags(page)
    assert "Kelly Marsh (PERSON 1)" in words
    assert "07700 900461 Phone number (PHONE 1) Always hidden" in words
    fields = {"what": "[PERSON 2]", "back": "hidden"}
    page = await browser.post(f"/conversations/{conversation}/hidden/show", fields)
    assert WORDS("hiding.done.shown") in page
    assert "You chose to show these Jayden Hide it again" in without_tags(page)
    assert "lad Jayden wont" in (await own_texts(world, browser, conversation))[0]
    fields = {"words": "Jayden", "kind": "person", "back": "hidden"}
    page = await browser.post(f"/conversations/{conversation}/hidden/hide", fields)
    assert "You chose to show these" not in page
    assert "lad [PERSON 2] wont" in (await own_texts(world, browser, conversation))[0]


async def test_what_is_always_hidden_cannot_be_shown_by_a_forged_form(world: World, browser: Browser) -> None:
    conversation = await said(browser, NOTE)
    fields = {"what": "[PHONE 1]", "back": "hidden"}
    page = await browser.post(f"/conversations/{conversation}/hidden/show", fields, 422)
    assert WORDS("not_sent.always_hidden.title") in page
    assert "[PHONE 1]" in (await own_texts(world, browser, conversation))[0]


async def test_several_words_of_a_message_are_ticked_and_hidden(world: World, browser: Browser) -> None:
    conversation = await said(browser, "the blue van at Oak End, by the sea")
    page = await browser.get(f"/conversations/{conversation}")
    link = re.search(r'href="([^"]*/hidden\?message=[^"]*)"', page)
    assert link
    page = await browser.get(link[1].partition("#")[0])
    number = re.search(r'name="message" value="(\d+)"', page)
    values = [unescape(value) for value in re.findall(r'name="tick" value="([^"]*)"', page)]
    assert number
    wanted = [value for value in values if value.partition(":")[2] in ("blue", "van")]
    fields = [("message", number[1]), ("kind", "other"), ("back", "hidden"), *(("tick", value) for value in wanted)]
    page = await browser.post(f"/conversations/{conversation}/hidden/hide", fields)
    assert WORDS("hiding.done.hidden_everywhere") in page
    (kept,) = await own_texts(world, browser, conversation)
    assert kept.startswith("the [OTHER 1] at ")
    # the same form, sent from a page that grew old
    page = await browser.post(f"/conversations/{conversation}/hidden/hide", fields, 409)
    assert WORDS("hiding.changed") in page
    assert await own_texts(world, browser, conversation) == [kept]


async def test_nothing_ticked_hides_nothing(world: World, browser: Browser) -> None:
    conversation = await said(browser)
    before = await own_texts(world, browser, conversation)
    fields = {"message": "2", "kind": "person", "back": "hidden"}
    assert WORDS("hiding.none_ticked") in await browser.post(f"/conversations/{conversation}/hidden/hide", fields, 422)
    assert await own_texts(world, browser, conversation) == before


async def test_a_long_message_is_ticked_in_parts(browser: Browser) -> None:
    conversation = await said(browser, "the rent is late again. " * 70)
    pages = [await browser.get(f"/conversations/{conversation}/hidden?message=2&page={page}") for page in (1, 2, 3, 9)]
    assert "part 1 of 3" in pages[0]
    assert "part 3 of 3" in pages[3]
    ticks = [re.findall(r'name="tick" value="(\d+):', page) for page in pages]
    assert [int(tick) for page in ticks[:3] for tick in page] == list(range(350))


@pytest.mark.parametrize("query", ["message=99", "message=x", "message=1", "message=2&page=x", "done=nonsense"])
async def test_a_strange_address_still_opens_the_page(browser: Browser, query: str) -> None:
    conversation = await said(browser)
    assert "What is hidden in this conversation" in await browser.get(f"/conversations/{conversation}/hidden?{query}")


async def test_words_stand_in_no_address(browser: Browser) -> None:
    conversation = await said(browser)
    for path, fields in (
        ("hidden/hide", {"words": "factory", "kind": "group"}),
        ("hidden/show", {"what": "factory"}),
        ("box", {"text": LATE, "words": "factory"}),
        ("box", {"text": LATE, "show": "factory"}),
    ):
        await browser.post(f"/conversations/{conversation}/{path}", fields)
        assert all("factory" not in str(answer.url) for answer in (browser.last, *browser.last.history))


async def test_two_names_become_one_person(world: World, browser: Browser) -> None:
    conversation = await said(browser, NOTE)
    fields = {"one": "[PERSON 3]", "other": "[PERSON 1]", "back": "hidden"}
    page = await browser.post(f"/conversations/{conversation}/hidden/same", fields)
    assert WORDS("hiding.done.same") in page
    (kept,) = await own_texts(world, browser, conversation)
    assert "[PERSON 3]" not in kept
    assert kept.count("[PERSON 1]") == 2
    assert "Also written: Bev Obi" in without_tags(page)


@pytest.mark.parametrize("other", ["[PERSON 1]", "", "[PHONE 1]", "[PERSON 9]"])
async def test_who_are_not_two_people_stay_apart(world: World, browser: Browser, other: str) -> None:
    conversation = await said(browser, NOTE)
    fields = {"one": "[PERSON 1]", "other": other, "back": "hidden"}
    page = await browser.post(f"/conversations/{conversation}/hidden/same", fields, 422)
    assert WORDS("hiding.choose_two") in page
    assert len(world.desk.vault.book(conversation).people()) == 3


async def test_once_the_team_has_it_the_page_says_so(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    sent = asks("notes", referral={"reference": "TF-AAAA-BBBB", "status": "created"})
    world.bot.says_next("Sent", sent)
    await browser.post(f"/conversations/{conversation}/say", {"text": LATE})
    page = await browser.post(f"/conversations/{conversation}/hidden/hide", {"words": "factory", "kind": "group"})
    assert WORDS("hiding.team_has_it") in page
    assert "Phone them if that matters" in await browser.get(f"/conversations/{conversation}/hidden")


async def test_not_everywhere_yet_is_said_and_is_no_error(world: World, browser: Browser) -> None:
    conversation = await said(browser)
    world.bot.rewrite_failure = (503, {"error": "not_kept"})
    page = await browser.post(f"/conversations/{conversation}/hidden/hide", {"words": "factory", "kind": "group"})
    assert WORDS("not_everywhere_yet.text") in page
    assert WORDS("hiding.done.hidden_everywhere") not in page
    assert WORDS("not_everywhere_yet.text") in await browser.get(f"/conversations/{conversation}/hidden")


# Doubtful words


async def test_doubtful_words_are_settled_together(world: World, browser: Browser) -> None:
    conversation = await said(browser, "all is well")
    world.desk.vault.change(conversation, doubt("Storm", "Misty"))
    page = await browser.get(f"/conversations/{conversation}")
    assert "Are these names?" in page
    fields = [("asked", "[PERSON 1]"), ("asked", "[PERSON 2]"), ("hidden", "[PERSON 2]")]
    page = await browser.post(f"/conversations/{conversation}/hidden/settle", fields)
    assert WORDS("hiding.done.settled") in page
    assert "Are these names?" not in page
    book = world.desk.vault.book(conversation)
    assert (book.people(), book.shown()) == ([("[PERSON 2]", "Misty")], ["Storm"])


async def test_what_was_not_asked_about_stays_hidden(world: World, browser: Browser) -> None:
    conversation = await said(browser, "all is well")
    world.desk.vault.change(conversation, doubt("Storm", "Misty"))
    await browser.post(f"/conversations/{conversation}/hidden/settle", [("asked", "[PERSON 1]")])
    assert world.desk.vault.book(conversation).people() == [("[PERSON 2]", "Misty")]


@pytest.mark.parametrize("question", ["people", "check"])
async def test_doubts_can_be_settled_before_names_are_passed_on(world: World, browser: Browser, question: str) -> None:
    conversation = await browser.open()
    world.bot.says_next("Next", asks(question, 4))
    await browser.post(f"/conversations/{conversation}/say", {"text": "all is well"})
    world.desk.vault.change(conversation, doubt("Storm"))
    page = await browser.get(f"/conversations/{conversation}/{question}")
    assert "We were not sure about 1 of the words we hid: “Storm”" in without_tags(page)
    assert 'type="checkbox" checked' not in page
    page = await browser.get(f"/conversations/{conversation}/hidden?back={question}")
    fields = [("asked", "[PERSON 1]"), ("back", question)]
    page = await browser.post(f"/conversations/{conversation}/hidden/settle", fields)
    assert browser.last.url.path.endswith(f"/{question}")
    assert WORDS("hiding.done.settled") in page


async def test_the_check_page_says_what_could_still_point_to_the_family(world: World, browser: Browser) -> None:
    conversation = await browser.open()
    wants = {"value": "a school place for [PERSON 1], he is 14", "how": "text", "turn": "t_1"}
    world.bot.says_next("Check", asks("check", 4, answers={"wants": wants}))
    await browser.post(f"/conversations/{conversation}/say", {"text": "all is well"})
    page = await browser.get(f"/conversations/{conversation}/check")
    assert "Could still point to this family: age 14." in page


# Danger, other people's conversations, the end


async def test_nothing_stands_before_danger(world: World, browser: Browser) -> None:
    world.bot.says_next("Danger", asks("danger", danger=[card("RF3", "E")]))
    conversation = await said(browser)
    assert 'data-view="danger"' in await browser.get(f"/conversations/{conversation}/hidden")
    page = await browser.post(f"/conversations/{conversation}/hidden/hide", {"words": "factory", "kind": "group"})
    assert 'data-view="danger"' in page


@pytest.mark.parametrize("path", ["hidden", "hidden/hide", "hidden/show", "hidden/settle", "hidden/same", "box"])
async def test_another_officers_conversation_is_not_there(world: World, browser: Browser, path: str) -> None:
    conversation = await said(browser)
    other = await world.browser("other")
    if path == "hidden":
        await other.get(f"/conversations/{conversation}/{path}", 404)
    else:
        await other.post(f"/conversations/{conversation}/{path}", {"words": "factory"}, 404)
    await other.client.session.close()
    assert "factory" not in world.desk.vault.book(conversation).to_json()


@pytest.mark.parametrize("path", ["hidden/hide", "hidden/show", "hidden/settle", "hidden/same", "box"])
async def test_a_forms_address_opened_as_a_page_leads_back(browser: Browser, path: str) -> None:
    conversation = await browser.open()
    answer = await browser.client.get(f"/conversations/{conversation}/{path}")
    assert answer.url.path == f"/conversations/{conversation}"


async def test_once_names_are_cleared_the_page_says_why_and_offers_nothing(world: World, browser: Browser) -> None:
    conversation = await said(browser, NOTE)
    world.desk.closing.finish(conversation, "time")
    for page in ("", "/hidden"):
        shown = await browser.get(f"/conversations/{conversation}{page}")
        assert WORDS("names_cleared.time") in shown
        assert "Kelly" not in shown
        assert "Hide words" not in shown
    await browser.post(f"/conversations/{conversation}/hidden/hide", {"words": "factory"}, 409)
