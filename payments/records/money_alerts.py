"""Mails to the people who look after a theater's money, when some of it needs a person: one for each event."""

import structlog

from payments.records.refund_alerts import staff_addresses
from reservations.letters.mail_rows import add_mails_to_staff
from reservations.models import Booking
from reservations.states import MailKind

logger = structlog.get_logger(__name__)


def alert_staff(booking: Booking, *, purpose: str, says: str) -> None:
    """Queue mails to staff, in the transaction of the event they report."""
    logger.error("money_needs_a_person", booking=booking.reference, says=says)
    addresses = staff_addresses(booking.showtime.auditorium.theater)
    add_mails_to_staff(booking, MailKind.MONEY_ALERT, purpose=purpose, addresses=addresses, facts={"says": says})
