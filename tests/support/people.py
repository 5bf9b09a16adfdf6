"""The people who use the system, as they use it: in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from playwright.sync_api import Browser, Locator, Page, expect

SLOW_MS = 30_000
ANSWERS: dict[str, Any] = {
    "child": "yes",
    "more": "nothing_else",
    "more_again": "nothing_else",
    "officer_level": "C",
    "decision": "connecting_families",
    "agree_contact": "yes",
    "agree_share": "yes",
    "agree_agencies": ["school", "health"],
}
TYPED = {
    "safe_contact": "By phone after 3 o'clock. Please do not leave a message or write to the home.",
    "wants": "They would like somebody to sit down with them and go through the letters.",
    "decision_reason": "I spoke with them for a while and this fits what they asked for.",
}


class Person:
    """Somebody with a browser of their own, signed in."""

    def __init__(self, browser: Browser, address: str, *, scripts: bool = True) -> None:
        self.address = address
        self.scripts = scripts
        self.context = browser.new_context(java_script_enabled=scripts, viewport={"width": 1280, "height": 1000})
        self.context.set_default_timeout(SLOW_MS)
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda message: self.problems.append(message.text) if message.type == "error" else None)

    def sign_in(self, username: str, password: str) -> Self:
        """Sign in by the form."""
        self.page.goto(self.address)
        self.page.get_by_label("Username").fill(username)
        self.page.locator("#password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()
        return self

    def close(self) -> None:
        """Close the browser's window."""
        self.context.close()


@dataclass
class Plan:
    """How an officer will answer in one conversation; see tests/e2e/notes for the fields."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    after_danger: str = "colleague_calling"


class Officer(Person):
    """An officer at the desk. ``pictures`` is called with the name of each page on the way to a referral."""

    pictures: Callable[[str], None] | None = None

    def start(self) -> Self:
        """Open a new conversation."""
        self.page.goto(self.address)
        self.page.get_by_role("button", name="Start a new conversation").click()
        expect(self.page.locator("#log")).to_be_visible()
        return self

    def say(self, text: str) -> None:
        """Type into the box and send."""
        before = self.page.locator("#view").get_attribute("data-view"), self._turn()
        self.page.locator("#text").fill(text)
        self.page.locator("#say").get_by_role("button", name="Send", exact=True).click()
        self._settle(before)

    def press(self, button: Locator) -> None:
        """Press a button of the conversation and wait for what comes back."""
        before = self.page.locator("#view").get_attribute("data-view"), self._turn()
        button.click()
        self._settle(before)

    def _turn(self) -> str | None:
        return self.page.locator("#say input[name=turn]").first.get_attribute("value") if self._has("#say") else None

    def _has(self, selector: str) -> bool:
        return self.page.locator(selector).count() > 0

    def _settle(self, before: tuple[str | None, str | None]) -> None:
        """Every answer brings a fresh turn id, unless nothing was sent."""
        self.page.wait_for_load_state()
        if not self.scripts:
            return
        self.page.wait_for_function(
            """before => {
                const turn = document.querySelector('#say input[name=turn]');
                return !turn || turn.value !== before || document.querySelector('#not-sent');
            }""",
            arg=before[1],
        )

    @property
    def question(self) -> str:
        """The id of the open question; empty when there is none."""
        asked = self.page.locator(".desk-acts")
        return (asked.first.get_attribute("data-question") or "") if asked.count() else ""

    @property
    def signs(self) -> list[str]:
        """Names of the signs that count, as the page lists them."""
        return self.page.locator(".desk-sign:not(.desk-sign--aside) strong").all_inner_texts()

    @property
    def reference(self) -> str:
        """The reference on the page, or empty."""
        found = re.search(r"TF-[0-9A-Z]{4}-[0-9A-Z]{4}", self.page.locator("main").inner_text())
        return found[0] if found else ""

    def finish(self, plan: Plan) -> str:
        """Answer whatever is asked until the talk ends; the last page's kind: sent, ended or emergency."""
        for _ in range(40):
            page = self.page
            if self._has(".desk-panel, .govuk-panel--confirmation"):
                return "sent"
            if self._has(".desk-card__done"):
                emergency = self._has("[data-view=danger]")
                self.press(page.locator(f".desk-card__done button[value={plan.after_danger}]").first)
                if emergency:
                    return "emergency"
            elif page.url.endswith("/people"):
                self._who_is_who(plan)
            elif page.url.endswith("/check"):
                self._look("check")
                page.get_by_role("button", name="Send to Connecting Families").click()
                page.wait_for_load_state()
            elif self._has("a.govuk-button[href$='/people'], a.govuk-button[href$='/check']"):
                page.locator("a.govuk-button[href$='/people'], a.govuk-button[href$='/check']").click()
                page.wait_for_load_state()
            elif self.question in ANSWERS:
                self._look(f"question-{self.question.replace('_', '-')}")
                self._answer(self.question, {**ANSWERS, **plan.answers})
            elif self.question in TYPED:
                self.say(TYPED[self.question])
            elif self.question:
                self.press(page.get_by_role("button", name="Skip", exact=True))
            elif self._has(".desk-after"):
                return "ended"
            else:
                break
        raise AssertionError("the talk did not come to an end:\n" + self.page.locator("main").inner_text())

    def _answer(self, question: str, answers: dict[str, Any]) -> None:
        form = self.page.locator("form[action$='/answer']")
        value = answers[question]
        if isinstance(value, list):
            for one in value:
                form.locator(f"input[value={one}]").check()
            self.press(form.get_by_role("button", name="Continue"))
        else:
            self.press(form.locator(f"button[value={value}]"))

    def _look(self, name: str) -> None:
        if self.pictures is not None:
            self.pictures(name)

    def _who_is_who(self, plan: Plan) -> None:
        page = self.page
        self._look("who-is-who")
        expect(page.get_by_role("heading", name="Who is who")).to_be_visible()
        assert page.locator("input[type=checkbox]:checked").count() == 0, "agreement is never ticked beforehand"
        for box in page.locator("#people fieldset").all():
            name = box.locator("legend").inner_text().rsplit(" (", 1)[0].strip()
            wanted = next((entry for full, entry in plan.people.items() if _same(full, name)), None)
            box.locator("select").select_option(value=wanted["role"] if wanted else "other")
            if wanted and wanted["agreed"]:
                box.locator("input[type=checkbox]").check()
        for detail in plan.details:
            page.get_by_label(re.compile(re.escape(detail))).check()
        page.get_by_role("button", name="Continue").click()
        page.wait_for_load_state()


def _same(full: str, shown: str) -> bool:
    """Whether a planned person is the one shown: the page shows the name as it was found, perhaps only a part of it."""
    wanted, found = set(full.lower().split()), set(shown.lower().replace(",", " ").split())
    return bool(wanted & found)


class KeyWorker(Person):
    """A key worker at the inbox."""

    def open(self, reference: str) -> str:
        """Open a referral; the words of its page."""
        self.page.goto(f"{self.address}/referrals/{reference}")
        expect(self.page.get_by_role("heading", name=f"Referral {reference}")).to_be_visible()
        return self.page.locator("main").inner_text()

    def accept(self, reference: str) -> None:
        """Accept it."""
        self.open(reference)
        self.page.get_by_role("button", name="Accept", exact=True).click()
        self.page.get_by_role("button", name="Yes, accept it").click()
        self.page.wait_for_load_state()
