"""Asking the question that is due: opening it, and what fills its sentence and its buttons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conversation.agenda import NextQuestion, next_question
from conversation.ledger import counting
from conversation.questions import GENERAL_CARDS, QUESTIONS, WORDS
from conversation.replies import Say, listed
from conversation.state import Frozen, OpenQuestion, State
from understanding.rulepack import RulePack, Sign

# Naming all ten headings would be a form read out; these are enough to jog the memory.
_HEADINGS_NAMED = 4


class Asked(Frozen):
    """A question as it is put: the state in which it is open, what is said, and its buttons (title and value)."""

    state: State
    say: Say
    choices: tuple[dict[str, Any], ...] = ()


def ask(state: State, pack: RulePack) -> Asked | None:
    """Put the question that is due, or None if none is. A question that is open already keeps its number."""
    due = next_question(state)
    if due is None:
        return None
    opened = _open(state, due)
    return Asked(state=opened, say=_sentence(opened, due, pack), choices=_choices(opened, due, pack))


def _open(state: State, due: NextQuestion) -> State:
    if state.question is not None and state.question.id == due.id:
        return state
    question = OpenQuestion(id=due.id, n=len(state.asked) + 1, about=due.about)
    return state.model_copy(update={"question": question, "asked": (*state.asked, due.id)})


def _sentence(state: State, due: NextQuestion, pack: RulePack) -> Say:
    response = QUESTIONS[due.id].asks
    if due.id == "danger":
        names = [_card_name(card.id, pack) for card in state.open_cards]
        return Say(response=response, fields={"cards": _joined(dict.fromkeys(names))})
    if due.id in ("more", "more_again"):
        unheard = set(state.picture.headings_unheard)
        names = [heading.name.lower() for heading in pack.headings if heading.number in unheard]
        return Say(response=response, fields={"headings": _joined(names[:_HEADINGS_NAMED])})
    if due.id == "sign":
        sign = pack.sign(due.about)
        return Say(response=_how_to_ask(response, sign), fields={"sign": sign.name, "ask": sign.ask})
    if due.id == "agree_contact" and state.facts.watched:
        return Say(response=f"{response}_careful")
    return Say(response=response, fields=_read_back(state, pack) if due.id == "check" else {})


def _how_to_ask(response: str, sign: Sign) -> str:
    return response if sign.ask_how == "anytime" else f"{response}_{sign.ask_how}"


def _read_back(state: State, pack: RulePack) -> dict[str, str]:
    wants = state.answers["wants"].value if "wants" in state.answers else None
    agencies = state.agreement["agree_agencies"].value if "agree_agencies" in state.agreement else []
    titles = {offered.value: offered.title for offered in QUESTIONS["agree_agencies"].values}
    named = [person for person in state.people or () if person.agreed]
    return {
        "signs": listed((pack.sign(sign.id).name, sign.words) for sign in counting(state.ledger)),
        "wants": wants or WORDS["not_known"],
        "agencies": _joined(titles[agency] for agency in agencies) or WORDS["not_known"],
        "named": str(len(named)) if named else WORDS["nobody"],
    }


def _choices(state: State, due: NextQuestion, pack: RulePack) -> tuple[dict[str, Any], ...]:
    question = QUESTIONS[due.id]
    if due.id == "danger":
        return _danger_choices(state, pack)
    if due.id == "check":
        made = state.referral
        again = made is not None and made.envelope and made.why != "envelope_missing"
        value = {"send": True, "envelope": made.envelope} if made is not None else {}
        return ({"title": WORDS["try_again"], "value": value},) if again else ()
    return tuple({"title": offered.title, "value": offered.value} for offered in question.values)


def _danger_choices(state: State, pack: RulePack) -> tuple[dict[str, Any], ...]:
    """Calling answers all open cards in one press; "not danger" is said card by card, with a reason."""
    cards = [card.id for card in state.open_cards]
    choices: list[dict[str, Any]] = []
    for offered in QUESTIONS["danger"].values:
        if offered.value != "not_danger":
            choices.append({"title": offered.title, "value": {"cards": cards, "done": offered.value}})
            continue
        for card in cards:
            title = offered.title if len(cards) == 1 else f"{offered.title}: {_card_name(card, pack)}"
            choices.append({"title": title, "value": {"cards": [card], "done": offered.value}, "needs": "reason"})
    return tuple(choices)


def _card_name(card: str, pack: RulePack) -> str:
    names = {flag.id: flag.name for flag in pack.red_flag_list}
    return GENERAL_CARDS.get(card) or names.get(card, card)


def _joined(names: Iterable[str]) -> str:
    *most, last = list(names) or [""]
    return f"{', '.join(most)} {WORDS['and']} {last}" if most else last
