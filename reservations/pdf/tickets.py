"""Tickets to print: a page of A6 for each, with the facts of the screen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils.translation import get_language_bidi, gettext, ngettext, pgettext

from core.money import format_money
from core.pdf.engine import make_pdf
from core.pdf.letters import lacks_letters
from core.texts.directions import side_by_side
from core.texts.languages import current_language, speaking
from core.texts.lazy_text import gettext_lazy as _
from core.texts.local_formats import format_clock, format_day, zone_name
from houses.letterheads import letterhead
from reservations.models import Booking, Ticket
from reservations.qr_codes import qr_svg
from reservations.selectors.bookings import TicketCard, ticket_card
from reservations.selectors.party_codes import PartyCard, party_card
from reservations.states import BookingStatus
from theaters.seat_labels import is_place, only_places, seat_words
from theaters.selectors import ShowtimeFacts, palette_of, showtime_facts

TEMPLATE = Path(__file__).with_name("tickets.typ")
LETTERS_ARE_MISSING = _("A box (□) stands for letters we cannot print. Your ticket on the screen shows all of them.")


@dataclass(frozen=True)
class TicketPage:
    """The content of the page of one ticket. `palette`: the movie's three colors, as #rrggbb."""

    ticket: TicketCard
    showtime: ShowtimeFacts
    palette: tuple[str, str, str]
    qr_content: str


def bookings_pdf(bookings: Sequence[Booking], *, address_of: Callable[[str], str], now: datetime) -> bytes | None:
    """A page for each ticket of a sale that opens the door, or one for a party with one code; None when there is none.

    `address_of`: of a path on the site.
    """
    tickets = printable_tickets(bookings)
    parties = {booking.showtime_id: party for booking in bookings if (party := party_card(booking)) is not None}
    return tickets_pdf(tickets, address_of=address_of, now=now, parties=parties) if tickets else None


def printable_tickets(bookings: Sequence[Booking]) -> list[Ticket]:
    """The valid tickets of a sale, without those given to somebody else."""
    confirmed = [booking for booking in bookings if booking.status == BookingStatus.CONFIRMED]
    return [ticket for booking in confirmed for ticket in _valid(booking)]


def _valid(booking: Booking) -> Iterable[Ticket]:
    for ticket in booking.tickets.all():
        ticket.showtime = booking.showtime
        if ticket_card(ticket).is_valid and ticket.given_at is None:
            yield ticket


def tickets_pdf(
    tickets: Sequence[Ticket],
    *,
    address_of: Callable[[str], str],
    now: datetime,
    is_copy: bool = False,
    parties: Mapping[int, PartyCard] | None = None,
) -> bytes:
    """A page for each of these tickets of a sale; their showtimes come with their names. In the language of the sale.

    `parties`, by showtime, have one page for all of their tickets.
    """
    with speaking(tickets[0].booking.sale.language):
        words = {"copy": pgettext("paper", "Copy") if is_copy else ""}
        data = _data(tickets, address_of=address_of, now=now, parties=parties or {})
        return make_pdf(TEMPLATE, data | words, at=now)


def _data(
    tickets: Sequence[Ticket],
    *,
    address_of: Callable[[str], str],
    now: datetime,
    parties: Mapping[int, PartyCard],
) -> dict[str, Any]:
    parts = [_pages(list(its), address_of=address_of, now=now) for _, its in groupby(tickets, key=_showtime_id)]
    return {
        "title": side_by_side((_title(pages) for pages in parts), "; "),
        "author": parts[0][0].showtime.theater_name,
        "lang": current_language(),
        "is-rtl": get_language_bidi(),
        "house": letterhead(tickets[0].showtime.auditorium.theater.house_id),
        "tickets": [facts for pages in parts for facts in _facts(pages, parties, address_of)],
    }


def _facts(
    pages: Sequence[TicketPage], parties: Mapping[int, PartyCard], address_of: Callable[[str], str]
) -> list[dict[str, Any]]:
    party = parties.get(pages[0].showtime.id)
    if party is None:
        return [ticket_facts(page) for page in pages]
    return [party_facts(replace(pages[0], qr_content=address_of(party.url)), party)]


def party_facts(page: TicketPage, party: PartyCard) -> dict[str, Any]:
    """The words on the one page of a party; `page` is that of its first ticket, with the code of all."""
    people = ngettext("%(n)s person", "%(n)s people", party.people) % {"n": party.people}
    facts = ticket_facts(page)
    return facts | {
        "place": [(gettext("Places") if only_places(party.labels) else gettext("Seats"), party.seats_text)],
        "kind": side_by_side((people, party.kinds_text), ": "),
        "room": page.showtime.auditorium_name,
        "price": format_money(party.price, party.currency),
        "price-text": party.price_text,
        "code": party.code,
        "words": facts["words"] | {"qr": gettext("QR code of your party, %(code)s") % {"code": party.code}},
    }


def _showtime_id(ticket: Ticket) -> int:
    return ticket.showtime_id


def _pages(tickets: Sequence[Ticket], *, address_of: Callable[[str], str], now: datetime) -> list[TicketPage]:
    """Build the pages of the tickets of one showtime."""
    showtime = tickets[0].showtime
    facts, palette = showtime_facts(showtime, now=now), palette_of(showtime.movie)
    cards = [ticket_card(ticket) for ticket in tickets]
    return [TicketPage(card, facts, palette, address_of(card.url)) for card in cards]


def _title(pages: Sequence[TicketPage]) -> str:
    seats = side_by_side(seat_words(page.ticket) for page in pages)
    return side_by_side((pages[0].showtime.movie_title, seats))


def ticket_facts(page: TicketPage) -> dict[str, Any]:
    """The words on the page of one ticket."""
    names = _names(page.ticket, page.showtime)
    return {
        **names,
        **_moment(page.showtime),
        "place": _place(page.ticket),
        "price": format_money(page.ticket.price, page.ticket.currency),
        "price-text": page.ticket.price_text,
        "reference": page.ticket.reference,
        "code": page.ticket.code,
        "note": str(LETTERS_ARE_MISSING) if lacks_letters(names) else "",
        "qr": qr_svg(page.qr_content).decode(),
        "colors": page.palette,
        "words": {
            "room": gettext("Room"),
            "booking": gettext("Booking"),
            "qr": gettext("QR code of ticket %(code)s") % {"code": page.ticket.code},
        },
    }


def _place(ticket: TicketCard) -> list[tuple[str, str]]:
    """Return what is printed in large letters: row and seat, or that the place has no number."""
    if is_place(ticket.label):
        return [(gettext("Place"), gettext("Unreserved, not numbered"))]
    return [(gettext("Row"), ticket.row), (gettext("Seat"), str(ticket.number))]


def lacks_letters_in_print(showtime: ShowtimeFacts, *tickets: TicketCard) -> bool:
    """Whether a name on these tickets has letters for which the PDF prints boxes."""
    return any(lacks_letters(_names(ticket, showtime)) for ticket in tickets)


def _names(ticket: TicketCard, showtime: ShowtimeFacts) -> dict[str, str]:
    has_sections = ticket.section not in ("", showtime.auditorium_name)
    section = ticket.section if has_sections else ""
    return {
        "theater": showtime.theater_name,
        "movie": showtime.movie_title,
        "version": side_by_side((showtime.version_and_note, showtime.program_line), ". "),
        "room": side_by_side((section, showtime.auditorium_name)),
        "kind": side_by_side((ticket.type_name, ticket.category_label)),
        "address": showtime.address,
        "contact": showtime.contact.reached_by,
    }


def _moment(showtime: ShowtimeFacts) -> dict[str, str]:
    starts = showtime.starts_at
    night = f" ({showtime.night_note})" if showtime.night_note else ""
    return {"time": format_clock(starts), "day": f"{format_day(starts)}{night}, {zone_name(starts)}"}
