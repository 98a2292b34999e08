"""The code with which a whole party comes in: the same people as with the codes of their tickets, each once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from core.money import rounded
from core.texts.local_formats import and_list
from reservations.models import Booking, Ticket
from reservations.price_changes import in_words, summed
from reservations.states import LIVE_TICKETS, BookingStatus, TicketStatus
from theaters.seat_labels import labels_in_words


@dataclass(frozen=True)
class PartyCard:
    """The shared code of a party. `people` may enter with it in all; `left` are not inside yet."""

    code: str
    url: str
    qr_url: str
    labels: tuple[str, ...]
    seats_text: str
    left: int
    # The total price of these people, how it came about, and their ticket types.
    price: Decimal
    price_text: str
    kinds_text: str
    currency: str
    reference: str

    @property
    def people(self) -> int:
        return len(self.labels)


def party_members(booking: Booking) -> list[Ticket]:
    """Tickets that the party's code lets in: not given away, canceled or sold to stay empty. No query if prefetched."""
    return [one for one in booking.tickets.all() if one.is_let_in_with_party]


def may_have_party_code(booking: Booking) -> bool:
    return _opens(booking) and len(party_members(booking)) > 1


def party_card(booking: Booking) -> PartyCard | None:
    """The shared code of a booking; None when it has none or nobody can come in with it."""
    members = party_members(booking) if _opens(booking) else []
    if not booking.party_code or not members:
        return None
    paid = [ticket for ticket in booking.tickets.all() if _is_paid_here(ticket)]
    price = sum((ticket.price for ticket in paid), Decimal(0))
    return PartyCard(
        code=booking.party_code,
        url=reverse("ticket", args=[booking.party_code]),
        qr_url=reverse("ticket_qr", args=[booking.party_code]),
        labels=tuple(ticket.seat.label for ticket in members),
        seats_text=labels_in_words(ticket.seat.label for ticket in members),
        left=sum(ticket.status == TicketStatus.VALID for ticket in members),
        price=rounded(price, booking.currency),
        price_text=_price_text(paid, booking.currency),
        kinds_text=and_list(f"{n} × {name}" for name, n in Counter(ticket.type_text for ticket in paid).items()),
        currency=booking.currency,
        reference=booking.reference,
    )


def _price_text(paid: Sequence[Ticket], currency: str) -> str:
    """How the total price came about; '' where it is that of the list, or where old tickets have no record of it."""
    changes = summed(change for ticket in paid for change in ticket.changes)
    discount = sum((ticket.discount for ticket in paid), Decimal(0))
    if not (changes or discount):
        return ""
    listed = [ticket.full_price if ticket.list_price is None else ticket.list_price for ticket in paid]
    return in_words(sum(listed, Decimal(0)), changes, discount, currency)


def _opens(booking: Booking) -> bool:
    return booking.status == BookingStatus.CONFIRMED and booking.sale.frozen_at is None


def _is_paid_here(ticket: Ticket) -> bool:
    return ticket.status in LIVE_TICKETS and ticket.given_at is None


def booking_of_party(code: str) -> Booking | None:
    """Find a booking by its shared code, with its names and tickets."""
    return Booking.objects.filter(party_code=code).with_names().with_tickets().first()
