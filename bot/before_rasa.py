"""What must be in place before anything of Rasa is imported."""

from __future__ import annotations

import os
import sys
from types import ModuleType

# Rasa imports a connector for every chat platform it knows. We use none, and do not install the old network libraries
# they want: a stand-in with the connector's name takes the place of each.
_CONNECTORS = {
    "facebook": "FacebookInput",
    "slack": "SlackInput",
    "telegram": "TelegramInput",
    "twilio": "TwilioInput",
    "twilio_voice": "TwilioVoiceInput",
    "webexteams": "WebexTeamsInput",
}


def prepare_for_rasa() -> None:
    """Turn off what Rasa reports to others, leave out its connectors, lift its limits; harmless when done twice."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"  # usage figures; error reporting hangs on the same switch
    os.environ["MAX_NUMBER_OF_PREDICTIONS"] = "60"  # one turn may raise every card there is; Rasa would stop after ten
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # nothing here gains from a GPU
    for name, connector in _CONNECTORS.items():
        module = ModuleType(f"rasa.core.channels.{name}", "Left out: bot.before_rasa says why.")
        setattr(module, connector, type(connector, (), {"name": classmethod(lambda cls: cls.__name__)}))
        sys.modules.setdefault(module.__name__, module)
