"""What can go wrong with a delivery. Whether it is tried again is decided by class.

::

    DeliveryError
    ├── TryAgain               later, with more and more time between
    │   ├── Unreachable        no connection, too slow, cut off
    │   ├── Busy               408, 409, 425 and 5xx: about this one delivery, perhaps
    │   │   └── Overloaded     429 and 503: about everything
    │   ├── Unreadable         an answer that is not of the intake API
    │   ├── NotSetUp           redirects, 401, 403, 404, 405: address, secret or clock; alarm at once
    │   └── ReceiptNotTrue     a receipt of another key, referral or content; alarm at once
    └── PutAside               never the same way again: a person has to look
        ├── Refused            every other 4xx
        └── Poisoned           the row itself cannot be sent
"""

from datetime import timedelta
from typing import ClassVar

from referrals.store.alarms import AlarmKind


class DeliveryError(Exception):
    """The root. Messages carry ids and numbers, never content."""

    alarm: ClassVar[AlarmKind | None] = None
    """What a person is told at once; None where time may heal it."""


class TryAgain(DeliveryError):
    """Later, with more and more time between. ``after`` is the least wait that the other side asked for."""

    after: timedelta | None = None
    for_all: ClassVar[bool] = False
    """Whether the next delivery would fare the same, so that this sweep had better end."""


class Unreachable(TryAgain):
    """No connection, too slow, or cut off. Whether it arrived is not known: the same key makes that harmless."""

    for_all = True


class Busy(TryAgain):
    """The other side asks for patience."""

    def __init__(self, message: str, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class Overloaded(Busy):
    """The other side asks for patience, whatever is sent."""

    for_all = True


class Unreadable(TryAgain):
    """An answer that is not of the intake API: cut off, or from something in between."""


class NotSetUp(TryAgain):
    """The other side does not know us, or is not at this address; it is about no single referral."""

    alarm = AlarmKind.NOT_SET_UP
    for_all = True


class ReceiptNotTrue(TryAgain):
    """A receipt that the receiving team's key did not sign, or for another referral or content."""

    alarm = AlarmKind.RECEIPT_WRONG


class PutAside(DeliveryError):
    """Not to be sent again as it is: a person has to look."""


class Refused(PutAside):
    """The other side understood, and will not have it."""


class Poisoned(PutAside):
    """The row itself cannot be sent."""
