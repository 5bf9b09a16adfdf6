"""What can go wrong with a referral. No message carries a word that anybody typed.

::

    ReferralsError
    ├── ReferralRejected       the request cannot become a referral or a record
    │   ├── NotAgreed          the family did not agree to be contacted and to share
    │   ├── DangerOpen         danger was heard, and nobody has said yet what was done
    │   ├── EnvelopeMissing    the people's details are not here, or belong to another talk
    │   └── NothingAsked       an answer came, but the receiving team has no question open
    ├── EnvelopeConflict       other content under an envelope id that is taken
    ├── MoveNotAllowed         a status that does not follow from the one before
    ├── ReferenceWrong         not a reference of ours: mistyped, or made up
    ├── ReferralNotFound       no such referral for this officer
    ├── ReferralErased         its key was destroyed: nothing in it can be read again
    ├── StoreUnavailable       the database did not take it: nothing was kept, the same request may be made again
    ├── SchemaTooNew           the database was made by a newer version of this software
    └── AuditBroken            the audit trail was changed by hand
"""


class ReferralsError(Exception):
    """The root of everything this package raises."""


class ReferralRejected(ReferralsError):
    """The request cannot become a referral or a record; the message says what to put right."""


class NotAgreed(ReferralRejected):
    """The family did not agree to be contacted and to share, or could not answer freely."""


class DangerOpen(ReferralRejected):
    """Danger that needs help now was heard, and nobody has said yet what was done about it."""


class EnvelopeMissing(ReferralRejected):
    """The sealed details of the people are not here, or belong to another talk or officer."""


class NothingAsked(ReferralRejected):
    """The receiving team has no question open on this referral."""


class EnvelopeConflict(ReferralsError):
    """An envelope with this id is here already, with other content."""


class MoveNotAllowed(ReferralsError):
    """This status does not follow from the one before."""


class ReferenceWrong(ReferralsError):
    """Not a reference of ours: a character is wrong, or it was made up."""


class ReferralNotFound(ReferralsError):
    """No such referral for this officer. Somebody else's answers the same as none."""


class ReferralErased(ReferralsError):
    """The referral's key was destroyed: what it said cannot be read again."""


class StoreUnavailable(ReferralsError):
    """The database did not take it. Make the same request again: it is never kept twice."""


class SchemaTooNew(ReferralsError):
    """The database was made by a newer version of this software."""


class AuditBroken(ReferralsError):
    """The audit trail does not add up: a row was changed, moved or removed by hand."""
