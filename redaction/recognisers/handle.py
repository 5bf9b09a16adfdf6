"""Names on social networks, and addresses of pages about a person."""

from redaction import types
from redaction.recognisers.base import ShapeRecogniser

_NETWORK = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|tik ?tok|facebook|fb|twitter|discord|telegram|xbox|psn|gamertag"
    r"|user ?name|handle)"
)


class HandleRecogniser(ShapeRecogniser):
    """`@kaydz.m07`; `insta kaydz.m07`; a page on a social network; any other page's address except GOV.UK's."""

    TYPE = types.HANDLE
    SHAPES = (
        ("at sign", r"(?<![\w.@])@[a-z0-9_](?:[a-z0-9_.]{0,28}[a-z0-9_])?", 0.8),
        (
            "after a network's name",
            rf"(?<=\b{_NETWORK}\b(?: name| handle| account| is|'s| as| under)* ?[:\-]? ?)"
            r"(?=[a-z0-9_.]*[0-9_.][a-z0-9_]|[a-z0-9_]*[0-9_])[a-z_][a-z0-9_.]{1,28}[a-z0-9_]",
            0.7,
        ),
        ("with underscores", r"(?<![\w@])[a-z0-9.]*[a-z0-9]_[a-z0-9_.]*[a-z0-9]\b", 0.6),
        ("page", r"(?:https?://|www\.)(?![a-z0-9.\-]*gov\.uk)[^\s\[\]()<>]+[^\s\[\]()<>.,;:!?]", 0.6),
        ("network's page", r"\b(?:facebook|fb|instagram|tiktok|twitter|x|linkedin|snapchat)\.com/[^\s\[\]()<>]+", 0.8),
    )
