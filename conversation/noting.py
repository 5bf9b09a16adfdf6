"""Folding one turn into what is known. Pure: the same state and turn always give the same state."""

from __future__ import annotations

from typing import Any

from conversation.danger import add_cards, deal_with, new_cards
from conversation.errors import ValueNotAllowed
from conversation.ledger import hear, set_aside, taken_back
from conversation.questions import AGREEMENT, ANYTIME, QUESTIONS, WORDING, check_value
from conversation.state import Agreed, Answer, Facts, How, OpenQuestion, PersonListed, State
from conversation.turns import Act, Choice, Turn

# A talk act in a message counts only when it is short and the classifier is sure; else the words are simply told.
# A box that takes own words is stricter: "stop the shouting at night" may be just what the family wants.
_SURE, _WORDS = 0.5, 12
_SURE_IN_TEXT, _WORDS_IN_TEXT = 0.7, 6
_ACTS_ON_THE_TALK = ("why", "skip", "back", "stop", "status", "ask_guidance", "greet")


def note(state: State, turn: Turn) -> State:
    """What is known after `turn`. Folding the turn that was answered last changes nothing."""
    if turn.id == state.answered_turn:
        return state
    state = _without_unsent(state).model_copy(
        update={"answered_turn": turn.id, "officer": turn.officer or state.officer, "request": "", "parked": False}
    )
    if turn.act == "open":
        return state
    return behind_danger(_typed(state, turn) if turn.choice is None else _pressed(state, turn.choice, turn))


def behind_danger(state: State) -> State:
    """The state with any ordinary question put away while a card is open; the agenda brings it up again later."""
    if state.question is None or state.question.id == "danger" or not state.open_cards:
        return state
    return state.model_copy(update={"question": None})


def act_of(state: State, turn: Turn) -> Act:
    """The talk act that a typed turn counts as: what carries content, is long or is not sure, is `tell`."""
    if turn.act in ("tell", "choose", "open"):
        return turn.act
    question = QUESTIONS[state.question.id] if state.question else None
    in_text = question is not None and question.kind == "text"
    sure, most = (_SURE_IN_TEXT, _WORDS_IN_TEXT) if in_text else (_SURE, _WORDS)
    if turn.confidence < sure or len(turn.text.split()) > most:
        return "tell"
    if turn.content and turn.act in _ACTS_ON_THE_TALK:
        return "tell"
    return turn.act


def has_child(state: State) -> bool:
    """Whether there is a child or a pregnancy, as answered or else as heard."""
    answer = state.answers.get("child")
    if answer is not None and answer.value in ("yes", "no"):
        return bool(answer.value == "yes")
    return state.facts.child_or_pregnancy


def reopen(state: State, question: str) -> State:
    """The state with one question open again, and without the answers that hang on it."""
    changes: dict[str, Any] = {"answers": {key: kept for key, kept in state.answers.items() if key != question}}
    if question in AGREEMENT:
        later = AGREEMENT[AGREEMENT.index(question) :]
        changes["agreement"] = {key: kept for key, kept in state.agreement.items() if key not in later}
        changes["answers"] = {key: kept for key, kept in changes["answers"].items() if key not in later}
    elif question == "officer_level":
        changes |= {"officer_level": None, "suggestion": None}
    elif question == "decision":
        changes["decision"] = None
        changes["answers"].pop("decision_reason", None)
    elif question == "people":
        changes |= {"people": None, "details": ()}
    before = state.answers.get(question)
    changes["question"] = OpenQuestion(id=question, n=len(state.asked) + 1, about=before.about if before else "")
    changes["asked"] = (*state.asked, question)
    changes["ended"] = None
    return state.model_copy(update=changes)


def _without_unsent(state: State) -> State:
    """A "send" that came to nothing is asked again: it is never sent later, of itself, on another turn."""
    if state.ended is None and "check" in state.answers:
        answers = {key: kept for key, kept in state.answers.items() if key != "check"}
        return state.model_copy(update={"answers": answers})
    return state


# Typed


def _typed(state: State, turn: Turn) -> State:
    act = act_of(state, turn)
    if act == "correct" and not turn.signs:
        turn = turn.model_copy(update={"signs": taken_back(state.ledger, turn.text)})
    state = _heard(state, turn, act)
    if turn.danger:
        return state
    if act not in _ACTS_ON_THE_TALK and "notes" not in state.answers and state.question is None:
        state = state.model_copy(update={"answers": {"notes": _said(None, "text", turn.id)} | state.answers})
    if act in _ACTS_ON_THE_TALK:
        return _talk_act(state, act, turn)
    return state if state.question is None else _answer_typed(state, turn, act)


def _talk_act(state: State, act: str, turn: Turn) -> State:
    if act in ("why", "status", "ask_guidance"):
        return state.model_copy(update={"request": act})
    if act == "stop":
        return state.model_copy(update={"parked": True})
    if act == "skip":
        return _skip(state, turn)
    return _back(state) if act == "back" else state


def _heard(state: State, turn: Turn, act: Act) -> State:
    facts = Facts(
        child_or_pregnancy=state.facts.child_or_pregnancy or turn.facts.child_or_pregnancy,
        child_words=state.facts.child_words or turn.facts.child_words,
        baby=state.facts.baby or turn.facts.baby,
        watched=state.facts.watched or turn.facts.watched,
    )
    # A correction is the officer's own word, which nobody in the room can force.
    ledger = hear(state.ledger, turn.signs, turn.id, watched=facts.watched and act != "correct")
    changes: dict[str, Any] = {
        "facts": facts,
        "ledger": ledger,
        "danger": add_cards(state.danger, new_cards(state, turn)),
    }
    child = state.answers.get("child")
    if turn.facts.child_or_pregnancy and child is not None and child.value == "no":
        # A child is heard of after all: the newer words count.
        changes["answers"] = state.answers | {"child": Answer(value="yes", how="heard", turn=turn.id)}
    # New signs after an ending without a referral open the talk again; a "no" stays a "no".
    news = {sign.id for sign in ledger if sign.counts} - {sign.id for sign in state.ledger if sign.counts}
    if news and state.ended is not None and state.ended.how in ("nothing_heard", "help"):
        changes |= {"ended": None, "suggestion": None, "decision": None}
    return state.model_copy(update=changes)


def _answer_typed(state: State, turn: Turn, act: Act) -> State:
    assert state.question is not None  # noqa: S101 - the caller looked
    question = QUESTIONS[state.question.id]
    if not question.typed:
        return state
    if question.id == "child":
        return _child_typed(state, turn, act)
    bare = not turn.content and act in ("agree", "disagree", "correct")
    if question.id in ("more", "more_again") and act == "disagree" and bare:
        return _answer(state, "nothing_else", "text", turn)
    if bare and question.skip and act == "disagree":
        return _answer(state, None, "skip", turn)
    # "Yes" alone, or "that is wrong", is no answer in own words; nor is taking a sign back.
    if bare or (act in ("correct", "disagree") and turn.content):
        return state
    return _answer(state, turn.text if question.keeps_words else None, "text", turn)


def _child_typed(state: State, turn: Turn, act: Act) -> State:
    if turn.facts.child_or_pregnancy:
        return _answer(state, "yes", "heard", turn)
    if act == "agree":
        return _answer(state, "yes", "text", turn)
    # "No, the rent is fine actually" takes a sign back; it does not say that there is no child.
    if act == "disagree" and not turn.signs:
        return _answer(state, "no", "text", turn)
    return state


# Pressed


def _pressed(state: State, choice: Choice, turn: Turn) -> State:
    try:
        check_value(choice.question, choice.value)
    except ValueNotAllowed:
        return state  # the channel refuses such a press; should one get here, it says nothing
    if choice.question == ANYTIME:
        return _anytime(state, choice.value, turn)
    open_now = state.question
    if open_now is None or (open_now.id, open_now.n) != (choice.question, choice.n):
        return state
    if choice.question == "danger":
        return deal_with(state, choice.value, turn).model_copy(update={"question": None})
    if choice.question == "check":
        return _checked(state, choice.value, turn)
    return _answer(state, choice.value, "choice", turn)


def _anytime(state: State, value: dict[str, Any], turn: Turn) -> State:
    do = value["do"]
    if do == "danger":
        state = deal_with(state, value, turn)
        asking = state.question is not None and state.question.id == "danger"
        return state.model_copy(update={"question": None}) if asking else state
    if do == "not_right":
        return _not_right(state, value["sign"], turn)
    return _talk_act(state, do, turn)


def _not_right(state: State, sign: str, turn: Turn) -> State:
    """Set a sign aside. One at S or E, or one that an unclosed card stands on, is lowered only through its card."""
    held = {item for card in state.danger if card.done != "not_danger" for item in card.because}
    serious = {entry.id for entry in state.ledger if entry.level in ("S", "E")}
    if sign in held | serious:
        return state
    return state.model_copy(update={"ledger": set_aside(state.ledger, [sign], "not_right", turn.id)})


def _checked(state: State, value: dict[str, Any], turn: Turn) -> State:
    if "change" in value:
        return reopen(state, value["change"])
    # The question stays open until the referral is kept, so that the same press may be made again.
    return state.model_copy(update={"answers": state.answers | {"check": _said(value, "choice", turn.id)}})


# Answers


def _answer(state: State, value: Any, how: How, turn: Turn) -> State:
    """Record the answer to the open question and close it."""
    assert state.question is not None  # noqa: S101 - the callers looked
    question = state.question.id
    answer = Answer(value=value, how=how, turn=turn.id, about=state.question.about)
    changes: dict[str, Any] = {"question": None, "answers": state.answers | {question: answer}}
    if question in AGREEMENT:
        agreed = Agreed(value=value, wording=WORDING, turn=turn.id, at=turn.at)
        changes["agreement"] = state.agreement | {question: agreed}
    elif question == "officer_level":
        changes["officer_level"] = value
    elif question == "decision":
        changes["decision"] = value
    elif question == "people":
        changes["people"] = tuple(PersonListed.model_validate(person) for person in value["people"])
        changes["details"] = tuple(value["details"])
    return state.model_copy(update=changes)


def _said(value: Any, how: How, turn: str) -> Answer:
    return Answer(value=value, how=how, turn=turn)


def _skip(state: State, turn: Turn) -> State:
    if state.question is None or not QUESTIONS[state.question.id].skip:
        return state
    return _answer(state, None, "skip", turn)


def _back(state: State) -> State:
    """Open the question answered before the open one; nothing goes back behind a card or a referral that was made."""
    if state.open_cards or state.emergency or (state.referral is not None and state.referral.reference):
        return state
    asked = list(dict.fromkeys(state.asked))
    if state.question is not None and state.question.id in asked:
        asked = asked[: asked.index(state.question.id)]
    earlier = [name for name in asked if name in state.answers]
    return reopen(state, earlier[-1]) if earlier else state
