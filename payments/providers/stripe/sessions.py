"""Payment sessions at Stripe: hosted Checkout by redirect, cards and wallets."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from payments.providers.answers import CardUse, Created, Session
from payments.providers.errors import Refused, Unreadable
from payments.providers.stripe.answers import as_card, as_created, as_session, expect, last4_of, to_minor
from payments.providers.stripe.calls import all_of, calling, client, with_installation


def create_session(*, request: dict[str, Any], key: str) -> Session:
    """Open a payment session with the stored request and key; a repeat gets the same one."""
    with calling():
        session = as_session(client().v1.checkout.sessions.create(request, {"idempotency_key": key}))  # type: ignore[arg-type]
        if session.key != request.get("client_reference_id", ""):
            raise Unreadable("the answer is another checkout.session")
    return session


def fetch_session(session_id: str) -> Session:
    """Fetch a session together with the amount that its payment really took."""
    with calling():
        found = client().v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent"]})
        return as_session(expect(found, "checkout.session", stripe_id=session_id))


def expire_session(session_id: str) -> Session:
    """Close a payment session. Raises Refused when it is no longer open: then fetch it and see why."""
    with calling():
        closed = client().v1.checkout.sessions.expire(session_id)
        return as_session(expect(closed, "checkout.session", stripe_id=session_id))


def find_session(*, reference: str, since: datetime, until: datetime) -> Session | None:
    """Find a session with our key in a span of time. Stripe has no search, so all are listed and compared."""
    window: Any = {"gte": int(since.timestamp()), "lte": int(until.timestamp()) + 1}
    with calling():
        page = client().v1.checkout.sessions.list({"created": window, "limit": 100})
        made = all_of(page, "checkout.session")
        found = next((session for session in made if session.client_reference_id == reference), None)
        return None if found is None else as_session(found)


def session_request(
    *, lines: list[tuple[str, Decimal]], currency: str, email: str, reference: str, metadata: dict[str, str],
    success_url: str, cancel_url: str, expires_at: int,
) -> dict[str, Any]:  # fmt: skip
    """The exact parameters of a Checkout Session: cards and wallets by hosted redirect. `expires_at` in epoch seconds."""
    metadata = with_installation(metadata)
    return {
        "mode": "payment",
        # Adaptive pricing is off, so that the customer pays the amount and currency that Pay showed.
        "adaptive_pricing": {"enabled": False},
        "payment_method_types": ["card"],
        "client_reference_id": reference,
        "customer_email": email,
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": currency.lower(),
                    "unit_amount": to_minor(amount, currency),
                    "product_data": {"name": name},
                },
            }
            for name, amount in lines
        ],
        "success_url": success_url,
        "cancel_url": cancel_url,
        "expires_at": expires_at,
    }


def cards_of_intent(intent_id: str) -> CardUse:
    """The cards of a payment intent's charges; each declined card is a failed charge. Needs the right to read charges."""
    with calling():
        page = client().v1.charges.list({"payment_intent": intent_id, "limit": 100})
        charges = list(all_of(page, "charge"))
        paid = [charge for charge in charges if charge.status == "succeeded"]
        return CardUse(
            declines=sum(charge.status == "failed" for charge in charges),
            paid_with=next(filter(None, map(as_card, paid)), ""),
            last4=next(filter(None, map(last4_of, paid)), ""),
        )


def intent_created(intent_id: str) -> Created | None:
    """A payment intent with the metadata of its session: our payment's key and the installation. None if there is no
    such intent.
    """
    try:
        with calling():
            found = expect(client().v1.payment_intents.retrieve(intent_id), "payment_intent", stripe_id=intent_id)
            return as_created(found, "payment_intent")
    except Refused as refusal:
        if refusal.is_missing:
            return None
        raise
