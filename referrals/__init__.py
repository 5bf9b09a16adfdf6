"""Agreement, decision, referral, and its way to the receiving team.

What anybody hands in is in tokens (``[PERSON 1]``); what is kept is sealed; what goes out can be opened by the
receiving team alone. The relay (``referrals.relay``) delivers; the intake contract is in ``referrals.intake``; the
documents that travel sealed, and how they are opened, are in ``referrals.documents`` and ``referrals.sealed``.
"""

from referrals.agreement import Agreement, Answer, Channel, SafeAndAlone, may_send
from referrals.casework import answer_question, create_referral, put_envelope, record_decision
from referrals.documents import (
    AgreedDetail,
    AgreedPerson,
    Decision,
    DecisionRecord,
    Judgement,
    PeopleDocument,
    Person,
    RedFlag,
    ReferralDocument,
    Referrer,
    Route,
    Sign,
    Told,
    WhyNot,
)
from referrals.errors import (
    AuditBroken,
    DangerOpen,
    EnvelopeConflict,
    EnvelopeMissing,
    MoveNotAllowed,
    NotAgreed,
    NothingAsked,
    ReferenceWrong,
    ReferralErased,
    ReferralNotFound,
    ReferralRejected,
    ReferralsError,
    SchemaTooNew,
    StoreUnavailable,
)
from referrals.reading import (
    count_by_status,
    find_for_conversation,
    get_decision,
    get_referral,
    list_for_officer,
)
from referrals.references import new_reference, read_reference
from referrals.requests import (
    DecisionRequest,
    Envelope,
    HistoryLine,
    ReferralDetails,
    ReferralLine,
    ReferralRequest,
    ReferralShown,
)
from referrals.sealed import open_answer, open_people, open_story, seal_note, seal_people
from referrals.states import ALLOWED_MOVES, Status, Taken, move, take
from referrals.store.alarms import Alarm, AlarmKind, relay_is_alive
from referrals.store.alarms import open_alarms as alarms
from referrals.store.audit import Checkpoint, verify_audit
from referrals.store.database import open_casework
from referrals.store.outbox import send_again

__all__ = [
    "ALLOWED_MOVES",
    "AgreedDetail",
    "AgreedPerson",
    "Agreement",
    "Alarm",
    "AlarmKind",
    "Answer",
    "AuditBroken",
    "Channel",
    "Checkpoint",
    "DangerOpen",
    "Decision",
    "DecisionRecord",
    "DecisionRequest",
    "Envelope",
    "EnvelopeConflict",
    "EnvelopeMissing",
    "HistoryLine",
    "Judgement",
    "MoveNotAllowed",
    "NotAgreed",
    "NothingAsked",
    "PeopleDocument",
    "Person",
    "RedFlag",
    "ReferenceWrong",
    "ReferralDetails",
    "ReferralDocument",
    "ReferralErased",
    "ReferralLine",
    "ReferralNotFound",
    "ReferralRejected",
    "ReferralRequest",
    "ReferralShown",
    "ReferralsError",
    "Referrer",
    "Route",
    "SafeAndAlone",
    "SchemaTooNew",
    "Sign",
    "Status",
    "StoreUnavailable",
    "Taken",
    "Told",
    "WhyNot",
    "alarms",
    "answer_question",
    "count_by_status",
    "create_referral",
    "find_for_conversation",
    "get_decision",
    "get_referral",
    "list_for_officer",
    "may_send",
    "move",
    "new_reference",
    "open_answer",
    "open_casework",
    "open_people",
    "open_story",
    "put_envelope",
    "read_reference",
    "record_decision",
    "relay_is_alive",
    "seal_note",
    "seal_people",
    "send_again",
    "take",
    "verify_audit",
]
