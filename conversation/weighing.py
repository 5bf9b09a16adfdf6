"""What the rule pack makes of what is known: the picture that steers the questions, and the suggestion shown."""

from __future__ import annotations

from collections.abc import Iterator

from conversation.danger import raise_level, standing_level
from conversation.ledger import counting
from conversation.noting import behind_danger, has_child
from conversation.questions import AGREEMENT, PHRASES
from conversation.replies import Say, listed
from conversation.state import LedgerSign, Picture, State, SuggestedSign, Suggestion
from conversation.turns import Turn
from understanding import Change, Reason, RedFlagRaised, RulePack, SignHeard, suggest
from understanding import Suggestion as ByThePack
from understanding.heard import LEVELS, Level, highest

# A long list would hide what matters; the pack's order puts the count and the child first.
_CHANGES_SHOWN = 4
# Answers that rest on a suggestion: when it changes, they are asked again.
_AFTER_SUGGESTION = ("decision", "decision_reason", *AGREEMENT, "people", "check")


def weigh(state: State, pack: RulePack, turn: Turn) -> State:
    """The state with its picture renewed, a card where the signs together came to one, and no stale suggestion."""
    signs_alone = suggest(pack, _signs(state, pack), _child(state), baby=_baby(state))
    raised = raise_level(state, signs_alone.level, [sign.id for sign in counting(state.ledger)], turn)
    picture = _picture(raised, pack)
    weighed = behind_danger(raised.model_copy(update={"picture": picture}))
    shown = weighed.suggestion
    if shown is None or shown.level == picture.level or weighed.ended is not None:
        return weighed
    return _to_suggest_anew(weighed)


def suggestion(state: State, pack: RulePack) -> Suggestion:
    """What the pack suggests, with the signs it stands on and their words, to be kept as it is shown."""
    by_pack = _by_the_pack(state, pack, _child(state))
    level = _level(state, by_pack)
    return Suggestion(
        level=level,
        pack=f"{by_pack.pack} {by_pack.pack_version}",
        headings=by_pack.headings,
        signs=tuple(
            SuggestedSign(id=sign.id, name=pack.sign(sign.id).name, words=sign.words, level=sign.level)
            for sign in counting(state.ledger)
            if sign.id in pack.sign_ids
        ),
        reasons=tuple(_reasons(by_pack, level, pack)),
        missing=by_pack.missing,
        would_change=tuple(_changes(by_pack, level, pack))[:_CHANGES_SHOWN],
        turn=state.answered_turn,
    )


def suggestion_said(state: State) -> list[Say]:
    """The sentences that show it: level, words, reasons, what is missing, what would change it, who decides."""
    shown = state.suggestion
    if shown is None:
        return []
    parts = [Say(response=f"utter_suggest_{shown.level.lower()}")]
    if shown.signs:
        lines = listed((sign.name, sign.words) for sign in shown.signs)
        parts.append(Say(response="utter_suggest_because", fields={"signs": lines}))
    missing = [PHRASES[f"missing_{name}"] for name in shown.missing]
    for response, field, said in (
        ("utter_suggest_reasons", "reasons", shown.reasons),
        ("utter_suggest_missing", "missing", missing),
        ("utter_suggest_change", "changes", shown.would_change),
    ):
        if said:
            parts.append(Say(response=response, fields={field: "\n".join(f"• {line}" for line in said)}))
    return [*parts, Say(response="utter_you_decide")]


def level_shown(state: State) -> Level:
    """The level by which a decision is recorded: as suggested, or as it stood when the talk ended before that."""
    if state.suggestion is not None:
        return state.suggestion.level
    return "E" if state.emergency else state.picture.level


# What the pack is asked


def _by_the_pack(state: State, pack: RulePack, child: bool | None) -> ByThePack:
    return suggest(pack, _signs(state, pack), child, _flags(state, pack), baby=_baby(state))


def _signs(state: State, pack: RulePack) -> list[SignHeard]:
    """The signs that count; one that a changed pack no longer knows is passed over."""
    return [_as_heard(sign) for sign in counting(state.ledger) if sign.id in pack.sign_ids]


def _as_heard(sign: LedgerSign) -> SignHeard:
    fields = sign.model_dump(include={"id", "status", "words", "confidence", "about", "said_by", "level"})
    return SignHeard(start=0, end=len(sign.words), **fields)


def _flags(state: State, pack: RulePack) -> list[RedFlagRaised]:
    """The cards that stand, as red flags; the general cards are no flags of the pack."""
    known = {flag.id for flag in pack.red_flag_list}
    standing = [card for card in state.danger if card.done != "not_danger" and card.id in known]
    return [RedFlagRaised(card.id, card.interrupt, card.words, card.because) for card in standing]


def _child(state: State) -> bool | None:
    """None: nobody said yet."""
    answered = state.answers.get("child")
    if answered is not None and answered.value == "no":
        return False
    return has_child(state) or None


def _baby(state: State) -> bool:
    return state.facts.baby and _child(state) is not False


# What is made of the answer


def _level(state: State, by_pack: ByThePack) -> Level:
    """The level, with what stands on the cards, and with a recorded reason where one lowered it.

    Signs that come to S only together have no card of their own to be set aside with: once the officer has recorded
    why they are no danger, the level is what it would be without them.
    """
    standing = standing_level(state)
    if by_pack.level in ("S", "E") and LEVELS.index(standing) < LEVELS.index("S"):
        return next((change.to for change in by_pack.would_change if change.needs == "recorded_reason"), by_pack.level)
    return highest(by_pack.level, standing)


def _picture(state: State, pack: RulePack) -> Picture:
    by_pack = _by_the_pack(state, pack, _child(state))
    level = _level(state, by_pack)
    with_child = _by_the_pack(state, pack, True)
    cannot_be = _child(state) is False and pack.needs_child
    return Picture(
        level=level,
        headings=by_pack.headings,
        headings_unheard=tuple(h.number for h in pack.headings if h.number not in by_pack.headings),
        missing=by_pack.missing,
        child_would_change=_child(state) is None and with_child.level != by_pack.level,
        more_would_change=level == "N" and "headings" in by_pack.missing and not cannot_be,
        ask_sign=_sign_to_ask(state, pack),
    )


def _sign_to_ask(state: State, pack: RulePack) -> str:
    """The sign whose own question helps most: the most serious, then one whose answer may raise it, then the first.

    What is not a question to the family is left out, and so is, while somebody can hear, what may only be asked alone.
    """
    best, chosen = (-1, -1), ""
    for sign in counting(state.ledger):
        if sign.id not in pack.sign_ids:
            continue
        rule = pack.sign(sign.id)
        if rule.ask_how == "officer" or (rule.ask_how == "alone" and state.facts.watched):
            continue
        worth = (LEVELS.index(sign.level), int(any(lift.cues for lift in rule.lifts)))
        if worth > best:
            best, chosen = worth, sign.id
    return chosen


def _to_suggest_anew(state: State) -> State:
    """The level is another one now: it is suggested and decided again. What the family agreed to stands."""
    answers = {name: answer for name, answer in state.answers.items() if name not in ("decision", "decision_reason")}
    away = state.question is not None and state.question.id in _AFTER_SUGGESTION
    changes = {"suggestion": None, "decision": None, "answers": answers}
    return state.model_copy(update=changes | ({"question": None} if away else {}))


# In words


def _reasons(by_pack: ByThePack, level: Level, pack: RulePack) -> list[str]:
    """Why it is this level: the danger where there is some, else the headings that were counted."""
    if level in ("S", "E"):
        serious = [reason for reason in by_pack.reasons if reason.level in ("S", "E")]
        return [_danger_in_words(reason, pack) for reason in serious] or [PHRASES["reason_card"]]
    names = {heading.number: heading.name for heading in pack.headings}
    count = PHRASES["reason_count"].format(count=len(by_pack.headings), minimum=pack.minimum)
    return [count, *(names[number] for number in by_pack.headings)]


def _danger_in_words(reason: Reason, pack: RulePack) -> str:
    if reason.kind == "sign":
        return pack.sign(reason.id).name
    if reason.kind == "red_flag":
        return pack.red_flag(reason.id).name
    return next(cluster.name for cluster in pack.cluster_list if cluster.id == reason.id)


def _changes(by_pack: ByThePack, level: Level, pack: RulePack) -> Iterator[str]:
    """What would change the level: what would raise it, and the reason that would lower danger."""
    for change in by_pack.would_change:
        if change.needs == "recorded_reason" or LEVELS.index(change.to) > LEVELS.index(level):
            yield _change_in_words(change, pack)


def _change_in_words(change: Change, pack: RulePack) -> str:
    if change.needs == "lift":
        return PHRASES["change_lift"].format(sign=pack.sign(change.id).name, when=change.when)
    return PHRASES[f"change_{change.needs}"].format(how_many=change.how_many)
