"""Lists of what changed at Stripe between two moments, to compare our rows with. Nothing is settled by them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from core.installation import is_from_here
from payments.providers.answers import Charge, Ledger, Session
from payments.providers.errors import OtherCurrency, TooMany
from payments.providers.stripe.answers import as_charge, as_dispute, as_refund, as_session, expect, metadata_of
from payments.providers.stripe.calls import all_of, calling, client
from payments.providers.stripe.refunds import fetch_dispute, fetch_refund

# Longer lists raise TooMany: compare a shorter time.
MOST_OBJECTS = 50_000
PAGE = 100  # the most that Stripe gives at once
REFUND_IDS, DISPUTE_IDS = ("re_", "pyr_"), ("du_", "dp_")


def ledger(*, since: datetime, until: datetime) -> Ledger:
    """Everything of a span, and the older refunds and disputes that moved the balance in it."""
    found, window = Ledger(), _window(since, until)
    found.charges = _listed("charges", as_charge, window, found.other_currencies)
    found.refunds = _listed("refunds", as_refund, window, found.other_currencies)
    found.disputes = _listed("disputes", as_dispute, window, found.other_currencies)
    found.open_sessions = _open_sessions(window)
    listed = {refund.id for refund in found.refunds} | {dispute.id for dispute in found.disputes}
    moved = _moved(window) - listed - {unread.name for unread in found.other_currencies}
    found.refunds += _read(fetch_refund, _of_kind(moved, REFUND_IDS), found.other_currencies)
    found.disputes += _read(fetch_dispute, _of_kind(moved, DISPUTE_IDS), found.other_currencies)
    return found


def _listed[Answer](
    resource: str, read: Callable[[Any], Answer], window: Any, unread: list[OtherCurrency]
) -> list[Answer]:
    """All of one kind, newest first; of charges those that brought money."""
    with calling():
        page = getattr(client().v1, resource).list(window)
        things = _bounded(page, resource.removesuffix("s"))
        return _read(read, (thing for thing in things if resource != "charges" or thing.status == "succeeded"), unread)


def _read[Asked, Answer](
    read: Callable[[Asked], Answer], things: Iterable[Asked], unread: list[OtherCurrency]
) -> list[Answer]:
    """Read each; what is in a currency in which we do not sell is added to `unread`."""
    answers = []
    for thing in things:
        try:
            answers.append(read(thing))
        except OtherCurrency as error:
            unread.append(error)
    return answers


def _of_kind(names: set[str], prefixes: tuple[str, ...]) -> list[str]:
    return sorted(name for name in names if name.startswith(prefixes))


def _moved(window: Any) -> set[str]:
    """The ids behind movements of the balance: also of older refunds that failed, and of disputes that were decided."""
    with calling():
        page = client().v1.balance_transactions.list(window)
        moved = [expect(movement, "balance_transaction").source for movement in _bounded(page, "balance_transaction")]
    return {source if isinstance(source, str) else str(source.id) for source in moved if source}


def _open_sessions(window: Any) -> list[Session]:
    """Our payment sessions of a span that somebody can still pay in.

    Those of other programs are left out: theirs may have no page, such as one that is embedded.
    """
    with calling():
        page = client().v1.checkout.sessions.list({"status": "open", **window})
        ours = (session for session in _bounded(page, "checkout.session") if is_from_here(metadata_of(session)))
        return [as_session(session) for session in ours]


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
    """Read the newest object of a list, to see whether our key may."""
    with calling():
        getattr(client().v1, resource).list({"limit": 1})


def ask_to_refund_nothing() -> None:
    """Try to refund a payment that does not exist, to see whether our key may refund: raises Refused when it may."""
    with calling():
        client().v1.refunds.create({"payment_intent": "pi_test_of_rights", "amount": 1})


def _window(since: datetime, until: datetime) -> Any:
    return {"created": {"gte": int(since.timestamp()), "lte": int(until.timestamp())}, "limit": PAGE}


def _bounded(page: Any, kind: str) -> Iterator[Any]:
    for number, thing in enumerate(all_of(page, kind)):
        if number == MOST_OBJECTS:
            raise TooMany(f"more than {MOST_OBJECTS} of {kind}")
        yield thing
