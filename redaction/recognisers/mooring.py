"""Homes without a street: boats, moorings, pitches, sites."""

from redaction import types
from redaction.recognisers.base import ShapeRecogniser

_BOAT = r"(?:narrow ?boat|wide ?beam|barge|boat|nb|wb)"


class MooringRecogniser(ShapeRecogniser):
    """`mooring 12 at Bathampton`, `pitch 4`, `bridge 184`, a boat by its name."""

    TYPE = types.ADDRESS
    SHAPES = (
        (
            "mooring or pitch",
            r"\b(?:moorings?|berth|pitch|plot|jetty|pontoon|bridge|lock) (?:no\.? ?|number )?[0-9]{1,3}[a-z]?\b"
            r"(?:,? (?:at|on|by|near) (?:the )?(?-i:[A-Z][\w'’]+(?: [A-Z][\w'’]+){0,2}))?",
            0.6,
        ),
        ("boat in quotes", rf"(?<=\b{_BOAT}(?: called| named| is)? )[\"“'‘][\w' ]{{2,30}}[\"”'’]", 0.7),
        (
            "boat by name",
            r"(?-i:(?<=\b(?:[Nn]arrow ?boat|[Ww]ide ?beam|[Bb]arge|[Bb]oat|NB|nb|WB)(?: called| named| is)? )"
            r"[A-Z][\w'’]+(?: [A-Z][\w'’]+){0,2})",
            0.45,
        ),
        ("boat said to be called", r"(?<=\bboat(?:'s| is)? (?:called|named) )[\w']+(?: [\w']+)?", 0.5),
        (
            "site",
            r"(?-i:\b(?:[A-Z][\w'’]+ ){1,3})(?:travellers? |caravan |gypsy )?(?:site|marina|boatyard|moorings)\b",
            0.45,
        ),
    )
