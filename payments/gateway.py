"""The only module that speaks with Stripe; minor units live here and in what reads its answers (stripe_answers.py).

Every call raises inside an atomic block: a network call must never hold a lock. Errors come out as two kinds: Refused
(Stripe itself said no, with a type and a code of its own) and Unknown (nobody knows whether it happened: ask again with
the same key). A page of a proxy, a status without Stripe's JSON, and an answer that is not the object that was asked for
are Unknown, whatever their status. Broken is an Unknown of Stripe's own: it failed, and answers this key so for a day.
Unproven is a no that proves nothing.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import stripe
import structlog
from django.conf import settings
from django.db import connection

from core.arrival import seconds_since_arrival
from core.installation import METADATA_KEY, installation_id
from core.pauses import is_stopped_after_restore
from payments.key_refusals import note_refusal
from payments.stripe_answers import (
    CardUse,
    Created,
    Delivery,
    Session,
    StripeDispute,
    StripeRefund,
    as_card,
    as_created,
    as_dispute,
    as_refund,
    as_session,
    expect,
    expect_page,
    from_minor,
    last4_of,
    to_minor,
)
from payments.stripe_errors import (
    BadSignature,
    Broken,
    GatewayError,
    NotPermitted,
    Refused,
    TooOld,
    Unknown,
    Unproven,
    Unreadable,
    Unstorable,
    stripes_own,
)
from payments.stripe_events import delivery_of, read_delivery
from payments.stripe_rights import WHOLE_KEY

__all__ = [
    "WHOLE_KEY",
    "BadSignature",
    "Broken",
    "CardUse",
    "Created",
    "Delivery",
    "GatewayError",
    "NotPermitted",
    "Refused",
    "Session",
    "StripeDispute",
    "StripeRefund",
    "TooOld",
    "Unknown",
    "Unproven",
    "Unreadable",
    "Unstorable",
    "from_minor",
    "to_minor",
]

logger = structlog.get_logger(__name__)
TIMEOUT_SECONDS = 3.0
RETRIES = 2
# Three tries with the SDK's pauses between them.
WHOLE_CALL_SECONDS = 10.5
# A page waits for Stripe that long in all; with the rest of its work it answers within 12 s.
PAGE_SECONDS = 11.5
CALLS_AT_ONCE = 4
WAIT_FOR_A_PLACE_SECONDS = 1
_deadline: ContextVar[float | None] = ContextVar("stripe_deadline", default=None)
_only_looks: ContextVar[bool] = ContextVar("only_looks", default=False)
_places = threading.BoundedSemaphore(CALLS_AT_ONCE)


@lru_cache(maxsize=32)
def _client(key: str, base: str, timeout: float, retries: int) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        max_network_retries=retries,
        base_addresses={"api": base},
        http_client=stripe.RequestsClient(timeout=timeout),
    )


@contextmanager
def page_budget() -> Iterator[None]:
    """Somebody waits for this page: PAGE_SECONDS after its request arrived, calls to Stripe inside are Unknown."""
    token = _deadline.set(time.monotonic() + PAGE_SECONDS - seconds_since_arrival())
    try:
        yield
    finally:
        _deadline.reset(token)


@contextmanager
def only_looking() -> Iterator[None]:
    """Stripe is asked for lists that nothing is settled by: that goes on while sales are paused after a restore."""
    token = _only_looks.set(True)
    try:
        yield
    finally:
        _only_looks.reset(token)


def client() -> stripe.StripeClient:
    """Raises Unknown when the page that asks has no time left."""
    stripe.enable_telemetry = False
    timeout, retries = _patience()
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, timeout, retries)


def _patience() -> tuple[float, int]:
    deadline = _deadline.get()
    left = WHOLE_CALL_SECONDS if deadline is None else deadline - time.monotonic()
    if left >= WHOLE_CALL_SECONDS:
        return TIMEOUT_SECONDS, RETRIES
    if left < TIMEOUT_SECONDS / 10:
        raise Unknown("no time left for Stripe")
    # One try; in tenths, so that few clients are kept.
    return min(TIMEOUT_SECONDS, int(left / TIMEOUT_SECONDS * 10) * TIMEOUT_SECONDS / 10), 0


@contextmanager
def calling() -> Iterator[None]:
    """Around everything that is asked of Stripe: what goes wrong inside comes out as a GatewayError."""
    # A test's own rollback block holds no locks of the product.
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError(
            "A call to Stripe inside a transaction would hold its locks for as long as the network likes."
        )
    if not _only_looks.get() and is_stopped_after_restore():
        # Whatever Stripe says now, the database may be too old to act on it.
        raise Unknown("sales are paused after a restore")
    if not _places.acquire(timeout=WAIT_FOR_A_PLACE_SECONDS):
        raise Unknown("too many calls to Stripe at once")
    try:
        yield
    except stripe.StripeError as error:
        raise _meaning_of(error) from error
    except (LookupError, AttributeError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        # The SDK or our reading of it met something that is not what Stripe sends.
        logger.exception("stripe_answer_unreadable")
        raise Unreadable(f"an answer that cannot be read: {type(error).__name__}") from error
    finally:
        _places.release()


def _meaning_of(error: stripe.StripeError) -> GatewayError:
    own = stripes_own(error.json_body, error.headers)
    name, status = type(error).__name__, error.http_status
    if own is None:
        return Unknown(name) if status is None else Unreadable(f"{name} {status}: not an answer of Stripe's own")
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError)):
        # Our key, not the customer's money: nothing is known of what was asked.
        is_whole_key = isinstance(error, stripe.AuthenticationError)
        return NotPermitted(note_refusal(own.message, is_whole_key=is_whole_key))
    if status is not None and status >= 500:
        return Broken(f"{name} {status}")
    if status in {400, 402, 404}:
        message = str(error.user_message or own.message)
        return Refused(own.code, message) if own.is_no else Unproven(f"{own.kind}: {message}")
    return Unknown(f"{name} {status}")


def all_of(page: Any, kind: str) -> Iterator[Any]:
    """Every object of a list, page by page. Raises Unknown for an answer that is no such list."""
    while True:
        yield from (expect(item, kind) for item in expect_page(page).data)
        if not page.has_more:
            return
        page = page.next_page()


def create_session(*, request: dict[str, Any], key: str) -> Session:
    """Open a till with the stored request and key; a repeat gets the same one."""
    with calling():
        session = as_session(client().v1.checkout.sessions.create(request, {"idempotency_key": key}))  # type: ignore[arg-type]
        if session.client_reference != request.get("client_reference_id", ""):
            raise Unreadable("the answer is another checkout.session")
    return session


def fetch_session(session_id: str) -> Session:
    """With what its payment really took."""
    with calling():
        found = client().v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent"]})
        return as_session(expect(found, "checkout.session", stripe_id=session_id))


def cards_of_intent(intent_id: str) -> CardUse:
    """From the charges of a payment intent: each declined card is a failed one. Needs the right to read charges."""
    with calling():
        page = client().v1.charges.list({"payment_intent": intent_id, "limit": 100})
        charges = list(all_of(page, "charge"))
        paid = [charge for charge in charges if charge.status == "succeeded"]
        return CardUse(
            declines=sum(charge.status == "failed" for charge in charges),
            paid_with=next(filter(None, map(as_card, paid)), ""),
            last4=next(filter(None, map(last4_of, paid)), ""),
        )


def expire_session(session_id: str) -> Session:
    """Close a till. Raises Refused when it is no longer open: then fetch it and see why."""
    with calling():
        closed = client().v1.checkout.sessions.expire(session_id)
        return as_session(expect(closed, "checkout.session", stripe_id=session_id))


def find_session(*, reference: str, since: datetime, until: datetime) -> Session | None:
    """Sessions cannot be found by reference at Stripe: list a window and compare."""
    window: Any = {"gte": int(since.timestamp()), "lte": int(until.timestamp()) + 1}
    with calling():
        page = client().v1.checkout.sessions.list({"created": window, "limit": 100})
        made = all_of(page, "checkout.session")
        found = next((session for session in made if session.client_reference_id == reference), None)
        return None if found is None else as_session(found)


def create_refund(*, intent_id: str, amount: Decimal, currency: str, key: str) -> StripeRefund:
    minor = to_minor(amount, currency)
    metadata = _with_installation({"key": key})
    with calling():
        refund = as_refund(
            client().v1.refunds.create(
                {"payment_intent": intent_id, "amount": minor, "metadata": metadata}, {"idempotency_key": key}
            )
        )
        if (refund.intent_id, refund.amount, refund.key) != (intent_id, amount, key):
            raise Unreadable("the answer is another refund")
    return refund


def fetch_refund(refund_id: str) -> StripeRefund:
    with calling():
        return as_refund(expect(client().v1.refunds.retrieve(refund_id), "refund", stripe_id=refund_id))


def refunds_of(intent_id: str) -> list[StripeRefund]:
    """All refunds of a payment, those of the dashboard too, newest first."""
    with calling():
        page = client().v1.refunds.list({"payment_intent": intent_id, "limit": 100})
        found = [as_refund(item) for item in all_of(page, "refund")]
        if any(refund.intent_id != intent_id for refund in found):
            raise Unreadable("the answer is about another payment")
    return found


def newest_objects() -> list[Created]:
    """The newest hundred sessions and refunds at Stripe, whoever created them. Goes on in a pause after a restore."""
    with only_looking(), calling():
        sessions = expect_page(client().v1.checkout.sessions.list({"limit": 100})).data
        refunds = expect_page(client().v1.refunds.list({"limit": 100})).data
        return [as_created(session, "checkout.session") for session in sessions] + [
            as_created(refund, "refund") for refund in refunds
        ]


def intent_created(intent_id: str) -> Created | None:
    """A payment intent with what the session gave along to it: our payment's key, the installation. None: not there."""
    try:
        with calling():
            found = expect(client().v1.payment_intents.retrieve(intent_id), "payment_intent", stripe_id=intent_id)
            return as_created(found, "payment_intent")
    except Refused as refusal:
        if refusal.is_missing:
            return None
        raise


def came_after(intent_id: str) -> tuple[list[str], list[str]]:
    """The ids of all refunds and of all disputes of a payment, also of those that nobody told us of."""
    refunds = [refund.id for refund in refunds_of(intent_id)]
    with calling():
        disputes = client().v1.disputes.list({"payment_intent": intent_id, "limit": 100})
        return refunds, [dispute.id for dispute in all_of(disputes, "dispute")]


def fetch_dispute(dispute_id: str) -> StripeDispute:
    with calling():
        return as_dispute(expect(client().v1.disputes.retrieve(dispute_id), "dispute", stripe_id=dispute_id))


def undelivered_events(*, since: datetime, kinds: Sequence[str]) -> Iterator[Delivery]:
    """Events of these kinds that no endpoint of ours has acknowledged, newest first, page by page.

    What could never be kept is left out, and logged.
    """
    window: Any = {
        "delivery_success": False,
        "created": {"gte": int(since.timestamp())},
        "types": list(kinds),
        "limit": 100,
    }
    with calling():
        for event in all_of(client().v1.events.list(window), "event"):
            try:
                yield delivery_of(event.to_dict())
            except Unstorable as error:
                logger.exception("stripe_event_unstorable", stripe_event=event.id[:200], reason=str(error))


def verify(*, body: bytes, signature: str, web_clock_ahead: float = 0) -> Delivery:
    """Raises BadSignature for anything that Stripe did not sign, TooOld when it did but not just now, and Unstorable.

    `web_clock_ahead`: how many seconds this machine's clock is ahead of the one that judges the age.
    """
    _require_signature(body, signature, None)
    try:
        # Never exactly 0: the SDK would not judge the age at all.
        _require_signature(body, signature, settings.STRIPE_WEBHOOK_TOLERANCE + web_clock_ahead or -1)
    except BadSignature:
        raise TooOld("the signature is too old") from None
    return read_delivery(body)


def _require_signature(body: bytes, signature: str, tolerance: float | None) -> None:
    try:
        stripe.WebhookSignature.verify_header(body, signature, settings.STRIPE_WEBHOOK_SECRET, tolerance)
    except (stripe.SignatureVerificationError, ValueError, TypeError) as error:
        raise BadSignature(type(error).__name__) from error


def session_request(
    *, lines: list[tuple[str, Decimal]], currency: str, email: str, reference: str, metadata: dict[str, str],
    success_url: str, cancel_url: str, expires_at: int,
) -> dict[str, Any]:  # fmt: skip
    """The exact parameters of a Checkout Session: cards and wallets by hosted redirect. `expires_at` in epoch seconds."""
    metadata = _with_installation(metadata)
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


def _with_installation(metadata: dict[str, str]) -> dict[str, str]:
    """Everything that is created at Stripe says which installation created it."""
    return {**metadata, METADATA_KEY: installation_id()}
