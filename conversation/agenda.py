"""What to do next: danger first, then what decides the level, then what receiving teams miss most.

`next_step` names one Rasa action or response at a time. It depends on nothing but what is known, the present turn and
what was already done in answer to it; each step is taken once a turn, so a turn always comes to an end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from conversation.danger import EMERGENCY, SAME_DAY, card_response, new_cards
from conversation.ledger import counting
from conversation.noting import has_child
from conversation.questions import AGREEMENT, QUESTIONS
from conversation.state import Ending, OpenQuestion, State
from conversation.turns import Turn
from understanding.heard import Level

LISTEN = "action_listen"
NOTE = "action_note"
ASK = "action_ask"
SUGGEST = "action_suggest"
CREATE = "action_create_referral"
STATUS = "action_referral_status"
END = "action_end_without_referral"
NOT_NOTED = "utter_not_noted"
NOT_SENT = "utter_not_sent"
AFTER_END = "utter_after_end"

ROUTE_OF_LEVEL: dict[Level, str] = {
    "N": "help_sheet",
    "C": "connecting_families",
    "S": "safeguarding_lead",
    "E": "safeguarding_lead",
}


class NextQuestion(NamedTuple):
    """A question that is due; `about` is the sign it is about, if any."""

    id: str
    about: str = ""


def next_step(state: State, turn: Turn, done: Collection[str], written: Collection[str] | None = None) -> str:
    """The next action or response for `turn`, given what was already `done` since it came.

    `written` names the responses that there are, where some red flag may lack its own (see `card_response`).
    """
    if NOTE not in done:
        cards = [card_response(card, written) for card in new_cards(state, turn)]
        return next((response for response in cards if response not in done), NOTE)
    for step in _steps_after_noting(state, turn):
        if step not in done:
            return step
        if step in _LAST:
            break
    return LISTEN


# After one of these nothing more is done in the turn.
_LAST = frozenset({NOT_NOTED, ASK, END, NOT_SENT, AFTER_END, LISTEN})


def _steps_after_noting(state: State, turn: Turn) -> Iterator[str]:
    """The steps in order; those already done are passed over, up to the first of `_LAST`."""
    if state.answered_turn != turn.id:
        yield NOT_NOTED
    yield from (
        card_response(card)
        for card in state.open_cards
        if card.turn == turn.id and card.id in (SAME_DAY, EMERGENCY)  # the signs together came to it
    )
    if state.request == "status":
        yield STATUS
    elif state.request in ("why", "ask_guidance"):
        yield _explanation(state)
    if state.open_cards:
        yield ASK
    if state.parked:
        yield LISTEN
    if state.ended is not None:
        yield LISTEN if state.ended.turn == turn.id or state.request else AFTER_END
    if ending(state) is not None:
        yield END
    if "check" in state.answers and _agreed(state):
        yield CREATE
        # A sending that failed asks again; one of which nothing at all is known says so.
        yield NOT_SENT if state.referral is None else ASK
    if state.suggestion is None and next_question(state) is None:
        yield SUGGEST
        yield LISTEN
    yield ASK


def _agreed(state: State) -> bool:
    """Whether both questions were answered with a yes. Looked at once more here, next to the sending itself."""
    said = [state.agreement[name].value for name in ("agree_contact", "agree_share") if name in state.agreement]
    return state.decision == "connecting_families" and said == ["yes", "yes"]


def _explanation(state: State) -> str:
    due = next_question(state)
    if due is None:
        return "utter_guidance"
    question = QUESTIONS[due.id]
    return question.why if state.request == "why" else question.guidance


def next_question(state: State) -> NextQuestion | None:
    """The question that is due: an open card's, else the one that is open, else the first one not yet answered."""
    if state.open_cards:
        return NextQuestion("danger")
    if state.ended is not None or ending(state) is not None:
        return None
    if state.question is not None and _still_asks(state, state.question):
        return NextQuestion(state.question.id, state.question.about)
    return next(_before_suggestion(state) if state.suggestion is None else _after_suggestion(state), None)


def _still_asks(state: State, question: OpenQuestion) -> bool:
    """Whether the open question stands: its cards may be dealt with, or the sign it is about taken back."""
    if question.id == "sign":
        return question.about in {sign.id for sign in counting(state.ledger)}
    return question.id != "danger"


def _before_suggestion(state: State) -> Iterator[NextQuestion]:
    answered, picture = state.answers, state.picture
    own_view = picture.level in ("N", "C")  # at S and E there is nothing left to weigh up
    if not state.ledger and not state.danger and "notes" not in answered:
        yield NextQuestion("notes")
    if picture.child_would_change and not has_child(state) and "child" not in answered:
        yield NextQuestion("child")
    if own_view and picture.more_would_change:
        if "more" not in answered:
            yield NextQuestion("more")
        elif answered["more"].how == "text" and answered["more"].value is None and "more_again" not in answered:
            yield NextQuestion("more_again")
    if not counting(state.ledger):
        return
    if picture.ask_sign and "sign" not in answered:
        yield NextQuestion("sign", picture.ask_sign)
    if "wants" not in answered:
        yield NextQuestion("wants")
    if own_view and "officer_level" not in answered:
        yield NextQuestion("officer_level")


def _after_suggestion(state: State) -> Iterator[NextQuestion]:
    if state.decision is None:
        yield NextQuestion("decision")
    elif differs(state) and "decision_reason" not in state.answers:
        yield NextQuestion("decision_reason")
    yield from (
        NextQuestion(name) for name in (*AGREEMENT, "safe_contact", "people", "check") if name not in state.answers
    )


def differs(state: State) -> bool:
    """Whether the officer's view or decision differs from what was suggested: then they say why."""
    if state.suggestion is None or state.decision is None:
        return False
    level = state.suggestion.level
    other_level = level in ("N", "C") and state.officer_level not in (None, level)
    return other_level or state.decision != ROUTE_OF_LEVEL[level]


def ending(state: State) -> Ending | None:
    """How the talk ends now without a referral, or None while it goes on."""
    if state.ended is not None or state.open_cards:
        return None
    if state.emergency:
        return "emergency"
    if state.question is not None and state.question.id != "check" and _still_asks(state, state.question):
        return None
    if state.suggestion is None:
        still_to_ask = next(_before_suggestion(state), None) is not None
        return None if still_to_ask or counting(state.ledger) else "nothing_heard"
    return _ending_of_decision(state)


def _ending_of_decision(state: State) -> Ending | None:
    if state.decision is None or (differs(state) and "decision_reason" not in state.answers):
        return None
    if state.decision != "connecting_families":
        return "safeguarding" if state.decision == "safeguarding_lead" else "help"
    values = {state.agreement[name].value for name in ("agree_contact", "agree_share") if name in state.agreement}
    if "no_for_now" in values:
        return "said_no"
    return "not_asked" if values & {"not_safe", "not_here"} else None
