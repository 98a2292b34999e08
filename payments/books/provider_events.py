"""The provider's deliveries: verified, stored and acknowledged at once; acted on later, once, by asking the provider itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from time import time
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.db.models import Q

from core.clock import CLOCKS_DIFFER_SECONDS, ClockTimestamp, database_now, web_clock_ahead
from core.installation import is_from_elsewhere
from core.pauses import is_stopped_after_restore
from core.rows import hints
from core.rows.due import BackOff
from core.rows.sweeps import next_row_on_error
from payments.books.event_alarms import note_set_aside
from payments.models import Payment, ProviderEvent
from payments.models.provider_events import EVENTS
from payments.providers import errors
from payments.providers.answers import Created, News, Subject, Topic
from payments.providers.call_rules import only_looking
from payments.providers.port import Provider
from payments.providers.registry import online_providers, provider_named
from payments.records.provider_silence import Silence
from payments.refunds.dashboard_refunds import follow_refund
from payments.refunds.disputes import follow_dispute
from payments.sessions.ownership import LOST, RowMissing, note_foreign, require_foreign
from payments.sessions.settlement import settle

logger = structlog.get_logger(__name__)
LEASE_SECONDS = 30
LONGEST_ID = 200
RETRIES = BackOff(first=1, longest=600)
# Tries of a delivery that fails through its own fault, which take about ten minutes.
MOST_FAILURES = 8
# A delivery about an object that the provider never returns is given up after this number of tries, within about two
# hours; if the provider does not answer at all, not before this time.
MOST_WAITS = 20
SILENT_FOR = timedelta(days=3)
# Errors that prove that the provider answered, though not with the object.
ANSWERS = (errors.Unreadable, errors.Broken, errors.Unproven)
LOOK_BACK = timedelta(days=7)


class NotStored(Exception):
    """A delivery is not in the database: the provider has to send it again."""


def record_event(*, provider: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Store a delivery; a copy changes nothing. Raises errors.BadSignature and errors.Unstorable, and NotStored."""
    looked_at = _store(provider_named(provider), _verified(provider_named(provider), body, headers))
    ahead = time() - looked_at.timestamp()
    if abs(ahead) > CLOCKS_DIFFER_SECONDS:
        logger.error("web_clock_off", seconds_ahead=round(ahead))


def _verified(provider: Provider, body: bytes, headers: Mapping[str, str]) -> News:
    """Verify a delivery. The age of its signature is judged by this machine's clock, and by the database's if that is
    wrong.
    """
    try:
        return provider.verify_news(body=body, headers=headers)
    except errors.TooOld:
        return provider.verify_news(body=body, headers=headers, web_clock_ahead=web_clock_ahead())


def _store(provider: Provider, news: News) -> datetime:
    """Store the delivery, and prove by reading it that it is stored, also if the answer to INSERT was lost; returns the
    database's time.

    Raises NotStored.
    """
    names = {"provider": provider.name, "provider_id": news.id}
    event = ProviderEvent(**names, kind=news.kind, payload=news.payload, **_facts_of(provider, news))
    ProviderEvent.objects.bulk_create([event], ignore_conflicts=True)
    stored = ProviderEvent.objects.filter(**names).values_list(ClockTimestamp(), flat=True).first()
    if stored is None:
        raise NotStored(news.id)
    hints.on_commit("payments.settle_event", provider_id=news.id)
    return stored


def _facts_of(provider: Provider, news: News) -> dict[str, Any]:
    """The facts of a delivery for the office and the nightly check. Settling does not use them."""
    try:
        topic = provider.topic_of(news.payload)
    except errors.Meaningless:
        return {}
    facts = {
        "payment_key": next(iter(topic.keys), ""),
        "object_id": topic.id,
        "provider_payment_id": topic.provider_payment_id or "",
    }
    return {**{name: text[:LONGEST_ID] for name, text in facts.items()}, "says_paid": topic.says_paid}


def settle_event(*, event_id: int) -> bool:
    """Act on a stored delivery.

    A lease keeps two workers apart; after an error it is due again after a growing pause. An event that fails too often
    by its own fault is set aside for a person. False when the provider did not answer, which is no fault of the event,
    or while sales are paused after a restore.
    """
    if is_stopped_after_restore():
        return False
    if not EVENTS.claim(ProviderEvent.objects.all(), event_id, seconds=LEASE_SECONDS):
        return True
    event = ProviderEvent.objects.get(pk=event_id)
    try:
        outcome = _act_on_event(event)
    except RowMissing:
        ProviderEvent.objects.filter(pk=event_id).update(done_at=ClockTimestamp(), outcome=LOST)
    except errors.Unknown as error:
        if _waits_in_vain(event, error):
            _set_aside(event, error)
            return True
        _try_later(event, f"waiting: {error}")
        return not errors.is_silence(error)
    except OperationalError as error:
        # A locked row or a stopped database is no fault of the event.
        _try_later(event, f"waiting: {type(error).__name__}")
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # one faulty event must not stop the others
        logger.exception("event_not_settled", provider_event=event.provider_id)
        _note_failure(event, error)
    else:
        ProviderEvent.objects.filter(pk=event_id).update(done_at=ClockTimestamp(), outcome=outcome)
    return True


def _try_later(event: ProviderEvent, outcome: str, *, failures: int | None = None) -> None:
    counted = {} if failures is None else {"failures": failures}
    EVENTS.put_off(
        ProviderEvent.objects.all(), event.pk, seconds=RETRIES.seconds(event.attempts), outcome=outcome[:120], **counted
    )


def _waits_in_vain(event: ProviderEvent, error: errors.Unknown) -> bool:
    """Whether we have waited too long for the provider's answer. `event.attempts` counts this try already."""
    if event.attempts < MOST_WAITS:
        return False
    return isinstance(error, ANSWERS) or database_now() - event.received_at > SILENT_FOR


def _note_failure(event: ProviderEvent, error: Exception) -> None:
    event.failures += 1
    if event.failures < MOST_FAILURES and not isinstance(error, errors.Meaningless):
        _try_later(event, f"failed: {_in_words(error)}", failures=event.failures)
    else:
        _set_aside(event, error)


def _set_aside(event: ProviderEvent, error: Exception) -> None:
    says = _in_words(error)
    ProviderEvent.objects.filter(pk=event.pk).update(
        set_aside_at=ClockTimestamp(), failures=event.failures, outcome=f"set aside: {says}"[:120]
    )
    note_set_aside(event, error=error, says=says)


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\0", "")


def _act_on_event(event: ProviderEvent) -> str:
    """Act on a stored delivery; returns what was done. Raises errors.Meaningless and provider or database errors."""
    topic = provider_named(event.provider).topic_of(event.payload)
    if topic.subject == Subject.DISPUTE:
        is_ours = follow_dispute(provider=event.provider, provider_id=topic.id)
        return "dispute followed" if is_ours else _not_ours(topic)
    if topic.subject == Subject.REFUND:
        is_ours = follow_refund(provider=event.provider, provider_id=topic.id)
        return "refund followed" if is_ours else _not_ours(topic)
    payment = _payment_of(event.provider, topic)
    if payment is None:
        # The delivery only tells that the object exists; its content is not used.
        created_at = topic.created_at or database_now()
        require_foreign(Created(topic.what, topic.id, "", created_at, topic.metadata))
        return _not_ours(topic)
    return str(settle(payment_id=payment.pk, actor=event.provider))


def _not_ours(topic: Topic) -> str:
    return note_foreign(what=topic.what, provider_id=topic.id)


def _payment_of(provider: str, topic: Topic) -> Payment | None:
    """Find the payment a delivery is about, by our key or the provider's ids, never by amount."""
    if is_from_elsewhere(topic.metadata):
        return None
    names = Q(key__in=topic.keys)
    if topic.session_id:
        names |= Q(session_id=topic.session_id)
    if topic.provider_payment_id:
        names |= Q(provider_id=topic.provider_payment_id)
    return Payment.objects.filter(names, provider=provider).order_by("pk").first()


def settle_due_events(*, most: int = 100) -> int:
    """Act on due events. After two in a row to which the provider gave no answer the others wait for the next sweep."""
    silence = Silence()
    due = EVENTS.longest_due(ProviderEvent.objects.all(), most=most)
    for done, event_id in enumerate(due, start=1):
        answered = True
        with next_row_on_error("event_not_settled", event_id=event_id):
            answered = settle_event(event_id=event_id)
        if silence.is_away(after_doubt=not answered):
            return done
    return len(due)


def fetch_undelivered(*, since: timedelta = LOOK_BACK) -> int:
    """Fetch and store deliveries that no webhook acknowledged, for example while the site was down for days."""
    with only_looking():
        return sum(_fetch_from(provider, since=database_now() - since) for provider in online_providers())


def _fetch_from(provider: Provider, *, since: datetime) -> int:
    new = 0
    for news in provider.undelivered_news(since=since):
        # Stored one by one, so that a run that is cut short has made progress.
        if not ProviderEvent.objects.filter(provider=provider.name, provider_id=news.id).exists():
            try:
                _store(provider, news)
            except NotStored:
                logger.exception("event_not_stored", provider=provider.name, provider_id=news.id)
                continue
            new += 1
    return new
