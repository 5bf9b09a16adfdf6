"""The actions that lead the talk: what they say, and which slots they give back."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from actions.talk import Ask, NoteTurn, ReferralStatus, Suggest
from conversation import State, Turn
from conversation.noting import note
from conversation.state import ReferralMade
from conversation.weighing import weigh
from tests.actions.conftest import Run, user_event
from tests.conversation.talking import PACK
from tests.conversation.turns import asking, flag, sign, told

DOMAIN = Path(__file__).resolve().parents[2] / "bot" / "domain"
RESPONSES = {
    name: variants
    for path in DOMAIN.rglob("*.yml")
    for name, variants in yaml.safe_load(path.read_text(encoding="utf-8")).get("responses", {}).items()
}
RENT = {
    "entity": "sign",
    "value": "RNT1",
    "status": "present",
    "words": "3 months behind",
    "about": "adult",
    "said_by": "person",
    "confidence": 0.9,
    "level": "C",
    "start": 0,
    "end": 15,
}


def known(*turns: Turn) -> State:
    state = State()
    for turn in turns:
        state = weigh(note(state, turn), PACK, turn)
    return state


def test_noting_says_back_the_sign_with_its_words_and_gives_only_the_slots_that_changed(run: Run) -> None:
    done = run(NoteTurn, State(), user_event("3 months behind w rent", "tell", RENT))
    assert done.said == ["utter_heard"]
    assert "3 months behind" in done.messages[0]["signs"]
    assert "Rent arrears" in done.messages[0]["signs"]
    assert done.state.answered_turn == "t_1"
    assert {event["name"] for event in done.events} == {"answered_turn", "officer", "ledger", "picture", "answers"}


def test_noting_the_same_turn_again_says_it_again_and_changes_nothing(run: Run) -> None:
    event = user_event("3 months behind w rent", "tell", RENT)
    once = run(NoteTurn, State(), event)
    again = run(NoteTurn, once.state, event)
    assert again.events == []


def test_a_turn_with_nothing_in_it_is_told_so(run: Run) -> None:
    assert run(NoteTurn, State(), user_event("rang about a parking permit")).said == ["utter_nothing_heard"]


def test_opening_greets_once(run: Run) -> None:
    opened = run(NoteTurn, State(), user_event("", "open"))
    assert opened.said == ["utter_greet"]
    assert run(NoteTurn, opened.state, user_event("", "open", turn="t_2")).said == ["utter_resumed"]


def test_asking_opens_the_question_and_gives_its_buttons(run: Run) -> None:
    state = known(told(sign("RNT1"), sign("EDU1"), sign("SUB1")))
    done = run(Ask, state)
    assert done.said == ["utter_ask_child"]
    assert done.messages[0]["custom"] == {
        "choices": [
            {"title": "Yes", "value": "yes"},
            {"title": "No", "value": "no"},
            {"title": "Not known", "value": "not_known"},
        ],
        "question": {"id": "child", "n": 1},
    }
    assert done.state.question is not None


def test_an_open_card_is_asked_about_with_one_press_for_all_and_a_reason_for_each(run: Run) -> None:
    state = known(told(sign("DAB3", level="S"), flag("RF6", "S", ("DAB3",)), flag("RF7", "S", ("DAB3",))))
    choices = run(Ask, state).messages[0]["custom"]["choices"]
    assert [choice["value"] for choice in choices] == [
        {"cards": ["RF6", "RF7"], "done": "calling_now"},
        {"cards": ["RF6", "RF7"], "done": "colleague_calling"},
        {"cards": ["RF6"], "done": "not_danger"},
        {"cards": ["RF7"], "done": "not_danger"},
    ]
    assert [choice.get("needs") for choice in choices] == [None, None, "reason", "reason"]


def test_the_suggestion_shows_words_reasons_what_would_change_it_and_who_decides(run: Run) -> None:
    done = run(Suggest, known(told(sign("RNT1", words="3 months behind"), sign("EDU1"), child=True)))
    assert done.said[0] == "utter_suggest_n"
    assert done.said[-1] == "utter_you_decide"
    assert "utter_suggest_missing" in done.said
    assert "utter_suggest_change" in done.said
    shown = done.state.suggestion
    assert shown is not None
    assert (shown.signs[0].id, shown.signs[0].words) == ("RNT1", "3 months behind")
    assert shown.level == "N"
    assert any("3 months behind" in message.get("signs", "") for message in done.messages)


def test_without_a_referral_the_status_says_so(run: Run) -> None:
    assert run(ReferralStatus, State()).said == ["utter_status_none"]


def test_everything_said_fills_its_sentence_completely(run: Run) -> None:
    """What a response has in braces is what the action gives, for each response seen in these tests."""
    state = known(told(sign("RNT1"), sign("EDU1"), sign("SUB1"), child=True))
    watched = state.model_copy(update={"facts": state.facts.model_copy(update={"watched": True})})
    check = asking("check", state).model_copy(
        update={"referral": ReferralMade(status="not_sent", envelope="e_12345678")}
    )
    runs = [
        run(NoteTurn, State(), user_event("x", "tell", RENT)),
        run(Ask, state),
        run(Suggest, state),
        run(Ask, check),
        run(Ask, known(told(sign("RNT1")))),
        run(Ask, asking("agree_contact", watched)),
        run(Ask, known(told(flag("RF1", "E")))),
    ]
    for done in runs:
        for message in done.messages:
            for variant in RESPONSES[message["response"]]:
                wanted = set(re.findall(r"\{(\w+)\}", variant["text"]))
                assert wanted <= set(message), message["response"]
                assert all(isinstance(message[name], str) and message[name] for name in wanted), message["response"]


def test_after_a_failed_sending_the_same_press_is_offered_again(run: Run) -> None:
    state = known(told(sign("RNT1"), child=True))
    made = ReferralMade(status="not_sent", why="try_again", envelope="e_12345678")
    choices = run(Ask, asking("check", state).model_copy(update={"referral": made})).messages[0]["custom"]["choices"]
    assert [choice["value"] for choice in choices] == [{"send": True, "envelope": "e_12345678"}]
    missing = made.model_copy(update={"why": "envelope_missing"})
    asked = run(Ask, asking("check", state).model_copy(update={"referral": missing}))
    assert "choices" not in asked.messages[0]["custom"]
