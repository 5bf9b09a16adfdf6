"""What can go wrong while personal data is hidden. No message carries anything a person typed.

RedactionError
├── MessageEmpty      nothing is left to read
├── MessageTooLong    more than 30,000 characters
└── RedactionFailed   the text could not be made safe: it must not leave
"""


class RedactionError(Exception):
    """A text was not hidden, and so must not be sent on."""


class MessageEmpty(RedactionError):
    """The text holds nothing that can be read."""


class MessageTooLong(RedactionError):
    """The text is longer than a message may be: send it in parts."""


class RedactionFailed(RedactionError):
    """The text could not be made safe. Keep it where it was typed, say so, and try again."""
