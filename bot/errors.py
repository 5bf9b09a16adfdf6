"""What can go wrong around Rasa. No message carries anything that was typed.

BotError
├── CannotStart               something a person can put right
│   └── ModelMissing
└── Refused                   a turn that is not taken; each class is one answer of the channel
    ├── Unsigned              401
    ├── Malformed             400
    ├── LooksLikeCommand      422
    ├── LooksPersonal         422
    ├── StaleQuestion         409
    ├── TurnReused            409
    ├── Erased                410
    └── NotKept               503, and the same turn may be sent again
        ├── TrackerUnreadable
        ├── TrackerUnwritable
        └── TurnUnanswered
"""

from __future__ import annotations

from typing import ClassVar


class BotError(Exception):
    """The root of everything this package raises."""


class CannotStart(BotError):
    """Something a person can put right stands in the way; the message says what to do."""


class ModelMissing(CannotStart):
    """There is no trained model, or it does not load."""


class Refused(BotError):
    """The turn is not taken: the HTTP ``status`` and the ``error`` of docs/architecture.md."""

    status: ClassVar[int]
    error: ClassVar[str]


class Unsigned(Refused):
    """The desk did not sign it, or it is stale or copied."""

    status, error = 401, "signature"


class Malformed(Refused):
    """It has not the form that docs/architecture.md describes."""

    status, error = 400, "form"


class LooksLikeCommand(Refused):
    """Rasa would execute it instead of reading it."""

    status, error = 422, "looks_like_command"


class LooksPersonal(Refused):
    """The cheap patterns found personal data that should have been hidden before."""

    status, error = 422, "looks_personal"


class StaleQuestion(Refused):
    """A choice for a question that is no longer the one asked."""

    status, error = 409, "stale_question"


class TurnReused(Refused):
    """The turn id came before, with another content."""

    status, error = 409, "turn_reused"


class Erased(Refused):
    """The conversation's key was destroyed."""

    status, error = 410, "erased"


class NotKept(Refused):
    """The turn is not in the tracker and nothing may be taken as said. The same turn may be sent again."""

    status, error = 503, "not_kept"


class TrackerUnreadable(NotKept):
    """The conversation could not be read."""


class TrackerUnwritable(NotKept):
    """The conversation could not be written, or somebody else wrote it in the meantime."""


class TurnUnanswered(NotKept):
    """The actions did not take the turn in."""


class ActionsSilent(BaseException):
    """The action server did not answer, or refused.

    Not an ``Exception``: Rasa catches those, forgets the action's events and goes on as if the action had run. This
    one ends the turn at once.
    """
