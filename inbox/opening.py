"""A referral opened in memory, with names in place of the tokens of the people who agreed, and of nobody else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inbox.casebook import Happening, Whole
from inbox.outer_seal import OuterSeal
from referrals import (
    AgreedDetail,
    PeopleDocument,
    ReferralDocument,
    Sign,
    Status,
    open_answer,
    open_people,
    open_story,
    seal_note,
)
from sealing import seal_for, unseal_with

_TOKEN = re.compile(r"\[[A-Z]{2,12} [1-9][0-9]{0,3}\]")


@dataclass(frozen=True)
class PersonShown:
    """Somebody in the story: by name where they agreed, else by token."""

    shown: str
    role: str
    agreed: bool


@dataclass(frozen=True)
class Moment:
    """One entry of the timeline. ``status`` None: an answer came."""

    at: datetime
    status: Status | None
    by: str
    words: str


@dataclass(frozen=True)
class OpenReferral:
    """A referral that can be read. Everything in it stays in memory."""

    reference: str
    status: Status
    received_at: datetime
    key_worker: str
    story: ReferralDocument
    people: PeopleDocument
    timeline: tuple[Moment, ...]

    def named(self, text: str) -> str:
        """``text`` with the names and details of those who agreed; every other token stays as it is."""
        known = self._known()
        return _TOKEN.sub(lambda token: known.get(token[0], token[0]), text)

    @property
    def who(self) -> list[PersonShown]:
        """Everyone in the story, those who agreed first."""
        names = {person.token: person.name for person in self.people.people}
        shown = [
            PersonShown(names.get(person.token, person.token), person.role, person.token in names)
            for person in self.story.people
        ]
        in_story = {person.token for person in self.story.people}
        shown += [
            PersonShown(person.name, person.role, True) for person in self.people.people if person.token not in in_story
        ]
        return sorted(shown, key=lambda person: not person.agreed)

    @property
    def details(self) -> tuple[AgreedDetail, ...]:
        """Telephone numbers, addresses and the like of those who agreed."""
        return self.people.details

    @property
    def present(self) -> list[Sign]:
        """The signs that are there now."""
        return [sign for sign in self.story.signs if sign.status == "present"]

    @property
    def not_present(self) -> list[Sign]:
        """Signs that were spoken of but are past, denied, not sure, or another family's."""
        return [sign for sign in self.story.signs if sign.status != "present"]

    def _known(self) -> Mapping[str, str]:
        known = {detail.token: detail.value for detail in self.people.details}
        return known | {person.token: person.name for person in self.people.people}


class Opener:
    """Opens what is kept, and seals notes. Its functions raise :class:`~inbox.errors.ReferralErased` for a referral
    that was erased, ``sealing.SealBroken`` for bytes that are not what was kept there."""

    def __init__(self, outer: OuterSeal, inbox_private: bytes, inbox_public: bytes) -> None:
        self._outer = outer
        self._private = inbox_private
        self._public = inbox_public

    def open_story(self, reference: str, story: bytes) -> ReferralDocument:
        """The story alone, in tokens."""
        return open_story(self._private, self._outer.open(reference, story, "story"), reference)

    def open_whole(self, whole: Whole) -> OpenReferral:
        """Everything."""
        story = self.open_story(whole.reference, whole.story)
        people = self._outer.open(whole.reference, whole.people, "people")
        return OpenReferral(
            reference=whole.reference,
            status=whole.status,
            received_at=whole.received_at,
            key_worker=whole.key_worker,
            story=story,
            people=open_people(self._private, people, story.envelope),
            timeline=tuple(self._moment(whole.reference, happening) for happening in whole.happenings),
        )

    def seal_both(self, story: ReferralDocument, to: Status, text: str, n: int) -> tuple[bytes, bytes]:
        """``text`` for the officer's side, and for our own timeline at event ``n``."""
        own = seal_for(self._public, text.encode(), "own_note", story.reference, str(n))
        note = seal_note(story, to, text)
        return (
            self._outer.close(story.reference, note, "note", str(n)),
            self._outer.close(story.reference, own, "own_note", str(n)),
        )

    def _moment(self, reference: str, happening: Happening) -> Moment:
        words = ""
        if happening.sealed and happening.answer_id:
            answer = self._outer.open(reference, happening.sealed, "answer", happening.answer_id)
            words = open_answer(self._private, answer, reference, happening.answer_id)
        elif happening.sealed:
            note = self._outer.open(reference, happening.sealed, "own_note", str(happening.n))
            words = unseal_with(self._private, note, "own_note", reference, str(happening.n)).decode()
        return Moment(happening.at, happening.status, happening.by, words)
