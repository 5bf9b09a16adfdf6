"""Hiding and showing words in a real browser: with the mouse, with the keyboard, before sending and after it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from bot.desk.words import WORDS
from tests.desk.conftest import World
from tests.desk.servers import asks, doubt, sign
from tests.desk.test_script import page, send, stored  # noqa: F401 - the page is a fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LATE = "bev came too, from the factory"
# The place of some words on the page, as left, right and middle in pixels.
_PLACE = """([root, words]) => {
    const walker = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const start = node.data.indexOf(words)
        if (start < 0) continue
        node.parentElement.scrollIntoView({ block: 'center' })
        const range = document.createRange()
        range.setStart(node, start)
        range.setEnd(node, start + words.length)
        const box = range.getBoundingClientRect()
        return [box.left, box.right, (box.top + box.bottom) / 2]
    }
}"""


async def drag_over(page: Page, root: str, words: str) -> None:  # noqa: F811
    """Select words that stand under `root`, as with a mouse."""
    left, right, middle = await page.evaluate(_PLACE, [root, words])
    await page.mouse.move(left + 1, middle)
    await page.mouse.down()
    await page.mouse.move(right - 1, middle, steps=4)
    await page.mouse.up()


def hide_this(page: Page) -> Locator:  # noqa: F811
    """The small form beside selected words."""
    return page.locator("#hide-this")


async def hidden(page: Page, words: str) -> None:  # noqa: F811
    """Type words and wait for their preview."""
    await page.fill("#text", words)
    await expect(page.locator("#preview-text")).to_contain_text(words.split(maxsplit=1)[0])


async def test_words_in_the_preview_are_hidden_with_the_mouse(world: World, page: Page) -> None:  # noqa: F811
    await hidden(page, LATE)
    await drag_over(page, "#preview-text", "factory")
    await hide_this(page).get_by_label("What are they?").select_option("group")
    await hide_this(page).get_by_role("button", name="Hide this").click()
    await expect(page.locator("#preview-text")).to_contain_text("factory (ORG 1)")
    await expect(page.locator("#notice")).to_have_text(WORDS("hiding.done.hidden"))
    await expect(page.locator("#aloud")).to_have_text(WORDS("hiding.done.hidden"))
    await expect(hide_this(page)).to_be_hidden()
    await expect(page.locator("#text")).to_have_value(LATE)
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("#log > li")).to_have_count(3)
    assert b"factory" not in b"".join(world.bot.bodies)


async def test_words_in_the_box_are_hidden_with_the_mouse(page: Page) -> None:  # noqa: F811
    await hidden(page, LATE)
    await page.locator("#text").dblclick(position={"x": 20, "y": 16})  # the first word
    await expect(hide_this(page).locator("[name=words]")).to_have_value("bev")
    await hide_this(page).get_by_role("button", name="Hide this").click()
    await expect(page.locator("#preview-text .desk-hidden").first).to_contain_text("bev (PERSON 1)")
    await expect(page.locator("#text")).to_have_value(LATE)


async def test_words_already_sent_are_hidden_with_the_mouse(world: World, page: Page) -> None:  # noqa: F811
    heard = [sign("RNT1", "from the factory")]
    world.bot.says_next("You said: from the factory", asks("wants", 2, ledger=heard))
    await send(page, LATE)
    await expect(page.locator("#log > li")).to_have_count(3)
    await page.fill("#text", "half a sen")
    await drag_over(page, "#log", "factory")
    await hide_this(page).get_by_label("What are they?").select_option("group")
    await hide_this(page).get_by_role("button", name="Hide this").click()
    await expect(page.locator("#log .desk-log__item--you")).to_contain_text("factory (ORG 1)")
    await expect(page.locator("#notice")).to_have_text(WORDS("hiding.done.hidden_everywhere"))
    await expect(page.locator("#text")).to_have_value("half a sen")
    assert "factory" not in world.bot.texts[0]


async def test_a_label_of_ours_is_not_part_of_what_is_selected(page: Page) -> None:  # noqa: F811
    await send(page, "Kelly Marsh and the van")
    await expect(page.locator("#log > li")).to_have_count(3)
    await page.locator("#log .desk-log__item--you .app-words").click(click_count=3)
    await expect(hide_this(page).locator("[name=words]")).to_have_value("Kelly Marsh and the van")


@pytest.mark.parametrize("words", ["", " , ", "x" * 201])
async def test_nothing_is_offered_for_what_is_no_name(page: Page, words: str) -> None:  # noqa: F811
    await page.fill("#text", words)
    await page.locator("#text").click(click_count=3)
    await page.wait_for_timeout(100)
    await expect(hide_this(page)).to_be_hidden()


async def test_escape_and_a_press_elsewhere_close_it(page: Page) -> None:  # noqa: F811
    for close in (lambda: page.keyboard.press("Escape"), lambda: page.locator("h1").click()):
        await page.fill("#text", "factory")
        await page.locator("#text").dblclick(position={"x": 20, "y": 16})
        await expect(hide_this(page)).to_be_visible()
        await close()
        await expect(hide_this(page)).to_be_hidden()
        await expect(hide_this(page).locator("[name=words]")).to_have_value("")


async def test_words_are_hidden_with_the_keyboard_alone(page: Page) -> None:  # noqa: F811
    await hidden(page, LATE)
    await page.locator("#text").press("End")
    for _ in "factory":
        await page.keyboard.press("Shift+ArrowLeft")
    await page.keyboard.press("Alt+KeyH")
    field = page.locator("#hide-words [name=words]")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("factory")
    await page.keyboard.press("Tab")
    await page.keyboard.press("s")  # "Something else"
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#preview-text")).to_contain_text("factory (OTHER 1)")
    await expect(page.locator("#text")).to_be_focused()
    await expect(page.locator("#text")).to_have_value(LATE)
    await expect(field).to_have_value("")


async def test_hide_words_is_reached_with_the_tab_key(page: Page) -> None:  # noqa: F811
    await page.locator("#text").focus()
    for _ in range(4):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    await page.keyboard.press("Enter")
    await expect(page.locator("#hide-words [name=words]")).to_be_visible()


async def test_a_word_is_shown_again_from_the_preview(page: Page) -> None:  # noqa: F811
    await hidden(page, "Kelly Marsh and Jayden")
    await page.get_by_role("button", name="Jayden").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#preview-text button")).to_have_count(1)
    await expect(page.locator("#preview-text")).to_be_focused()
    await expect(page.locator("#aloud")).to_have_text("1 thing will be hidden.")


async def test_what_cannot_be_hidden_is_said_and_stays_in_its_field(page: Page) -> None:  # noqa: F811
    await page.locator("#hide-words summary").click()
    await page.fill("#hide-words [name=words]", "x" * 201)
    await page.get_by_role("button", name="Hide these words").click()
    await expect(page.locator("#notice")).to_contain_text("That is too much at once.")
    await expect(page.locator("#hide-words [name=words]")).to_have_value("x" * 201)


async def test_doubts_are_settled_beside_the_conversation(world: World, page: Page) -> None:  # noqa: F811
    conversation = page.url.rsplit("/", 1)[1]
    world.desk.vault.change(conversation, doubt("Storm", "Misty"))
    await page.reload()
    await page.fill("#text", "half a sen")
    await page.get_by_label("Storm").uncheck()
    await page.get_by_role("button", name="Save these").click()
    await expect(page.locator("#notice")).to_have_text(WORDS("hiding.done.settled"))
    await expect(page.locator("#doubtful")).to_have_count(0)
    await expect(page.locator("#side")).to_contain_text("Misty (PERSON 2)")
    await expect(page.locator("#text")).to_have_value("half a sen")


async def test_a_service_that_cannot_be_reached_hides_nothing_and_says_so(page: Page) -> None:  # noqa: F811
    await hidden(page, LATE)
    await page.route("**/hidden/hide", lambda route: route.abort())
    await page.locator("#text").dblclick(position={"x": 20, "y": 16})
    await hide_this(page).get_by_role("button", name="Hide this").click()
    await expect(page.locator("#not-sent")).to_contain_text("cannot reach the service")
    await expect(page.locator("#text")).to_have_value(LATE)


async def test_hidden_words_are_kept_nowhere_in_the_browser(page: Page) -> None:  # noqa: F811
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await hidden(page, LATE)
    await page.locator("#text").dblclick(position={"x": 20, "y": 16})
    await hide_this(page).get_by_role("button", name="Hide this").click()
    await expect(page.locator("#notice")).to_have_text(WORDS("hiding.done.hidden"))
    await page.get_by_role("button", name="bev").click()
    await expect(page.locator("#preview-text button")).to_have_count(0)
    assert "bev" not in await stored(page)
    assert not [url for url in asked if "bev" in url]


async def test_a_long_paste_scrolls_in_its_preview(page: Page) -> None:  # noqa: F811
    await hidden(page, "behind with the rent. " * 300)
    size: dict[str, Any] = await page.locator("#preview-text").evaluate(
        "box => ({ shown: box.clientHeight, all: box.scrollHeight })"
    )
    assert size["shown"] < size["all"]
    assert size["shown"] < 400
