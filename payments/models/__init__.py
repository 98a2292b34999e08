"""Payments, refunds and disputes, deliveries of providers, and the runs of checks."""

from payments.models.comparisons import KeyRefusal, LedgerComparison
from payments.models.disputes import Dispute
from payments.models.invariant_runs import InvariantRun
from payments.models.keys import new_key
from payments.models.payments import Payment
from payments.models.provider_events import ProviderEvent, SetAsideCause
from payments.models.refunds import PENDING_SECONDS, UNSENT_SECONDS, Refund
from payments.models.retention_runs import RetentionRun

__all__ = [
    "PENDING_SECONDS",
    "UNSENT_SECONDS",
    "Dispute",
    "InvariantRun",
    "KeyRefusal",
    "LedgerComparison",
    "Payment",
    "ProviderEvent",
    "Refund",
    "RetentionRun",
    "SetAsideCause",
    "new_key",
]
