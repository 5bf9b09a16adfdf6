"""Addresses: houses and flats in streets, named streets, blocks."""

from typing import Final

from redaction import types
from redaction.recognisers.base import ShapeRecogniser
from redaction.words import word_list, words_of

# These end the name of a street and little else.
_STREET: Final = (
    r"(?:street|str|road|rd|avenue|ave|crescent|cres|gardens|gdns|terrace|lane|ln|grove|parade|buildings|bldgs|mews"
    r"|villas|cottages|towers|mansions)"
)
# These are everyday words too.
_ALSO: Final = (
    r"(?:st|drive|dr|close|court|ct|place|pl|square|sq|way|walk|rise|hill|row|park|view|green|vale|wharf|quay|yard"
    r"|mount|path|end|meadows?|fields?|heights|house|lodge|hse|bank|brow|bottom|common|down|side|cross|corner|gate"
    r"|wood|orchard|croft|paddock|leaze|mead|causeway|arcade|estate|hall|fold|steps|batch|ope|reach|drove|basin|yd|flats"
    r"|parc|link|loop|mill|barton|combe|hse|quarry|lamp room|tyning|elms|oaks)"
)
_NAME: Final = r"(?:(?:st\.? )?[a-z][a-z'’]*\.?[ \-]){1,3}"
_UNIT: Final = (
    r"(?:flat|apt|apartment|unit|room|rm|bedsit|block|house|number|no\.?|plot|pitch|caravan|lodge)"
    r" ?[0-9]{1,4} ?[a-z]?\b"
)
_NUMBER: Final = r"(?<![\w£$€.,/:])[0-9]{1,4} ?[a-d]?(?:[\-/][0-9]{1,4}[a-d]?)?"


class StreetAddressRecogniser(ShapeRecogniser):
    """`14 Pennyroyal Walk`, `flat 2 pear tree court`, `Flat 3, 88 Brackenbury Rise`, `Lower Bristol Road`."""

    TYPE = types.ADDRESS
    SHAPES = (
        ("house and street", rf"(?:{_UNIT},? ?)?{_NUMBER},? {_NAME}(?:{_STREET}|{_ALSO})\b", 0.75),
        ("flat and block", rf"\b{_UNIT},? (?:the )?{_NAME}(?:{_STREET}|{_ALSO})\b", 0.75),
        ("flat and street in one word", rf"(?:\b{_UNIT},? ?)?{_NUMBER},? (?-i:[A-Z])[a-z]+(?:{_STREET})\b", 0.5),
        (
            "named street",
            r"(?-i:\b(?:[A-Z][a-z'’]+[ \-]){1,3}(?:Street|Road|Rd|Avenue|Ave|Crescent|Cres|Gardens|Gdns|Terrace"
            r"|Lane|Grove|Parade|Buildings|Mews|Drive|Close|Court|Square|Rise|House|Walk|Row|Wharf|Villas|Cottages|Place|Estate)\b)",
            0.5,
        ),
        ("named street", rf"\b(?:{_NAME})(?:street|road|rd|avenue|crescent|gardens|gdns|terrace)\b", 0.15),
        ("post office box", r"\b(?:c/o )?p\.?o\.? box [0-9]{1,6}\b", 0.8),
        ("flat", rf"\b{_UNIT}", 0.05),
    )
    CONTEXT = (
        "live",
        "lives",
        "living",
        "lived",
        "address",
        "addr",
        "moved",
        "moving",
        "from",
        "at",
        "door",
        "keys",
        "round",
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """`10 mins walk`, `the County Court` and the like."""
        within = [word.folded for word in words_of(pattern_text)][1:-1]
        return any(word in word_list("no_street_name") for word in within) or _names_no_street(pattern_text)


def _names_no_street(text: str) -> bool:
    *before, _ = [word.folded for word in words_of(text)]
    return any(word in word_list("no_named_street") for word in before)
