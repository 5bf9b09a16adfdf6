"""The same databases as the tests of the package."""

from tests.referrals.conftest import casework, database_url

__all__ = ["casework", "database_url"]
