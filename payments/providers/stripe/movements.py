"""What moved at Stripe between two moments: lists to compare our rows with. Nothing is settled by them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from payments.providers.answers import Charge, DisputeAnswer, Ledger, RefundAnswer, Session
from payments.providers.errors import TooMany
from payments.providers.stripe.answers import as_charge, as_dispute, as_refund, as_session, expect
from payments.providers.stripe.calls import all_of, calling, client
from payments.providers.stripe.refunds import fetch_dispute, fetch_refund

# A list that is longer is not read to its end: ask for a shorter time.
MOST_OBJECTS = 50_000
PAGE = 100  # the most that Stripe gives at once
REFUND_IDS, DISPUTE_IDS = ("re_", "pyr_"), ("du_", "dp_")


def ledger(*, since: datetime, until: datetime) -> Ledger:
    """Everything of a span, and the older refunds and disputes that moved the balance in it."""
    found = Ledger(
        charges=charges(since=since, until=until),
        refunds=refunds(since=since, until=until),
        disputes=disputes(since=since, until=until),
        open_sessions=open_sessions(since=since, until=until),
    )
    moved = _moved(since=since, until=until)
    listed = {refund.id for refund in found.refunds}
    found.refunds += [fetch_refund(name) for name in _of_kind(moved - listed, REFUND_IDS)]
    listed = {dispute.id for dispute in found.disputes}
    found.disputes += [fetch_dispute(name) for name in _of_kind(moved - listed, DISPUTE_IDS)]
    return found


def _of_kind(names: set[str], prefixes: tuple[str, ...]) -> list[str]:
    return sorted(name for name in names if name.startswith(prefixes))


def charges(*, since: datetime, until: datetime) -> list[Charge]:
    """Charges that brought money, newest first."""
    with calling():
        page = client().v1.charges.list(_window(since, until))
        return [as_charge(charge) for charge in _bounded(page, "charge") if charge.status == "succeeded"]


def refunds(*, since: datetime, until: datetime) -> list[RefundAnswer]:
    with calling():
        page = client().v1.refunds.list(_window(since, until))
        return [as_refund(refund) for refund in _bounded(page, "refund")]


def disputes(*, since: datetime, until: datetime) -> list[DisputeAnswer]:
    with calling():
        page = client().v1.disputes.list(_window(since, until))
        return [as_dispute(dispute) for dispute in _bounded(page, "dispute")]


def _moved(*, since: datetime, until: datetime) -> set[str]:
    """The ids behind movements of the balance: also of older refunds that failed, and of disputes that were decided."""
    with calling():
        page = client().v1.balance_transactions.list(_window(since, until))
        moved = [expect(movement, "balance_transaction").source for movement in _bounded(page, "balance_transaction")]
    return {source if isinstance(source, str) else str(source.id) for source in moved if source}


def open_sessions(*, since: datetime, until: datetime) -> list[Session]:
    """Payment sessions created in this span that somebody can still pay in."""
    with calling():
        page = client().v1.checkout.sessions.list({"status": "open", **_window(since, until)})
        return [as_session(session) for session in _bounded(page, "checkout.session")]


def charge_of(intent_id: str) -> Charge | None:
    """The charge that brought the money of a payment intent."""
    with calling():
        page = client().v1.charges.list({"payment_intent": intent_id, "limit": 100})
        found = (charge for charge in all_of(page, "charge") if charge.status == "succeeded")
        return next((as_charge(charge) for charge in found), None)


def session_of(intent_id: str) -> Session | None:
    """The payment session that a payment intent belongs to."""
    with calling():
        page = client().v1.checkout.sessions.list({"payment_intent": intent_id, "limit": 1})
        return next((as_session(session) for session in all_of(page, "checkout.session")), None)


def ask_for_one(resource: str) -> None:
    """The newest object of a list, to see whether our key may read it."""
    with calling():
        getattr(client().v1, resource).list({"limit": 1})


def ask_to_refund_nothing() -> None:
    """A refund of a payment that does not exist, to see whether our key may refund: Refused when it may."""
    with calling():
        client().v1.refunds.create({"payment_intent": "pi_test_of_rights", "amount": 1})


def _window(since: datetime, until: datetime) -> Any:
    return {"created": {"gte": int(since.timestamp()), "lte": int(until.timestamp())}, "limit": PAGE}


def _bounded(page: Any, kind: str) -> Iterator[Any]:
    for number, thing in enumerate(all_of(page, kind)):
        if number == MOST_OBJECTS:
            raise TooMany(f"more than {MOST_OBJECTS} of {kind}")
        yield thing
