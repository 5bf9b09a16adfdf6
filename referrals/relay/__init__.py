"""The relay: delivers what is in the outbox to the receiving team, keeps their receipts, brings back their statuses."""

from referrals.relay.backoff import BackOff
from referrals.relay.client import IntakeClient
from referrals.relay.process import run
from referrals.relay.relay import Relay, Swept

__all__ = ["BackOff", "IntakeClient", "Relay", "Swept", "run"]
