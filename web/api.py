"""The JSON side: routes that say what they take and give, and answers of those forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from web.access import H
from web.words import WORDS

M = TypeVar("M", bound=BaseModel)
_MARK = "_web_described"


class Problem(BaseModel):
    """What went wrong and what to do about it."""

    model_config = ConfigDict(frozen=True)

    error: str
    message: str
    number: str | None = None


class ApiProblem(Exception):
    """Raised in an API handler to answer with a :class:`Problem`."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(error)
        self.status = status
        self.problem = Problem(error=error, message=message)


@dataclass(frozen=True)
class Description:
    """What a route's entry in the OpenAPI document is made of."""

    summary: str
    answers: Mapping[int, type[BaseModel] | None]
    body: type[BaseModel] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    signed: bool = False


def described(
    summary: str,
    answers: Mapping[int, type[BaseModel] | None],
    *,
    body: type[BaseModel] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    signed: bool = False,
) -> Callable[[H], H]:
    """Says what an ``/api/`` handler takes and gives, for the OpenAPI document.

    ``answers`` maps a status to its model; ``query`` and ``headers`` map names to what they mean; ``signed`` is for
    requests between our own processes.
    """
    description = Description(summary, answers, body, query or {}, headers or {}, signed)

    def mark(handler: H) -> H:
        setattr(handler, _MARK, description)
        return handler

    return mark


def description_of(handler: object) -> Description | None:
    """What :func:`described` said about ``handler``."""
    return getattr(handler, _MARK, None)


async def read_body(request: web.Request, model: type[M]) -> M:
    """The request's JSON body as ``model``. Raises what :func:`parse_body` raises."""
    return parse_body(await request.read(), model)


def parse_body(body: bytes, model: type[M]) -> M:
    """``body`` as ``model``. Raises :class:`ApiProblem` (400) that names the fields, never their content."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        if any(problem["type"] == "json_invalid" for problem in error.errors()):
            raise ApiProblem(400, "not_json", WORDS("not_json")) from None
        # Names of fields only where the model knows them: a made-up field's name is what somebody typed.
        named = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]} & set(model.model_fields)
        fields = ", ".join(sorted(named)) or "a field that does not belong here"
        raise ApiProblem(400, "wrong_form", WORDS("wrong_form", fields=fields)) from None


def answer(model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """``model`` as JSON."""
    return web.Response(
        text=model.model_dump_json(), status=status, content_type="application/json", headers=headers or {}
    )
