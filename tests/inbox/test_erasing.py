"""What a referral said is gone for good once it is erased: here, in what the relay gets, and in backups."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, event, select, update
from sqlalchemy.exc import OperationalError

from inbox import create_app
from inbox.erasing import erase
from inbox.errors import ReferralErased, ReferralUnknown
from inbox.keys import ENGINE, OPENER, OUTER_SEAL
from inbox.outer_seal import OuterSeal
from inbox.tables import answers, audit, events, referrals
from referrals import Status
from referrals.sealed import open_story
from sealing import KeyStore, SealBroken, Secrets, open_engine
from thinkfamily.settings import Settings
from web import AccessTokens, User

from .deliveries import Client, Sent, answer_to, deliver, deliver_answer
from .deliveries import events as told
from .people import Person

WHO = User("retention", "", "", "")


@pytest.fixture
async def sent(relay: Client, secrets: Secrets, kay: Person) -> Sent:
    """A referral with a question, its answer and a decision: everything that is kept in words."""
    sent = Sent(secrets)
    await deliver(relay, secrets, sent)
    path = f"/referrals/{sent.reference}"
    await kay.open(f"{path}/ask")
    await kay.send(f"{path}/ask", question="Which school?")
    await deliver_answer(relay, secrets, answer_to(secrets, sent.reference, "Hillside"))
    await kay.open(f"{path}/accept")
    await kay.send(f"{path}/accept")
    return sent


def kept_bytes(app: web.Application, reference: str) -> list[bytes | None]:
    """Everything sealed that stands in the database about a referral."""
    with app[ENGINE].begin() as db:
        found = [*db.execute(select(referrals.c.story, referrals.c.people).where(referrals.c.reference == reference))]
        found += db.execute(select(events.c.note, events.c.own_note).where(events.c.reference == reference))
        found += db.execute(select(answers.c.answer).where(answers.c.reference == reference))
    return [sealed for row in found for sealed in row]


async def test_an_erased_referral_is_on_the_list_and_cannot_be_read(
    app: web.Application, relay: Client, secrets: Secrets, kay: Person, mo: Person, sent: Sent, token: dict[str, str]
) -> None:
    other = Sent(secrets)
    await deliver(relay, secrets, other)
    erase(app[ENGINE], app[OUTER_SEAL], sent.reference, WHO)
    page = await kay.open("/")
    assert f"{sent.reference} Erased" in page
    assert f'href="/referrals/{sent.reference}"' not in kay.text
    assert "Behind with rent" in page  # the other one
    assert sent.reference in await mo.open("/")
    for path in ("", "/accept", "/ask", "/decline"):
        assert "This was erased" in await kay.open(f"/referrals/{sent.reference}{path}", 410)
    answer = await relay.get(f"/api/referrals/{sent.reference}", headers=token)
    assert (answer.status, (await answer.json())["error"]) == (410, "erased")
    body = {"question": "Which?"}
    assert (await relay.post(f"/api/referrals/{sent.reference}/ask", json=body, headers=token)).status == 410
    assert "Kelly Marsh" in await kay.open(f"/referrals/{other.reference}")


async def test_what_the_relay_gets_has_no_words_any_more(
    app: web.Application, relay: Client, secrets: Secrets, sent: Sent
) -> None:
    before = await told(relay, secrets)
    assert [event["note"] is None for event in before] == [True, False, True, False]
    erase(app[ENGINE], app[OUTER_SEAL], sent.reference, WHO)
    after = await told(relay, secrets)
    assert after == [event | {"note": None} for event in before]


async def test_nothing_sealed_stays_and_the_log_does(app: web.Application, sent: Sent) -> None:
    assert all(kept_bytes(app, sent.reference)[:2])
    erase(app[ENGINE], app[OUTER_SEAL], sent.reference, WHO)
    erase(app[ENGINE], app[OUTER_SEAL], sent.reference, WHO)
    assert not any(kept_bytes(app, sent.reference))
    with app[ENGINE].begin() as db:
        actions = db.scalars(
            select(audit.c.action).where(audit.c.reference == sent.reference).order_by(audit.c.n)
        ).all()
        row = db.execute(select(referrals).where(referrals.c.reference == sent.reference)).one()
    assert [action for action in actions if action != "read"] == [
        "received",
        "opened",
        "needs_more",
        "opened",
        "answer_received",
        "accepted",
        "erased",
        "erased",
    ]
    assert (row.status, row.key_worker) == (Status.ACCEPTED, "Kay Worker")


async def test_a_backup_of_the_data_does_not_bring_it_back(
    app: web.Application, sent: Sent, secrets: Secrets, settings: Settings, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    with app[ENGINE].connect() as db:
        db.connection.cursor().execute("VACUUM INTO ?", (str(backup),))
    kept = [sealed for sealed in kept_bytes(app, sent.reference) if sealed]
    erase(app[ENGINE], app[OUTER_SEAL], sent.reference, WHO)
    keys_file = (settings.keys_dir / "inbox_keys.db").read_bytes()

    restored = create_app(settings.model_copy(update={"inbox_database_url": f"sqlite:///{backup}"}))
    assert [sealed for sealed in kept_bytes(restored, sent.reference) if sealed] == kept
    header = {"Authorization": f"Bearer {AccessTokens(restored[ENGINE]).create('key_worker')}"}
    async with TestClient(TestServer(restored)) as client:
        assert (await client.get(f"/api/referrals/{sent.reference}", headers=header)).status == 410
        assert {event["note"] for event in await told(client, secrets)} == {None}
        page = await (await client.get("/api/referrals", headers=header)).json()
        assert [line["reference"] for line in page["referrals"]] == [sent.reference]
    with pytest.raises(ReferralErased):
        restored[OPENER].open_story(sent.reference, kept[0])
    for sealed in kept:  # nor does the key that opens all other referrals
        with pytest.raises(SealBroken):
            open_story(secrets.inbox_private, sealed, sent.reference)
        assert sealed[:32] not in keys_file


async def test_the_relay_cannot_bring_an_erased_referral_back(
    app: web.Application, relay: Client, secrets: Secrets, sent: Sent
) -> None:
    first = await (await deliver(relay, secrets, sent)).text()
    erase(app[ENGINE], app[OUTER_SEAL], sent.reference, WHO)
    assert await (await deliver(relay, secrets, sent)).text() == first  # the receipt is still true
    assert not any(kept_bytes(app, sent.reference))
    late = await deliver_answer(relay, secrets, answer_to(secrets, sent.reference, "Another answer"))
    assert (late.status, (await late.json())["error"]) == (422, "erased")
    assert not any(kept_bytes(app, sent.reference))


async def test_nor_where_its_row_was_lost(
    app: web.Application, relay: Client, secrets: Secrets, settings: Settings
) -> None:
    gone = Sent(secrets)
    app[OUTER_SEAL].destroy(gone.reference)
    answer = await deliver(relay, secrets, gone)
    assert (answer.status, (await answer.json())["error"]) == (422, "erased")
    with pytest.raises(ReferralUnknown):
        erase(app[ENGINE], app[OUTER_SEAL], gone.reference, WHO)


@pytest.mark.parametrize("fails_at", ["UPDATE referrals", "UPDATE answers", "INSERT INTO inbox_audit"])
async def test_where_the_database_fails_half_way_it_is_unreadable_and_erasing_again_clears_it(
    app: web.Application, sent: Sent, fails_at: str
) -> None:
    broken = True

    def fail(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if broken and statement.startswith(fails_at):
            raise OperationalError(statement, None, Exception("disk full"))

    event.listen(app[ENGINE], "before_cursor_execute", fail)
    with suppress(OperationalError):
        erase(app[ENGINE], app[OUTER_SEAL], sent.reference, WHO)
    with pytest.raises(ReferralErased):
        app[OUTER_SEAL].check(sent.reference)
    assert all(kept_bytes(app, sent.reference)[:2])
    broken = False
    erase(app[ENGINE], app[OUTER_SEAL], sent.reference, WHO)
    assert not any(kept_bytes(app, sent.reference))


async def test_bytes_moved_to_another_referral_or_field_do_not_open(
    app: web.Application, relay: Client, secrets: Secrets, sent: Sent
) -> None:
    other = Sent(secrets)
    await deliver(relay, secrets, other)
    mine = kept_bytes(app, sent.reference)[0]
    assert mine is not None
    for reference, field in ((other.reference, "story"), (sent.reference, "people")):
        with pytest.raises(SealBroken):
            app[OUTER_SEAL].open(reference, mine, field)
    with app[ENGINE].begin() as db:
        db.execute(update(referrals).where(referrals.c.reference == other.reference).values(story=mine))
    with pytest.raises(SealBroken):
        app[OPENER].open_story(other.reference, mine)


def test_each_referral_has_a_key_of_its_own_kept_apart_from_the_data(settings: Settings) -> None:
    keys = KeyStore(open_engine(settings.database_url("inbox_keys")))
    outer = OuterSeal(keys)
    for reference in ("TF-2222-2222", "TF-3333-3333"):
        assert outer.open(reference, outer.close(reference, b"sealed", "story"), "story") == b"sealed"
    assert keys.get("referral/TF-2222-2222") != keys.get("referral/TF-3333-3333")
    assert settings.database_url("inbox_keys").endswith("/keys/inbox_keys.db")
