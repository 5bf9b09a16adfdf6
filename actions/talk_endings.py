"""The actions that end a talk: with a referral, or without one. Both may be asked for again; neither ever raises."""

from __future__ import annotations

import logging

from pydantic import ValidationError
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events
from actions.talk_base import TalkAction, changes, read_state, say
from actions.talk_requests import decision_request, referral_request
from conversation import State
from conversation.agenda import ending
from conversation.replies import Say
from conversation.state import Ended, ReferralMade
from referrals import (
    DangerOpen,
    EnvelopeMissing,
    NotAgreed,
    ReferralRejected,
    ReferralShown,
    create_referral,
    record_decision,
)

_log = logging.getLogger(__name__)


class CreateReferral(TalkAction):
    """Make the referral. The reference is in the slot, and said, only once it is stored for good."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_create_referral"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """On any failure the talk stays where it is, and the same press may be made again."""
        before = read_state(tracker)
        try:
            shown = self._create(before, tracker.sender_id)
        except Exception as error:  # whatever it was, the officer must hear that nothing was sent
            why = _why(error)
            _log.exception("no referral for %s: %s", tracker.sender_id, why)
            say(dispatcher, Say(response=f"utter_not_sent_{why}"))
            return changes(before, _not_sent(before, why))
        say(dispatcher, Say(response="utter_referral_sent", fields={"reference": shown.reference}))
        made = ReferralMade(reference=shown.reference, status=shown.status, envelope=_envelope(before))
        ended = Ended(how="referred", turn=before.answered_turn)
        return changes(before, before.model_copy(update={"referral": made, "ended": ended, "question": None}))

    def _create(self, state: State, conversation: str) -> ReferralShown:
        resources, request = self.resources, referral_request(state, conversation, self.pack)
        return create_referral(resources.casework, resources.keys, resources.inbox_public, request)


class EndWithoutReferral(TalkAction):
    """Keep the decision that nothing is sent, and end the talk kindly."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_end_without_referral"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Where the decision cannot be kept, the talk does not end: the next turn tries again."""
        before = read_state(tracker)
        how = ending(before)
        if how is None:
            return []
        try:
            request = decision_request(before, how, tracker.sender_id, self.pack)
            record_decision(self.resources.casework, self.resources.keys, request)
        except Exception:  # the officer must hear it, whatever it was
            _log.exception("the ending %s of %s was not kept", how, tracker.sender_id)
            say(dispatcher, Say(response="utter_end_not_kept"))
            return []
        say(dispatcher, Say(response=f"utter_end_{how}"))
        ended = Ended(how=how, turn=before.answered_turn)
        return changes(before, before.model_copy(update={"ended": ended, "question": None}))


def _why(error: Exception) -> str:
    """Which sentence tells the officer; anything unforeseen may pass, so it is worth another try."""
    reasons: list[tuple[type[Exception], str]] = [
        (NotAgreed, "not_agreed"),
        (DangerOpen, "danger_open"),
        (EnvelopeMissing, "envelope_missing"),
        (ReferralRejected, "refused"),
        (ValidationError, "refused"),
    ]
    return next((why for kind, why in reasons if isinstance(error, kind)), "try_again")


def _not_sent(state: State, why: str) -> State:
    """The check question stays open, with the envelope at hand for the same press again."""
    made = ReferralMade(status="not_sent", why=why, envelope=_envelope(state))
    answers = {name: answer for name, answer in state.answers.items() if name != "check"}
    return state.model_copy(update={"referral": made, "answers": answers})


def _envelope(state: State) -> str:
    envelope: str = state.answers["check"].value["envelope"] if "check" in state.answers else ""
    return envelope
