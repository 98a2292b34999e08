"""Put rows into a status without the services that would bring them there, with the columns that go with it."""

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from core.clock import ClockTimestamp
from payments.models import Dispute, Payment, Refund


def stand(rows, status, **facts):
    """`stand(Refund.objects.all(), "FAILED", last_error="x")`: as `update`, and returns the number of rows too."""
    return rows.update(status=status, **COLUMNS[rows.model](status) | facts)


def _payment(status):
    if status in {"SUCCEEDED", "DISPUTED"}:
        return {"ended_at": Coalesce("ended_at", ClockTimestamp())}
    if status in {"FAILED", "CLOSED"}:
        return {"ended_at": ClockTimestamp(), "captured": None, "captured_currency": None, "provider_id": None}
    return {"ended_at": None, "captured": None, "captured_currency": None, "provider_id": None}


def _refund(status):
    """The id at the provider is made up where there is none."""
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
