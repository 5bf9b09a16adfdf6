"""The conversation page with its script, in a real browser."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, Route, async_playwright, expect

from tests.conftest import CHROMIUM_FLAGS
from tests.desk.conftest import PASSWORD, World
from tests.desk.servers import asks, card, sign

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTE = "Kelly Marsh, 3 months behind w rent"


@pytest.fixture
async def page(world: World, chromium: str) -> AsyncIterator[Page]:
    """A new conversation in the browser of a signed-in officer."""
    made = await world.browser()
    await made.client.session.close()
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = await running.new_page()
        page.set_default_timeout(20_000)
        await page.goto(str(world.client.make_url("/sign-in")))
        await page.fill("#username", "officer")
        await page.fill("#password", PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("button", name="Start a new conversation").click()
        await expect(page.locator("#text")).to_be_visible()
        yield page
        await running.close()


async def send(page: Page, words: str) -> None:
    await page.fill("#text", words)
    await page.get_by_role("button", name="Send", exact=True).click()


async def stored(page: Page) -> str:
    """All that the browser keeps, apart from the page itself."""
    kept = await page.evaluate(
        "[{...localStorage}, {...sessionStorage}, document.cookie, location.href, history.state]"
    )
    cookies = await page.context.cookies()
    return json.dumps([kept, [cookie.get("value") for cookie in cookies]])


async def test_sending_adds_to_the_page_and_keeps_the_focus_in_the_box(world: World, page: Page) -> None:
    world.bot.says_next("I heard this", asks("wants", 2, ledger=[sign("RNT1", "behind w rent")]))
    await page.evaluate("document.body.dataset.same = 'page'")
    await send(page, NOTE)
    await expect(page.locator("#log")).to_contain_text("I heard this")
    await expect(page.locator("#side")).to_contain_text("Rent arrears")
    await expect(page.locator("#text")).to_be_focused()
    await expect(page.locator("#text")).to_have_value("")
    assert await page.evaluate("document.body.dataset.same") == "page"
    assert await page.locator("#log > li").count() == 3


async def test_what_will_be_hidden_is_shown_while_somebody_types(page: Page) -> None:
    await page.fill("#text", NOTE)
    await expect(page.locator("#preview")).to_contain_text("Kelly Marsh (PERSON 1)")
    await expect(page.locator("#aloud")).to_have_text("1 thing will be hidden.")
    await page.fill("#text", "")
    await expect(page.locator("#preview")).to_be_empty()


async def test_nothing_typed_is_kept_in_the_browser(world: World, page: Page) -> None:
    await page.fill("#text", NOTE)
    await expect(page.locator("#preview")).to_contain_text("PERSON 1")
    await send(page, NOTE)
    await expect(page.locator("#log > li")).to_have_count(3)
    world.hiding.error = RuntimeError("broken")
    await send(page, "Kelly rang again")
    await expect(page.locator("#not-sent")).to_be_visible()
    assert "Kelly" not in await stored(page)


async def test_words_that_were_not_sent_stay_in_the_box_and_can_be_sent_again(world: World, page: Page) -> None:
    world.bot.failure = (503, {"error": "not_kept"})
    await send(page, NOTE)
    await expect(page.locator("#not-sent")).to_contain_text("Not sent")
    await expect(page.locator("#text")).to_have_value(NOTE)
    world.bot.failure = None
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("#log > li")).to_have_count(3)
    await expect(page.locator("#not-sent")).to_have_count(0)
    assert len(world.bot.texts) == 1


async def test_words_stay_in_the_box_when_the_service_is_gone(page: Page) -> None:
    await page.route("**/say", lambda route: route.abort())
    await send(page, NOTE)
    await expect(page.locator("#not-sent")).to_contain_text("cannot reach the service")
    await expect(page.locator("#text")).to_have_value(NOTE)


async def test_words_are_given_back_when_the_session_is_over(page: Page) -> None:
    await page.context.clear_cookies()
    await send(page, "Kelly Marsh is behind with the rent")
    await expect(page.locator("main textarea").last).to_have_value("Kelly Marsh is behind with the rent")


async def test_an_emergency_takes_the_screen_and_the_focus(world: World, page: Page) -> None:
    world.bot.says_next("Danger", asks("danger", danger=[card("RF3", "E", "tablets lined up")]))
    await send(page, "has the tablets lined up")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await expect(page.locator("#log")).to_have_count(0)
    world.bot.says_next("Thank you", asks("notes", danger=[card("RF3", "E", done="calling_now")]))
    await page.get_by_role("button", name="I am calling now").click()
    await expect(page.locator("#log")).to_contain_text("Thank you")
    assert world.bot.choices[0]["value"] == {"do": "danger", "cards": ["RF3"], "done": "calling_now"}


async def test_a_press_leaves_half_a_sentence_in_the_box(world: World, page: Page) -> None:
    world.bot.says_next("Is there a child?", asks("child", 2))
    await send(page, NOTE)
    await expect(page.locator("#log")).to_contain_text("Is there a child?")
    await page.fill("#text", "and another thi")
    world.bot.says_next("What would they like?", asks("wants", 3))
    await page.get_by_role("button", name="Yes", exact=True).click()
    await expect(page.locator("#log")).to_contain_text("What would they like?")
    await expect(page.locator("#text")).to_have_value("and another thi")


@pytest.mark.parametrize("failure", [None, (503, {"error": "not_kept"})])
async def test_what_is_typed_while_a_message_is_on_its_way_stays(
    world: World, page: Page, failure: tuple[int, dict[str, str]] | None
) -> None:
    on_its_way, typed = asyncio.Event(), asyncio.Event()

    async def slowly(route: Route) -> None:
        on_its_way.set()
        await typed.wait()
        await route.continue_()

    await page.route("**/say", slowly)
    world.bot.failure = failure
    await send(page, NOTE)
    await on_its_way.wait()
    await page.locator("#text").press("End")
    await page.locator("#text").press_sequentially(" and no food in")
    typed.set()
    if failure is None:
        await expect(page.locator("#log > li")).to_have_count(3)
        await expect(page.locator("#text")).to_have_value("and no food in")
    else:
        await expect(page.locator("#not-sent")).to_be_visible()
        await expect(page.locator("#text")).to_have_value(NOTE + " and no food in")


async def test_an_answer_on_an_emergencys_page_leaves_half_a_sentence_in_the_box(world: World, page: Page) -> None:
    world.bot.says_next("Danger", asks("danger", danger=[card("RF3", "E", "tablets lined up")]))
    await send(page, "has the tablets lined up")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await page.fill("#text", "he is at the")
    world.bot.says_next("Thank you", asks("notes", danger=[card("RF3", "E", done="calling_now")]))
    await page.get_by_role("button", name="I am calling now").click()
    await expect(page.locator("#log")).to_contain_text("Thank you")
    await expect(page.locator("#text")).to_have_value("he is at the")


async def test_a_message_that_leads_to_another_page_goes_there_without_asking(world: World, page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    world.bot.says_next("Check it", asks("check", 3))
    await send(page, "help with the letters")
    await page.wait_for_url("**/check")
    assert asked == []


async def test_after_a_no_the_names_are_gone_from_the_page(world: World, page: Page) -> None:
    world.bot.says_next("Is that OK with you?", asks("agree_contact", 2))
    await send(page, NOTE)
    await expect(page.locator("#log")).to_contain_text("Kelly Marsh")
    ended = asks("notes", ended={"how": "said_no", "turn": "t_1"}).model_copy(update={"question": None})
    world.bot.says_next("That is fine", ended)
    await page.get_by_role("button", name="They said no, for now").click()
    await expect(page.locator("#log")).to_contain_text("That is fine")
    await expect(page.locator("body")).not_to_contain_text("Kelly")
    await expect(page.locator("#text")).to_have_count(0)


@pytest.mark.parametrize("key", ["F2", "c"])
async def test_one_key_opens_the_cards_beside_the_page(page: Page, key: str) -> None:
    await page.locator("h1").click()
    async with page.context.expect_page() as opened:
        await page.keyboard.press(key)
    assert (await opened.value).url.endswith("/cards")


async def test_the_letter_is_only_a_letter_in_the_box(page: Page) -> None:
    await page.locator("#text").press_sequentially("cc")
    await expect(page.locator("#text")).to_have_value("cc")
    assert len(page.context.pages) == 1


async def test_control_and_enter_send(world: World, page: Page) -> None:
    await page.fill("#text", "behind with the rent")
    await page.locator("#text").press("Control+Enter")
    await expect(page.locator("#log > li")).to_have_count(3)
    assert world.bot.texts == ["behind with the rent"]
