"""Custom actions and the loopback server that runs them for the bot."""
