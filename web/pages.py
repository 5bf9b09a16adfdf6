"""Pages from templates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jinja2
from aiohttp import web

from web.access import user_or_none
from web.forgery import FIELD, form_token, new_visitor, visitor_cookie
from web.site import SITE, TEMPLATES
from web.times import day_in_words, time_in_words

_HERE = Path(__file__).parent


def make_templates(own: Path) -> jinja2.Environment:
    """The app's own templates, then the shared ones (``web/…``), then the GOV.UK components."""
    loader = jinja2.ChoiceLoader(
        [
            jinja2.FileSystemLoader(own),
            jinja2.FileSystemLoader(_HERE / "templates"),
            jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    templates = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    templates.filters["day"] = day_in_words
    templates.filters["when"] = time_in_words
    return templates


def render(
    request: web.Request, template: str, facts: Mapping[str, object] | None = None, status: int = 200
) -> web.Response:
    """The page ``template`` with ``facts`` in it, and with what every page needs: site, user, form token."""
    site = request.app[SITE]
    user = user_or_none(request)
    shared = {
        "site": site,
        "user": user,
        "navigation": [link for link in site.navigation if user and (not link.roles or user.role in link.roles)],
        "form_field": FIELD,
        "form_token": form_token(request),
        "path": request.path,
    }
    text = request.app[TEMPLATES].get_template(template).render({**shared, **(facts or {})})
    response = web.Response(text=text, status=status, content_type="text/html")
    visitor = new_visitor(request)
    if visitor:
        name = visitor_cookie(request)
        response.set_cookie(name, visitor, httponly=True, samesite="Strict", secure=site.secure_cookies)
    return response


def see_other(path: str) -> web.Response:
    """Sends the browser on to ``path`` with a GET, so that reloading sends no form twice."""
    return web.Response(status=303, headers={"Location": path})
