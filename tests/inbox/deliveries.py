"""Invented referrals, sealed and signed as the relay would bring them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from referrals import (
    Agreement,
    Answer,
    Judgement,
    PeopleDocument,
    Person,
    ReferralDocument,
    Sign,
    Told,
    new_reference,
)
from referrals.documents import AgreedDetail, AgreedPerson, DecisionSummary, Referrer
from referrals.intake import (
    ANSWERS_PATH,
    IDEMPOTENCY_HEADER,
    REFERRALS_PATH,
    AnswerDelivery,
    ReferralDelivery,
    content_digest,
)
from referrals.sealed import new_reply_keys, seal_answer, seal_people, seal_story
from sealing import Secrets, new_id, sign_request

Client = TestClient[Any, Any]
WORDS_OF_MUM = (
    "[PERSON 1] is 3 months behind with the rent. [PERSON 2] will not go in to school, [PERSON 3] next door says"
)


class Sent:
    """One referral on its way, with the half key that opens notes to the officer."""

    def __init__(self, secrets: Secrets, **changes: Any) -> None:
        self.reference = new_reference()
        self.reply_private, reply_public = new_reply_keys()
        envelope = new_id("e")
        at = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)
        facts: dict[str, Any] = {
            "reference": self.reference,
            "created_at": at,
            "envelope": envelope,
            "reply_key": reply_public.hex(),
            "level": "C",
            "pack": "families-2022 1.0.0",
            "signs": (
                Sign(id="RNT1", name="Behind with rent", status="present", words=WORDS_OF_MUM),
                Sign(id="EDU1", name="Not going to school", status="present", words="lad wont go in <b>to</b> school"),
                Sign(id="DRU1", name="Drugs", status="negated", words="no drugs in the house"),
            ),
            "headings": (9, 1),
            "reasons": ("A secure home", "Getting a good education"),
            "wants": "Someone to help [PERSON 2] get back to school, and call on [PHONE 1]",
            "told": (
                Told(question="child", heading="Is there a child or a pregnancy?", answer="Yes"),
                Told(question="more", heading="What has been tried before?", answer=None),
            ),
            "people": (
                Person(token="[PERSON 1]", role="parent"),
                Person(token="[PERSON 2]", role="child"),
                Person(token="[PERSON 3]", role="neighbour"),
            ),
            "agreement": Agreement(
                contact=Answer.YES,
                share=Answer.YES,
                agencies=("school",),
                wording_version="agreement-1",
                asked_at=at,
                asked_by="a_1",
            ),
            "decision": DecisionSummary(
                decided_by="a_1",
                decided_at=at,
                judgement=Judgement(level_shown="C", pack="families-2022", officer_level="C"),
            ),
        }
        self.story = ReferralDocument(**(facts | changes))
        self.people = PeopleDocument(
            referrer=Referrer(name="Olu Officer", team="Welfare support"),
            people=(
                AgreedPerson(token="[PERSON 1]", name="Kelly Marsh", role="parent"),
                AgreedPerson(token="[PERSON 2]", name="Jordan Marsh", role="child"),
            ),
            details=(AgreedDetail(token="[PHONE 1]", type="PHONE", value="07700 900123"),),
        )
        story = seal_story(secrets.inbox_public, self.story)
        people = seal_people(secrets.inbox_public, self.people, envelope)
        self.delivery = ReferralDelivery(
            reference=self.reference, story=story, people=people, digest=content_digest(story, people)
        )
        self.body = self.delivery.model_dump_json().encode()


def answer_to(secrets: Secrets, reference: str, text: str) -> AnswerDelivery:
    """The officer's answer, sealed."""
    answer_id = new_id("n")
    sealed = seal_answer(secrets.inbox_public, text, reference, answer_id)
    return AnswerDelivery(reference=reference, answer_id=answer_id, answer=sealed, digest=content_digest(sealed))


async def post_signed(client: Client, secrets: Secrets, path: str, body: bytes, key: str | None) -> ClientResponse:
    """Post as the relay does."""
    headers = sign_request(secrets.relay_to_inbox, "POST", path, body) | {"Content-Type": "application/json"}
    if key is not None:
        headers[IDEMPOTENCY_HEADER] = key
    return await client.post(path, data=body, headers=headers)


async def deliver(client: Client, secrets: Secrets, sent: Sent) -> ClientResponse:
    """Bring a referral."""
    return await post_signed(client, secrets, REFERRALS_PATH, sent.body, sent.reference)


async def deliver_answer(client: Client, secrets: Secrets, given: AnswerDelivery) -> ClientResponse:
    """Bring an answer."""
    return await post_signed(client, secrets, ANSWERS_PATH, given.model_dump_json().encode(), given.answer_id)


async def events(client: Client, secrets: Secrets, after: int = 0) -> list[dict[str, Any]]:
    """What the relay gets to know."""
    path = f"/api/intake/events?after={after}"
    answer = await client.get(path, headers=sign_request(secrets.relay_to_inbox, "GET", path, b""))
    assert answer.status == 200
    found: list[dict[str, Any]] = json.loads(await answer.text())["events"]
    return found
