"""Fills seats as clubs and schools do: in large parties, the best rows first, sold at the counter by its services."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.conf import settings

from accounts.models import User
from payments.sessions.counter_sales import CounterSale, sell
from payments.states import PaymentMethod
from reservations.counter.counter_seats import (
    CounterOrder,
    CounterSeller,
    Overrides,
    quote_at_counter,
    take_at_counter,
)
from reservations.models import OutgoingMail
from reservations.refusals.seats import LeavesSingleSeats
from reservations.selling.party_rules import PartySeat, objections
from theaters.models import Seat, Showtime, TicketType
from theaters.prices.prices import PriceTable, pinned_prices
from theaters.seat_categories import is_for_some

PARTY = (4, 6, 10, 10)


def fill(showtime: Showtime, *, share: float, operator: User, now: datetime) -> int:
    """Sell this share of the seats at the counter. Returns how many."""
    dice = random.Random(f"{showtime.auditorium.theater.slug} {showtime.auditorium} {showtime.starts_at.isoformat()}")
    seats = list(Seat.objects.filter(plan_id=showtime.plan_id).order_by("pk"))
    wanted = round(len(seats) * share)
    prices = pinned_prices(showtime.price_version_id)
    booked: list[int] = []
    taken = 0
    for number, party in enumerate(parties(seats, dice)):
        if taken + len(party) > wanted:
            continue
        seller = CounterSeller(hashlib.sha256(f"friend {showtime.pk} {number}".encode()).hexdigest(), operator.pk)
        booked.append(_book(showtime, seller, ticket_types(showtime, party, prices, dice), dice, now))
        taken += len(party)
    # Their confirmations count as sent, so that the mail viewer shows only mails of the visitor's own bookings.
    OutgoingMail.objects.filter(booking_id__in=booked).update(sent_at=now, attempts=1)
    return taken


def parties(seats: list[Seat], dice: random.Random, sizes: tuple[int, ...] = PARTY) -> Iterator[list[Seat]]:
    """All seats, cut into groups of one row, the best rows first; a sofa is not cut."""
    most = min(max(PARTY), settings.MAX_SEATS_PER_HOLD or max(PARTY))
    best = seats[-1].y * 0.66
    # Wheelchair spaces go together with the seats beside them.
    rows = [list(row) for _, row in groupby(seats, key=lambda seat: (seat.y, is_for_some(seat.category)))]
    for rest in sorted(rows, key=lambda row: abs(row[0].y - best)):
        while rest:
            size = min(most if is_for_some(rest[0].category) else dice.choice(sizes), most, len(rest))
            if size < len(rest) and rest[size - 1].unit and rest[size - 1].unit == rest[size].unit:
                size = size + 1 if size < most else max(1, size - 1)
            yield rest[:size]
            del rest[:size]


def _book(
    showtime: Showtime, seller: CounterSeller, choices: dict[str, str], dice: random.Random, now: datetime
) -> int:
    """Sell these seats: mostly paid in cash or by card, some are comps; one party in three leaves an address.

    A single seat that would be left over is sold past the rule, as staff may with a reason.
    """
    method = dice.choice([PaymentMethod.CASH, PaymentMethod.TERMINAL])
    order: dict[str, Any] = {
        "choices": choices,
        "email": f"friend{dice.randrange(1, 900)}@marquee.example" if dice.randrange(3) == 0 else "",
        "comp_reason": "Friends of the house" if dice.randrange(12) == 0 else "",
    }
    take_at_counter(showtime_id=showtime.pk, seller=seller, labels=list(choices), now=now)
    shown = quote_at_counter(
        showtime_id=showtime.pk, seller=seller, order=CounterOrder(expected_total=Decimal(0), **order)
    )
    sale = CounterSale(expected_total=shown.total, method=method, **order)
    try:
        sold = sell(showtime_id=showtime.pk, seller=seller, sale=sale, now=now)
    except LeavesSingleSeats:
        past = replace(sale, allow=Overrides(single_seats=True, reason="No other seats together"))
        sold = sell(showtime_id=showtime.pk, seller=seller, sale=past, now=now)
    return sold.booking.pk


def ticket_types(showtime: Showtime, party: list[Seat], prices: PriceTable, dice: random.Random) -> dict[str, str]:
    """Random ticket types; all adults where the random ones are refused."""
    drawn = [(seat, dice.choice(_weighted(prices.types_for(seat.category)))) for seat in party]
    places = [PartySeat(seat.label, seat.category, kind) for seat, kind in drawn]
    if objections(places=places, ages=showtime.age_rule):
        drawn = [(seat, prices.default_type(seat.category)) for seat in party]
    return {seat.label: kind.code for seat, kind in drawn}


def _weighted(kinds: tuple[TicketType, ...]) -> list[TicketType]:
    people = [kind for kind in kinds if not kind.is_empty_place]
    return [*people, people[0], people[0]]
