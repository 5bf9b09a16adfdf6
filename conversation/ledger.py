"""The ledger of signs: how a newly heard sign changes what stands there. Every hearing is kept in the history."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conversation.questions import COMMON_WORDS
from conversation.state import Hearing, LedgerSign, SetAside
from conversation.turns import SignInTurn
from understanding.heard import highest

Ledger = tuple[LedgerSign, ...]


def hear(ledger: Ledger, heard: Iterable[SignInTurn], turn: str, watched: bool) -> Ledger:
    """The ledger after the signs of one turn. `watched`: somebody who may be causing harm can see or hear."""
    signs = {sign.id: sign for sign in ledger}
    for new in heard:
        old = signs.get(new.id)
        signs[new.id] = _started(new, turn) if old is None else _changed(old, new, turn, watched)
    return tuple(signs.values())


def set_aside(ledger: Ledger, ids: Iterable[str], why: SetAside, turn: str) -> Ledger:
    """The ledger with the signs `ids` set aside by the officer; those that do not count stay as they are."""
    chosen = set(ids)
    return tuple(_aside(sign, why, turn) if sign.id in chosen and sign.counts else sign for sign in ledger)


def counting(ledger: Ledger) -> Ledger:
    """The signs that count: present, about this family, not set aside."""
    return tuple(sign for sign in ledger if sign.counts)


def taken_back(ledger: Ledger, text: str) -> tuple[SignInTurn, ...]:
    """The sign that a correction without any sign of its own is about ("no, that rent thing is wrong"), as denied.

    It is the one whose words share the most words with the correction; none when two share as many, or none does.
    """
    said = _content_words(text)
    shared = {sign.id: len(said & _content_words(sign.words)) for sign in counting(ledger)}
    most = max(shared.values(), default=0)
    meant = [sign for sign in counting(ledger) if shared[sign.id] == most > 0]
    if len(meant) != 1:
        return ()
    fields = meant[0].model_dump(include={"id", "about", "level"})
    return (SignInTurn(status="negated", words=text, said_by="person", confidence=1.0, **fields),)


def _content_words(text: str) -> set[str]:
    """Words of four letters and more, without the commonest of them, in a form that forgives an ending."""
    return {word[:6] for word in re.findall(r"[a-z]{4,}", text.lower()) if word not in COMMON_WORDS}


def _started(new: SignInTurn, turn: str) -> LedgerSign:
    hearing = Hearing(turn=turn, status=new.status, words=new.words, said_by=new.said_by)
    return LedgerSign(**new.model_dump(), turn=turn, history=(hearing,))


def _changed(old: LedgerSign, new: SignInTurn, turn: str, watched: bool) -> LedgerSign:
    hearing = Hearing(turn=turn, status=new.status, words=new.words, said_by=new.said_by)
    history = (*old.history, hearing)
    if new.status == "present":
        # Of two hearings that count, the more serious gives the words that are shown.
        if old.counts and highest(old.level, new.level) == old.level:
            return old.model_copy(update={"history": history})
        return _started(new, turn).model_copy(update={"history": history})
    # Within one message a denial is about somebody or something else ("he's never in school, her sister always is").
    if old.counts and (old.turn == turn or not _lowers(old, new, watched)):
        return old.model_copy(update={"history": history})
    return _started(new, turn).model_copy(update={"history": history, "set_aside": old.set_aside})


def _lowers(old: LedgerSign, new: SignInTurn, watched: bool) -> bool:
    """Whether a denial, or "that is over", may lower a sign that stands.

    Never at S or E: only a reason given by the officer lowers danger. Never when the person who may be causing harm
    says so, or can hear. Talk of another family, or an "if", takes nothing back.
    """
    if old.level in ("S", "E") or watched or new.said_by == "suspected":
        return False
    return new.status in ("negated", "past")


def _aside(sign: LedgerSign, why: SetAside, turn: str) -> LedgerSign:
    hearing = Hearing(turn=turn, status=sign.status, words=sign.words, said_by=sign.said_by, set_aside=why)
    return sign.model_copy(update={"set_aside": why, "history": (*sign.history, hearing)})
