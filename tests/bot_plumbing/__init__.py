"""Tests of what stands around Rasa, with a bot of their own (``tiny``) that knows three words."""
