"""Fills seats as clubs and schools do: in large parties, the best rows first, by the services that everybody uses."""

import hashlib
import random
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from django.conf import settings

from reservations import locks
from reservations.models import OutgoingMail
from reservations.services.bookings import PayForm, confirm_booking, open_booking
from reservations.services.holds import Browser, take_seats
from reservations.services.party import Place, objections
from theaters.models import Seat, Showtime, TicketType
from theaters.services.prices import PriceTable, pinned_prices
from theaters.states import SeatCategory

PARTY = (4, 6, 10, 10)
BESIDE = {SeatCategory.WHEELCHAIR, SeatCategory.COMPANION}


def fill(showtime: Showtime, *, share: float, now: datetime) -> int:
    """Book this share of the seats on the showtime's present price list, which must cost nothing. Returns how many."""
    dice = random.Random(f"{showtime.auditorium_id} {showtime.starts_at.isoformat()}")
    seats = list(Seat.objects.filter(plan_id=showtime.plan_id).order_by("pk"))
    wanted = round(len(seats) * share)
    prices = pinned_prices(showtime.price_version_id)
    booked: list[int] = []
    taken = 0
    for number, party in enumerate(_parties(seats, dice)):
        if taken + len(party) > wanted:
            continue
        booked.append(_book(showtime, party, prices, number, dice))
        taken += len(party)
    # Their confirmation went out long ago: the mail viewer is for what a visitor does.
    OutgoingMail.objects.filter(booking_id__in=booked).update(sent_at=now, attempts=1)
    return taken


def _parties(seats: list[Seat], dice: random.Random) -> Iterator[list[Seat]]:
    """All seats, cut into groups of one row, the best rows first; a sofa is not cut."""
    most = min(max(PARTY), settings.MAX_SEATS_PER_HOLD or max(PARTY))
    best = seats[-1].y * 0.66
    # Wheelchair spaces go together with the seats beside them.
    rows = [list(row) for _, row in groupby(seats, key=lambda seat: (seat.row, seat.category in BESIDE))]
    for rest in sorted(rows, key=lambda row: abs(row[0].y - best)):
        while rest:
            size = min(most if rest[0].category in BESIDE else dice.choice(PARTY), most, len(rest))
            if size < len(rest) and rest[size - 1].unit and rest[size - 1].unit == rest[size].unit:
                size = size + 1 if size < most else max(1, size - 1)
            yield rest[:size]
            del rest[:size]


def _book(showtime: Showtime, party: list[Seat], prices: PriceTable, number: int, dice: random.Random) -> int:
    """Take, pay nothing, confirm: the moves of a free booking."""
    who = f"friend {showtime.pk} {number}"
    browser = Browser(holder=hashlib.sha256(who.encode()).hexdigest(), address="")
    choices = _ticket_types(showtime, party, prices, dice)
    email = f"friend{dice.randrange(1, 900)}@marquee.example"
    take_seats(showtime_id=showtime.pk, browser=browser, labels=list(choices))
    booking = open_booking(
        showtime_id=showtime.pk,
        browser=browser,
        form=PayForm(email=email, choices=choices, expected_total=Decimal("0.00")),
    )
    if not confirm_booking(locks.booking(booking.pk), actor="demo"):
        raise RuntimeError(f"the seats {', '.join(choices)} went to somebody else while they were booked")
    return booking.pk


def _ticket_types(showtime: Showtime, party: list[Seat], prices: PriceTable, dice: random.Random) -> dict[str, str]:
    """Drawn by lot; all grown-ups where the lot would bring somebody who may not come."""
    drawn = [(seat, dice.choice(_weighted(prices.types_for(seat.category)))) for seat in party]
    places = [Place(seat.label, seat.category, kind) for seat, kind in drawn]
    if objections(places=places, film=showtime.age_rule):
        drawn = [(seat, prices.default_type(seat.category)) for seat in party]
    return {seat.label: kind.code for seat, kind in drawn}


def _weighted(kinds: tuple[TicketType, ...]) -> list[TicketType]:
    return [*kinds, kinds[0], kinds[0]]
