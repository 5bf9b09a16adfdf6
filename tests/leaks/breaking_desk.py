"""The real desk with a redactor that always breaks: in another way each time, with the words in what it breaks with.

The last of it ends the process at once, with the words in its memory.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import warnings
from itertools import count

from bot.desk.app import create_app
from redaction import Edit, Identities, Redacted, RedactionFailed
from thinkfamily.crashes import leave_no_core
from thinkfamily.logs import set_up_logging
from thinkfamily.settings import read_settings
from web import serve


class Panic(BaseException):
    """As a library written in Rust raises: no ``Exception``."""


class Breaks:
    """Stands where `redaction.Redactor` does."""

    ways = 8

    def __init__(self) -> None:
        self._calls = count()

    def redact(self, text: str, identities: Identities) -> Redacted:
        """Break."""
        if "the end of it" in text:
            os.kill(os.getpid(), signal.SIGABRT)
        match next(self._calls) % self.ways:
            case 0:
                raise ValueError(f"cannot read {text}")
            case 1:
                raise MemoryError(text)
            case 2:
                return self.redact_again(text)
            case 3:
                raise Panic(f"index 5 is inside {text}")
            case 4:
                logging.getLogger("presidio-analyzer").error("broken by %s", text, extra={"said": text})
                raise KeyError(text)
            case 5:
                threading.Thread(target=self._die, args=(text,), name=text).start()
                warnings.warn(text, stacklevel=1)
                raise UnicodeEncodeError("ascii", text, 0, 1, text)
            case 6:
                try:
                    self._die(text)
                except OSError as error:
                    error.add_note(text)
                    raise RedactionFailed("it could not be made safe") from error
        raise RedactionFailed("it could not be made safe")

    def redact_again(self, text: str) -> Redacted:
        """Until the stack is full."""
        return self.redact_again(text)

    def find_again(self, kept: str, identities: Identities) -> list[Edit]:
        """Break."""
        raise ValueError(kept)

    @staticmethod
    def _die(text: str) -> None:
        raise OSError(2, text, text)


if __name__ == "__main__":
    leave_no_core()
    settings = read_settings()
    set_up_logging(settings.log_level, settings.log_json)
    serve(create_app(settings, load_redactor=Breaks), settings.desk_host, settings.desk_port)
