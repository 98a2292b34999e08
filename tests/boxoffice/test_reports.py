"""Reports: their figures equal the ledger's, days are the theater's own, and only people with the right see them."""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.db import transaction
from django.test import Client

from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.occupancy import by_auditorium, heat_map_of, occupancy_by_showtime, sales_curve
from boxoffice.selectors.sales_figures import Basis, SalesGroup, ledger, sales, total
from payments.models import Payment
from reservations import locks
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.aftersale.goodwill import owe_goodwill
from reservations.models import Booking, Ticket
from reservations.states import CancelCause
from sales.models import Sale
from tests.boxoffice.histories import History, unguarded
from tests.boxoffice.scenes import book, pay
from tests.clock import today
from tests.factories import make_auditorium, make_showtime, make_staff, make_theater
from tests.variants import some
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
REPORTS = "/admin/reservations/booking/reports/"
PAGES = [f"{REPORTS}{which}/" for which in ("sales", "price-rules", "occupancy", "no-shows", "refunds", "comps")]
FILES = [f"{REPORTS}{which}.csv" for which in ("sales", "price-rules", "occupancy", "no-shows", "refunds", "comps")]
SALES, OCCUPANCY, CSV = PAGES[0], PAGES[2], FILES[0]


@pytest.fixture
def theater():
    return make_theater()


@pytest.fixture
def evening(theater):
    """An evening with three sold tickets: two at 14.50 and one at 17.50; one of the two was canceled with half its price back."""
    showtime = make_showtime(theater=theater)
    for number, labels in enumerate([("A1", "A2"), ("B1",)]):
        pay(book(showtime, *labels, number=number), number=number)
    ticket = Ticket.objects.get(seat__label="A2")
    origin = CancellationOrigin(CancelCause.CUSTOMER, "customer")
    cancel_tickets(booking_id=ticket.booking_id, ticket_ids=[ticket.pk], percent=50, origin=origin)
    return showtime


def span_of(theater, around=10) -> DayRange:
    day = today(theater)
    return DayRange(theater, day - timedelta(days=around), day + timedelta(days=around))


@pytest.mark.parametrize("basis", some(Basis, every=2))
@pytest.mark.parametrize("group", some(SalesGroup, every=3))
def test_every_grouping_adds_up_to_the_same(theater, evening, group, basis):
    lines = sales(span=span_of(theater), group=group, basis=basis)
    summed = total(lines)
    assert (summed.admissions, summed.comps, summed.canceled) == (2, 0, 1)
    assert (summed.gross, summed.refunded, summed.fees) == (Decimal("46.50"), Decimal("7.25"), Decimal("7.25"))
    assert summed.kept == summed.net + summed.tax == Decimal("39.25")


@pytest.mark.parametrize("basis", [Basis.SHOW, Basis.SALE])
def test_the_payments_of_the_same_bookings_add_up_to_the_same(theater, evening, basis):
    paid = ledger(span=span_of(theater), basis=basis)["GBP"]
    assert (paid.captured, paid.owed_back, paid.kept) == (Decimal("46.50"), Decimal("7.25"), Decimal("39.25"))


def test_another_theater_is_not_counted(theater, evening):
    assert sales(span=span_of(make_theater()), group=SalesGroup.DAY, basis=Basis.SHOW) == []


def test_half_past_midnight_belongs_to_the_evening_before(theater, evening):
    move_to(evening, datetime(2027, 6, 3, 23, 30, tzinfo=UTC))  # 00:30 in London
    span = DayRange(theater, date(2027, 6, 3), date(2027, 6, 3))
    (line,) = sales(span=span, group=SalesGroup.DAY, basis=Basis.SHOW)
    assert (line.label, line.admissions) == ("2027-06-03", 2)
    assert (
        sales(span=DayRange(theater, date(2027, 6, 4), date(2027, 6, 5)), group=SalesGroup.DAY, basis=Basis.SHOW) == []
    )


def move_to(showtime, starts):
    showtime.starts_at = starts
    showtime.set_times()
    showtime.save()


def test_comps_are_counted_apart(theater, evening):
    booking = Booking.objects.get(tickets__seat__label="B1")
    Payment.objects.filter(sale=booking.sale).delete()
    with_nothing_paid(booking)
    summed = total(sales(span=span_of(theater), group=SalesGroup.CHANNEL, basis=Basis.SHOW))
    assert (summed.sold, summed.comps, summed.admissions, summed.gross) == (1, 1, 2, Decimal("29.00"))
    (room,) = by_auditorium(occupancy_by_showtime(span_of(theater)))
    assert (room.paid, room.comps, room.seats, room.percent) == (1, 1, 12, 8)


def with_nothing_paid(booking):
    with unguarded() as cursor:
        cursor.execute("UPDATE reservations_ticket SET price = 0, tax = 0 WHERE booking_id = %s", [booking.pk])
    Booking.objects.filter(pk=booking.pk).update(total=0)
    Sale.objects.filter(pk=booking.sale_id).update(total=0, comp_reason="press", channel="COMP")


def test_the_heat_map_shows_how_often_a_seat_sells(theater, evening):
    (room,) = by_auditorium(occupancy_by_showtime(span_of(theater)))
    warm = {seat.label: (seat.sold, seat.step) for seat in heat_map_of(span_of(theater), room).seats}
    assert {label for label, facts in warm.items() if facts != (0, 0)} == {"A1", "B1"}
    assert warm["A1"] == (1, 10)


def test_the_curve_rises_to_the_start(theater, evening):
    """The test moves sales to one hour and to more than three days before the start, so the hour at which it runs does
    not matter.
    """
    Booking.objects.update(confirmed_at=evening.starts_at - timedelta(hours=1))
    Booking.objects.filter(tickets__seat__label="B1").update(
        confirmed_at=evening.starts_at - timedelta(days=3, hours=1)
    )
    points = {point.days_before: (point.tickets, point.percent) for point in sales_curve(span_of(theater))}
    assert (points[14], points[3], points[1], points[0]) == ((0, 0), (1, 50), (1, 50), (2, 100))


def test_goodwill_belongs_to_no_ticket_type(theater, evening):
    booking = Booking.objects.get(tickets__seat__label="B1")
    with transaction.atomic():
        owe_goodwill(locks.booking(booking.pk), Decimal("5.00"), actor="staff:1", reason="cold")
    lines = {line.label: line for line in sales(span=span_of(theater), group=SalesGroup.TYPE, basis=Basis.SALE)}
    assert (lines["Goodwill"].goodwill, lines["Goodwill"].kept) == (Decimal("5.00"), Decimal("-5.00"))
    assert (lines["Goodwill"].tax, lines["Goodwill"].sold) == (Decimal("-0.83"), 0)
    assert total(lines.values()).kept == ledger(span=span_of(theater), basis=Basis.SALE)["GBP"].kept


def test_in_the_books_what_comes_back_has_a_day_of_its_own(theater, evening):
    """The booking was sold the day before yesterday, and one of its tickets canceled today."""
    with unguarded() as cursor:
        cursor.execute("UPDATE reservations_move SET at = at - interval '2 days' WHERE to_status = 'CONFIRMED'")
    lines = sales(span=span_of(theater), group=SalesGroup.DAY, basis=Basis.BOOK)
    assert [(line.sold, line.canceled, line.kept) for line in lines] == [
        (3, 0, Decimal("46.50")), (-1, 1, Decimal("-7.25")),
    ]  # fmt: skip


def test_by_channel_method_and_version(theater):
    history = History(theater, 0)
    Showtime.objects.update(picture="3D", dubbed_in="German", subtitles_in="French")
    for happens in (history.cash, history.terminal, history.online, history.comp):
        happens()
    span = span_of(theater)
    labels = {group: [line.label for line in sales(span=span, group=group, basis=Basis.SALE)] for group in SalesGroup}
    assert labels[SalesGroup.CHANNEL] == ["Counter", "Given away", "Online"]
    assert labels[SalesGroup.METHOD] == ["Free", "Cash", "Card online", "Card at the counter"]
    versions = {f"{one.movie.title}, {one.version}" for one in Showtime.objects.with_names() if one.tickets.exists()}
    assert set(labels[SalesGroup.VERSION]) == versions and "3D, dubbed in German, French subtitles" in versions.pop()


# The pages.


def sign_in(role, *theaters) -> Client:
    client = Client()
    client.force_login(make_staff(role, *theaters))
    return client


def test_the_page_says_that_the_ledger_agrees(theater, evening, django_assert_max_num_queries):
    client = sign_in("FINANCE", theater)
    with django_assert_max_num_queries(26):
        page = client.get(SALES, {"last": span_of(theater).last.isoformat(), "group": "movie"}).content.decode()
    assert "The ledger says the same: £46.50 captured, £7.25 given back or owed, £39.25 kept." in page
    assert "<svg" in page
    assert "style=" not in page


def test_the_csv_says_the_same_as_the_page(theater, evening):
    answer = sign_in("AUDITOR", theater).get(CSV, {"last": span_of(theater).last.isoformat(), "group": "type"})
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[1:] == [
        [name, "2", "0", "1", "46.50", "7.25", "0.00", "39.25", "7.25", "6.55", "32.70", "GBP"]
        for name in ("Adult", "Total")
    ]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="sales-theater-')


def test_the_rooms_have_maps_and_tables(theater, evening):
    make_auditorium(theater)
    page = sign_in("MANAGER", theater).get(OCCUPANCY, {"last": span_of(theater).last.isoformat()}).content.decode()
    assert "How often each seat of" in page
    assert "A1: 1 of 1" in page


@pytest.mark.parametrize("path", some([*PAGES, *FILES], every=3))
@pytest.mark.parametrize(("role", "status"), some([("BOX_OFFICE", 403), ("DOOR", 403), ("OWNER", 200)], every=2))
def test_who_may_see_figures(theater, path, role, status):
    assert sign_in(role, theater).get(path).status_code == status


@pytest.mark.parametrize("path", some([*PAGES, *FILES], every=3))
def test_figures_of_another_theater_are_not_there(theater, path):
    assert sign_in("FINANCE", theater).get(path, {"theater": make_theater().pk}).status_code == 404


@pytest.mark.parametrize("path", [*PAGES, *FILES])
@pytest.mark.parametrize(
    "asked",
    some(
        [
            {"first": "2027-02-30"},
            {"first": "2027-02-02", "last": "2027-02-01"},
            {"first": "1990-01-01"},
        ],
        every=3,
    ),
)
def test_impossible_filters_are_refused(theater, path, asked):
    assert sign_in("FINANCE", theater).get(path, asked).status_code == 422


def test_an_unknown_grouping_is_refused(theater):
    client = sign_in("FINANCE", theater)
    asked = [client.get(path, {"group": "'; DROP"}).status_code for path in (*PAGES, *FILES)]
    assert asked == [422, 200, 200, 422, 422, 422] * 2


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_figures_are_only_read(theater, path):
    assert sign_in("FINANCE", theater).post(path).status_code == 405
