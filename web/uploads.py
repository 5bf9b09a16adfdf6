"""No form of ours sends a file, so none is taken."""

from __future__ import annotations

from aiohttp import web

from web.access import Handler


@web.middleware
async def refuse_files(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 415 before anything of such a form is read: a file in it would be written to the disk."""
    if request.content_type.startswith("multipart/"):
        raise web.HTTPUnsupportedMediaType
    return await handler(request)
