"""What moved at Stripe between two moments: lists to compare our rows with. Nothing is settled by them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from payments import gateway
from payments.stripe_answers import (
    Movement,
    Session,
    StripeCharge,
    StripeDispute,
    StripeRefund,
    as_charge,
    as_dispute,
    as_movement,
    as_refund,
    as_session,
)

# A list that is longer is not read to its end: ask for a shorter time.
MOST_OBJECTS = 50_000


class TooMany(gateway.Unknown):
    """More objects than are read at once."""


def charges(*, since: datetime, until: datetime) -> list[StripeCharge]:
    """Charges that brought money, newest first."""
    with gateway.calling():
        page = gateway.client().v1.charges.list(_window(since, until))
        return [as_charge(charge) for charge in _bounded(page, "charge") if charge.status == "succeeded"]


def refunds(*, since: datetime, until: datetime) -> list[StripeRefund]:
    with gateway.calling():
        page = gateway.client().v1.refunds.list(_window(since, until))
        return [as_refund(refund) for refund in _bounded(page, "refund")]


def disputes(*, since: datetime, until: datetime) -> list[StripeDispute]:
    with gateway.calling():
        page = gateway.client().v1.disputes.list(_window(since, until))
        return [as_dispute(dispute) for dispute in _bounded(page, "dispute")]


def movements(*, since: datetime, until: datetime) -> list[Movement]:
    """Of the balance: they also tell of older refunds that failed and of disputes that were decided meanwhile."""
    with gateway.calling():
        page = gateway.client().v1.balance_transactions.list(_window(since, until))
        return [as_movement(movement) for movement in _bounded(page, "balance_transaction")]


def open_sessions(*, since: datetime, until: datetime) -> list[Session]:
    """Payment sessions created in this span that somebody can still pay in."""
    with gateway.calling():
        page = gateway.client().v1.checkout.sessions.list({"status": "open", **_window(since, until)})
        return [as_session(session) for session in _bounded(page, "checkout.session")]


def charge_of(intent_id: str) -> StripeCharge | None:
    """The charge that brought the money of a payment intent."""
    with gateway.calling():
        page = gateway.client().v1.charges.list({"payment_intent": intent_id, "limit": 100})
        found = (charge for charge in gateway.all_of(page, "charge") if charge.status == "succeeded")
        return next((as_charge(charge) for charge in found), None)


def session_of(intent_id: str) -> Session | None:
    """The payment session that a payment intent belongs to."""
    with gateway.calling():
        page = gateway.client().v1.checkout.sessions.list({"payment_intent": intent_id, "limit": 1})
        return next((as_session(session) for session in gateway.all_of(page, "checkout.session")), None)


def ask_for_one(resource: str) -> None:
    """The newest object of a list, to see whether our key may read it."""
    with gateway.calling():
        getattr(gateway.client().v1, resource).list({"limit": 1})


def ask_to_refund_nothing() -> None:
    """A refund of a payment that does not exist, to see whether our key may refund: Refused when it may."""
    with gateway.calling():
        gateway.client().v1.refunds.create({"payment_intent": "pi_test_of_rights", "amount": 1})


def _window(since: datetime, until: datetime) -> Any:
    return {"created": {"gte": int(since.timestamp()), "lte": int(until.timestamp())}, "limit": 100}


def _bounded(page: Any, kind: str) -> Iterator[Any]:
    for number, thing in enumerate(gateway.all_of(page, kind)):
        if number == MOST_OBJECTS:
            raise TooMany(f"more than {MOST_OBJECTS} of {kind}")
        yield thing
