"""Sales of the last days, written in bulk with moments in the past, because services can sell only now, by the
database's clock.

All rows that services would write are written, also in the log, so `check_invariants` finds nothing; prices and tax
come from the product's own quotes.
"""

import hashlib
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from django.db import connection

from accounts.models import User
from dev.demo import crowd
from payments.models import Payment
from payments.states import COUNTER, PaymentMethod, PaymentStatus
from reservations.models import Booking, Hold, Move, Scan, Ticket
from reservations.selling.comps import TERMS
from reservations.selling.quotes import Quote, comp_quote, make_quote
from reservations.selling.ticket_rows import fixed_facts
from reservations.states import BookingStatus, HoldEnd, ScanOutcome, TicketStatus
from sales.models import Contact, Sale
from sales.states import Channel
from theaters.models import Seat, Showtime
from theaters.prices.cancel_tiers import terms_in_words
from theaters.prices.prices import pinned_prices

MOST_TICKETS = 20
TAKE_SEATS = """
UPDATE reservations_showtimeseat AS claim SET booking_id = ticket.booking_id FROM reservations_ticket AS ticket
 WHERE ticket.booking_id = ANY(%s) AND claim.showtime_id = ticket.showtime_id AND claim.seat_id = ticket.seat_id
"""


@dataclass(frozen=True)
class DemoSale:
    """One party at the counter: what it bought, when, and how it paid ("" is a comp)."""

    showtime: Showtime
    quote: Quote
    at: datetime
    method: str
    has_come: bool


def fill(showtimes: list[Showtime], *, operator: User, now: datetime) -> int:
    """Sell some seats of each, before now and before its start. Returns how many."""
    sales = [sale for showtime in showtimes for sale in _sales(showtime, now)]
    if sales:
        _write(sales, operator)
    for showtime in showtimes:
        showtime.seats_taken = sum(len(sale.quote.lines) for sale in sales if sale.showtime is showtime)
        showtime.fullness_at = now
    Showtime.objects.bulk_update(showtimes, ["seats_taken", "fullness_at"])
    return sum(len(sale.quote.lines) for sale in sales)


def _sales(showtime: Showtime, now: datetime) -> list[DemoSale]:
    dice = random.Random(
        f"history {showtime.auditorium.theater.slug} {showtime.auditorium} {showtime.starts_at.isoformat()}"
    )
    seats = list(Seat.objects.filter(plan_id=showtime.plan_id).order_by("pk"))
    prices = pinned_prices(showtime.price_version_id)
    wanted = min(MOST_TICKETS, round(len(seats) * dice.uniform(0.1, 0.7)))
    # Every sixth show has an usher who waves everybody through: nobody is scanned there.
    is_scanned = dice.randrange(6) > 0
    found: list[DemoSale] = []
    for party in crowd.parties(seats, dice, sizes=(1, 2, 2, 2, 3, 4)):
        if sum(len(sale.quote.lines) for sale in found) >= wanted:
            break
        choices = crowd.ticket_types(showtime, party, prices, dice)
        quote = make_quote(showtime=showtime, seats=party, choices=choices, prices=prices)
        method = dice.choices([PaymentMethod.CASH.value, PaymentMethod.TERMINAL.value, ""], weights=[10, 8, 1])[0]
        before = dice.choice([10, 15, 25, 40, 90, 300, 1500, 3000, 7000, 12000])
        at = showtime.starts_at - timedelta(minutes=before, seconds=dice.randrange(600))
        if at < now and (method or quote.total):
            has_come = is_scanned and showtime.ends_at < now and dice.random() < 0.9
            found.append(DemoSale(showtime, quote if method else comp_quote(quote, prices), at, method, has_come))
    return found


def _write(sales: list[DemoSale], operator: User) -> None:
    """Holds, bookings, tickets, seats, payments, scans, and the log of all of it."""
    holds = Hold.objects.bulk_create(_hold(sale, number, operator) for number, sale in enumerate(sales))
    pairs = list(zip(sales, holds, strict=True))
    contacts = Contact.objects.bulk_create(Contact() for _ in sales)
    rows = Sale.objects.bulk_create(
        _sale(sale, hold, contact, operator) for (sale, hold), contact in zip(pairs, contacts, strict=True)
    )
    bookings = Booking.objects.bulk_create(
        _booking(sale, hold, row) for (sale, hold), row in zip(pairs, rows, strict=True)
    )
    sold = list(zip(sales, bookings, strict=True))
    tickets = Ticket.objects.bulk_create(ticket for sale, booking in sold for ticket in _tickets(sale, booking))
    with connection.cursor() as cursor:
        cursor.execute(TAKE_SEATS, [[booking.pk for booking in bookings]])
    payments = Payment.objects.bulk_create(
        _payment(sale, booking, operator) for sale, booking in sold if sale.quote.total
    )
    at = {booking.pk: sale.at for sale, booking in sold}
    paid_at = {booking.sale_id: sale.at for sale, booking in sold}
    came = [ticket for ticket in tickets if ticket.status == TicketStatus.USED]
    Scan.objects.bulk_create(_scan(ticket, operator) for ticket in came)
    actor = f"staff:{operator.pk}"
    moves: list[tuple[str, int, str, str, datetime]] = [
        ("booking", one.pk, BookingStatus.PENDING, BookingStatus.CONFIRMED, at[one.pk]) for one in bookings
    ]
    moves += [("ticket", one.pk, TicketStatus.RESERVED, TicketStatus.VALID, at[one.booking_id]) for one in tickets]
    moves += [("ticket", one.pk, TicketStatus.VALID, TicketStatus.USED, one.showtime.starts_at) for one in came]
    moves += [
        ("payment", one.pk, PaymentStatus.CREATED, PaymentStatus.SUCCEEDED, paid_at[one.sale_id]) for one in payments
    ]
    Move.objects.bulk_create(
        Move(what=what, what_id=pk, from_status=old, to_status=new, actor=actor, at=moment)
        for what, pk, old, new, moment in moves
    )


def _hold(sale: DemoSale, number: int, operator: User) -> Hold:
    who = f"history {sale.showtime.pk} {number}"
    start = sale.at - timedelta(minutes=1)
    return Hold(
        showtime=sale.showtime, holder=hashlib.sha256(who.encode()).hexdigest(), operator=operator,
        price_version_id=sale.showtime.price_version_id, started_at=start, expires_at=start + timedelta(minutes=8),
        cap_at=start + timedelta(minutes=20), ended_at=sale.at, end=HoldEnd.PAID, changed_at=sale.at,
    )  # fmt: skip


def _booking(sale: DemoSale, hold: Hold, of: Sale) -> Booking:
    return Booking(
        sale=of, showtime=sale.showtime, hold=hold, holder=hold.holder, total=sale.quote.total,
        status=BookingStatus.CONFIRMED, created_at=sale.at, confirmed_at=sale.at, changed_at=sale.at,
    )  # fmt: skip


def _sale(sale: DemoSale, hold: Hold, contact: Contact, operator: User) -> Sale:
    theater = sale.showtime.auditorium.theater
    row = Sale(
        theater=theater, contact=contact, channel=Channel.COUNTER, operator=operator, currency=sale.quote.currency,
        total=sale.quote.total, paid_with=sale.method if sale.quote.total else "", terms=terms_in_words(theater),
        cancel_tiers=theater.cancel_tiers, created_at=sale.at, changed_at=sale.at, payable_until=hold.expires_at,
        held_until=hold.expires_at,
    )  # fmt: skip
    if not sale.method:
        row.channel, row.comp_reason, row.terms, row.cancel_tiers = Channel.COMP, "Friends of the house", TERMS, []
    return row


def _tickets(sale: DemoSale, booking: Booking) -> list[Ticket]:
    return [
        Ticket(
            booking=booking, showtime=sale.showtime, type_name=line.ticket_type.name, **fixed_facts(line),
            tax_rate=sale.quote.tax_rate, currency=sale.quote.currency,
            status=TicketStatus.USED if sale.has_come else TicketStatus.VALID,
        )
        for line in sale.quote.lines
    ]  # fmt: skip


def _payment(sale: DemoSale, booking: Booking, operator: User) -> Payment:
    note = Decimal(20 if booking.currency != "JPY" else 5000)
    given = (booking.total / note).to_integral_value(ROUND_CEILING) * note
    return Payment(
        sale=booking.sale, provider=COUNTER, method=sale.method, operator=operator, status=PaymentStatus.SUCCEEDED, request={},
        amount=booking.total, currency=booking.currency, captured=booking.total, captured_currency=booking.currency,
        tendered=given if sale.method == PaymentMethod.CASH else None, created_at=sale.at, look_at=sale.at, ended_at=sale.at,
    )  # fmt: skip


def _scan(ticket: Ticket, operator: User) -> Scan:
    showtime = ticket.showtime
    return Scan(
        ticket=ticket, outcome=ScanOutcome.ADMITTED, sentence="Welcome", theater=showtime.auditorium.theater,
        auditorium=showtime.auditorium, door="Foyer", operator=operator, at=showtime.starts_at - timedelta(minutes=10),
    )  # fmt: skip
