"""Telling the people who look after a theater's money that some of it needs a person: once for each thing that happened."""

import structlog

from core import hints
from payments.services.refund_alerts import staff_addresses
from reservations.models import Booking, OutgoingMail
from reservations.states import MailKind

logger = structlog.get_logger(__name__)


def alert_staff(booking: Booking, *, purpose: str, says: str) -> None:
    """Put the mails into the outbox, in the transaction in which it happened."""
    logger.error("money_needs_a_person", booking=booking.reference, says=says)
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(
                purpose=f"{purpose}:{number}",
                kind=MailKind.MONEY_ALERT,
                booking=booking,
                to=address,
                facts={"says": says},
            )
            for number, address in enumerate(staff_addresses(booking.showtime.auditorium.theater))
        ],
        ignore_conflicts=True,
    )
    hints.on_commit("reservations.send_due_mail")
