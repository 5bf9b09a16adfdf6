"""The whole journey, in a real browser, on real Rasa, for ten very different desk notes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from sealing import open_engine
from tests.e2e.notes import Note, load_notes
from tests.support.people import KeyWorker, Officer, Plan
from tests.support.sinks import files, leaks
from tests.support.system import System
from understanding import load_pack

pytestmark = [pytest.mark.slow, pytest.mark.browser]

NOTES = load_notes()
WITHOUT_SCRIPTS = {"03-pasted-email", "07-says-no"}
DELIVERED_WITHIN_SECONDS = 60
PACK = load_pack("families-2022")


@pytest.fixture(scope="module", params=[True, False], ids=["scripts", "no-scripts"])
def officer(request: pytest.FixtureRequest, system: System, browser: Browser) -> Iterator[Officer]:
    person = Officer(browser, system.desk, scripts=request.param)
    yield person.sign_in("officer", system.passwords["officer"])
    person.close()
    assert not person.problems


@pytest.fixture(scope="module")
def key_worker(system: System, browser: Browser) -> Iterator[KeyWorker]:
    person = KeyWorker(browser, system.inbox)
    yield person.sign_in("keyworker", system.passwords["keyworker"])
    person.close()
    assert not person.problems


def _for(ends: str) -> list[Note]:
    return [note for note in NOTES if note.ends == ends]


def _plan(note: Note) -> Plan:
    return Plan(people=note.people, details=note.details, after_danger=note.after_danger)


def _hold(officer: Officer, note: Note) -> None:
    """Start, say all that the note holds, and see that the page shows names to the officer."""
    if officer.scripts == (note.name in WITHOUT_SCRIPTS):
        pytest.skip("this note is told with scripts on" if note.name not in WITHOUT_SCRIPTS else "told without scripts")
    officer.start()
    for message in note.messages:
        officer.say(message)


def _rows(system: System, name: str, query: str) -> list[dict[str, object]]:
    with open_engine(f"sqlite:///{system.data / f'{name}.db'}").begin() as db:
        return [dict(row) for row in db.execute(text(query)).mappings()]


@pytest.mark.parametrize("note", _for("referral"), ids=lambda note: note.name)
def test_a_note_becomes_a_referral_that_is_accepted(
    officer: Officer, key_worker: KeyWorker, system: System, note: Note
) -> None:
    _hold(officer, note)
    names = {PACK.sign(sign).name for sign in note.expect_signs}
    assert names <= set(officer.signs), officer.signs
    if note.correct:
        before = officer.signs
        officer.say(note.correct)
        assert len(officer.signs) < len(before), "the correction took nothing away"
    assert officer.finish(_plan(note)) == "sent"
    reference = officer.reference
    assert reference

    # It is kept at the desk's side before anybody is told, and delivered with a receipt soon after.
    deadline = time.monotonic() + DELIVERED_WITHIN_SECONDS
    query = f"select * from referrals where reference = '{reference}'"
    while _rows(system, "casework", query)[0]["status"] == "created" and time.monotonic() < deadline:
        time.sleep(0.2)
    (kept,) = _rows(system, "casework", query)
    assert kept["status"] == "delivered"
    (receipt,) = _rows(system, "casework", f"select * from receipts where reference = '{reference}'")
    (received,) = _rows(system, "inbox", f"select * from referrals where reference = '{reference}'")
    assert receipt["digest"] == received["digest"]

    # Nothing of it is readable at rest on either side.
    assert not leaks(note.planted, {"inbox": json.dumps(received, default=repr).encode()})
    assert not leaks(note.planted, files(system.data))

    # The key worker sees the agreed people by name, and nobody else's.
    seen = key_worker.open(reference)
    for full, wanted in note.people.items():
        first = full.split()[0]
        assert (first.lower() in seen.lower()) == wanted["agreed"], full
    for detail in note.details:
        assert detail in seen
    key_worker.accept(reference)

    # The officer sees it come back.
    deadline = time.monotonic() + DELIVERED_WITHIN_SECONDS
    while time.monotonic() < deadline:
        officer.page.goto(f"{system.desk}/referrals/{reference}")
        if "Accepted" in officer.page.locator("main").inner_text():
            break
        time.sleep(0.5)
    expect(officer.page.locator("main")).to_contain_text("Accepted")


@pytest.mark.parametrize("note", _for("emergency"), ids=lambda note: note.name)
def test_an_emergency_takes_the_screen_and_no_referral_follows(officer: Officer, system: System, note: Note) -> None:
    before = _rows(system, "casework", "select reference from referrals")
    _hold(officer, note)
    expect(officer.page.locator("[data-view=danger] h1")).to_be_visible()
    assert officer.page.locator("#view").inner_text().count("999")
    assert officer.finish(_plan(note)) == "emergency"
    assert officer.finish(_plan(note)) == "ended"
    assert not officer.question
    assert officer.page.get_by_role("button", name="Check what will be sent").count() == 0
    assert _rows(system, "casework", "select reference from referrals") == before


@pytest.mark.parametrize("note", _for("same_day"), ids=lambda note: note.name)
def test_a_worry_for_today_goes_to_the_safeguarding_lead(officer: Officer, system: System, note: Note) -> None:
    before = _rows(system, "casework", "select reference from referrals")
    _hold(officer, note)
    expect(officer.page.locator(".desk-card--S").first).to_be_visible()
    plan = _plan(note)
    plan.answers = {"decision": "safeguarding_lead"}
    assert officer.finish(plan) == "ended"
    expect(officer.page.locator(".desk-after")).to_contain_text("safeguarding lead")
    assert _rows(system, "casework", "select reference from referrals") == before


@pytest.mark.parametrize("note", _for("no"), ids=lambda note: note.name)
def test_no_is_respected_and_the_names_are_forgotten(officer: Officer, system: System, note: Note) -> None:
    before = _rows(system, "casework", "select reference from referrals")
    _hold(officer, note)
    plan = _plan(note)
    plan.answers = {"agree_contact": "no_for_now", "agree_share": "no_for_now"}
    assert officer.finish(plan) == "ended"
    page = officer.page.locator("main").inner_text()
    assert "They said no, so we cleared the names at once." in page
    assert not leaks(note.planted, {"page": page.encode()}), "names are cleared after a no"
    assert _rows(system, "casework", "select reference from referrals") == before


@pytest.mark.parametrize("note", _for("nothing"), ids=lambda note: note.name)
def test_an_ordinary_note_ends_kindly(officer: Officer, system: System, note: Note) -> None:
    before = _rows(system, "casework", "select reference from referrals")
    _hold(officer, note)
    assert officer.signs == []
    assert officer.page.locator(".desk-card").count() == 0
    assert officer.finish(_plan(note)) == "ended"
    expect(officer.page.locator(".desk-after")).to_contain_text("help sheet")
    assert _rows(system, "casework", "select reference from referrals") == before


def test_the_notes_cover_every_ending() -> None:
    assert len(NOTES) == 10
    assert {note.ends for note in NOTES} == {"referral", "emergency", "same_day", "no", "nothing"}


def test_after_all_of_it_no_planted_word_is_anywhere(system: System) -> None:
    planted = [word for note in NOTES for word in note.planted]
    sinks = files(system.folder) | {"log": system.output.encode()}
    assert any(place.endswith("bot.db") for place in sinks)
    assert leaks(planted, sinks) == []
