"""Stripe's deliveries: verified, stored and acknowledged at once; acted on later, once, by asking Stripe itself."""

from datetime import timedelta
from typing import Any

import structlog
from django.db.models import F, Q

from core import hints
from core.clock import ClockTimestamp, database_now, from_now
from core.installation import is_from_elsewhere
from payments import gateway
from payments.models import Payment, StripeEvent
from payments.services.dashboard import follow_refund
from payments.services.disputes import follow_dispute
from payments.services.ownership import LOST, RowMissing, note_foreign, require_foreign
from payments.services.settlement import settle

logger = structlog.get_logger(__name__)
LEASE_SECONDS = 30
SLOWEST_RETRY_SECONDS = 600
LOOK_BACK = timedelta(days=7)
# What the endpoint subscribes to at Stripe (docs/deploy.md).
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


def record_event(*, body: bytes, signature: str) -> None:
    """Store a delivery; a copy changes nothing. Raises gateway.BadSignature."""
    _store(gateway.verify(body=body, signature=signature))


def _store(delivery: gateway.Delivery) -> None:
    event = StripeEvent(stripe_id=delivery.id, kind=delivery.kind, payload=delivery.payload)
    StripeEvent.objects.bulk_create([event], ignore_conflicts=True)
    hints.on_commit("payments.settle_event", stripe_id=delivery.id)


def settle_event(*, event_id: int) -> bool:
    """Act on a stored delivery. A lease keeps two workers apart; an error leaves it due, later and later.

    False when Stripe did not answer.
    """
    claimed = (
        StripeEvent.objects.due().filter(pk=event_id).update(try_at=from_now(LEASE_SECONDS), attempts=F("attempts") + 1)
    )
    if not claimed:
        return True
    event = StripeEvent.objects.get(pk=event_id)
    try:
        outcome = _act(event)
    except RowMissing:
        outcome = LOST
    except gateway.GatewayError as error:
        pause = min(SLOWEST_RETRY_SECONDS, 2**event.attempts)
        StripeEvent.objects.filter(pk=event_id).update(try_at=from_now(pause), outcome=f"waiting: {error}"[:120])
        return False
    StripeEvent.objects.filter(pk=event_id).update(done_at=ClockTimestamp(), outcome=outcome)
    return True


def _act(event: StripeEvent) -> str:
    said: dict[str, Any] = event.payload.get("data", {}).get("object", {})
    if said.get("object") == "dispute":
        return "dispute followed" if follow_dispute(stripe_id=str(said.get("id", ""))) else _not_ours(said)
    if said.get("object") == "refund":
        return "refund followed" if follow_refund(stripe_id=str(said.get("id", ""))) else _not_ours(said)
    payment = _payment_of(said)
    if payment is None:
        require_foreign(_metadata_of(said), what=str(said.get("object")), stripe_id=str(said.get("id", "")))
        return _not_ours(said)
    return str(settle(payment_id=payment.pk, actor="stripe"))


def _not_ours(said: dict[str, Any]) -> str:
    return note_foreign(what=str(said.get("object")), stripe_id=str(said.get("id", "")))


def _metadata_of(said: dict[str, Any]) -> dict[str, str]:
    return said.get("metadata") or {}


def _payment_of(said: dict[str, Any]) -> Payment | None:
    """Which payment a delivery is about: by our key or Stripe's ids, never by amounts."""
    metadata = _metadata_of(said)
    if is_from_elsewhere(metadata):
        return None
    names = Q(pk__in=[])
    if key := said.get("client_reference_id") or metadata.get("payment"):
        names |= Q(key=str(key))
    if said.get("object") == "checkout.session":
        names |= Q(session_id=said.get("id"))
    if intent := (said.get("id") if said.get("object") == "payment_intent" else said.get("payment_intent")):
        names |= Q(intent_id=str(intent))
    return Payment.objects.filter(names).order_by("pk").first()


def settle_due_events(*, most: int = 100) -> int:
    due = list(StripeEvent.objects.due().order_by("try_at").values_list("pk", flat=True)[:most])
    for done, event_id in enumerate(due, start=1):
        try:
            if not settle_event(event_id=event_id):
                return done
        except Exception:
            # One piece of news that cannot be acted on must not hide the others behind it.
            logger.exception("event_not_settled", event=event_id)
    return len(due)


def fetch_undelivered(*, since: timedelta = LOOK_BACK) -> int:
    """Read what Stripe could not deliver: an endpoint that was dead for days costs nobody anything."""
    new = 0
    for delivery in gateway.undelivered_events(since=database_now() - since, kinds=KINDS):
        # One by one: a run that is cut short has still made progress.
        if not StripeEvent.objects.filter(stripe_id=delivery.id).exists():
            _store(delivery)
            new += 1
    return new
