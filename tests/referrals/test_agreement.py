"""Agreement or nothing."""

import itertools

import pytest
from pydantic import ValidationError

from referrals import Answer, SafeAndAlone, may_send
from tests.referrals.makers import agreement


@pytest.mark.parametrize(("contact", "share", "alone"), list(itertools.product(Answer, Answer, SafeAndAlone)))
def test_only_two_free_yeses_send(contact: Answer, share: Answer, alone: SafeAndAlone) -> None:
    sends = contact == "yes" and share == "yes" and alone != "no"
    assert may_send(agreement(contact=contact, share=share, safe_and_alone=alone)) is sends


def test_agencies_do_not_stand_in_for_a_yes() -> None:
    assert not may_send(agreement(share=Answer.NO_FOR_NOW, agencies=("school", "health")))


@pytest.mark.parametrize("missing", ["contact", "share", "wording_version", "asked_at", "asked_by"])
def test_nothing_is_taken_for_granted(missing: str) -> None:
    fields = agreement().model_dump()
    del fields[missing]
    with pytest.raises(ValidationError):
        type(agreement()).model_validate(fields)


@pytest.mark.parametrize("given", ["Yes", "YES", "y", "yes please", True, 1, None, ""])
def test_only_the_exact_answer_is_an_answer(given: object) -> None:
    with pytest.raises(ValidationError):
        agreement(share=given)


def test_no_field_is_smuggled_in_and_no_error_repeats_what_was_given() -> None:
    with pytest.raises(ValidationError) as caught:
        agreement(share="Kelly said ok", also="yes")
    assert "Kelly" not in str(caught.value)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValidationError):
        agreement(asked_at=agreement().asked_at.replace(tzinfo=None))
