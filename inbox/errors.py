"""What can go wrong in the inbox. No message carries content.

::

    InboxError
    ├── OtherContent       the same key came before with other content
    ├── CannotBeOpened     a delivery that is not sealed for this team, or not of the agreed form
    ├── ReferralUnknown    no such referral here
    ├── ReferralErased     it was here; what it said is gone for good
    └── TooLate            somebody took another step first
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from referrals import Status


class InboxError(Exception):
    """The root of everything this package raises."""


class OtherContent(InboxError):
    """This idempotency key was used before, for other content."""


class CannotBeOpened(InboxError):
    """The delivery is not sealed for this team's key, or what is inside is not of the agreed form."""


class ReferralUnknown(InboxError):
    """No such referral here."""


class ReferralErased(InboxError):
    """What this referral said was erased: nobody can read it any more."""


@dataclass
class TooLate(InboxError):
    """Somebody took a step first, after which this one cannot be taken or should be thought about again."""

    status: Status
    by: str
    at: datetime
    answered: bool  # it was the officer, with an answer

    def __str__(self) -> str:
        return f"the referral is {self.status} already"
