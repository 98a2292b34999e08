"""Stripe's news: the webhook's signature, what no webhook acknowledged, and the newest objects of the account."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import stripe
import structlog
from django.conf import settings

from payments.providers.answers import Created, News
from payments.providers.call_rules import only_looking
from payments.providers.errors import BadSignature, TooOld, Unstorable
from payments.providers.stripe.answers import as_created, expect_page
from payments.providers.stripe.calls import all_of, calling, client
from payments.providers.stripe.events import delivery_of, read_delivery

logger = structlog.get_logger(__name__)
# The events to which the endpoint subscribes at Stripe (docs/deploy.md).
KINDS = (
    "checkout.session.completed",
    "checkout.session.expired",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
)


def verify(*, body: bytes, signature: str, web_clock_ahead: float = 0) -> News:
    """Check and read a delivery.

    Raises BadSignature when Stripe did not sign it, TooOld when it did so long ago, and Unstorable.
    `web_clock_ahead`: the seconds this machine's clock is ahead of the one that judges the age.
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


def undelivered_events(*, since: datetime, kinds: Sequence[str] = KINDS) -> Iterator[News]:
    """Events of these kinds that no endpoint of ours has acknowledged, newest first, page by page.

    Events that can never be stored are left out, and logged.
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


def newest_objects() -> list[Created]:
    """The newest hundred sessions and refunds of the Stripe account, other programs' too. Goes on in a pause after a restore."""
    with only_looking(), calling():
        sessions = expect_page(client().v1.checkout.sessions.list({"limit": 100})).data
        refunds = expect_page(client().v1.refunds.list({"limit": 100})).data
        return [as_created(session, "checkout.session") for session in sessions] + [
            as_created(refund, "refund") for refund in refunds
        ]
