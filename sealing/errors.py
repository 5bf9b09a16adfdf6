"""What can go wrong with keys, seals and signatures. No message carries content or key bytes."""


class SealingError(Exception):
    """The root of everything this package raises."""


class KeyUnknown(SealingError):
    """No key was ever made for this owner."""


class KeyDestroyed(SealingError):
    """The key was destroyed on purpose; what it sealed cannot be read again."""


class SealBroken(SealingError):
    """Wrong key, altered bytes, or bytes that were sealed for another place."""


class BadSignature(SealingError):
    """A request that the expected process did not sign, that is stale, or that was seen before."""


class ReceiptWrong(SealingError):
    """A receipt that the receiving team's key did not sign."""
