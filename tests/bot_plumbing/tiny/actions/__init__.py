"""The tiny bot's custom actions."""
