"""What is answered when something is wrong: a plain page, or JSON for scripts; never what happened inside."""

from __future__ import annotations

import logging
import traceback

from aiohttp import web

from sealing import new_id
from web.access import Handler, wants_json
from web.api import ApiProblem, Problem, answer
from web.forgery import FIELD, Forged
from web.pages import render
from web.words import WORDS

_log = logging.getLogger(__name__)


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns what was raised into an answer that says what to do."""
    try:
        return await handler(request)
    except ApiProblem as problem:
        return answer(problem.problem, problem.status)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return await _say(request, error)
    except Exception as error:
        number = new_id("err")
        # The kind of error and where it happened: its message could carry what somebody typed.
        frames = traceback.extract_tb(error.__traceback__)[-4:]
        where = " < ".join(
            f"{frame.name} ({frame.filename.rsplit('/', 1)[-1]}:{frame.lineno})" for frame in reversed(frames)
        )
        _log.error("%s %s at %s", number, type(error).__name__, where)
        return await _say(request, web.HTTPInternalServerError(), number)


async def _say(request: web.Request, error: web.HTTPException, number: str = "") -> web.StreamResponse:
    status = str(error.status)
    known = status if WORDS.has(f"errors.{status}.title") else "400"
    text = WORDS("forgery") if isinstance(error, Forged) else WORDS(f"errors.{known}.text")
    kept = {name: error.headers[name] for name in ("Allow", "Retry-After") if name in error.headers}
    if wants_json(request):
        code = "forged" if isinstance(error, Forged) else (error.reason or "error").lower().replace(" ", "_")
        return answer(Problem(error=code, message=text, number=number or None), error.status, kept)
    typed = await _typed(request) if error.status == 401 else []
    facts = {"title": WORDS(f"errors.{known}.title"), "text": text, "number": number, "typed": typed, "status": status}
    response = render(request, "web/error.html", facts, error.status)
    response.headers.update(kept)
    return response


async def _typed(request: web.Request) -> list[str]:
    """The words in a form that came too late, to be given back to whoever sent them."""
    if request.method != "POST":
        return []
    form = await request.post()
    return [value for name, value in form.items() if isinstance(value, str) and " " in value.strip() and name != FIELD]
