"""Puts rows into a status, with the columns that belong to it, without the services that would bring them there."""

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from core.clock import ClockTimestamp
from payments.models import Dispute, Payment, Refund


def stand(rows, status, **facts):
    """Set status and columns as `update` does: `stand(Refund.objects.all(), "FAILED", last_error="x")`. Returns the
    number of rows.
    """
    return rows.update(status=status, **COLUMNS[rows.model](status) | facts)


def _payment(status):
    if status in {"SUCCEEDED", "DISPUTED"}:
        return {"ended_at": Coalesce("ended_at", ClockTimestamp())}
    if status in {"FAILED", "CLOSED"}:
        return {"ended_at": ClockTimestamp(), "captured": None, "captured_currency": None, "provider_id": None}
    return {"ended_at": None, "captured": None, "captured_currency": None, "provider_id": None}


def _refund(status):
    """Columns of a refund in this status. The provider's id is made up if there is none."""
    made_up = Coalesce("provider_id", Concat(Value("re_of_"), Cast("pk", CharField())))
    return {
        "REQUESTED": {"ended_at": None, "provider_id": None},
        "SUBMITTED": {"ended_at": None, "provider_id": None},
        "PENDING": {"ended_at": None, "provider_id": made_up},
        "SUCCEEDED": {"ended_at": ClockTimestamp(), "provider_id": made_up},
        "FAILED": {"ended_at": ClockTimestamp()},
    }[status]


def _dispute(status):
    return {"ended_at": ClockTimestamp() if status in {"WON", "LOST", "CLOSED"} else None}


COLUMNS = {Payment: _payment, Refund: _refund, Dispute: _dispute}
