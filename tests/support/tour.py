"""Takes every picture in docs/screenshots, as a new user sees the pages: ``.venv/bin/python -m tests.support.tour``."""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUM_FLAGS, chromium_path
from tests.e2e.notes import Note, load_notes
from tests.support.people import KeyWorker, Officer, Person, Plan
from tests.support.system import ROOT, System

PICTURES = ROOT / "docs" / "screenshots"


def picture(person: Person, name: str) -> None:
    """One page, whole."""
    person.page.wait_for_timeout(300)
    person.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def tell(officer: Officer, note: Note) -> Plan:
    """Start a conversation and say all that the note holds."""
    officer.start()
    for message in note.messages:
        officer.say(message)
    return Plan(people=note.people, details=note.details, after_danger=note.after_danger)


def hiding(officer: Officer) -> None:
    """How words are hidden and shown, on pages that the journey goes on from as if nothing had been."""
    page = officer.page
    conversation = page.url
    page.locator("#text").fill(
        "Her sister Dawn Fairley has twins in Year 9, they live above the chip shop. Rang on 07700 900456"
    )
    page.locator("#preview-text").wait_for()
    picture(officer, "preview")
    page.locator("#text").dblclick(position={"x": 20, "y": 16})
    page.locator("#hide-this").wait_for()
    picture(officer, "hide-this")
    page.keyboard.press("Escape")
    page.locator("#text").fill("")
    page.get_by_role("link", name="Hide words in this message").first.click()
    picture(officer, "hide-words-in-message")
    page.goto(f"{conversation.partition('#')[0]}/hidden")
    picture(officer, "hidden")
    page.goto(conversation)


def tour(officer: Officer, key_worker: KeyWorker, notes: dict[str, Note]) -> None:
    """The journey of one note, with a picture of each page on the way; then the pages beside it."""
    picture(officer, "start")
    plan = tell(officer, notes["01-rent-and-school"])
    picture(officer, "chat")
    hiding(officer)
    officer.pictures = lambda page: picture(officer, page)
    assert officer.finish(plan) == "sent"
    officer.pictures = None
    picture(officer, "sent")
    reference = officer.reference
    time.sleep(5)  # the relay delivers
    key_worker.page.goto(key_worker.address)
    picture(key_worker, "inbox-list")
    key_worker.open(reference)
    picture(key_worker, "inbox-referral")
    for page in ("ask", "decline", "accept"):
        key_worker.page.goto(f"{key_worker.address}/referrals/{reference}/{page}")
        picture(key_worker, f"inbox-{page}")
    key_worker.accept(reference)
    picture(key_worker, "inbox-accepted")
    time.sleep(5)  # the relay brings it back
    officer.page.goto(f"{officer.address}/referrals")
    picture(officer, "my-referrals")
    officer.page.goto(f"{officer.address}/referrals/{reference}")
    picture(officer, "my-referral")
    tell(officer, notes["06-emergency"])
    picture(officer, "emergency")
    tell(officer, notes["09-watched"])
    picture(officer, "same-day")
    for page in ("cards", "cards/rf3", "help", "help-sheet"):
        officer.page.goto(f"{officer.address}/{page}")
        picture(officer, re.sub(r"\W", "-", page))


def main() -> None:
    """Start the system, go round, stop it."""
    PICTURES.mkdir(exist_ok=True)
    notes = {note.name: note for note in load_notes()}
    with (
        tempfile.TemporaryDirectory() as folder,
        System(Path(folder)).start() as system,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        officer, key_worker = Officer(browser, system.desk), KeyWorker(browser, system.inbox)
        officer.page.goto(officer.address)
        picture(officer, "sign-in")
        officer.sign_in("officer", system.passwords["officer"])
        key_worker.sign_in("keyworker", system.passwords["keyworker"])
        tour(officer, key_worker, notes)
        browser.close()


if __name__ == "__main__":
    main()
