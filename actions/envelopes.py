"""Envelopes: the agreed people's details, which the desk sealed for the receiving team. Nobody here can open them."""

from __future__ import annotations

from pydantic import Base64Bytes, BaseModel, ConfigDict, ValidationError
from sqlalchemy import Engine

from referrals import Envelope, EnvelopeConflict, StoreUnavailable, put_envelope


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    envelope: str
    conversation: str
    instance: int | str
    officer: str
    sealed: Base64Bytes


def take_envelope(casework: Engine, body: bytes) -> tuple[int, dict[str, str]]:
    """Keep the envelope in ``body``; the HTTP status and answer of docs/architecture.md."""
    try:
        envelope = Envelope(**dict(_Body.model_validate_json(body)))  # dict(): a dump would be base64 again
    except ValidationError:
        return 400, {"error": "form"}
    try:
        new = put_envelope(casework, envelope)
    except EnvelopeConflict:
        return 422, {"error": "other_content"}
    except StoreUnavailable:
        return 503, {"error": "not_kept"}
    return (201 if new else 200), {"envelope": envelope.envelope}
