"""Deliveries of the provider that were set aside after too many failures: a person has them tried again, or closes
them.
"""

from typing import Any

from django.db import transaction

from core.clock import ClockTimestamp
from core.refusals import Refusal
from core.rows import hints
from payments.models import ProviderEvent
from staff.services.audit import record


class NotSetAside(Refusal):
    sentence = "This delivery is not set aside: it is done, or it is tried again by itself."


def require_set_aside(event: ProviderEvent) -> None:
    """Raise NotSetAside unless this delivery waits for a person."""
    if event.done_at is not None or event.set_aside_at is None:
        raise NotSetAside


def replay_event(*, event_id: int, reason: str, actor: str) -> None:
    """Have workers act on the delivery again, with as many tries as a new one. Raises NotSetAside; then nothing is
    changed.
    """
    again = {
        "set_aside_at": None,
        "failures": 0,
        "attempts": 0,
        "try_at": ClockTimestamp(),
        "outcome": "to be tried again",
    }
    with transaction.atomic():
        event = _changed(event_id, again, action="replay delivery", reason=reason, actor=actor)
        hints.on_commit("payments.settle_event", provider_id=event.provider_id)


def close_event(*, event_id: int, reason: str, actor: str) -> None:
    """Close a delivery that needs no action. Raises NotSetAside; then nothing is changed."""
    closed = {"done_at": ClockTimestamp(), "outcome": "closed by staff"}
    with transaction.atomic():
        _changed(event_id, closed, action="close delivery", reason=reason, actor=actor)


def _changed(event_id: int, fields: dict[str, Any], *, action: str, reason: str, actor: str) -> ProviderEvent:
    before = ProviderEvent.objects.get(pk=event_id)
    if not ProviderEvent.objects.set_aside().filter(pk=event_id).update(**fields):
        raise NotSetAside
    record(
        actor=actor,
        action=action,
        thing=before,
        theater=None,
        before={"outcome": before.outcome},
        after={"outcome": fields["outcome"]},
        reason=reason,
    )
    return before
