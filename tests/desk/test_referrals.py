"""My referrals: where each one is, and the officer's answers to the receiving team's questions."""

from __future__ import annotations

import html
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from referrals import (
    AgreedPerson,
    Envelope,
    PeopleDocument,
    Referrer,
    Status,
    create_referral,
    get_referral,
    open_answer,
    open_casework,
    put_envelope,
    seal_note,
    seal_people,
)
from referrals.intake import IntakeEvent, Receipt, SignedReceipt
from referrals.store import outbox, statuses
from referrals.store.outbox import Item
from referrals.store.tables import outbox as outbox_table
from sealing import KeyStore, Secrets, open_engine
from tests.desk.conftest import Browser, World
from tests.referrals.makers import referral_request

NOW = datetime.now(UTC)


class Team:
    """The casework store as the actions, the relay and the receiving team use it."""

    def __init__(self, world: World, officer: str) -> None:
        self.engine: Engine = open_casework(world.settings.database_url("casework"))
        self.keys = KeyStore(open_engine(world.settings.database_url("keys")))
        self.secrets = Secrets(world.settings.keys_dir)
        self._officer = officer

    def refer(self, conversation: str) -> str:
        person = AgreedPerson(token="[PERSON 1]", name="Kelly Marsh", role="parent")
        people = PeopleDocument(referrer=Referrer(name="Olga", team="Welfare"), people=(person,))
        sealed = seal_people(self.secrets.inbox_public, people, "e_1")
        owned = {"conversation": conversation, "instance": "1", "officer": self._officer}
        put_envelope(self.engine, Envelope(envelope="e_1", sealed=sealed, **owned))  # type: ignore[arg-type]
        request = referral_request(1, **owned)
        return create_referral(self.engine, self.keys, self.secrets.inbox_public, request).reference

    def deliver(self, reference: str) -> None:
        receipt = Receipt(reference=reference, digest="0" * 64, received_at=NOW.isoformat(), inbox="Test")
        item = Item(reference, "referral", reference, b"", None, "0" * 64)
        outbox.keep_receipt(self.engine, item, SignedReceipt(receipt=receipt, signature="s"), NOW)

    def tell(self, n: int, reference: str, status: Status, note: str | None = None) -> None:
        story = get_referral(self.engine, self.keys, reference, self._officer).story
        sealed = seal_note(story, status, note) if note else None
        event = IntakeEvent(n=n, reference=reference, status=status, at=NOW, note=sealed)
        statuses.take_event(self.engine, event, NOW)

    def answers(self, reference: str) -> list[str]:
        """What was put on its way to the team, opened with the team's key."""
        with self.engine.begin() as db:
            rows = db.execute(select(outbox_table.c.item, outbox_table.c.first, outbox_table.c.kind)).all()
        return [
            open_answer(self.secrets.inbox_private, row.first, reference, row.item)
            for row in rows
            if row.item != reference
        ]


@pytest.fixture
async def conversation(world: World, browser: Browser) -> str:
    conversation = await browser.open()
    await browser.post(
        f"/conversations/{conversation}/say", {"text": "Kelly Marsh, behind with rent since Dan Obi left"}
    )
    return conversation


@pytest.fixture
def team(world: World, browser: Browser) -> Team:
    return Team(world, browser.officer)


@pytest.fixture
def reference(team: Team, conversation: str) -> str:
    return team.refer(conversation)


async def test_a_referral_is_listed_with_where_it_is(browser: Browser, team: Team, reference: str) -> None:
    for path in ("/", "/referrals"):
        page = await browser.get(path)
        assert reference in page
        assert "On its way" in page
    team.deliver(reference)
    assert "Delivered" in await browser.get("/referrals")


async def test_a_referral_shows_its_words_with_names_for_its_officer(browser: Browser, reference: str) -> None:
    page = await browser.get(f"/referrals/{reference}")
    assert "Rent arrears" in page
    assert "since" in page
    assert "Dan Obi" in page  # [PERSON 2] in the referral itself


async def test_anothers_referral_is_not_found(world: World, reference: str) -> None:
    other = await world.browser("other")
    await other.get(f"/referrals/{reference}", status=404)
    assert (await other.send(f"/referrals/{reference}", {"answer": "hello"})).status == 404
    assert reference not in await other.get("/referrals")


@pytest.mark.parametrize("reference", ["TF-2222-2222", "nonsense", "%00"])
async def test_an_unknown_reference_is_not_found(browser: Browser, reference: str) -> None:
    await browser.get(f"/referrals/{reference}", status=404)


async def test_the_reason_for_a_decline_is_shown(browser: Browser, team: Team, reference: str) -> None:
    team.deliver(reference)
    team.tell(1, reference, Status.OPENED)
    team.tell(2, reference, Status.DECLINED, "[PERSON 1] has a key worker <already>")
    page = await browser.get(f"/referrals/{reference}")
    assert "Why it was not accepted" in page
    assert "has a key worker &lt;already&gt;" in page
    assert "Kelly Marsh" in page


async def test_a_question_is_answered_in_tokens(browser: Browser, team: Team, reference: str) -> None:
    team.deliver(reference)
    team.tell(1, reference, Status.OPENED)
    team.tell(2, reference, Status.NEEDS_MORE, "When is a good time to ring [PERSON 1]?")
    page = html.unescape(await browser.get(f"/referrals/{reference}"))
    assert "When is a good time to ring" in page
    path = f"/referrals/{reference}"
    page = await browser.post(path, {"answer": "Ring Kelly after 3, not when Dan Obi or Zara Khan is in"})
    assert team.answers(reference) == ["Ring [PERSON 1] after 3, not when [PERSON 2] or [PERSON 3] is in"]
    assert "Ring" in page
    assert "Kelly Marsh" in page


async def test_an_answer_that_cannot_be_hidden_is_not_sent_and_stays(
    world: World, browser: Browser, team: Team, reference: str
) -> None:
    team.deliver(reference)
    team.tell(1, reference, Status.OPENED)
    team.tell(2, reference, Status.NEEDS_MORE, "When?")
    world.hiding.error = RuntimeError("broken")
    page = await browser.post(f"/referrals/{reference}", {"answer": "Ring Kelly after 3"}, status=422)
    assert "Ring Kelly after 3" in page
    assert team.answers(reference) == []


@pytest.mark.parametrize("answer", ["", "   ", "x " * 2500])
async def test_an_answer_of_no_use_is_not_sent(browser: Browser, team: Team, reference: str, answer: str) -> None:
    team.deliver(reference)
    team.tell(1, reference, Status.OPENED)
    team.tell(2, reference, Status.NEEDS_MORE, "When?")
    page = await browser.post(f"/referrals/{reference}", {"answer": answer}, status=422)
    assert answer.strip() in page
    assert team.answers(reference) == []


async def test_an_answer_that_nobody_asked_for_is_given_back(browser: Browser, team: Team, reference: str) -> None:
    page = await browser.post(f"/referrals/{reference}", {"answer": "Ring after three"}, status=422)
    assert "Ring after three" in page
    assert "no question open" in page
    assert team.answers(reference) == []


async def test_with_the_conversation_deleted_tokens_are_never_given_anew(
    browser: Browser, team: Team, reference: str, conversation: str
) -> None:
    team.deliver(reference)
    team.tell(1, reference, Status.OPENED)
    team.tell(2, reference, Status.NEEDS_MORE, "When?")
    await browser.post(f"/conversations/{conversation}/erase", {})
    page = await browser.post(f"/referrals/{reference}", {"answer": "Ring Amina Yusuf"}, status=422)
    assert "Ring Amina Yusuf" in page
    assert team.answers(reference) == []


async def test_a_manager_sees_how_many(world: World, reference: str) -> None:
    manager = await world.browser("manager", "manager")
    page = await manager.get("/")
    assert "On its way" in page
    assert reference not in page
