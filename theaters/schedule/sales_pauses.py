"""Pausing all sales and resuming them, with a reason in the audit log. What a pause stops: core/pauses.py."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from core.clock import ClockTimestamp
from core.models import PauseKind, SalesPause
from core.pauses import forget_pause
from core.refusals import Refusal
from staff.services.audit import record


class NoReason(Refusal):
    """Refused: pausing and resuming all sales need a reason."""

    status = 422
    sentence = "Say why: the reason is kept in the log."


class NotAgreed(Refusal):
    """Refused: after a restore the provider and the database must agree first."""

    sentence = (
        "Sales are paused after a restore, and the payment provider and the database do not agree yet. Run manage.py "
        f"{settings.RECONCILE_COMMAND} --apply until it exits with 0, then resume."
    )


class NotPaused(Refusal):
    """Refused: sales are not paused."""

    sentence = "Sales are not paused."


def pause_sales(
    *,
    why: str,
    actor: str,
    kind: PauseKind = PauseKind.BY_HAND,
    known_until: datetime | None = None,
    lost: Mapping[str, Any] | None = None,
) -> SalesPause:
    """Pause all sales. It counts for each transaction that locks a showtime from now on. A pause of the same kind that
    is active already stays as it is.

    `known_until` and `lost` belong to a pause after a restore. Raises NoReason.
    """
    _require_reason(why)
    try:
        with transaction.atomic():
            pause = SalesPause.objects.create(
                kind=kind, why=why.strip(), actor=actor, known_until=known_until, lost=dict(lost or {})
            )
            _record(pause, "pause sales", actor=actor, reason=pause.why)
    except IntegrityError:
        return SalesPause.objects.active().get(kind=kind)
    finally:
        forget_pause()
    return pause


def resume_sales(*, actor: str, reason: str) -> list[SalesPause]:
    """End every pause. Raises NotPaused, NoReason, and NotAgreed: after a restore both ledgers have to agree first."""
    with transaction.atomic():
        if SalesPause.objects.not_agreed().exists():
            raise NotAgreed
        return _end_pauses("resume sales", actor=actor, reason=reason)


def resume_sales_although_it_differs(*, actor: str, reason: str) -> list[SalesPause]:
    """End every pause, also one after a restore that nobody has reconciled: the audit log keeps who did it and why.

    Raises NotPaused, NoReason.
    """
    return _end_pauses("resume sales although books differ", actor=actor, reason=reason)


def _end_pauses(action: str, *, actor: str, reason: str) -> list[SalesPause]:
    _require_reason(reason)
    with transaction.atomic():
        pauses = list(SalesPause.objects.active().order_by("pk").select_for_update(no_key=True))
        if not pauses:
            raise NotPaused
        for pause in pauses:
            pause.ended_at, pause.ended_by = ClockTimestamp(), actor
            pause.save(update_fields=["ended_at", "ended_by"])
            _record(pause, action, actor=actor, reason=reason)
    forget_pause()
    return pauses


def note_agreement(*, agrees: bool) -> None:
    """Store whether provider and database agreed in the newest comparison, while sales are paused after a restore."""
    SalesPause.objects.after_restore().update(agreed_at=ClockTimestamp() if agrees else None)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise NoReason


def _record(pause: SalesPause, action: str, *, actor: str, reason: str) -> None:
    after = {"kind": PauseKind(pause.kind).label, "known until": pause.known_until}
    record(actor=actor, action=action, thing=pause, theater=None, after=after, reason=reason)
