"""The needs that the door sees: of the account that booked, if its person agreed to it, and those told with the sale."""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.selectors import needs_told_of
from accounts.services.needs import joined
from accounts.states import Need
from core.texts.lazy_text import gettext_lazy as _
from reservations.models import Booking, Ticket
from reservations.selectors.transfers import last_transfer
from sales.models import Contact

# The needs in words for an usher; the account's page words them for the person.
WORDS = {
    Need.WHEELCHAIR: _("stays in a wheelchair"),
    Need.TRANSFER: _("changes out of a wheelchair"),
    Need.STEP_FREE: _("needs a way without steps"),
    Need.AISLE: _("needs to sit beside an aisle"),
    Need.ARMREST: _("needs an armrest that lifts"),
    Need.NEAR_EXIT: _("needs to sit near an exit"),
    Need.HEARING_LOOP: _("needs the hearing loop"),
    Need.CAPTIONS: _("reads captions"),
    Need.AUDIO_DESCRIPTION: _("needs audio description"),
    Need.RELAXED: _("comes for a relaxed showtime"),
    Need.DOG: _("comes with an assistance dog"),
    Need.ASSISTANT: _("comes with an assistant"),
}


@dataclass(frozen=True)
class NeedsToTell:
    """What a guest may tell the staff with a booking: the value of the tick or button, and what the staff will read."""

    value: str
    words: tuple[str, ...]


def needs_to_tell(needs: Collection[Need]) -> NeedsToTell | None:
    return NeedsToTell(joined(needs), in_words(needs)) if needs else None


def needs_of_booking(booking: Booking) -> tuple[str, ...]:
    """The needs shown at the door; none of an emptied contact. One query for an account's booking."""
    sale = booking.sale
    if sale.contact.emptied_at is not None:
        return ()
    of_account = [] if sale.user_id is None else needs_told_of(sale.user_id)
    return in_words({*of_account, *sale.contact.told_needs})


def needs_at_counter(contact: Contact) -> list[tuple[Need, str, bool]]:
    """Each need, as the staff read it, and whether it is told with the sale; none to choose once the contact is erased."""
    return [(need, str(WORDS[need]), need in contact.told_needs) for need in Need] if contact.emptied_at is None else []


def in_words(needs: Collection[str]) -> tuple[str, ...]:
    """The needs as the staff read them, in the order of the page."""
    return tuple(str(WORDS[need]) for need in Need if need in needs)


def needs_of_ticket(ticket: Ticket) -> tuple[str, ...]:
    """The needs of the booking's person; once the ticket was given away, what the person told who took it."""
    if ticket.given_at is None:
        return needs_of_booking(ticket.booking)
    taken = last_transfer(ticket)
    return in_words(taken.told_needs) if taken else ()
