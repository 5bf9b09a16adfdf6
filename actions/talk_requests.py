"""What is known in a talk, in the form that `referrals` takes. Tokens only."""

from __future__ import annotations

from datetime import UTC, datetime

from conversation import QUESTIONS, State
from conversation.ledger import counting
from conversation.state import Ending, LedgerSign
from conversation.weighing import level_shown
from referrals import (
    Agreement,
    Answer,
    DecisionRequest,
    Judgement,
    Person,
    RedFlag,
    ReferralRequest,
    Route,
    Sign,
    Told,
    WhyNot,
)
from understanding import RulePack

_LONGEST = 4000  # characters; what `referrals` keeps of one answer
# The answers that go with a referral, beside what has a place of its own there.
_TOLD = ("safe_contact", "child", "sign")

_ROUTE: dict[Ending, Route] = {
    "help": Route.HELP_SHEET,
    "nothing_heard": Route.HELP_SHEET,
    "said_no": Route.HELP_SHEET,
    "not_asked": Route.HELP_SHEET,
    "safeguarding": Route.SAFEGUARDING_LEAD,
    "emergency": Route.EMERGENCY,
}


def referral_request(state: State, conversation: str, pack: RulePack) -> ReferralRequest:
    """The referral that a checked and agreed talk asks for.

    Raises pydantic's ValidationError, or KeyError, where the talk is not that far.
    """
    wants = state.answers["wants"].value if "wants" in state.answers else None
    suggested = state.suggestion
    return ReferralRequest(
        conversation=conversation,
        instance=str(state.instance),
        officer=state.officer,
        envelope=state.answers["check"].value["envelope"],
        agreement=_agreement(state),
        judgement=_judgement(state, pack),
        signs=tuple(_sign(sign, pack) for sign in counting(state.ledger)),
        headings=suggested.headings if suggested else (),
        reasons=suggested.reasons if suggested else (),
        missing=suggested.missing if suggested else (),
        wants=wants[:_LONGEST] if wants else None,
        told=tuple(_told(state, question, pack) for question in _TOLD if question in state.answers),
        danger=_danger(state),
        people=tuple(Person(token=person.token, role=person.role) for person in state.people or ()),
    )


def decision_request(state: State, how: Ending, conversation: str, pack: RulePack) -> DecisionRequest:
    """The record of a talk that ends without a referral."""
    return DecisionRequest(
        conversation=conversation,
        instance=str(state.instance),
        officer=state.officer,
        why_not=_why_not(state, how),
        route=_ROUTE[how],
        judgement=_judgement(state, pack),
        agreement=_agreement(state) if how in ("said_no", "not_asked") else None,
        signs=tuple(_sign(sign, pack) for sign in state.ledger if not sign.set_aside),
        danger=_danger(state),
    )


def _why_not(state: State, how: Ending) -> WhyNot:
    if how == "help":
        below = state.suggestion is not None and state.suggestion.level == "N"
        return WhyNot.BELOW_THRESHOLD if below else WhyNot.OFFICER_DECIDED
    if how == "not_asked":
        unsafe = "not_safe" in [agreed.value for agreed in state.agreement.values()]
        return WhyNot.NOT_SAFE_TO_ASK if unsafe else WhyNot.NOT_HERE_TO_ASK
    if how == "nothing_heard":
        return WhyNot.BELOW_THRESHOLD
    return WhyNot.SAID_NO if how == "said_no" else WhyNot.PASSED_ON


def _agreement(state: State) -> Agreement:
    """The answers as they were pressed. Where contact was not agreed, sharing is not asked, and stands the same."""
    contact = state.agreement["agree_contact"]
    share = state.agreement.get("agree_share", contact)
    agencies = state.agreement["agree_agencies"].value if "agree_agencies" in state.agreement else []
    return Agreement(
        contact=Answer(contact.value),
        share=Answer(share.value),
        agencies=tuple(agency for agency in agencies if agency != "none"),
        wording_version=contact.wording,
        asked_at=datetime.fromtimestamp(contact.at, UTC),
        asked_by=state.officer,
    )


def _judgement(state: State, pack: RulePack) -> Judgement:
    shown, reason = state.suggestion, state.answers.get("decision_reason")
    return Judgement(
        level_shown=level_shown(state),
        pack=shown.pack if shown else f"{pack.name} {pack.version}",
        officer_level=state.officer_level,
        why=reason.value[:_LONGEST] if reason and reason.value else "",
    )


def _sign(sign: LedgerSign, pack: RulePack) -> Sign:
    return Sign(id=sign.id, name=pack.sign(sign.id).name, status=sign.status, words=sign.words)


def _told(state: State, question: str, pack: RulePack) -> Told:
    answer = state.answers[question]
    title = QUESTIONS[question].title
    heading = f"{title}: {pack.sign(answer.about).name}" if answer.about else title
    titles = {offered.value: offered.title for offered in QUESTIONS[question].values}
    said = titles.get(answer.value, answer.value) if answer.value else None
    return Told(question=question, heading=heading, answer=said[:_LONGEST] if said else None)


def _danger(state: State) -> tuple[RedFlag, ...]:
    return tuple(
        RedFlag(id=card.id, interrupt=card.interrupt, done=card.done, reason=card.reason[:_LONGEST])
        for card in state.danger
        if card.interrupt != "none"
    )
