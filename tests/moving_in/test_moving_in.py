"""Sold tickets of another system: they take seats on the map, open the door, and add no money to our books."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.sales_figures import Basis, SalesGroup, ledger, sales
from boxoffice.selectors.takings import takings_of
from houses.business_days import business_day
from payments.books.moving_in import move_in, preview_moving_in
from payments.models import Payment
from reservations.letters.papers import receipt_of
from reservations.models import Booking, MovedInTicket, ShowtimeSeat, Ticket
from reservations.states import MovingInOutcome
from tests.boxoffice.scenes import book
from tests.factories import make_auditorium, make_movie, make_price_list, make_theater
from tests.ledger import broken_invariants
from tests.moving_in.old_files import HEADER, line_of_new_show, old_file, old_line
from theaters.models import Showtime

pytestmark = pytest.mark.django_db


def move(showtime, *lines, **options):
    theater = showtime.auditorium.theater
    return move_in(theater=theater, file=old_file(*lines, **options), actor="test", now=timezone.now())


def look(showtime, *lines):
    return preview_moving_in(theater=showtime.auditorium.theater, file=old_file(*lines), now=timezone.now())


def outcomes(moved) -> dict[str, int]:
    return dict(Counter(line.outcome.value for line in moved.lines))


def test_a_moved_in_ticket_is_sold_with_its_old_barcode(showtime):
    moved = move(
        showtime, old_line(showtime, "00417-a", "A3", order="9001", email="ada@example.com", name="Ada Lovelace")
    )
    ticket = Ticket.objects.get()
    assert outcomes(moved) == {"NEW": 1}
    assert (ticket.status, ticket.seat.label, ticket.price, ticket.tax) == ("VALID", "A3", Decimal("12.50"), 0)
    assert (ticket.moved_in.barcode, ticket.moved_in.order_number) == ("00417-a", "9001")
    assert len(ticket.code) == 28
    row = ShowtimeSeat.objects.get(label="A3")
    assert (row.booking_id, row.held_until) == (ticket.booking_id, None)
    sale = ticket.booking.sale
    assert (sale.channel, sale.contact.email, sale.contact.payer_name) == (
        "MOVED_IN",
        "ada@example.com",
        "Ada Lovelace",
    )
    payment = sale.payments.get()
    assert (payment.provider, payment.method, payment.status) == ("moved in", "MOVED_IN", "SUCCEEDED")
    assert not ticket.booking.mails.exists()
    assert broken_invariants() == []


def test_one_order_is_one_booking_and_lines_without_a_number_are_bookings_of_their_own(showtime):
    lines = [old_line(showtime, f"b{n}", f"A{n}", order="7" if n < 3 else "") for n in range(1, 5)]
    move(showtime, *lines)
    assert sorted(booking.tickets.count() for booking in Booking.objects.all()) == [1, 1, 2]
    assert broken_invariants() == []


def test_the_same_file_twice_changes_nothing(showtime):
    lines = [old_line(showtime, "b1", "A1"), line_of_new_show(showtime.auditorium, showtime.movie)]
    before = None
    for outcome in ({"NEW": 2}, {"SAME": 2}):
        assert outcomes(move(showtime, *lines)) == outcome
        now = [model.objects.count() for model in (Showtime, Booking, Ticket, Payment, MovedInTicket)]
        assert before in {None, tuple(now)}
        before = tuple(now)


def test_a_preview_says_the_same_and_leaves_nothing(showtime):
    lines = [
        old_line(showtime, "b1", "A1"),
        old_line(showtime, "b2", "A1"),
        old_line(showtime, "b1", "A2"),
        old_line(showtime, "b3", "Z9"),
        line_of_new_show(showtime.auditorium, showtime.movie, barcode="b4", seat="A1"),
    ]
    seen = look(showtime, *lines)
    assert (Showtime.objects.count(), Ticket.objects.count(), MovedInTicket.objects.count()) == (1, 0, 0)
    moved = move(showtime, *lines)
    assert [(line.number, line.outcome, line.sentence) for line in seen.lines] == [
        (line.number, line.outcome, line.sentence) for line in moved.lines
    ]
    assert [line.outcome.value for line in moved.lines] == ["NEW", "CONFLICT", "REFUSED", "REFUSED", "NEW"]
    assert "Line 2 has the same seat." in moved.lines[1].sentence
    assert moved.new_shows == seen.new_shows != []
    assert broken_invariants() == []


def test_a_seat_that_somebody_has_is_a_conflict(showtime):
    book(showtime, "A3")
    moved = move(showtime, old_line(showtime, "b1", "A3"), old_line(showtime, "b2", "A4"))
    assert outcomes(moved) == {"CONFLICT": 1, "NEW": 1}
    assert moved.lines_with(MovingInOutcome.CONFLICT)[0].sentence == "This seat is sold already, to somebody else."


def test_a_barcode_that_came_with_another_seat_is_a_conflict(showtime):
    move(showtime, old_line(showtime, "b1", "A3"))
    moved = move(showtime, old_line(showtime, "b1", "A4"))
    assert outcomes(moved) == {"CONFLICT": 1}
    assert "A3" in moved.lines[0].sentence


def test_a_code_of_ours_is_no_old_barcode(showtime):
    code = book(showtime, "A3").tickets.get().code
    assert outcomes(move(showtime, old_line(showtime, code, "A4"))) == {"REFUSED": 1}


@pytest.mark.parametrize(
    ("status", "sold"),
    [("Sold", 1), ("paid", 1), ("", 1), ("Refunded", 0), ("canceled", 0), ("Storniert", 0), ("ungültig", 0)],
)
def test_what_the_old_system_took_back_is_not_moved_in(showtime, status, sold):
    moved = move(showtime, f"{old_line(showtime, '1', 'A1')},{status}", header=f"{HEADER},status")
    assert (len(moved.lines), len(moved.refused), Ticket.objects.count()) == (1, 1 - sold, sold)
    assert [line.sentence for line in moved.refused] == [f"The old system says “{status}” of this ticket."] * (1 - sold)


def test_what_began_already_is_refused(showtime):
    Showtime.objects.update(starts_at=timezone.now().replace(second=0, microsecond=0))
    showtime.refresh_from_db()
    moved = move(showtime, old_line(showtime, "b1", "A3"))
    assert outcomes(moved) == {"REFUSED": 1} and "has begun already" in moved.lines[0].sentence


@pytest.mark.parametrize(("price", "currency"), [("-12.50", "GBP"), ("100000000", "GBP"), ("12.50", "JPY")])
def test_what_is_no_price_is_refused(showtime, price, currency):
    theater = showtime.auditorium.theater
    theater.currency = currency
    moved = move_in(
        theater=theater, file=old_file(old_line(showtime, "b1", "A3", price=price)), actor="test", now=timezone.now()
    )
    assert [line.sentence for line in moved.lines] == [f"“{price}” is no price."]


def test_a_showtime_that_cannot_be_made_is_refused_with_its_tickets(showtime):
    room = make_auditorium(showtime.auditorium.theater)
    make_price_list(showtime.auditorium.theater)
    make_price_list(showtime.auditorium.theater)
    moved = move(showtime, line_of_new_show(room, make_movie(), barcode="b1", seat="A1"))
    assert outcomes(moved) == {"REFUSED": 1}
    assert "Several price lists are valid" in moved.lines[0].sentence
    assert Showtime.objects.count() == 1


def test_an_unknown_ticket_type_keeps_its_words(showtime):
    moved = move(showtime, old_line(showtime, "b1", "A3", kind="Parkett ermäßigt"))
    ticket = Ticket.objects.get()
    assert (ticket.type_name, ticket.ticket_type.code) == ("Parkett ermäßigt", "ADULT")
    assert "Parkett ermäßigt" in moved.lines[0].remarks[0]


def test_its_money_is_in_no_takings_and_its_people_are_counted(showtime):
    move(showtime, old_line(showtime, "b1", "A3"), old_line(showtime, "b2", "A4", price=""))
    theater = showtime.auditorium.theater
    day = business_day(theater, showtime.starts_at)
    span = DayRange(theater, day, day)
    (line,) = sales(span=span, group=SalesGroup.CHANNEL, basis=Basis.SHOW)
    assert (line.label, line.sold, line.gross, line.tax) == ("Moved in", 2, 0, 0)
    assert ledger(span=span, basis=Basis.SHOW) == {}
    total = takings_of(theater, business_day(theater, timezone.now())).total
    assert (total.cash, total.terminal, total.tickets) == (0, 0, 0)
    assert receipt_of(booking_id=Booking.objects.first().pk) is None


def test_half_a_sofa_is_a_conflict_and_a_whole_one_is_a_booking():
    room = make_auditorium(make_theater(), "A oo\nB ss.ss")
    make_price_list(room.theater)
    movie = make_movie()
    lines = [line_of_new_show(room, movie, barcode=f"b{seat}", seat=seat) for seat in ("B1", "B2", "B3", "A1")]
    moved = move_in(theater=room.theater, file=old_file(*lines), actor="test", now=timezone.now())
    assert [line.outcome.value for line in moved.lines] == ["NEW", "NEW", "CONFLICT", "NEW"]
    assert "B3, B4 are one sofa" in moved.lines[2].sentence
    assert sorted(booking.tickets.count() for booking in Booking.objects.all()) == [1, 2]
    assert broken_invariants() == []


def test_old_barcodes_only_grow(showtime):
    move(showtime, old_line(showtime, "b1", "A3"))
    for statement in ("UPDATE reservations_movedinticket SET barcode = 'x'", "DELETE FROM reservations_movedinticket"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
