"""What goes over the wire."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from referrals.intake import (
    AnswerDelivery,
    EventsPage,
    ReferralDelivery,
    SignedReceipt,
    content_digest,
    intake_schemas,
)

REFERENCE = "TF-2222-2222"


@given(st.binary(min_size=1), st.binary(min_size=1))
def test_a_delivery_comes_through_as_it_was(story: bytes, people: bytes) -> None:
    sent = ReferralDelivery(reference=REFERENCE, story=story, people=people, digest=content_digest(story, people))
    wire = sent.model_dump_json()
    assert json.loads(wire)["schema"] == "intake/1"
    assert base64.b64decode(json.loads(wire)["story"]) == story
    assert ReferralDelivery.model_validate_json(wire) == sent


def _body(**changes: Any) -> str:
    body = {
        "schema": "intake/1",
        "reference": REFERENCE,
        "story": base64.b64encode(b"story").decode(),
        "people": base64.b64encode(b"people").decode(),
        "digest": content_digest(b"story", b"people"),
    }
    return json.dumps(body | changes)


def test_this_body_is_right() -> None:
    assert ReferralDelivery.model_validate_json(_body()).people == b"people"


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "intake/2"},
        {"reference": "TF-2222-2223"},
        {"reference": "tf-2222-2222"},
        {"story": "not base64!"},
        {"story": ""},
        {"story": base64.b64encode(b"stori").decode()},
        {"digest": "0" * 64},
        {"digest": "Z" * 64},
        {"more": 1},
        {"people": None},
    ],
)
def test_a_changed_body_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ReferralDelivery.model_validate_json(_body(**change))


def test_an_answer_of_other_content_is_refused() -> None:
    with pytest.raises(ValidationError):
        AnswerDelivery(reference=REFERENCE, answer_id="n_1", answer=b"x", digest=content_digest(b"y"))


@pytest.mark.parametrize(
    "change", [{"n": 0}, {"n": 2**63}, {"status": "lost"}, {"at": "2026-03-02T10:00:00"}, {"x": 1}]
)
def test_an_event_of_another_form_is_refused(change: dict[str, Any]) -> None:
    event = {"n": 1, "reference": REFERENCE, "status": "opened", "at": "2026-03-02T10:00:00Z", "note": None}
    assert EventsPage.model_validate({"events": [event]}).events[0].n == 1
    with pytest.raises(ValidationError):
        EventsPage.model_validate({"events": [event | change]})


def test_the_published_schemas_name_what_is_required() -> None:
    schemas = intake_schemas()
    assert set(schemas) == {"ReferralDelivery", "AnswerDelivery", "SignedReceipt", "EventsPage"}
    assert set(schemas["ReferralDelivery"]["required"]) == {"reference", "story", "people", "digest"}
    assert set(SignedReceipt.model_fields) == {"receipt", "signature"}
    json.dumps(schemas)
