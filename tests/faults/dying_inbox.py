"""The real inbox, killing itself (SIGKILL) before or after the commit that keeps a referral; ``never`` for as it is."""

import sys

from inbox import create_app
from inbox.keys import ENGINE
from tests.faults.dying import die_at
from thinkfamily.settings import read_settings
from web import serve

if __name__ == "__main__":
    settings = read_settings()
    app = create_app(settings)
    die_at(app[ENGINE], sys.argv[1])
    serve(app, settings.inbox_host, settings.inbox_port)
