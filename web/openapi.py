"""The OpenAPI document (3.1), built from what the routes under ``/api/`` say about themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.access import access_of, public
from web.api import Description, Problem, description_of
from web.site import SITE

PATH = "/api/openapi.json"
_REFERENCE = "#/components/schemas/{model}"


def api_routes(app: web.Application) -> Iterator[tuple[str, str, object]]:
    """Method, path and handler of every route under ``/api/``, but for the document itself."""
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else ""
        if path.startswith("/api/") and path != PATH and route.method != "HEAD":
            yield route.method, path, route.handler


def build(app: web.Application) -> dict[str, Any]:
    """The document. Raises ValueError for a route under ``/api/`` that is not described."""
    described = []
    for method, path, handler in api_routes(app):
        description = description_of(handler)
        if description is None:
            raise ValueError(f"{method} {path} is not described")
        described.append((method, path, handler, description))
    models = {model for *_, description in described for model in _models(description)} | {Problem}
    _, schemas = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template=_REFERENCE,
    )
    paths: dict[str, dict[str, Any]] = {}
    for method, path, handler, description in described:
        paths.setdefault(path, {})[method.lower()] = _operation(path, handler, description)
    site = app[SITE]
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{site.service}, {site.council}", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "signature": {"type": "apiKey", "in": "header", "name": "X-Thinkfamily-Signature"},
            },
        },
    }


@public
async def show_openapi(request: web.Request) -> web.Response:
    """The document, for anyone: it holds no secret."""
    return web.json_response(build(request.app))


def _models(description: Description) -> Iterator[type[BaseModel]]:
    yield from (model for model in description.answers.values() if model is not None)
    if description.body is not None:
        yield description.body


def _operation(path: str, handler: object, description: Description) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    parameters += [
        {"name": name, "in": place, "required": place == "header", "description": meaning, "schema": {"type": "string"}}
        for place, given in (("query", description.query), ("header", description.headers))
        for name, meaning in given.items()
    ]
    answers: dict[str, Any] = {
        str(status): {"description": HTTPStatus(status).phrase, **({"content": _json(model)} if model else {})}
        for status, model in description.answers.items()
    }
    answers.setdefault("default", {"description": "What went wrong and what to do.", "content": _json(Problem)})
    operation: dict[str, Any] = {"summary": description.summary, "parameters": parameters, "responses": answers}
    if description.body is not None:
        operation["requestBody"] = {"required": True, "content": _json(description.body)}
    if description.signed:
        operation["security"] = [{"signature": []}]
    elif not access_of(handler).public:
        operation["security"] = [{"token": []}]
    return operation


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFERENCE.format(model=model.__name__)}}}
