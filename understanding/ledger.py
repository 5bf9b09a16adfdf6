"""The signs of a whole conversation: they gather, and each keeps its history.

An entry is a plain dictionary: everything of `SignHeard.as_dict()` but its places, plus `turn` (when this
status was last
said) and `history` (earlier statuses, oldest first: status, words, turn, and `reason` where a person gave one).

A later denial, or "that was years ago", changes a sign's status. It does not where the person who may be
causing harm said
it or could hear, nor for a sign at S or E: danger is lowered only by `correct`, with a person's recorded
reason. What is said
of another family, or only as an "if", never lowers what was heard of this one. What was heard is never lost:
it is in `history`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from understanding.heard import LEVELS, STATUSES, Heard, SignHeard, Status

_LOWERS: tuple[Status, ...] = ("negated", "past")


def merge(earlier: Sequence[Mapping[str, Any]], heard: Heard, turn: int | str | None = None) -> list[dict[str, Any]]:
    """The entries after one more message; `earlier` is not changed. `turn` names the message (else: counted from 1)."""
    entries = {entry["id"]: _copy(entry) for entry in earlier}
    this_turn = 1 + max((_number(entry["turn"]) for entry in earlier), default=0) if turn is None else turn
    for sign in sorted(heard.signs, key=lambda sign: (sign.status == "present", sign.start)):
        entry = entries.get(sign.id)
        if entry is None:
            entries[sign.id] = _new(sign, this_turn)
        else:
            _add(entry, sign, this_turn, watched=heard.watched)
    return list(entries.values())


def correct(
    earlier: Sequence[Mapping[str, Any]], sign_id: str, status: Status, reason: str, turn: int | str
) -> list[dict[str, Any]]:
    """The entries after a person changed a sign's status and said why; the only way to lower a sign at S or E.

    Raises KeyError when the sign was never heard, ValueError when there is no reason or no such status.
    """
    if not reason.strip():
        raise ValueError("A correction needs the person's reason in words.")
    if status not in STATUSES:
        raise ValueError(f"A status is one of: {', '.join(STATUSES)}.")
    entries = [_copy(entry) for entry in earlier]
    entry = {entry["id"]: entry for entry in entries}[sign_id]
    entry["history"].append(_past_of(entry))
    entry.update(status=status, turn=turn, reason=reason)
    return entries


def _new(sign: SignHeard, turn: int | str) -> dict[str, Any]:
    entry = sign.as_dict() | {"turn": turn, "history": []}
    del entry["start"], entry["end"]
    return entry


def _add(entry: dict[str, Any], sign: SignHeard, turn: int | str, *, watched: bool) -> None:
    was: Status = entry["status"]
    if sign.status in ("present", was):
        changes = True
    elif was == "present":
        safe_to_lower = not watched and sign.said_by != "suspected" and entry["level"] not in ("S", "E")
        changes = sign.status in _LOWERS and safe_to_lower
    else:
        changes = True
    if not changes:
        entry["history"].append({"status": sign.status, "words": sign.words, "turn": turn})
        return
    if was == sign.status and entry["words"] == sign.words:
        return
    entry["history"].append(_past_of(entry))
    level = max(entry["level"], sign.level, key=LEVELS.index) if was == sign.status else sign.level
    entry.pop("reason", None)
    entry.update(_new(sign, turn) | {"history": entry["history"], "level": level})


def _past_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry[key] for key in ("status", "words", "turn", "reason") if key in entry}


def _copy(entry: Mapping[str, Any]) -> dict[str, Any]:
    return dict(entry) | {"history": [dict(item) for item in entry["history"]]}


def _number(turn: int | str) -> int:
    return turn if isinstance(turn, int) else 0
