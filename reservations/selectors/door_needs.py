"""The needs that the door sees, if the account that booked agreed to it."""

from accounts.selectors import needs_told_of
from accounts.states import Need
from core.texts.lazy_text import gettext_lazy as _
from reservations.models import Booking, Ticket, Transfer

# The needs in words for an usher; the account's page words them for the person.
WORDS = {
    Need.WHEELCHAIR: _("stays in a wheelchair"),
    Need.TRANSFER: _("changes from a wheelchair to the seat"),
    Need.STEP_FREE: _("needs a way without steps"),
    Need.AISLE: _("needs a seat beside an aisle"),
    Need.ARMREST: _("needs an armrest that lifts"),
    Need.NEAR_EXIT: _("needs a seat near an exit"),
    Need.HEARING_LOOP: _("needs the hearing loop"),
    Need.CAPTIONS: _("reads captions"),
    Need.AUDIO_DESCRIPTION: _("needs audio description"),
    Need.RELAXED: _("comes for a relaxed showtime"),
    Need.DOG: _("comes with an assistance dog"),
    Need.ASSISTANT: _("comes with an assistant"),
}


def needs_of_booking(booking: Booking) -> tuple[str, ...]:
    """The needs shown at the door; none for guests or emptied contacts. One query for an account's booking."""
    sale = booking.sale
    if sale.user_id is None or sale.contact.emptied_at is not None:
        return ()
    return tuple(str(WORDS[need]) for need in needs_told_of(sale.user_id))


def needs_of_ticket(ticket: Ticket) -> tuple[str, ...]:
    """The needs of the booking's person; none once the ticket was given to somebody else."""
    needs = needs_of_booking(ticket.booking)
    if needs and Transfer.objects.filter(ticket=ticket, accepted_at__isnull=False).exists():
        return ()
    return needs
