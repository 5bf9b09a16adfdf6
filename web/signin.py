"""Signing in, signing out, changing a password: plain forms that need no script."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiohttp import web

from web.access import current_user, local_path, public, session_cookie, user_or_none
from web.accounts import WrongSignIn
from web.pages import render, see_other
from web.passwords import PasswordRefused
from web.site import ACCOUNTS, SESSIONS, SITE
from web.tries import WaitBeforeNextTry
from web.words import WORDS

_SIGN_IN, _PASSWORD = "web/sign_in.html", "web/password.html"


async def form_fields(request: web.Request) -> dict[str, str]:
    """The text fields of a sent form, stripped of spaces around them; files are left out."""
    form = await request.post()
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}


@public
async def sign_in_page(request: web.Request) -> web.StreamResponse:
    """The sign-in form; straight on to the first page for who is signed in already."""
    then = local_path(request.query.get("next", "")) or request.app[SITE].home
    if user_or_none(request):
        return see_other(then)
    facts = {"next": then, "username": "", "errors": {}, "signed_out": "signed-out" in request.query}
    return render(request, _SIGN_IN, facts)


@public
async def sign_in(request: web.Request) -> web.StreamResponse:
    """Checks name and password and starts a new session."""
    form = await request.post()
    # The password is taken as typed: spaces around it may be part of it.
    username, password = str(form.get("username", "")).strip(), str(form.get("password", ""))
    then = local_path(str(form.get("next", ""))) or request.app[SITE].home
    errors: dict[str, str] = {}
    if not username:
        errors["username"] = WORDS("sign_in.username_missing")
    if not password:
        errors["password"] = WORDS("sign_in.password_missing")
    status, headers = 400, {}
    if not errors:
        try:
            account = await asyncio.to_thread(request.app[ACCOUNTS].verify, username, password)
            response = see_other(then)
            await _start_session(request, response, account.id)
        except WrongSignIn:
            errors["username"] = WORDS("sign_in.wrong")
        except WaitBeforeNextTry as wait:
            errors["username"] = WORDS("sign_in.wait", seconds=wait.seconds)
            status, headers = 429, {"Retry-After": str(wait.seconds)}
        else:
            return response
    page = render(request, _SIGN_IN, {"next": then, "username": username, "errors": errors}, status)
    page.headers.update(headers)
    return page


@public
async def sign_out(request: web.Request) -> web.StreamResponse:
    """Ends the session, here and in the database."""
    cookie = request.cookies.get(session_cookie(request), "")
    if cookie:
        await asyncio.to_thread(request.app[SESSIONS].end, cookie)
    response = see_other("/sign-in?signed-out=1")
    response.del_cookie(session_cookie(request))
    return response


async def password_page(request: web.Request) -> web.StreamResponse:
    """The form for a new password."""
    if current_user(request).by_token:
        raise web.HTTPForbidden
    return render(request, _PASSWORD, {"errors": {}, "changed": "changed" in request.query})


async def change_password(request: web.Request) -> web.StreamResponse:
    """Changes the password, signs the person out everywhere else and gives this browser a new session."""
    user = current_user(request)
    if user.by_token:
        raise web.HTTPForbidden
    form = {name: str(value) for name, value in (await request.post()).items()}
    errors = await _try_change(request, user.id, form)
    if errors:
        return render(request, _PASSWORD, {"errors": errors, "changed": False}, 400)
    response = see_other("/account/password?changed=1")
    await _start_session(request, response, user.id)
    return response


async def _try_change(request: web.Request, account_id: str, form: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the form, by field; nothing where the password was changed."""
    old, new = form.get("old", ""), form.get("new", "")
    if not old:
        return {"old": WORDS("password.old_missing")}
    if new != form.get("again", ""):
        return {"again": WORDS("password.not_the_same")}
    try:
        await asyncio.to_thread(request.app[ACCOUNTS].change_password, account_id, old, new)
    except PasswordRefused as refused:
        return {"new": WORDS(f"password.{refused.reason}")}
    except WrongSignIn:
        return {"old": WORDS("password.old_wrong")}
    except WaitBeforeNextTry as wait:
        return {"old": WORDS("sign_in.wait", seconds=wait.seconds)}
    return {}


async def _start_session(request: web.Request, response: web.StreamResponse, account_id: str) -> None:
    store, name = request.app[SESSIONS], session_cookie(request)
    before = request.cookies.get(name, "")
    if before:
        await asyncio.to_thread(store.end, before)
    token = await asyncio.to_thread(store.start, account_id)
    response.set_cookie(name, token, httponly=True, samesite="Lax", secure=request.app[SITE].secure_cookies)
