"""What both web apps share: sign-in, sessions, access tokens, forgery checks, strict headers, pages, OpenAPI.

``create_base_app(Site(...))`` gives an aiohttp app whose routes are closed unless a handler is marked ``@public``::

    app = create_base_app(Site("desk", "Family help", settings.council_name, engine, templates_folder))
    app.router.add_get("/", show_chat)                 # @roles("officer", "manager") async def show_chat(request)
    app.router.add_post("/api/turns", take_turn)       # @described("Say something", {200: Answer}, body=Turn)
    app[READINESS].append(bot_answers)                 # async def bot_answers() -> bool

Templates extend ``web/page.html``; each form holds ``{{ form_proof() }}``, imported "with context" from
``web/parts.html``. Handlers reach the database through ``asyncio.to_thread``. Style sheets and scripts go into
``web/assets`` and come out in ``/static/built/`` (``npm run build``); no inline script or style is allowed.
"""

from web.access import User, current_user, public, roles
from web.accounts import Account, AccountStore, NewAccount
from web.api import ApiProblem, Problem, answer, described, parse_body, read_body
from web.app import create_base_app
from web.forgery import signed_elsewise
from web.pages import render, see_other
from web.serving import serve
from web.signin import form_fields
from web.site import READINESS, SITE, TEMPLATES, Link, Site
from web.tokens import AccessTokens
from web.words import Words

__all__ = [
    "READINESS",
    "SITE",
    "TEMPLATES",
    "AccessTokens",
    "Account",
    "AccountStore",
    "ApiProblem",
    "Link",
    "NewAccount",
    "Problem",
    "Site",
    "User",
    "Words",
    "answer",
    "create_base_app",
    "current_user",
    "described",
    "form_fields",
    "parse_body",
    "public",
    "read_body",
    "render",
    "roles",
    "see_other",
    "serve",
    "signed_elsewise",
]
