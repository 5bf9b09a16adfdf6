"""The desk's pages: forms that work without scripts, and better with them."""

from bot.desk.pages.routes import add_pages

__all__ = ["add_pages"]
