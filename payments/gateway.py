"""The only module that speaks with Stripe, and the only one that knows minor units.

Every call raises inside an atomic block: a network call must never hold a lock. Errors come out as three kinds:
Refused (Stripe said no), Unknown (nobody knows whether it happened: ask again with the same key) and Busy (a kind of
Unknown: too many calls at once here).
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import stripe
import structlog
from django.conf import settings
from django.db import connection

from core.money import decimals

logger = structlog.get_logger(__name__)
TIMEOUT_SECONDS = 3
RETRIES = 2
CALLS_AT_ONCE = 4
WAIT_FOR_A_PLACE_SECONDS = 1
_places = threading.BoundedSemaphore(CALLS_AT_ONCE)


class GatewayError(Exception):
    """Anything that went wrong with Stripe."""


class Unknown(GatewayError):
    """No answer, or one that proves nothing: repeat with the same key."""


class Broken(Unknown):
    """Stripe itself failed. It answers a key that failed so the same way for a day: look, then use another key."""


class Refused(GatewayError):
    """Stripe understood and said no."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class BadSignature(GatewayError):
    """A delivery that Stripe did not sign."""


@dataclass(frozen=True)
class Session:
    """A Checkout Session as Stripe knows it now."""

    id: str
    url: str
    status: str
    is_paid: bool
    amount: Decimal | None
    currency: str
    intent_id: str | None
    client_reference: str
    is_live: bool

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    @property
    def is_closed(self) -> bool:
        return self.status == "expired"


@dataclass(frozen=True)
class StripeRefund:
    id: str
    status: str
    failure: str


@dataclass(frozen=True)
class Delivery:
    """A verified webhook: a hint at what to fetch, nothing to believe."""

    id: str
    kind: str
    payload: dict[str, Any]


def to_minor(amount: Decimal, currency: str) -> int:
    """Raises ValueError when the amount has more decimals than its currency."""
    minor = amount.scaleb(decimals(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} {currency} is not a whole number of its smallest coin")
    return int(minor)


def from_minor(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-decimals(currency))


@lru_cache(maxsize=4)
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        max_network_retries=RETRIES,
        base_addresses={"api": base},
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def client() -> stripe.StripeClient:
    stripe.enable_telemetry = False
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@contextmanager
def _calling() -> Iterator[None]:
    # A test's own rollback block holds no locks of the product.
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError(
            "A call to Stripe inside a transaction would hold its locks for as long as the network likes."
        )
    if not _places.acquire(timeout=WAIT_FOR_A_PLACE_SECONDS):
        raise Unknown("too many calls to Stripe at once")
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise Unknown(type(error).__name__) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        # Our key, not the customer's money: nothing is known of what was asked.
        logger.exception("stripe_key_refused")
        raise Unknown(type(error).__name__) from error
    except stripe.IdempotencyError as error:
        raise Refused("idempotency_error", str(error)) from error
    except stripe.StripeError as error:
        status = error.http_status or 500
        if status >= 500:
            raise Broken(f"{type(error).__name__} {status}") from error
        if status == 409:
            raise Unknown(f"{type(error).__name__} {status}") from error
        raise Refused(str(error.code or status), str(error.user_message or error)) from error
    finally:
        _places.release()


def create_session(*, request: dict[str, Any], key: str) -> Session:
    """Open a till with the stored request and key; a repeat gets the same one."""
    with _calling():
        made = client().v1.checkout.sessions.create(request, {"idempotency_key": key})  # type: ignore[arg-type]
    return _session(made)


def fetch_session(session_id: str) -> Session:
    with _calling():
        found = client().v1.checkout.sessions.retrieve(session_id)
    return _session(found)


def expire_session(session_id: str) -> Session:
    """Close a till. Raises Refused when it is no longer open: then fetch it and see why."""
    with _calling():
        closed = client().v1.checkout.sessions.expire(session_id)
    return _session(closed)


def sessions_created(*, since: datetime, until: datetime) -> Iterator[Session]:
    """Sessions cannot be found by reference at Stripe: list a window and compare."""
    window: Any = {"gte": int(since.timestamp()), "lte": int(until.timestamp()) + 1}
    with _calling():
        page = client().v1.checkout.sessions.list({"created": window, "limit": 100})
        found = [_session(one) for one in page.auto_paging_iter()]
    yield from found


def create_refund(*, intent_id: str, amount: Decimal, currency: str, key: str) -> StripeRefund:
    with _calling():
        made = client().v1.refunds.create(
            {"payment_intent": intent_id, "amount": to_minor(amount, currency), "metadata": {"key": key}},
            {"idempotency_key": key},
        )
    return _refund(made)


def fetch_refund(refund_id: str) -> StripeRefund:
    with _calling():
        return _refund(client().v1.refunds.retrieve(refund_id))


def find_refund(*, intent_id: str, key: str) -> StripeRefund | None:
    """The refund that was asked for with this key, when Stripe has forgotten the key itself."""
    with _calling():
        page = client().v1.refunds.list({"payment_intent": intent_id, "limit": 100})
        found = [one for one in page.auto_paging_iter() if _metadata(one).get("key") == key]
    return _refund(found[0]) if found else None


def undelivered_events(*, since: datetime, kinds: Sequence[str]) -> Iterator[Delivery]:
    """Events of these kinds that no endpoint of ours has acknowledged, newest first, page by page."""
    window: Any = {
        "delivery_success": False,
        "created": {"gte": int(since.timestamp())},
        "types": list(kinds),
        "limit": 100,
    }
    with _calling():
        for event in client().v1.events.list(window).auto_paging_iter():
            yield Delivery(event.id, event.type, event.to_dict())


def verify(*, body: bytes, signature: str) -> Delivery:
    """Raises BadSignature for anything that Stripe did not sign, or that is not an event."""
    try:
        event = stripe.Webhook.construct_event(
            body, signature, settings.STRIPE_WEBHOOK_SECRET, tolerance=settings.STRIPE_WEBHOOK_TOLERANCE
        )
        return Delivery(str(event["id"]), str(event["type"]), event.to_dict())
    except (stripe.SignatureVerificationError, UnicodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadSignature(type(error).__name__) from error


def session_request(
    *, lines: list[tuple[str, Decimal]], currency: str, email: str, reference: str, metadata: dict[str, str],
    success_url: str, cancel_url: str, expires_at: int,
) -> dict[str, Any]:  # fmt: skip
    """The exact parameters of a Checkout Session: cards and wallets by hosted redirect. `expires_at` in epoch seconds."""
    return {
        "mode": "payment",
        # The customer pays what Pay showed, in the theater's currency, whatever the account's own settings say.
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


def _metadata(thing: Any) -> dict[str, str]:
    return dict(thing.metadata.to_dict()) if thing.metadata else {}


def _session(session: Any) -> Session:
    currency = str(session.currency or "").upper()
    total = session.amount_total
    intent = session.payment_intent
    return Session(
        id=session.id,
        url=session.url or "",
        status=session.status,
        is_paid=session.payment_status == "paid",
        amount=None if total is None else from_minor(total, currency),
        currency=currency,
        intent_id=intent if intent is None or isinstance(intent, str) else intent.id,
        client_reference=session.client_reference_id or "",
        is_live=bool(session.livemode),
    )


def _refund(refund: Any) -> StripeRefund:
    return StripeRefund(refund.id, refund.status or "pending", getattr(refund, "failure_reason", None) or "")
