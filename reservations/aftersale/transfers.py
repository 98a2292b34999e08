"""A ticket goes to somebody else by a link: it gets a new code, and the old one opens no door. The payer keeps the
right to refunds and alone may cancel.
"""

import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext

from accounts.states import Need
from core.clock import ClockTimestamp, database_now
from core.pauses import WhenPaused
from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from reservations import locks
from reservations.models import Booking, Ticket, Transfer, new_code
from reservations.records.status_changes import give_ticket, log_moves
from reservations.selectors.transfers import last_transfer
from reservations.selling.bookings import write_mail
from reservations.states import MailKind, TicketStatus
from theaters.models import Seat, Showtime
from theaters.states import ShowtimeStatus


class CannotTransfer(Refusal):
    staff_can = "Look up the booking: its page says whose ticket it is and what became of it."
    title = _("That is no longer possible")
    sentence = _("This ticket cannot be given to somebody else.")


class TransferOver(Refusal):
    """The link leads to no ticket any more."""

    staff_can = "Ask the person who sent the link for a new one."
    status = 410
    title = _("This link is over")
    way_on = WayOn(url="/")
    sentence = _(
        "Somebody has taken this ticket already, or the link was withdrawn. Please ask the person who sent it."
    )


def make_link(*, ticket_id: int, code: str) -> Transfer:
    """The open link of a ticket, or a new one, by the code that its owner has. Raises CannotTransfer."""
    with transaction.atomic():
        ticket = _locked(ticket_id)
        _require_own(ticket, code)
        if sentence := why_not_given(ticket):
            raise CannotTransfer(sentence)
        known = ticket.transfers.filter(withdrawn_at=None, accepted_at=None).first()
        return known or Transfer.objects.create(ticket=ticket, code=secrets.token_urlsafe(24))


def withdraw_link(*, ticket_id: int, code: str) -> None:
    """Withdraw the link of a transfer. A ticket that was taken by it stays with its new owner. Raises CannotTransfer."""
    with transaction.atomic():
        _require_own(_locked(ticket_id), code)
        Transfer.objects.filter(ticket=ticket_id, withdrawn_at=None, accepted_at=None).update(
            withdrawn_at=ClockTimestamp()
        )


def take_ticket(*, code: str, holder: str, needs: Iterable[Need] = ()) -> Ticket:
    """Make this browser the ticket's owner; a second time by the same browser changes nothing. `needs`: what its person
    tells the staff.

    Raises TransferOver, CannotTransfer; then nothing was changed.
    """
    ticket_id = Transfer.objects.values_list("ticket_id", flat=True).get(code=code)
    with transaction.atomic():
        ticket = _locked(ticket_id)
        transfer = Transfer.objects.get(code=code)
        if transfer.accepted_at is not None and transfer.holder == holder:
            return ticket
        if not transfer.is_open:
            raise TransferOver
        if sentence := why_not_given(ticket):
            raise CannotTransfer(sentence)
        _hand_over(transfer, ticket, holder, needs)
        return ticket


def tell_needs_of_taker(*, ticket_id: int, code: str, needs: Iterable[Need]) -> None:
    """Keep what the person who took the ticket tells the staff, in place of what was told before; none takes it back.

    Raises CannotTransfer.
    """
    with transaction.atomic():
        ticket = _locked(ticket_id)
        _require_own(ticket, code)
        if taken := last_transfer(ticket):
            taken.told_needs = [need.value for need in needs]
            taken.save(update_fields=["told_needs"])


def _locked(ticket_id: int) -> Ticket:
    """Lock the ticket. Its row lock decides which of entry, cancellation and transfer comes first."""
    booking_id, showtime_id = Ticket.objects.values_list("booking_id", "showtime_id").get(pk=ticket_id)
    locks.showtime_gate(showtime_id, when_paused=WhenPaused.STOPS_AFTER_RESTORE)
    locks.booking(booking_id)
    return locks.ticket(ticket_id)


def _require_own(ticket: Ticket, code: str) -> None:
    """Check that a locked ticket still has this code, and was not taken by somebody else meanwhile."""
    if ticket.code != code:
        raise CannotTransfer(gettext("Somebody else has this ticket now."))


def why_not_given(ticket: Ticket) -> str:
    """Return why a ticket cannot be given to somebody else; '' when it can. Two queries."""
    if ticket.status == TicketStatus.USED:
        return gettext("This ticket has been used already.")
    if ticket.status != TicketStatus.VALID:
        return gettext("This ticket was canceled.")
    if ticket.is_empty_place:
        return gettext("This place of a sofa was sold to stay empty, so nobody else can have it.")
    showtime = Showtime.objects.get(pk=ticket.showtime_id)
    if showtime.status != ShowtimeStatus.PUBLISHED or showtime.ends_at <= database_now():
        return gettext("This showtime is over, or does not take place.")
    if Booking.objects.get(pk=ticket.booking_id).sale.frozen_at is not None:
        return gettext("The payment for this ticket is being disputed with the bank.")
    return ""


def _hand_over(transfer: Transfer, ticket: Ticket, holder: str, needs: Iterable[Need]) -> None:
    """Give the ticket a new code. The transfer is saved first: the database demands it. What the person told who had it
    before is forgotten.
    """
    ticket.transfers.exclude(told_needs=[]).update(told_needs=[])
    transfer.told_needs = [need.value for need in needs]
    transfer.old_code, transfer.new_code, transfer.holder = ticket.code, new_code(), holder
    transfer.accepted_at = ClockTimestamp()
    transfer.save(update_fields=["old_code", "new_code", "holder", "accepted_at", "told_needs"])
    if ticket.given_at is None:
        _tell_the_payer(transfer, ticket)
    give_ticket(ticket, code=transfer.new_code)
    Booking.objects.filter(pk=ticket.booking_id).update(changed_at=ClockTimestamp())
    log_moves("transfer", [(ticket.pk, "", "GIVEN")], actor="customer")


def _tell_the_payer(transfer: Transfer, ticket: Ticket) -> None:
    """Mail the payer that their link was used. A friend who passes the ticket on causes no mail."""
    booking = Booking.objects.select_related("sale__contact").get(pk=ticket.booking_id)
    seat = Seat.objects.get(pk=ticket.seat_id)
    write_mail(booking, MailKind.GIVEN, about=transfer.pk, seat=seat.label)
