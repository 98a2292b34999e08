"""Codes by mail: somebody who has only the link of a booking proves that its mailbox is theirs before money moves."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from core.clock import ClockTimestamp, from_now, seconds_until
from core.limits.limiter import seconds_until_fewer
from core.monitoring.security_log import SecurityEvent, write_security_event
from reservations import locks
from reservations.access import is_mailbox_code
from reservations.models import Booking, BookingAccess, OutgoingMail, WrongCodeTry
from reservations.refusals.cancellation import ManyCodesSent, TooManyCodes, TooManyWrongCodes, WrongCode
from reservations.selling.bookings import write_mail
from reservations.states import CodePurpose, MailKind

CODE_SECONDS = 900
PROOF_SECONDS = 3600
PAUSE_SECONDS = 60
HOUR = 3600
# Limits for a whole sale, from all browsers and for all of its bookings. A single guess is right with a chance of 1 in
# 1,000,000.
WRONG_CODES_PER_HOUR = 5
CODES_PER_HOUR = 3


@dataclass(frozen=True)
class BookingVisitor:
    """The visitor of a booking's page: the browser, and the account if signed in."""

    holder: str
    user_id: int | None


def is_trusted(booking: Booking, visitor: BookingVisitor) -> bool:
    """The browser that bought, the signed-in owner, or a browser that has given the code within the hour."""
    is_buyer = bool(visitor.holder) and visitor.holder == booking.holder
    is_owner = visitor.user_id is not None and visitor.user_id == booking.sale.user_id
    return is_buyer or is_owner or has_proven_mailbox(booking, visitor)


def has_proven_mailbox(booking: Booking, visitor: BookingVisitor) -> bool:
    """Whether this browser has given the code from the mailbox within the hour."""
    return _access(booking, visitor).filter(proven_at__gt=from_now(-PROOF_SECONDS)).exists()


def waits_for_code(booking: Booking, visitor: BookingVisitor) -> bool:
    """Whether a code was sent to the mailbox and not entered yet."""
    return _access(booking, visitor).filter(code_sent_at__gt=from_now(-CODE_SECONDS)).exists()


def send_code(booking: Booking, visitor: BookingVisitor, *, purpose: CodePurpose = CodePurpose.CANCEL) -> None:
    """Write a mail with a new code; this browser's codes before it are worth nothing from now on.

    Raises TooManyCodes when this browser has just asked, and ManyCodesSent after some within an hour.
    """
    with transaction.atomic():
        locks.booking(booking.pk)
        mails = OutgoingMail.objects.filter(booking__sale=booking.sale_id, kind=MailKind.CODE)
        if wait := seconds_until_fewer(mails, "created_at", most=CODES_PER_HOUR, within_seconds=HOUR):
            raise ManyCodesSent(wait)
        sent = (
            _access(booking, visitor)
            .filter(Q(code_sent_at=None) | Q(code_sent_at__lte=from_now(-PAUSE_SECONDS)))
            .update(codes_sent=F("codes_sent") + 1, code_sent_at=ClockTimestamp())
        )
        access = _access(booking, visitor).first()
        if access is None or not sent:
            raise TooManyCodes(_pause_left(access))
        write_mail(booking, MailKind.CODE, about=f"{access.pk}-{access.codes_sent}", access=access.pk, purpose=purpose)


def _pause_left(access: BookingAccess | None) -> int:
    """Return the seconds until this browser may ask for another code; the whole pause if it lost access."""
    if access is None or access.code_sent_at is None:
        return PAUSE_SECONDS
    return seconds_until(access.code_sent_at + timedelta(seconds=PAUSE_SECONDS))


def prove(booking: Booking, visitor: BookingVisitor, *, code: str) -> None:
    """Check the code from the mailbox and log wrong ones. Raises WrongCode or TooManyWrongCodes."""
    try:
        _prove(booking, visitor, code=code.strip())
    except (WrongCode, TooManyWrongCodes):
        write_security_event(SecurityEvent.WRONG_CODE, booking=booking.reference)
        raise


def _prove(booking: Booking, visitor: BookingVisitor, *, code: str) -> None:
    """Count and check a code under the lock of the booking, so that tries at the same time are counted one by one. An
    empty code is not counted.
    """
    if not code:
        raise WrongCode
    with transaction.atomic():
        locks.booking(booking.pk)
        tries = WrongCodeTry.objects.filter(booking__sale=booking.sale_id)
        if wait := seconds_until_fewer(tries, "at", most=WRONG_CODES_PER_HOUR, within_seconds=HOUR):
            raise TooManyWrongCodes(wait, answers_at=booking.showtime.auditorium.theater.reply_to)
        if is_right := _is_right(booking, visitor, code):
            _access(booking, visitor).update(proven_at=ClockTimestamp())
        else:
            tries.filter(at__lte=from_now(-HOUR)).delete()
            WrongCodeTry.objects.create(booking=booking)
    if not is_right:
        raise WrongCode


def _is_right(booking: Booking, visitor: BookingVisitor, code: str) -> bool:
    fresh = _access(booking, visitor).filter(code_sent_at__gt=from_now(-CODE_SECONDS))
    access = fresh.select_related("booking__sale__contact").first()
    return access is not None and is_mailbox_code(access, code)


def _access(booking: Booking, visitor: BookingVisitor) -> QuerySet[BookingAccess]:
    return BookingAccess.objects.filter(
        booking=booking, holder=visitor.holder, link_version=booking.sale.link_version
    ).exclude(holder="")
