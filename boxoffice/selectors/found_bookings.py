"""Bookings of one theater as they are looked for at the counter and the door.

By reference, name, e-mail, the last four digits of the card, or a seat: "C7" of today's showtimes, "C7 1930" or
"C7 metropolis" of one of them, "balcony A7" where two sections have a row A. Every word must match. Name and digits are
those of the provider's payment page.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from boxoffice.selectors.booking_page import seats_text
from core.clock import in_zone
from core.texts.search_text import folded
from houses.business_days import business_day, day_bounds
from houses.models import Theater
from payments.models import Payment
from payments.states import CAPTURED_PAYMENTS
from reservations.models import Booking, MovedInTicket, Ticket
from reservations.seats.plan_seats import has_numbers
from reservations.selectors.notes import NoteLine, notes_by_booking
from reservations.states import LIVE_TICKETS, BookingStatus
from theaters.models import Showtime
from theaters.seat_labels import row_and_number

MOST_FOUND = 20
MOST_WORDS = 6
MOST_TEXT = 100
SHORTEST = 2  # letters of a name or an e-mail
SEAT = re.compile(r"[A-Za-z]{1,2}-?[0-9]{1,3}|[A-Za-z0-9]{1,4}-[0-9]{1,3}")
LAST4 = re.compile(r"[0-9]{4}")
REFERENCE = re.compile(r"[A-Z0-9]{5,8}")


@dataclass(frozen=True)
class FoundBooking:
    """A booking in the results of a search. `last4` and `name` are empty for sales of the counter."""

    pk: int
    reference: str
    # `?showtime=17` where the reference alone does not name it; else ''.
    showtime_query: str
    status: str
    status_label: str
    movie: str
    auditorium: str
    starts_at: datetime
    seats: str
    people: int
    name: str
    email: str
    last4: str
    has_tickets: bool
    has_numbers: bool  # whether tickets could get other seats: not where everything is unreserved
    notes: tuple[NoteLine, ...]


@dataclass(frozen=True)
class FoundBookings:
    bookings: tuple[FoundBooking, ...]
    has_more: bool


def find_bookings(*, theater: Theater, text: str, now: datetime) -> FoundBookings:
    """Find at most MOST_FOUND bookings, those of coming showtimes first, then by nearness."""
    words = text[:MOST_TEXT].split()[:MOST_WORDS]
    if not words:
        return FoundBookings((), has_more=False)
    matching = _matching(words, theater, now)
    coming = list(matching.filter(showtime__ends_at__gt=now).order_by("showtime__starts_at", "pk")[: MOST_FOUND + 1])
    left = MOST_FOUND + 1 - len(coming)
    past = list(matching.filter(showtime__ends_at__lte=now).order_by("-showtime__starts_at", "pk")[:left])
    rows = [*coming, *past]
    notes = notes_by_booking([row.pk for row in rows], theater.zone)
    found = tuple(_found_booking(row, notes.get(row.pk, ())) for row in rows[:MOST_FOUND])
    return FoundBookings(found, has_more=len(rows) > MOST_FOUND)


def _matching(words: list[str], theater: Theater, now: datetime) -> QuerySet[Booking]:
    found = Booking.objects.filter(showtime__auditorium__theater=theater).exclude(status=BookingStatus.EXPIRED)
    seats = [word for word in words if SEAT.fullmatch(word)]
    day = list(_showtimes_of_day(theater, now)) if seats else []
    for word in words:
        found = found.filter(_matches(word, day, theater, is_of_showtime=bool(seats) and word not in seats))
    return found.with_names().with_tickets().prefetch_related("sale__payments")


def _matches(word: str, day: list[Showtime], theater: Theater, *, is_of_showtime: bool) -> Q:
    """Combine one sub-query for each kind of match, so that each uses its index."""
    ways = [*_by_customer(word), _moved_in(word, theater)]
    of_day = Ticket.objects.filter(showtime__in=day, status__in=LIVE_TICKETS).order_by()
    if SEAT.fullmatch(word) and (place := row_and_number(word)):
        ways.append(of_day.filter(seat__row=place[0], seat__number=place[1]).values("booking"))
    if is_of_showtime:
        ways.append(of_day.filter(seat__section__icontains=word).values("booking"))
        chosen = [showtime.pk for showtime in day if _is_meant(showtime, word)]
        ways.append(Booking.objects.filter(showtime__in=chosen).order_by().values("pk"))
    return Q(pk__in=ways[0].union(*ways[1:])) if len(ways) > 1 else Q(pk__in=ways[0])


def _by_customer(word: str) -> Iterable[QuerySet]:
    reference = word.upper().replace("-", "")
    reads_as_reference = bool(REFERENCE.fullmatch(reference))
    written = f"{reference[:4]}-{reference[4:]}" if reads_as_reference else ""
    yield (
        Booking.objects.filter(sale__reference__startswith=written).order_by().values("pk")
        if written
        else (Booking.objects.none().values("pk"))
    )
    if LAST4.fullmatch(word):
        cards = Payment.objects.filter(card_last4=word, status__in=CAPTURED_PAYMENTS)
        yield Booking.objects.filter(sale__in=cards.order_by().values("sale")).order_by().values("pk")
    if len(word) >= SHORTEST and not word.isdecimal():
        yield Booking.objects.filter(sale__contact__email__icontains=word).order_by().values("pk")
        yield Booking.objects.filter(sale__contact__payer_search__contains=folded(word)).order_by().values("pk")


def _moved_in(word: str, theater: Theater) -> QuerySet:
    """Find moved-in tickets by the other system's order number or barcode."""
    moved = MovedInTicket.objects.filter(Q(order_number=word) | Q(barcode=word), theater=theater)
    return moved.order_by().values("ticket__booking")


def _showtimes_of_day(theater: Theater, now: datetime) -> QuerySet[Showtime]:
    start, end = day_bounds(theater, business_day(theater, now))
    return Showtime.objects.filter(auditorium__theater=theater, starts_at__gte=start, starts_at__lt=end).select_related(
        "movie", "auditorium__theater"
    )


def _is_meant(showtime: Showtime, word: str) -> bool:
    """Whether a word means this showtime: 19:30, 1930, 19, or letters of movie or auditorium."""
    starts = in_zone(showtime.starts_at, showtime.auditorium.theater.zone)
    if word.replace(":", "").isdecimal():
        return f"{starts:%H%M}".startswith(word.replace(":", ""))
    named = f"{showtime.title} {showtime.shown_title} {showtime.auditorium.name} {showtime.auditorium.shown_name}"
    return any(part.startswith(folded(word)) for part in folded(named).split())


def _found_booking(booking: Booking, notes: tuple[NoteLine, ...]) -> FoundBooking:
    tickets = list(booking.tickets.all())
    live = [ticket for ticket in tickets if ticket.status in LIVE_TICKETS]
    paid = next((payment for payment in booking.sale.payments.all() if payment.status in CAPTURED_PAYMENTS), None)
    showtime = booking.showtime
    return FoundBooking(
        pk=booking.pk,
        reference=booking.reference,
        showtime_query=booking.showtime_query,
        status=booking.status.lower(),
        status_label=booking.get_status_display(),
        movie=showtime.shown_title,
        auditorium=showtime.auditorium.shown_name,
        starts_at=in_zone(showtime.starts_at, showtime.auditorium.theater.zone),
        seats=seats_text([ticket.seat.label for ticket in live or tickets]),
        people=sum(not ticket.is_empty_place for ticket in live),
        name=booking.sale.contact.payer_name,
        email=booking.email,
        last4=paid.card_last4 if paid else "",
        has_tickets=booking.status == BookingStatus.CONFIRMED and bool(live),
        has_numbers=has_numbers(showtime.plan_id),
        notes=notes,
    )
