"""Boats that people live on, by name."""

from redaction import types
from redaction.recognisers.base import ShapeRecogniser

_BOAT = r"(?:[Nn]arrow ?boat|[Ww]ide ?beam|[Bb]arge|[Bb]oat|NB|WB)"


class BoatRecogniser(ShapeRecogniser):
    """`narrowboat Slow Burn`, `boat called dusk again`, `NB "Heron"`: a boat's name is on a public register."""

    TYPE = types.VEHICLE
    SHAPES = (
        ("in quotes", rf"(?-i:(?<=\b{_BOAT}(?: called| named)? )[\"“'‘][A-Z][\w' ]{{1,30}}[\"”'’])", 0.7),
        ("with capitals", rf"(?-i:(?<=\b{_BOAT}(?: called| named)? )[A-Z][a-z'’]+(?: [A-Z][a-z'’]+){{0,2}})", 0.45),
        ("said to be called", r"(?<=\b(?:boat|narrowboat|barge)(?:'s| is)? (?:called|named) )[\w']+(?: [\w']+)?", 0.5),
    )
