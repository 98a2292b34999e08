"""Lists: what they show, how rows are found, and that more rows cost no more queries."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from boxoffice.selectors.booking_page import seats_text
from reservations.models import Booking
from sales.models import Sale
from staff.access import staff_actor
from staff.services.audit import record
from tests.boxoffice.scenes import book, deliver, give_back, pay, utc
from tests.clock import evening
from tests.factories import (
    make_auditorium,
    make_draft,
    make_movie,
    make_price_list,
    make_promo,
    make_showtime,
    make_theater,
)
from tests.variants import some
from theaters.models import SeatCategory, Showtime, TicketType

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_values_stay_fresh")]

SHOWTIMES = "/admin/theaters/showtime/"
BOOKINGS = "/admin/reservations/booking/"


def rows(answer):
    return list(answer.context["cl"].result_list)


def queries(client, path) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def plan_days(number: int, *, first=1):
    """Plan showtimes in one auditorium, one a day."""
    room = make_auditorium(make_theater())
    prices = make_price_list(room.theater)
    return [make_draft(auditorium=room, price_list=prices, starts_at=evening(first + day)) for day in range(number)]


@pytest.mark.long
def test_showtimes_cost_the_same_queries_for_10_and_100_rows(office):
    plan_days(10)
    office.get(SHOWTIMES)
    few = queries(office, SHOWTIMES)
    plan_days(90, first=20)
    assert len(rows(office.get(SHOWTIMES))) == 50
    # A second theater adds a choice to a filter, but no query.
    assert queries(office, SHOWTIMES) == few
    assert few <= 14


def column(office, path, name) -> list[list[str]]:
    """The texts of this column, with the list sorted by it upwards and downwards, as the links of its heading do."""
    number = list(office.get(path).context["cl"].list_display).index(name)
    said = [office.get(f"{path}?o={sign}{number}").context["cl"] for sign in ("", "-")]
    return [[str(getattr(found.model_admin, name)(row)) for row in found.result_list] for found in said]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/admin/reservations/promocode/", "gives"),
        ("/admin/theaters/seatcategory/", "title"),
        ("/admin/theaters/tickettype/", "state"),
        ("/admin/accounts/user/", "full_name"),
    ],
)
def test_a_column_sorts_by_what_it_says(office, path, name):
    theater = make_theater()
    for code, gives in (("A", {"percent": 100}), ("B", {"percent": 20}), ("C", {"kind": "AMOUNT", "amount": 5})):
        make_promo(code, **gives, theater=theater, currency="GBP" if "amount" in gives else "")
    SeatCategory.objects.create(theater=theater, code="BOX", name="Loge", position=0)
    for code in ("AARP", "SENIOR"):
        TicketType.objects.create(theater=theater, code=code, name=code, position=0)
    for number, (first, last) in enumerate([("Zoe", "Adams"), ("Ben", "Zuse"), ("", "")]):
        User.objects.create_user(f"{number}@example.com", "x", first_name=first, last_name=last, is_staff=True)
    up, down = column(office, path, name)
    assert list(dict.fromkeys(up)) == list(dict.fromkeys(down))[::-1] and len(set(up)) > 1
    known = {
        "gives": ["20% off", "100% off", "£5.00 off"],
        "title": ["Companion", "Loge", "Premium", "Sofa", "Standard", "Wheelchair space"],
    }
    shown = list(dict.fromkeys(up))
    if name in known:
        assert shown == [words for words in known[name] if words in shown]
    if name == "full_name":
        assert shown.index("Ben Zuse") < shown.index("Zoe Adams")


@pytest.mark.long
def test_ledgers_cost_the_same_queries_for_few_and_many_rows(office):
    first = make_showtime()
    pages = [
        "reservations/booking", "reservations/ticket", "reservations/outgoingmail", "reservations/move",
        "payments/payment", "payments/refund", "payments/providerevent",
    ]  # fmt: skip

    def sell(showtime, number):
        booking = book(showtime, "A1", "A2", "B1", number=number)
        payment = pay(booking, number=number)
        give_back(payment, number=number)
        deliver(payment, number=number)

    sell(first, 1)
    office.get("/admin/")
    few = {page: queries(office, f"/admin/{page}/") for page in pages}
    for number in range(2, 14):
        sell(make_showtime(), number)
    assert {page: queries(office, f"/admin/{page}/") for page in pages} == few


@pytest.mark.parametrize(
    "place",
    some(
        [
            "theaters/movie",
            "theaters/auditorium",
            "theaters/seatingplan",
            "theaters/seatcategory",
            "theaters/tickettype",
            "theaters/pricelist",
            "theaters/pricerule",
            "houses/theater",
        ],
        every=3,
    ),
)
def test_catalogue_costs_the_same_queries_for_few_and_many_rows(office, place):
    make_draft()
    path = f"/admin/{place}/"
    office.get(path)
    few = queries(office, path)
    for _ in range(5):
        make_draft()
    assert queries(office, path) == few


def test_booking_page_costs_the_same_for_one_and_six_seats(office, showtime):
    one, many = book(showtime, "A1", number=1), book(showtime, "A2", "A3", "B1", "B2", "B3", number=2)
    office.get(f"{BOOKINGS}{one.pk}/change/")
    assert queries(office, f"{BOOKINGS}{one.pk}/change/") == queries(office, f"{BOOKINGS}{many.pk}/change/")


def test_sold_count_is_shown_from_the_stored_columns(office, showtime):
    Showtime.objects.filter(pk=showtime.pk).update(seats_total=120, seats_taken=37)
    page = office.get(SHOWTIMES).content.decode()
    assert '<span class="sold">37 / 120 <meter min="0" max="120" value="37">37 of 120</meter></span>' in page


class TestDays:
    """At 20:00 UTC on Friday it is 15:00 on Friday in New York and 05:00 on Saturday, a new day, in Tokyo."""

    @pytest.fixture(autouse=True)
    def friday_evening(self):
        with time_machine.travel(utc(2026, 11, 27, 20, 0), tick=True):
            yield

    @pytest.fixture
    def cities(self):
        york = make_auditorium(make_theater(timezone_name="America/New_York", currency="USD"))
        tokyo = make_auditorium(make_theater(timezone_name="Asia/Tokyo", currency="JPY"))
        return {
            "york before": make_draft(auditorium=york, starts_at=utc(2026, 11, 27, 9, 0)),
            "york evening": make_draft(auditorium=york, starts_at=utc(2026, 11, 28, 0, 30)),
            "york late": make_draft(auditorium=york, starts_at=utc(2026, 11, 28, 5, 30)),
            "york saturday": make_draft(auditorium=york, starts_at=utc(2026, 11, 28, 23, 0)),
            "tokyo friday": make_draft(auditorium=tokyo, starts_at=utc(2026, 11, 27, 15, 30)),
            "tokyo saturday": make_draft(auditorium=tokyo, starts_at=utc(2026, 11, 28, 9, 0)),
            "tokyo far": make_draft(auditorium=tokyo, starts_at=utc(2026, 12, 20, 9, 0)),
        }

    @pytest.mark.parametrize(
        ("query", "expected"),
        some(
            [
                ("", {"york evening", "york late", "york saturday", "tokyo saturday", "tokyo far"}),
                ("?day=today", {"york evening", "york late", "tokyo saturday"}),
                ("?day=tomorrow", {"york saturday"}),
                ("?day=2026-11-28", {"york saturday", "tokyo saturday"}),
                ("?day=week", {"york evening", "york late", "york saturday", "tokyo saturday"}),
                ("?day=past", {"york before", "tokyo friday"}),
                ("?day=nonsense", {"york evening", "york late", "york saturday", "tokyo saturday", "tokyo far"}),
            ],
            every=2,
        ),
    )
    def test_a_day_belongs_to_its_theater(self, office, cities, query, expected):
        shown = {row.pk for row in rows(office.get(f"{SHOWTIMES}{query}"))}
        assert {name for name, showtime in cities.items() if showtime.pk in shown} == expected

    def test_all_of_them_when_asked(self, office, cities):
        assert len(rows(office.get(f"{SHOWTIMES}?day=all"))) == len(cities)

    def test_start_is_in_the_theaters_time(self, office, cities):
        page = office.get(f"{SHOWTIMES}?day=all").content.decode()
        assert "Sat 28 Nov, 00:30" in page
        assert "Fri 27 Nov, 19:30" in page


def test_showtimes_by_theater_auditorium_movie_and_status(office):
    wanted, other = make_draft(movie=make_movie(title="Metropolis")), make_showtime()
    for query in (
        f"theater={wanted.auditorium.theater_id}", f"auditorium={wanted.auditorium_id}", f"movie={wanted.movie_id}",
        "status__exact=DRAFT", "q=metro",
    ):  # fmt: skip
        assert [row.pk for row in rows(office.get(f"{SHOWTIMES}?{query}"))] == [wanted.pk], query
    assert other.status == "PUBLISHED"


@pytest.mark.parametrize("query", ["theater=x", "auditorium=-1", "movie=99999999999999999999", "showtime=1%27"])
def test_nonsense_in_a_filter_breaks_nothing(office, showtime, query):
    assert office.get(f"{SHOWTIMES}?{query}").status_code in (200, 302)
    assert office.get(f"{BOOKINGS}?{query}").status_code in (200, 302)


class TestSearch:
    @pytest.fixture
    def sold(self):
        first, second = make_showtime(), make_showtime()
        return {
            "ada": book(first, "A1", "A2", email="ada@example.com", number=1),
            "bob": book(first, "B1", email="bob@example.com", number=2),
            "eve": book(second, "A1", email="eve@example.com", number=3),
        }

    def find(self, office, sold, **query):
        shown = {row.pk for row in rows(office.get(BOOKINGS, query))}
        return {name for name, booking in sold.items() if booking.pk in shown}

    def test_by_reference_with_and_without_its_dash(self, office, sold):
        reference = sold["ada"].reference
        for typed in (reference, reference.lower(), reference.replace("-", ""), f" {reference} "):
            assert self.find(office, sold, q=typed) == {"ada"}

    def test_by_a_part_of_the_email_in_any_case(self, office, sold):
        assert self.find(office, sold, q="BOB@ex") == {"bob"}

    def test_by_seat_at_one_showtime(self, office, sold):
        assert self.find(office, sold, q="a1") == {"ada", "eve"}
        assert self.find(office, sold, q="A1", showtime=sold["eve"].showtime_id) == {"eve"}
        assert self.find(office, sold, q="ada A2") == {"ada"}
        assert self.find(office, sold, q="ada B1") == set()

    def test_payments_refunds_events_tickets_and_mails_are_found_as_their_booking_is(self, office, sold):
        payments = {name: pay(booking, number=at) for at, (name, booking) in enumerate(sold.items())}
        for at, payment in enumerate(payments.values()):
            give_back(payment, number=at)
            deliver(payment, number=at)
        for page in ("payments/payment", "payments/refund", "payments/providerevent", "reservations/outgoingmail"):
            for typed in (sold["bob"].reference, "bob@example", "B1"):
                found = rows(office.get(f"/admin/{page}/", {"q": typed}))
                assert len(found) == 1, (page, typed)
        assert len(rows(office.get("/admin/reservations/ticket/", {"q": "ada@"}))) == 2

    def test_by_stripes_ids(self, office, sold):
        payment = pay(sold["ada"])
        refund, event = give_back(payment), deliver(payment)
        assert rows(office.get("/admin/payments/payment/", {"q": "pi_test_0"})) == [payment]
        assert rows(office.get("/admin/payments/refund/", {"q": "re_test_0"})) == [refund]
        assert rows(office.get("/admin/payments/providerevent/", {"q": "cs_test_0"})) == [event]

    def test_moves_by_reference(self, office, sold):
        found = rows(office.get("/admin/reservations/move/", {"q": sold["bob"].reference}))
        assert {(move.what, move.to_status) for move in found} == {("booking", "CONFIRMED"), ("ticket", "VALID")}

    @pytest.mark.parametrize("typed", some(["%", "_", "\\", "' OR 1=1", "A" * 500, "é", "A1 " * 30], every=3))
    def test_anything_may_be_typed(self, office, sold, typed):
        for page in ("reservations/booking", "payments/payment", "payments/providerevent", "reservations/move"):
            assert office.get(f"/admin/{page}/", {"q": typed}).status_code == 200


def test_booking_page_tells_the_whole_story(office):
    showtime = make_showtime(theater=make_theater(timezone_name="Asia/Tokyo", currency="GBP"))
    booking = book(showtime, "A1", "A2", "B1")
    payment = pay(booking)
    give_back(payment)
    Booking.objects.filter(pk=booking.pk).update(created_at=utc(2026, 11, 27, 15, 30))
    page = office.get(f"{BOOKINGS}{booking.pk}/change/").content.decode()
    for words in (
        booking.reference, "A1–A2, B1", "£46.50", "£14.50", "cs_test_0", "The seats went to others", "Confirmation",
        "The booking was confirmed.", "Sat 28 Nov 2026, 00:30 JST",
    ):  # fmt: skip
        assert words in page, words


def test_free_money_and_late_bookings_are_filtered(office, showtime):
    booking = book(showtime, "A1", number=1)
    late = book(showtime, "A2", number=2)
    Booking.objects.filter(pk=late.pk).update(is_late=True)
    Sale.objects.filter(pk=late.sale_id).update(refund_due=1)
    for value in ("back", "late"):
        assert [row.pk for row in rows(office.get(f"{BOOKINGS}?money={value}"))] == [late.pk]
    assert rows(office.get(f"{BOOKINGS}?money=free")) == []
    assert {row.pk for row in rows(office.get(f"{BOOKINGS}?day=tomorrow&theater={showtime.auditorium.theater_id}"))} <= {
        booking.pk, late.pk,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        ([], ""),
        (["A1"], "A1"),
        (["A1", "A2", "A4"], "A1–A2, A4"),
        (["B3", "B2", "B1"], "B3–B1"),
        (["A9", "A10", "BA11"], "A9–A10, BA11"),
    ],
)
def test_neighbors_are_one_word(labels, text):
    assert seats_text(labels) == text


def test_the_audit_log_counts_entries(office, manager):
    for _ in range(2):
        record(actor=staff_actor(manager), action="resend", thing=manager, theater=None)
    assert "2 entries" in " ".join(office.get("/admin/staff/auditentry/").content.decode().split())
