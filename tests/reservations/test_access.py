"""Who may see a booking: its browser, its signed-in owner, whoever has the link of the mail. Anyone else gets 404."""

import hashlib
from decimal import Decimal

import pytest
from django.test import Client

from reservations.access import booking_secret
from reservations.models import Booking, BookingAccess
from tests.factories import begin_paying, make_price_list, make_showtime, make_theater
from tests.ledger import nothing_changes

pytestmark = pytest.mark.django_db
COOKIE = "a-cookie-of-128-random-bits"


@pytest.fixture
def holder_client():
    client = Client()
    client.cookies["holder"] = COOKIE
    return client


@pytest.fixture
def booking(my_browser):
    theater = make_theater()
    nothing = make_price_list(theater, {"ADULT": Decimal(0), "CHILD": Decimal(0)}, premium=Decimal(0))
    booking = begin_paying(make_showtime(theater=theater, price_list=nothing), my_browser, "A1")
    Booking.objects.update(holder=hashlib.sha256(COOKIE.encode()).hexdigest())
    return booking


def link(booking, secret=None):
    return f"/bookings/{booking.reference}/{secret or booking_secret(booking)}/"


def pages(booking):
    return [booking.get_absolute_url(), f"{booking.get_absolute_url()}calendar.ics"]


def test_the_browser_that_bought_sees_it_and_no_cache_keeps_it(booking, holder_client):
    for page in pages(booking):
        answer = holder_client.get(page)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")


def test_the_reference_may_be_written_small(booking, holder_client):
    assert holder_client.get(f"/bookings/{booking.reference.lower()}/").status_code == 200


@pytest.mark.parametrize("cookie", [None, "another-cookie-of-128-bits", "", "short", "x" * 65, "é" * 30])
def test_another_browser_gets_404(booking, cookie):
    client = Client()
    if cookie is not None:
        client.cookies["holder"] = cookie
    for page in pages(booking):
        assert client.get(page).status_code == 404


def test_the_stored_hash_is_not_a_cookie(booking):
    client = Client()
    client.cookies["holder"] = Booking.objects.get().holder
    assert client.get(booking.get_absolute_url()).status_code == 404


def test_the_signed_in_owner_sees_it_and_another_account_does_not(booking, django_user_model):
    owner, other = (django_user_model.objects.create_user(f"{name}@example.com", "x") for name in ("ada", "eve"))
    Booking.objects.update(user=owner)
    for user, status in [(owner, 200), (other, 404)]:
        client = Client()
        client.force_login(user)
        assert client.get(booking.get_absolute_url()).status_code == status


def test_the_secret_link_opens_it_for_this_browser_at_the_clean_address(booking):
    client = Client()
    answer = client.get(link(booking))
    assert (answer.status_code, answer.url) == (302, booking.get_absolute_url())
    assert client.get(answer.url).status_code == 200
    assert BookingAccess.objects.count() == 1


def test_the_link_used_twice_is_one_access(booking):
    client = Client()
    client.get(link(booking))
    client.get(link(booking))
    assert BookingAccess.objects.count() == 1


@pytest.mark.parametrize("secret", ["A" * 43, "A" * 20, "A" * 64])
def test_a_wrong_secret_is_404_and_leaves_nothing(booking, secret):
    with nothing_changes():
        answer = Client().get(link(booking, secret))
    assert (answer.status_code, answer.cookies.get("holder")) == (404, None)


def test_the_secret_of_another_booking_is_404(booking):
    other = Booking(pk=booking.pk + 1, link_version=1)
    assert Client().get(link(booking, booking_secret(other))).status_code == 404


def test_a_new_link_version_ends_the_old_link_and_what_it_opened(booking):
    client, old = Client(), link(booking)
    client.get(old)
    Booking.objects.update(link_version=2)
    assert (client.get(booking.get_absolute_url()).status_code, client.get(old).status_code) == (404, 404)
    booking.refresh_from_db()
    assert Client().get(link(booking)).status_code == 302


def test_tries_of_links_are_limited_by_address(booking):
    client = Client(REMOTE_ADDR=f"198.51.100.{booking.pk % 250}")
    answers = [client.get(link(booking, "A" * 43)) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_a_ticket_opens_by_its_code_but_tells_the_booking_only_to_its_owner(booking, holder_client):
    code = booking.tickets.get().code
    mine, stranger = holder_client.get(f"/tickets/{code}/"), Client().get(f"/tickets/{code}/")
    assert mine.context["booking_url"] == booking.get_absolute_url()
    assert (stranger.status_code, stranger.context["booking_url"]) == (200, None)
    assert booking.email not in stranger.content.decode()


@pytest.mark.parametrize("ending", ["/", ".svg", ".ics"])
def test_an_unknown_or_unpaid_ticket_is_404(booking, ending):
    code = booking.tickets.get().code
    assert Client().get(f"/tickets/{'x' * 27}{ending}").status_code == 404
    assert Client().get(f"/tickets/{code}{ending}").status_code == 200
    booking.tickets.update(status="RESERVED")
    assert Client().get(f"/tickets/{code}{ending}").status_code == 404


def test_a_void_ticket_has_no_qr_code(booking):
    booking.tickets.update(status="VOID")
    code = booking.tickets.get().code
    assert Client().get(f"/tickets/{code}.svg").status_code == 404


@pytest.mark.parametrize("path", ["/bookings/KX7M-4QPD/", "/bookings/KX7M-4QPD/calendar.ics", "/bookings/nonsense/"])
def test_a_booking_that_is_not_there_is_404(db, path):
    assert Client().get(path).status_code == 404


def test_a_calendar_is_only_for_a_confirmed_booking(booking, holder_client):
    Booking.objects.update(status="EXPIRED", ended_at=booking.held_until)
    assert holder_client.get(f"{booking.get_absolute_url()}calendar.ics").status_code == 404
