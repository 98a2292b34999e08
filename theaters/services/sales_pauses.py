"""Pausing all sales and resuming them, with a reason in the audit log. What a pause stops: core/pauses.py."""

from datetime import datetime

from django.db import IntegrityError, transaction

from core.clock import ClockTimestamp
from core.models import PauseKind, SalesPause
from core.pauses import forget_pause
from theaters.services.audit import record


class NoReason(Exception):
    """Pausing all sales and resuming them need a reason."""


class NotPaused(Exception):
    """There is nothing to resume."""


def pause_sales(
    *, why: str, actor: str, kind: PauseKind = PauseKind.BY_HAND, known_until: datetime | None = None
) -> SalesPause:
    """Stop selling from the next lock of a showtime on. A pause of the same kind that is active already stays as it is.

    `known_until` belongs to a pause after a restore. Raises NoReason.
    """
    _require_reason(why)
    try:
        with transaction.atomic():
            pause = SalesPause.objects.create(kind=kind, why=why.strip(), actor=actor, known_until=known_until)
            _record(pause, "pause sales", actor=actor, reason=pause.why)
    except IntegrityError:
        return SalesPause.objects.active().get(kind=kind)
    finally:
        forget_pause()
    return pause


def resume_sales(*, actor: str, reason: str) -> list[SalesPause]:
    """End every pause. Raises NotPaused, NoReason."""
    _require_reason(reason)
    with transaction.atomic():
        pauses = list(SalesPause.objects.active().order_by("pk").select_for_update(no_key=True))
        if not pauses:
            raise NotPaused("Sales are not paused.")
        for pause in pauses:
            pause.ended_at, pause.ended_by = ClockTimestamp(), actor
            pause.save(update_fields=["ended_at", "ended_by"])
            _record(pause, "resume sales", actor=actor, reason=reason)
    forget_pause()
    return pauses


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise NoReason("Say why: the reason is kept in the log.")


def _record(pause: SalesPause, action: str, *, actor: str, reason: str) -> None:
    after = {"kind": PauseKind(pause.kind).label, "known until": pause.known_until}
    record(actor=actor, action=action, thing=pause, theater=None, after=after, reason=reason)
