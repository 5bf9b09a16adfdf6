"""The receiving team's web app: takes referrals in, shows them to key workers, and brings back what they decide.

It keeps what it is sent sealed and opens it in memory only. Names stand in place of the tokens of the people who
agreed, and of nobody else. Start it with ``inbox.app.run(settings)``.
"""

from inbox.app import create_app, run

__all__ = ["create_app", "run"]
