"""Where the inbox's parts hang on its app."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Engine

from inbox.opening import Opener
from inbox.outer_seal import OuterSeal
from sealing import RequestVerifier, Secrets

ENGINE = web.AppKey("inbox_engine", Engine)
KEYS_ENGINE = web.AppKey("inbox_keys_engine", Engine)
SECRETS = web.AppKey("inbox_secrets", Secrets)
OUTER_SEAL = web.AppKey("inbox_outer_seal", OuterSeal)
OPENER = web.AppKey("inbox_opener", Opener)
VERIFIER = web.AppKey("inbox_verifier", RequestVerifier)
IN_PROGRESS = web.AppKey("inbox_in_progress", set[str])
