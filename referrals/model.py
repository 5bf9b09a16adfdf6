"""What the models of this package have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints


class Model(BaseModel):
    """Frozen; takes no field it does not know; its errors never repeat what was put in."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


Instant = Annotated[AwareDatetime, AfterValidator(lambda value: value.astimezone(UTC))]
"""A moment, in UTC."""

Id = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9_.:@/-]+$")]
"""An identifier of ours: nothing that a person typed fits in."""

Instance = Annotated[Id, Field(coerce_numbers_to_str=True)]
"""Which time round in one conversation."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.@-]{1,60}$")]
"""A value from a list, such as a question's id or a role."""

LONGEST_WORDS = 20_000
"""Characters: as long as a whole message can be once what is personal in it has become tokens."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_WORDS, strip_whitespace=True)]
"""What somebody said or wrote, in tokens; kept sealed, never logged."""

SomeWords = Annotated[str, StringConstraints(max_length=LONGEST_WORDS, strip_whitespace=True)]
"""The same, or nothing."""

Label = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
"""A heading or a name from a content file."""


def utc_now() -> datetime:
    """The clock that everything here uses, unless a test hands in its own."""
    return datetime.now(UTC)
