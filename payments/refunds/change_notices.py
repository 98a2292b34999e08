"""Carries out the effects of a changed showtime on each booking: a full refund or a mail, each exactly once, even if
workers die.

A booking's part is one transaction with its notice. If a worker is killed, the sweep continues with the remaining
notices. Several workers take different notices by lease.
"""

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils.translation import gettext

from core.clock import ClockTimestamp
from core.refusals import Refusal
from core.rows.due import BackOff
from core.rows.sweeps import next_row_on_error
from payments.refunds.cancellation import cancel_and_refund
from payments.sessions.session_closing import Closing, expire_due_booking
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.changes.change_mails import tell_of_cancel, tell_of_change
from reservations.models import Booking, ChangeNotice
from reservations.models.change_notices import NOTICES
from reservations.states import BookingStatus, CancelCause, NoticeStatus
from theaters.states import ChangeKind

LEASE_SECONDS = 60
RETRIES = BackOff(first=10, longest=3600)
ACTOR = "worker"
logger = structlog.get_logger(__name__)


class NotYet(Exception):
    """Refused: something else must happen first; the sentence tells staff what."""


def carry_out_due(*, most: int = 50) -> int:
    """Carry out the notices that are due. Called by the sweep and by hints."""
    due = NOTICES.longest_due(ChangeNotice.objects.all(), most=most)
    done = 0
    for notice_id in due:
        with next_row_on_error("notice_not_carried_out", notice=notice_id):
            done += carry_out(notice_id=notice_id)
    return done


def carry_out(*, notice_id: int) -> bool:
    """Carry out a notice; True when this call did it. A notice that must wait is tried again later and listed with its
    reason.
    """
    if not NOTICES.claim(ChangeNotice.objects.all(), notice_id, seconds=LEASE_SECONDS):
        return False
    notice = ChangeNotice.objects.select_related("change", "booking__sale__contact").get(pk=notice_id)
    try:
        if notice.booking.status == BookingStatus.PENDING and notice.change.kind == ChangeKind.CANCEL:
            _close_pending(notice)
        with transaction.atomic():
            _cancel_or_tell(notice)
            _mark_done(notice)
    except (NotYet, Refusal) as reason:
        _later(notice, str(reason))
        return False
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # the next try waits longer each time
        logger.exception("notice_not_carried_out", notice=notice_id)
        _later(notice, f"{type(error).__name__}: {error}")
        return False
    return True


def _close_pending(notice: ChangeNotice) -> None:
    """Close the payment session first, so that nobody can pay. If it was paid meanwhile, settling refunds it, because
    the showtime is canceled.
    """
    if expire_due_booking(booking_id=notice.booking_id, actor=ACTOR) == Closing.UNKNOWN:
        raise NotYet(gettext("The payment partner does not say whether this was paid. It is asked again."))


def _cancel_or_tell(notice: ChangeNotice) -> None:
    booking, change = notice.booking, notice.change
    if change.kind == ChangeKind.CANCEL:
        origin = CancellationOrigin(CancelCause.SHOWTIME, actor=ACTOR, reason=change.reason)
        cancellation = cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=origin)
        if cancellation is not None:
            tell_of_cancel(cancellation.booking, change)
        return
    booking = Booking.objects.get(pk=booking.pk)
    if booking.status == BookingStatus.PENDING:
        raise NotYet(gettext("This booking is being paid; its holder is told when it is."))
    if booking.status == BookingStatus.CONFIRMED:
        tell_of_change(booking, change)


def _mark_done(notice: ChangeNotice) -> None:
    ChangeNotice.objects.filter(pk=notice.pk, status=NoticeStatus.WAITING).update(
        status=NoticeStatus.DONE, done_at=ClockTimestamp(), last_error=""
    )


def _later(notice: ChangeNotice, reason: str) -> None:
    pause = RETRIES.seconds(notice.attempts)
    NOTICES.put_off(ChangeNotice.objects.all(), notice.pk, seconds=pause, last_error=reason[:200])
