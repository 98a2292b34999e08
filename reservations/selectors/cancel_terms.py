"""How much of its price a ticket gives back when its customer cancels it, also after exchanges.

An exchange gives back no more than canceling the old tickets would have given at that moment (docs/adr/0055).
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext

from reservations.models import Booking, Ticket
from reservations.selectors.change_offers import open_offer
from reservations.states import LIVE_TICKETS
from theaters.prices.cancel_tiers import next_change, percent_back
from theaters.seat_labels import labels_in_words

ALL = 100


@dataclass(frozen=True)
class CancelTerms:
    """The refund by the terms of the sale now, and until when. `percent` is None when it is too late, or tickets can
    never be canceled.
    """

    percent: int | None
    until: datetime | None
    # All of the money comes back, also for tickets that came by an exchange.
    is_changed: bool = False

    def percent_of(self, ticket: Ticket) -> int:
        """A ticket that came by an exchange gives no larger part than the tickets before it."""
        percent = self.percent or 0
        return percent if self.is_changed or ticket.most_percent is None else min(percent, ticket.most_percent)


def cancel_terms(booking: Booking, *, now: datetime) -> CancelTerms:
    """One query when the showtime was changed: until the deadline of that, all of the money comes back. Else none."""
    if changed := open_offer(booking):
        return CancelTerms(ALL, changed.until, is_changed=True)
    tiers, starts_at = booking.sale.cancel_tiers, booking.showtime.starts_at
    return CancelTerms(
        percent_back(tiers, starts_at=starts_at, now=now), next_change(tiers, starts_at=starts_at, now=now)
    )


def agreed_terms(booking: Booking) -> str:
    """The terms of the sale, and what exchanges made of them. No query: the booking comes with its tickets."""
    seats: dict[int, list[str]] = {}
    for ticket in booking.tickets.all():
        if ticket.most_percent is not None and ticket.status in LIVE_TICKETS:
            seats.setdefault(ticket.most_percent, []).append(ticket.seat.label)
    exchanged = [_most_in_words(percent, labels_in_words(labels)) for percent, labels in sorted(seats.items())]
    return "\n\n".join(
        part for part in (_says_why_in_another_language(booking), booking.sale.terms, *exchanged) if part
    )


def _says_why_in_another_language(booking: Booking) -> str:
    """What was agreed to is not translated afterwards. '' where it is in the reader's language."""
    if not booking.sale.terms or booking.sale.language == get_language():
        return ""
    return gettext("These terms are in the language in which you booked, word for word as you agreed to them:")


def _most_in_words(percent: int, seats: str) -> str:
    if not percent:
        sentence = gettext(
            "%(seats)s: canceling gives no money back, because the tickets that were exchanged gave none back any more."
        )
        return sentence % {"seats": seats}
    sentence = gettext(
        "%(seats)s: canceling gives back at most %(percent)s%% of the price, as much as the tickets that were exchanged."
    )
    return sentence % {"seats": seats, "percent": percent}
