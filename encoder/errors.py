"""What can go wrong with the sentence encoder.

EncoderError
├── EncoderMissing   nothing has been built yet, or the weights package is not installed
└── EncoderDamaged   what is on disk is not what was built, or not the published weights
"""


class EncoderError(Exception):
    """Something is wrong with the sentence encoder's files."""


class EncoderMissing(EncoderError):
    """The encoder has not been built, or its weights are not installed. Run script/setup."""


class EncoderDamaged(EncoderError):
    """A file differs from the one that was built, or the weights differ from the published ones."""
