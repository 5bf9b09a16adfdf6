"""One more seal around everything that is kept about a referral, under a key of that referral alone.

What arrives is sealed for the inbox's own key, which opens every referral there ever was. This second seal is what
erasing breaks: once the referral's key is destroyed, nobody opens what is kept of it, nor what backups hold.
"""

from __future__ import annotations

from inbox.errors import ReferralErased
from sealing import KeyDestroyed, KeyStore, KeyUnknown, seal, unseal


class OuterSeal:
    """Puts the second seal on and takes it off. ``place`` (table, row, field) is bound in: bytes that were moved to
    another place do not open."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    def close(self, reference: str, sealed: bytes, *place: str) -> bytes:
        """``sealed`` under the referral's key, made now if need be. Raises :class:`ReferralErased`."""
        try:
            return seal(self._keys.get_or_create(_owner(reference)), sealed, reference, *place)
        except KeyDestroyed:
            raise _erased(reference) from None

    def open(self, reference: str, kept: bytes, *place: str) -> bytes:
        """What was sealed. Raises :class:`ReferralErased`, ``sealing.KeyUnknown``, ``sealing.SealBroken``."""
        try:
            return unseal(self._keys.get(_owner(reference)), kept, reference, *place)
        except KeyDestroyed:
            raise _erased(reference) from None

    def check(self, reference: str) -> None:
        """Raises :class:`ReferralErased` where nothing of this referral can be read any more."""
        try:
            self._keys.get(_owner(reference))
        except KeyDestroyed:
            raise _erased(reference) from None
        except KeyUnknown:
            return  # no such referral: that is for others to say

    def destroy(self, reference: str) -> None:
        """Destroy the referral's key: nothing under it opens again, here or from a backup."""
        self._keys.destroy(_owner(reference))


def _owner(reference: str) -> str:
    return f"referral/{reference}"


def _erased(reference: str) -> ReferralErased:
    return ReferralErased(f"what {reference} said was erased")
