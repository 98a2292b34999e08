"""Entry points of the workers, each with one call of a service. Hints and the schedule call tasks by name."""

from celery import shared_task
from django.utils import timezone

from payments.books import (
    comparison_runs,
    event_alarms,
    invariant_runs,
    key_rights,
    pause_alerts,
    payment_sweep,
    provider_events,
)
from payments.models import ProviderEvent
from payments.privacy import client_addresses, retention
from payments.refunds import change_notices, disputes, exchanges
from payments.sessions import card_facts, database_age, session_closing


@shared_task(name="payments.settle_event")
def settle_event(*, provider_id: str, **_: object) -> None:
    for event_id in ProviderEvent.objects.due().filter(provider_id=provider_id).values_list("pk", flat=True):
        provider_events.settle_event(event_id=event_id)


@shared_task(name="payments.sweep_events")
def sweep_events(**_: object) -> None:
    provider_events.settle_due_events()


@shared_task(name="payments.fetch_undelivered_events", goes_on_after_restore=True)
def fetch_undelivered_events(**_: object) -> None:
    provider_events.fetch_undelivered()


@shared_task(name="payments.close_due_sessions")
def close_due_sessions(**_: object) -> None:
    session_closing.close_due_sessions()
    exchanges.end_due_exchanges()


@shared_task(name="payments.sweep_payments")
def sweep_payments(**_: object) -> None:
    payment_sweep.look_at_due_payments()
    card_facts.note_paid_cards()


@shared_task(name="payments.send_refund")
def send_refund(*, refund_id: int, **_: object) -> None:
    payment_sweep.send_and_learn(refund_id=refund_id)


@shared_task(name="payments.sweep_refunds")
def sweep_refunds(**_: object) -> None:
    payment_sweep.send_due_refunds()


@shared_task(name="payments.check_invariants", goes_on_after_restore=True, time_limit=1800, soft_time_limit=1740)
def check_invariants(**_: object) -> None:
    invariant_runs.run_due_check()


@shared_task(name="payments.tell_of_broken_checks", goes_on_after_restore=True)
def tell_of_broken_checks(**_: object) -> None:
    invariant_runs.tell_of_broken_checks()
    pause_alerts.tell_of_pause()


@shared_task(name="payments.compare_with_providers", time_limit=1800, soft_time_limit=1740)
def compare_with_providers(**_: object) -> None:
    comparison_runs.run_due_comparison()


@shared_task(name="payments.tell_of_differences", goes_on_after_restore=True)
def tell_of_differences(**_: object) -> None:
    comparison_runs.tell_of_differences()
    key_rights.tell_of_refused_rights()
    event_alarms.tell_of_events_set_aside()


@shared_task(name="payments.carry_out_changes")
def carry_out_changes(**_: object) -> None:
    change_notices.carry_out_due()


@shared_task(name="payments.check_database_age", goes_on_after_restore=True)
def check_database_age(**_: object) -> None:
    database_age.check_database_age()


@shared_task(name="payments.sweep_disputes")
def sweep_disputes(**_: object) -> None:
    disputes.follow_open_disputes()


@shared_task(name="payments.forget_client_addresses", time_limit=1800, soft_time_limit=1740)
def forget_client_addresses(**_: object) -> None:
    client_addresses.forget_old_addresses()


@shared_task(name="payments.forget_old_data", time_limit=3600, soft_time_limit=3500)
def forget_old_data(**_: object) -> None:
    retention.forget_old_data(now=timezone.now())
