"""Rasa's side of the conversation. Everything here but ``bot.desk`` may load Rasa; nothing else in the project does."""

from bot.before_rasa import prepare_for_rasa

prepare_for_rasa()  # here, so that no module of this package can load Rasa without it
