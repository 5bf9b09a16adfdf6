"""What the assistant says back to a turn, before it does the next thing. Only names of responses and what fills them.

The sentences are in bot/domain/responses; nothing here is read by a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import Field

from conversation.noting import act_of
from conversation.questions import ANYTIME, QUESTIONS
from conversation.state import Frozen, LedgerSign, State
from conversation.turns import Choice, Turn
from understanding.heard import Status

_SAID_BACK: Mapping[Status, str] = {
    "present": "utter_heard",
    "negated": "utter_heard_negated",
    "past": "utter_heard_past",
    "other_family": "utter_heard_other_family",
    "hypothetical": "utter_heard_hypothetical",
}


class Say(Frozen):
    """A response to be said, with the values that fill it."""

    response: str
    fields: dict[str, str] = Field(default_factory=dict)


def listed(items: Iterable[tuple[str, str]]) -> str:
    """Lines of names with the words they stand on."""
    return "\n".join(f"• {name}: “{words}”" for name, words in items)


def replies(before: State, after: State, turn: Turn, names: Mapping[str, str]) -> list[Say]:
    """What to say about folding `turn` into `before`, which gave `after`. `names` are the signs' names by id."""
    if turn.act == "open":
        return [Say(response="utter_greet" if not before.answered_turn else "utter_resumed")]
    said = _signs_said_back(before, after, turn, names) + _talk(before, after, turn)
    if before.suggestion is not None and after.suggestion is None and before.picture.level != after.picture.level:
        said.append(Say(response="utter_level_changed"))
    return said


def _signs_said_back(before: State, after: State, turn: Turn, names: Mapping[str, str]) -> list[Say]:
    old = {sign.id: sign for sign in before.ledger}
    heard = [
        sign for sign in after.ledger if sign.history[-1].turn == turn.id and sign.id in {s.id for s in turn.signs}
    ]
    corrected = [sign for sign in heard if sign.id in old and old[sign.id].counts and not sign.counts]
    kept = [sign for sign in heard if sign.counts and sign.history[-1].status != "present" and sign not in corrected]
    again = [sign for sign in heard if sign.id in old and old[sign.id].counts and sign.counts and sign not in kept]
    said = []
    for status, response in _SAID_BACK.items():
        of_status = [sign for sign in heard if sign.status == status and sign not in (*corrected, *kept, *again)]
        said += _said_of(response, of_status, names)
    said += _said_of("utter_heard_again", again, names)
    said += _said_of("utter_corrected", corrected, names)
    said += _said_of("utter_denial_kept", kept, names)
    if after.facts.child_or_pregnancy and not before.facts.child_or_pregnancy and after.facts.child_words:
        said.append(Say(response="utter_heard_child", fields={"words": after.facts.child_words}))
    return said


def _said_of(response: str, signs: Iterable[LedgerSign], names: Mapping[str, str]) -> list[Say]:
    lines = listed((names.get(sign.id, sign.id), sign.history[-1].words) for sign in signs)
    return [Say(response=response, fields={"signs": lines})] if lines else []


def _talk(before: State, after: State, turn: Turn) -> list[Say]:
    """What to say about an act that did nothing, or whose effect does not show in the next question."""
    if turn.choice is None:
        response = _about_danger(before, after) if turn.danger else _about_text(before, after, turn)
    else:
        response = _about_press(before, after, turn.choice)
    return [Say(response=response)] if response else []


def _about_danger(before: State, after: State) -> str:
    """Danger words answer no question; where no new card shows that they were heard, say so."""
    return "utter_danger_answers_nothing" if before.question and before.danger == after.danger else ""


def _about_text(before: State, after: State, turn: Turn) -> str:
    act, question = act_of(before, turn), before.question
    about_talk = _about_talk_act(before, after, act)
    if about_talk:
        return about_talk
    if act == "correct" and not turn.content and before.ledger == after.ledger:
        return "utter_correct_how"
    waits_for = QUESTIONS[question.id] if question else None
    if act in ("tell", "agree", "disagree") and waits_for and not waits_for.typed:
        return "utter_please_press"
    if act == "tell" and not turn.content and not (waits_for and waits_for.keeps_words):
        return "utter_nothing_heard"
    return ""


def _about_press(before: State, after: State, choice: Choice) -> str:
    do = choice.value["do"] if choice.question == ANYTIME else choice.question
    if do == "danger":
        return f"utter_done_{choice.value['done']}" if before.danger != after.danger else ""
    if do == "not_right":
        return "utter_set_aside" if before.ledger != after.ledger else "utter_reason_needed"
    return _about_talk_act(before, after, do)


def _about_talk_act(before: State, after: State, act: str) -> str:
    did_nothing = before.question == after.question
    nothing = {"skip": "utter_cannot_skip", "back": "utter_cannot_go_back"} if did_nothing else {}
    return ({"stop": "utter_parked", "resume": "utter_resumed"} | nothing).get(act, "")
