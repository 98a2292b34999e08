"""Stripe's deliveries: verified, stored and acknowledged at once; acted on later, once, by asking Stripe itself."""

from datetime import UTC, datetime, timedelta
from time import time
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.db.models import F, Q

from core import hints
from core.clock import CLOCKS_DIFFER_SECONDS, ClockTimestamp, database_now, from_now, web_clock_ahead
from core.installation import is_from_elsewhere
from core.pauses import is_stopped_after_restore
from core.sweeps import next_row_on_error
from payments import gateway
from payments.models import Payment, StripeEvent
from payments.services.dashboard import follow_refund
from payments.services.disputes import follow_dispute
from payments.services.event_alarms import note_set_aside
from payments.services.ownership import LOST, RowMissing, note_foreign, require_foreign
from payments.services.settlement import settle

logger = structlog.get_logger(__name__)
LEASE_SECONDS = 30
SLOWEST_RETRY_SECONDS = 600
# By its own fault, within about ten minutes.
MOST_FAILURES = 8
# An object that Stripe's answers never show is given up after so many tries, within about two hours; while Stripe is
# silent about it, not before this time is over.
MOST_WAITS = 20
SILENT_FOR = timedelta(days=3)
# What proves that somebody answered, though not with the object.
ANSWERS = (gateway.Unreadable, gateway.Broken, gateway.Unproven)
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


class NotStored(Exception):
    """A delivery is not in the database: Stripe has to send it again."""


class Meaningless(Exception):
    """No further try can make sense of this event."""


def record_event(*, body: bytes, signature: str) -> None:
    """Store a delivery; a copy changes nothing. Raises BadSignature and Unstorable of the gateway, and NotStored."""
    looked_at = _store(_verified(body, signature))
    ahead = time() - looked_at.timestamp()
    if abs(ahead) > CLOCKS_DIFFER_SECONDS:
        logger.error("web_clock_off", seconds_ahead=round(ahead))


def _verified(body: bytes, signature: str) -> gateway.Delivery:
    """The age of a signature is judged by this machine's clock, and, where that is wrong, by the database's."""
    try:
        return gateway.verify(body=body, signature=signature)
    except gateway.TooOld:
        return gateway.verify(body=body, signature=signature, web_clock_ahead=web_clock_ahead())


def _store(delivery: gateway.Delivery) -> datetime:
    """What is acknowledged is in the database, whatever became of the statement that wrote it; returns its clock.

    Raises NotStored.
    """
    event = StripeEvent(stripe_id=delivery.id, kind=delivery.kind, payload=delivery.payload)
    StripeEvent.objects.bulk_create([event], ignore_conflicts=True)
    stored = StripeEvent.objects.filter(stripe_id=delivery.id).values_list(ClockTimestamp(), flat=True).first()
    if stored is None:
        raise NotStored(delivery.id)
    hints.on_commit("payments.settle_event", stripe_id=delivery.id)
    return stored


def settle_event(*, event_id: int) -> bool:
    """Act on a stored delivery. A lease keeps two workers apart; an error leaves it due, later and later.

    An event that fails by its own fault, time and again, is set aside for a person. False when Stripe did not answer,
    which is no fault of the event, or while sales are paused after a restore.
    """
    if is_stopped_after_restore():
        return False
    claimed = (
        StripeEvent.objects.due().filter(pk=event_id).update(try_at=from_now(LEASE_SECONDS), attempts=F("attempts") + 1)
    )
    if not claimed:
        return True
    event = StripeEvent.objects.get(pk=event_id)
    try:
        outcome = _act(event)
    except RowMissing:
        StripeEvent.objects.filter(pk=event_id).update(done_at=ClockTimestamp(), outcome=LOST)
    except gateway.Unknown as error:
        if _waits_in_vain(event, error):
            _set_aside(event, error)
            return True
        _try_later(event, f"waiting: {error}")
        return False
    except OperationalError as error:
        # A locked row or a database that stops: the event is as good as before.
        _try_later(event, f"waiting: {type(error).__name__}")
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # whatever is wrong with one event, the others behind it are acted on
        logger.exception("event_not_settled", stripe_event=event.stripe_id)
        _note_failure(event, error)
    else:
        StripeEvent.objects.filter(pk=event_id).update(done_at=ClockTimestamp(), outcome=outcome)
    return True


def _try_later(event: StripeEvent, outcome: str, *, failures: int | None = None) -> None:
    pause = min(SLOWEST_RETRY_SECONDS, 2 ** min(event.attempts, 10))
    counted = {} if failures is None else {"failures": failures}
    StripeEvent.objects.filter(pk=event.pk).update(try_at=from_now(pause), outcome=outcome[:120], **counted)


def _waits_in_vain(event: StripeEvent, error: gateway.Unknown) -> bool:
    """`attempts` already counts this try."""
    if event.attempts < MOST_WAITS:
        return False
    return isinstance(error, ANSWERS) or database_now() - event.received_at > SILENT_FOR


def _note_failure(event: StripeEvent, error: Exception) -> None:
    event.failures += 1
    if event.failures < MOST_FAILURES and not isinstance(error, Meaningless):
        _try_later(event, f"failed: {_in_words(error)}", failures=event.failures)
    else:
        _set_aside(event, error)


def _set_aside(event: StripeEvent, error: Exception) -> None:
    says = _in_words(error)
    StripeEvent.objects.filter(pk=event.pk).update(
        set_aside_at=ClockTimestamp(), failures=event.failures, outcome=f"set aside: {says}"[:120]
    )
    note_set_aside(event, error=error, says=says)


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\0", "")


def _act(event: StripeEvent) -> str:
    """Raises Meaningless, and what Stripe and the database raise."""
    said = _object_in(event)
    if said.get("object") == "dispute":
        return "dispute followed" if follow_dispute(stripe_id=_id_in(said)) else _not_ours(said)
    if said.get("object") == "refund":
        return "refund followed" if follow_refund(stripe_id=_id_in(said)) else _not_ours(said)
    payment = _payment_of(said)
    if payment is None:
        require_foreign(_created(said))
        return _not_ours(said)
    return str(settle(payment_id=payment.pk, actor="stripe"))


def _object_in(event: StripeEvent) -> dict[str, Any]:
    data = event.payload.get("data")
    said = data.get("object") if isinstance(data, dict) else None
    if not isinstance(said, dict):
        raise Meaningless("it names no object")
    return said


def _id_in(said: dict[str, Any]) -> str:
    stripe_id = said.get("id")
    if not isinstance(stripe_id, str) or not stripe_id:
        raise Meaningless("its object has no id")
    return stripe_id


def _not_ours(said: dict[str, Any]) -> str:
    return note_foreign(what=str(said.get("object")), stripe_id=str(said.get("id", "")))


def _created(said: dict[str, Any]) -> gateway.Created:
    """The delivery is signed, and only says that something exists."""
    stamp = said.get("created")
    created_at = datetime.fromtimestamp(stamp, UTC) if isinstance(stamp, int) else database_now()
    return gateway.Created(str(said.get("object")), str(said.get("id", "")), "", created_at, _metadata_of(said))


def _metadata_of(said: dict[str, Any]) -> dict[str, Any]:
    metadata = said.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _payment_of(said: dict[str, Any]) -> Payment | None:
    """Which payment a delivery is about: by our key or Stripe's ids, never by amounts."""
    kind, metadata = said.get("object"), _metadata_of(said)
    if is_from_elsewhere(metadata):
        return None
    names = Q(pk__in=[])
    for key in (said.get("client_reference_id"), metadata.get("payment")):
        if isinstance(key, str) and key:
            names |= Q(key=key)
    if kind == "checkout.session" and isinstance(said.get("id"), str):
        names |= Q(session_id=said["id"])
    intent = said.get("id") if kind == "payment_intent" else said.get("payment_intent")
    if isinstance(intent, str) and intent:
        names |= Q(intent_id=intent)
    return Payment.objects.filter(names).order_by("pk").first()


def settle_due_events(*, most: int = 100) -> int:
    due = list(StripeEvent.objects.due().order_by("try_at").values_list("pk", flat=True)[:most])
    for done, event_id in enumerate(due, start=1):
        answered = True
        with next_row_on_error("event_not_settled", event_id=event_id):
            answered = settle_event(event_id=event_id)
        if not answered:
            return done
    return len(due)


def fetch_undelivered(*, since: timedelta = LOOK_BACK) -> int:
    """Read what Stripe could not deliver: an endpoint that was dead for days costs nobody anything."""
    new = 0
    with gateway.only_looking():
        for delivery in gateway.undelivered_events(since=database_now() - since, kinds=KINDS):
            # One by one: a run that is cut short has still made progress.
            if not StripeEvent.objects.filter(stripe_id=delivery.id).exists():
                try:
                    _store(delivery)
                except NotStored:
                    logger.exception("stripe_event_not_stored", stripe_event=delivery.id)
                    continue
                new += 1
    return new
