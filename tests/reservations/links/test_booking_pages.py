"""The page of a booking explains kindly how it stands, at every stage."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from payments.sessions.session_closing import expire_due_booking
from payments.sessions.settlement import settle
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.states import CancelCause
from sales.models import Sale
from tests.aging import past_time_to_pay
from tests.clock import begins_in
from tests.factories import begin_paying, hold_seats, make_browser
from theaters.models import Showtime

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_values_stay_fresh")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create_user("ada@example.com", "x")


@pytest.fixture
def client(ada):
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def booking(showtime, my_browser, sandbox, ada):
    booking = begin_paying(showtime, my_browser, "A1", "A2")
    Sale.objects.update(user=ada)
    return booking


@pytest.fixture
def reach(booking, showtime, sandbox):
    """Bring the booking to a status by the steps that lead there in production."""

    def to(status):
        payment = booking.sale.payments.get()
        if status in {"expired", "refunded"}:
            past_time_to_pay(booking)
            expire_due_booking(booking_id=booking.pk, actor="test")
        if status == "refunded":
            hold_seats(showtime, make_browser(7), "A1")
            sandbox.pay_late(payment.session_id)
        if status == "confirmed":
            sandbox.pay(payment.session_id)
        if status in {"refunded", "confirmed"}:
            settle(payment_id=payment.pk, actor="test")

    return to


@pytest.mark.parametrize("status", ["pending", "confirmed", "expired", "refunded"])
def test_the_status_is_on_the_page_in_lower_case(client, booking, reach, status):
    reach(status)
    answer = client.get(booking.get_absolute_url())
    text = answer.content.decode()
    assert f'data-status="{status}"' in text and 'id="booking-status"' in text and booking.reference in text


@pytest.mark.parametrize("status", ["expired", "refunded"])
def test_seats_are_offered_again_only_while_they_are_sold(client, booking, reach, status):
    reach(status)
    url = booking.showtime.get_absolute_url()
    assert f'href="{url}"' in client.get(booking.get_absolute_url()).content.decode()
    begins_in(booking.showtime, minutes=-5)
    page = client.get(booking.get_absolute_url()).content.decode()
    assert f'href="{url}"' not in page and f'href="{booking.showtime.movie.get_absolute_url()}"' in page


@pytest.mark.parametrize(
    ("status", "waits"), [("pending", True), ("confirmed", False), ("expired", False), ("refunded", False)]
)
def test_only_a_pending_booking_asks_again(client, booking, reach, status, waits):
    reach(status)
    answer = client.get(booking.get_absolute_url(), headers=HTMX)
    assert ("hx-trigger" in answer.content.decode()) == waits
    assert answer.get("HX-Refresh") == (None if waits else "true")


def test_a_confirmed_booking_shows_each_ticket_with_its_code(client, booking, reach):
    reach("confirmed")
    text = client.get(booking.get_absolute_url()).content.decode()
    for ticket in booking.tickets.all():
        assert f"/tickets/{ticket.code}" in text
    assert "£29.00" in text


def test_what_is_valid_stands_first_and_alone_names_the_seats(client, booking, reach):
    reach("confirmed")
    one = booking.tickets.get(seat__label="A1")
    cancel_tickets(
        booking_id=booking.pk,
        ticket_ids=[one.pk],
        percent=100,
        origin=CancellationOrigin(CancelCause.CUSTOMER, "customer"),
    )
    text = client.get(booking.get_absolute_url()).content.decode()
    assert 0 < text.index('aria-label="Ticket for row A, seat 2"') < text.index('aria-label="Ticket for row A, seat 1"')
    assert [seats in client.get("/bookings/").content.decode() for seats in (", A2<", ", A1")] == [True, False]
    cancel_tickets(
        booking_id=booking.pk, ticket_ids=None, percent=100, origin=CancellationOrigin(CancelCause.CUSTOMER, "customer")
    )
    assert ", A1, A2<" in client.get("/bookings/").content.decode()


@pytest.mark.parametrize("status", ["pending", "expired", "refunded"])
def test_only_a_confirmed_booking_gives_away_codes(client, booking, reach, status):
    reach(status)
    text = client.get(booking.get_absolute_url()).content.decode()
    assert not any(ticket.code in text for ticket in booking.tickets.all())


def test_a_booking_page_is_only_read(client, booking):
    assert client.post(booking.get_absolute_url()).status_code == 405
    assert client.post("/bookings/").status_code == 405


def test_my_bookings_are_those_to_come_and_those_past(client, booking, reach):
    reach("confirmed")
    page = client.get("/bookings/")
    assert ([one.reference for one in page.context["upcoming"]], page.context["past"]) == ([booking.reference], [])
    long_ago = timedelta(days=9)
    Showtime.objects.update(
        starts_at=F("starts_at") - long_ago,
        ends_at=F("ends_at") - long_ago,
        occupied_until=F("occupied_until") - long_ago,
    )
    page = client.get("/bookings/")
    assert ([one.reference for one in page.context["past"]], page.context["upcoming"]) == ([booking.reference], [])


def test_my_bookings_cost_the_same_for_one_and_for_five(
    client, booking, showtime, ada, sandbox, django_assert_num_queries
):
    client.get("/bookings/")
    with CaptureQueriesContext(connection) as one:
        client.get("/bookings/")
    for number in range(1, 5):
        begin_paying(showtime, make_browser(number), f"B{number}")
    Sale.objects.update(user=ada)
    with django_assert_num_queries(len(one)):
        assert len(client.get("/bookings/").context["upcoming"]) == 5
