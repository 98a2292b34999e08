"""An auditorium in which two sections have a row A: each seat is sold once, and wherever a seat is named its section is too."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.found_bookings import find_bookings
from boxoffice.selectors.occupancy import AuditoriumFigures, heat_map_of
from payments.models import Payment
from payments.sessions.sale_facts import unpack
from reservations.changes.plan_moves import move_to_plan, plan_difference
from reservations.links.booking_search import bookings_matching
from reservations.models import ShowtimeSeat, Ticket
from reservations.opening.house_seats import report_broken, report_mended, seat_ahead
from tests.clock import begins_in, evening, put_day_around_now, today
from tests.factories import buy, hold_seats, make_auditorium, make_browser, make_showtime, make_staff, make_theater
from theaters.models import BrokenSeat
from theaters.plans.plans import lay_out

pytestmark = pytest.mark.django_db

CIRCLE = "The King's Circle"
TWO_ROWS_A = f"""
[Stalls]
A ooo
B ooo
[{CIRCLE}]
A ooo
"""
MINE, OTHERS = f"{CIRCLE} A1", "Stalls A1"


@pytest.fixture
def showtime(db):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), TWO_ROWS_A))
    put_day_around_now(showtime.auditorium.theater)
    begins_in(showtime, minutes=90)
    return showtime


@pytest.fixture
def booking(showtime, sandbox):
    """Ada has A1 of the circle, and somebody else A1 of the stalls."""
    buy(sandbox, showtime, make_browser(2), OTHERS, email="others@example.com")
    return buy(sandbox, showtime, make_browser(1), MINE)


@pytest.fixture
def desk(showtime):
    client = Client()
    client.force_login(make_staff("MANAGER", showtime.auditorium.theater))
    return client


def test_each_of_the_two_is_sold_once(showtime, booking):
    assert list(Ticket.objects.order_by("seat").values_list("seat__label", flat=True)) == [OTHERS, MINE]
    rows = ShowtimeSeat.objects.filter(showtime=showtime, booking=booking)
    assert [row.label for row in rows] == [MINE]


class TestCustomer:
    def test_the_map_and_the_panel(self, client, showtime):
        page = client.get(f"/showtimes/{showtime.pk}/").content.decode()
        assert len(set(re.findall(r'data-seat="([^"]+)"', page))) == 9
        assert 'aria-label="The King&#x27;s Circle, row A, seat 1, Standard' in page
        assert 'aria-label="Row B, seat 1, Standard' in page
        answer = client.post(f"/showtimes/{showtime.pk}/seats/", {"take": MINE}, headers={"HX-Request": "true"})
        panel = answer.content.decode()
        assert "Remove The King&#x27;s Circle, row A, seat 1" in panel
        # The quote in the section's name does not end a selector.
        assert "hx-swap-oob=\"outerHTML:[data-seat='The King\\27 s Circle A1']\"" in panel
        assert list(ShowtimeSeat.objects.filter(hold__isnull=False).values_list("label", flat=True)) == [MINE]

    def test_checkout_asks_for_each_of_them(self, client, showtime):
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": [MINE, OTHERS]})
        page = client.get(f"/checkout/{showtime.pk}/").content.decode()
        assert 'name="type-Stalls A1"' in page and 'id="type-Stalls-A1"' in page
        answer = client.post(f"/checkout/{showtime.pk}/", {"action": "update", f"type-{MINE}": "CHILD"})
        chosen = re.findall(r'name="type-([^"]+)".*?<option value="(\w+)" selected', answer.content.decode(), re.DOTALL)
        assert chosen == [("Stalls A1", "ADULT"), ("The King&#x27;s Circle A1", "CHILD")]

    def test_tickets_papers_and_the_payment_page(self, client, booking, sandbox):
        ticket = booking.tickets.get()
        page = client.get(f"/tickets/{ticket.code}/").content.decode()
        assert "Ticket for The King&#x27;s Circle, row A, seat 1" in page
        calendar = client.get(f"/tickets/{ticket.code}.ics")
        assert "The King's Circle\\, row A\\, seat 1" in calendar.content.decode().replace("\r\n ", "")
        assert calendar.headers["Content-Disposition"].endswith('.ics"')
        pdf = client.get(f"/tickets/{ticket.code}.pdf")
        assert (pdf.status_code, "King" in pdf.headers["Content-Disposition"]) == (200, True)
        request = Payment.objects.get(sale=booking.sale).request
        assert "The King's Circle, row A, seat 1" in str(request["line_items"])
        assert [seat.label for seat in unpack(request["metadata"]).seats] == [MINE]

    def test_canceling_one_of_two_seats_of_that_name(self, showtime, sandbox, client, django_user_model):
        begins_in(showtime, days=3)
        booking = buy(sandbox, showtime, make_browser(3), MINE, OTHERS)
        booking.sale.user = django_user_model.objects.create_user("ada@example.com", "x")
        booking.sale.save(update_fields=["user"])
        client.force_login(booking.sale.user)
        form = {"action": "cancel", "choosing": "1", "amount": "14.50", "ticket": [MINE]}
        assert client.post(f"/bookings/{booking.reference}/cancel/", form).status_code == 303
        assert [ticket.seat.label for ticket in booking.tickets.filter(status="VOID")] == [MINE]


class TestStaff:
    def test_found_by_seat_and_by_section(self, showtime, booking):
        theater = showtime.auditorium.theater

        def at_counter(text):
            found = find_bookings(theater=theater, text=text, now=timezone.now()).bookings
            return {one.seats for one in found}

        assert at_counter("a1") == {MINE, OTHERS}
        assert at_counter("circle a1") == {MINE}
        assert at_counter("stalls A-1") == {OTHERS}
        assert list(bookings_matching("king's circle a1")) == [booking]
        assert len(bookings_matching("A1")) == 2

    def test_counter_sells_them(self, desk, showtime):
        desk.post("/counter/here/", {"theater": showtime.auditorium.theater_id, "name": "desk 1"})
        page = desk.post(f"/counter/showtimes/{showtime.pk}/seats/", {"take": MINE}, follow=True).content.decode()
        assert 'name="type-The King&#x27;s Circle A1"' in page
        assert 'id="type-The-King-s-Circle-A1"' in page

    def test_a_broken_seat_is_asked_for_with_its_section(self, desk, showtime):
        room = showtime.auditorium
        where = {"theater": room.theater_id, "auditorium": room.pk}
        page = desk.get("/admin/theaters/showtime/seat/", {**where, "label": "a1"}).content.decode()
        assert "Which of them: Stalls A1 or The King&#x27;s Circle A1?" in page
        page = desk.get("/admin/theaters/showtime/seat/", {**where, "label": "the king's circle a1"})
        assert page.context["label"] == MINE


class TestNextPlan:
    """The auditorium has the old plan, with one row A, when a circle with a row A of its own is added."""

    @pytest.fixture
    def before(self, db):
        return make_showtime(auditorium=make_auditorium(make_theater(), "[Stalls]\nA ooo\nB ooo\n"))

    @pytest.fixture
    def plan(self, before):
        return lay_out(auditorium=before.auditorium, text=TWO_ROWS_A, now=timezone.now())

    def test_a_showtime_moves_and_keeps_its_seats(self, before, plan, sandbox):
        booking = buy(sandbox, before, make_browser(1), "A1")
        hold_seats(before, make_browser(2), "A2")
        assert plan_difference(before, plan).lost == ()
        move_to_plan(before, plan)
        assert booking.tickets.get().seat.label == OTHERS
        rows = dict(ShowtimeSeat.objects.filter(showtime=before).values_list("label", "seat__label"))
        assert len(rows) == 9 and all(label == seat for label, seat in rows.items())
        held = ShowtimeSeat.objects.filter(hold__isnull=False)
        assert [row.label for row in held] == ["Stalls A2"]

    def test_a_broken_chair_stays_the_same_chair(self, before):
        manager = make_staff("MANAGER", before.auditorium.theater)
        report_broken(auditorium=before.auditorium, label="A1", reason="Spring", user_id=manager.pk)
        lay_out(auditorium=before.auditorium, text=TWO_ROWS_A, now=timezone.now())
        later = make_showtime(auditorium=before.auditorium, starts_at=evening(2, theater=before.auditorium.theater))
        kept = ShowtimeSeat.objects.exclude(house_reason="").order_by("showtime__starts_at")
        assert [(row.showtime_id, row.label) for row in kept] == [(before.pk, "A1"), (later.pk, OTHERS)]
        assert [one.label for one in seat_ahead(auditorium=before.auditorium, label=OTHERS)] == ["A1", OTHERS]
        report_mended(broken=BrokenSeat.objects.get(), user_id=manager.pk)
        assert not ShowtimeSeat.objects.exclude(house_reason="").exists()

    def test_sales_of_both_plans_count_for_the_same_chair(self, before, plan, sandbox):
        buy(sandbox, before, make_browser(1), "A1")
        later = make_showtime(auditorium=before.auditorium, starts_at=evening(2, theater=before.auditorium.theater))
        buy(sandbox, later, make_browser(1), OTHERS)
        span = DayRange(before.auditorium.theater, today(before.auditorium.theater), evening(3).date())
        warm = heat_map_of(span, AuditoriumFigures(before.auditorium_id, "", 2, 12, 2, 0, 0))
        assert {seat.label: seat.sold for seat in warm.seats if seat.sold} == {OTHERS: 2}
