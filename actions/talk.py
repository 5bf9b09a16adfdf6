"""The actions that lead the talk: note a turn, ask, suggest, say how the referral is getting on."""

from __future__ import annotations

import logging

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events
from actions.talk_base import TalkAction, changes, read_state, read_turn, say
from conversation.asking import ask
from conversation.noting import note
from conversation.replies import Say, replies
from conversation.weighing import suggestion, suggestion_said, weigh
from referrals import ReferralsError, find_for_conversation

_log = logging.getLogger(__name__)


class NoteTurn(TalkAction):
    """Fold the turn into what is known, weigh it by the rule pack, and say back what was heard."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_note"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Gives back every slot that the turn changed; `answered_turn` is always among them."""
        before, turn = read_state(tracker), read_turn(tracker)
        after = weigh(note(before, turn), self.pack, turn)
        for reply in replies(before, after, turn, {sign.id: sign.name for sign in self.pack.sign_list}):
            say(dispatcher, reply)
        return changes(before, after)


class Ask(TalkAction):
    """Put the question that is due."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_ask"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Opens the question; says nothing when none is due."""
        before = read_state(tracker)
        asked = ask(before, self.pack)
        if asked is None:
            return []
        say(dispatcher, asked.say, asked.choices, asked.state.question)
        return changes(before, asked.state)


class Suggest(TalkAction):
    """Say what the rule pack suggests, with the words it stands on."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_suggest"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Keeps the suggestion as it was shown."""
        before = read_state(tracker)
        after = before.model_copy(update={"suggestion": suggestion(before, self.pack)})
        for part in suggestion_said(after):
            say(dispatcher, part)
        return changes(before, after)


class ReferralStatus(TalkAction):
    """Say how the referral of this talk is getting on."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_referral_status"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Looks the status up; without a database it says so."""
        before = read_state(tracker)
        try:
            shown = find_for_conversation(self.resources.casework, tracker.sender_id)
        except ReferralsError as error:
            _log.warning("the status for %s could not be read: %s", tracker.sender_id, type(error).__name__)
            say(dispatcher, Say(response="utter_status_unknown"))
            return []
        if shown is None:
            say(dispatcher, Say(response="utter_status_none"))
            return []
        say(dispatcher, Say(response=f"utter_status_{shown.status}", fields={"reference": shown.reference}))
        if before.referral is None:
            return []
        made = before.referral.model_copy(update={"reference": shown.reference, "status": shown.status})
        return changes(before, before.model_copy(update={"referral": made}))
