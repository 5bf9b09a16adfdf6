"""Homes without a street: moorings, pitches, sites."""

from redaction import types
from redaction.recognisers.base import ShapeRecogniser
from redaction.words import fold


class MooringRecogniser(ShapeRecogniser):
    """`mooring 12 at Bathampton`, `pitch 4`, `bridge 184`, `Greenacre site`."""

    TYPE = types.ADDRESS
    SHAPES = (
        (
            "mooring or pitch",
            r"\b(?:moorings?|berth|pitch|plot|jetty|pontoon|bridge|lock) (?:no\.? ?|number )?[0-9]{1,3}[a-z]?\b"
            r"(?:,? (?:at|on|by|near) (?:the )?(?-i:[A-Z][\w'’]+(?: [A-Z][\w'’]+){0,2}))?",
            0.6,
        ),
        (
            "site",
            r"(?-i:\b(?:[A-Z][a-z'’]+ ){1,3})(?:travellers? |caravan |gypsy )?(?:site|marina|boatyard|moorings)\b"
            r"(?: (?:pitch|plot) [0-9]{1,3}[a-z]?)?",
            0.45,
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """`Traveller site`, `The marina` name no place."""
        first = fold(pattern_text.split(maxsplit=1)[0])
        return first in ("traveller", "travellers", "the", "caravan", "a", "gypsy", "his", "her", "my", "our")
