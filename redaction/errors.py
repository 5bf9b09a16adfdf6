"""What can go wrong while personal data is hidden. No message carries anything a person typed.

RedactionError
├── MessageEmpty      nothing is left to read
├── MessageTooLong    more than 30,000 characters
├── RedactionFailed   the text could not be made safe: it must not leave
└── SpacyModelMissing the council's own spaCy model cannot be loaded
"""


class RedactionError(Exception):
    """A text was not hidden, and so must not be sent on."""


class MessageEmpty(RedactionError):
    """The text holds nothing that can be read."""


class MessageTooLong(RedactionError):
    """The text is longer than a message may be: send it in parts."""


class SpacyModelMissing(RedactionError):
    """The spaCy model that the settings name is not installed, or is no model."""


class RedactionFailed(RedactionError):
    """The text could not be made safe. Keep it where it was typed, say so, and try again."""
