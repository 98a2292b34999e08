"""A leaked link must not move money: whoever came by it alone shows first that the booking's mailbox is theirs."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.crypto import constant_time_compare

from core.clock import ClockTimestamp, from_now
from core.security_log import SecurityEvent, write_security_event
from reservations.access import mailbox_code
from reservations.models import Booking, BookingAccess
from reservations.refusals import TooManyCodes, WrongCode
from reservations.services.bookings import write_mail
from reservations.states import MailKind

CODE_SECONDS = 900
PROOF_SECONDS = 3600
PAUSE_SECONDS = 60
# A guess is right once in 1,000,000; one browser has 5 × 5 of them as long as the link lives.
MOST_TRIES = 5
MOST_CODES = 5


@dataclass(frozen=True)
class Visitor:
    """Who looks at a booking: a browser, and an account when somebody is signed in."""

    holder: str
    user_id: int | None


def is_trusted(booking: Booking, visitor: Visitor) -> bool:
    """The browser that bought, the signed-in owner, or a browser that has given the code within the hour."""
    is_buyer = bool(visitor.holder) and visitor.holder == booking.holder
    is_owner = visitor.user_id is not None and visitor.user_id == booking.user_id
    return is_buyer or is_owner or _access(booking, visitor).filter(proven_at__gt=from_now(-PROOF_SECONDS)).exists()


def waits_for_code(booking: Booking, visitor: Visitor) -> bool:
    """A code is on its way to the mailbox, or there already."""
    return _access(booking, visitor).filter(code_sent_at__gt=from_now(-CODE_SECONDS)).exists()


def send_code(booking: Booking, visitor: Visitor) -> None:
    """Write a mail with a new code; the ones before it are worth nothing from now on. Raises TooManyCodes."""
    with transaction.atomic():
        sent = (
            _access(booking, visitor)
            .filter(Q(code_sent_at=None) | Q(code_sent_at__lte=from_now(-PAUSE_SECONDS)), codes_sent__lt=MOST_CODES)
            .update(codes_sent=F("codes_sent") + 1, code_tries=0, code_sent_at=ClockTimestamp())
        )
        if not sent:
            raise TooManyCodes
        access = _access(booking, visitor).get()
        name = f"{access.pk}-{access.codes_sent}"
        write_mail(booking, MailKind.CODE, about=name, access=access.pk, number=access.codes_sent)


def prove(booking: Booking, visitor: Visitor, *, code: str) -> None:
    """Raises WrongCode, and says so in the security log."""
    try:
        _prove(booking, visitor, code=code)
    except WrongCode:
        write_security_event(SecurityEvent.WRONG_CODE, booking=booking.reference)
        raise


def _prove(booking: Booking, visitor: Visitor, *, code: str) -> None:
    """The try is counted before it is looked at, so that many at once are not more of them."""
    fresh = _access(booking, visitor).filter(code_sent_at__gt=from_now(-CODE_SECONDS), code_tries__lt=MOST_TRIES)
    if not fresh.update(code_tries=F("code_tries") + 1):
        raise WrongCode
    access = _access(booking, visitor).get()
    if not constant_time_compare(mailbox_code(access_id=access.pk, number=access.codes_sent), code.strip()):
        raise WrongCode
    _access(booking, visitor).update(proven_at=ClockTimestamp())


def _access(booking: Booking, visitor: Visitor) -> QuerySet[BookingAccess]:
    return BookingAccess.objects.filter(
        booking=booking, holder=visitor.holder, link_version=booking.link_version
    ).exclude(holder="")
