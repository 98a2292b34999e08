"""Who may see a booking: its browser, its signed-in owner, and people who have the link from its mail. Anyone else gets 404."""

import hashlib
import re
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.test import Client

from core.clock import database_now, from_now
from reservations.access import booking_secret
from reservations.letters.emails import compose
from reservations.models import Booking, BookingAccess, OutgoingMail
from sales.models import Contact, Sale
from tests.factories import begin_paying, make_browser, make_price_list, make_showtime, make_staff, make_theater
from tests.ledger import nothing_changes
from tests.standing_world import standing_world
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
COOKIE = "a-cookie-of-128-random-bits"


@pytest.fixture
def holder_client():
    client = Client()
    client.cookies["holder"] = COOKIE
    return client


def booked_for_nothing() -> Booking:
    theater = make_theater()
    nothing = make_price_list(theater, {"ADULT": Decimal(0), "CHILD": Decimal(0)}, premium=Decimal(0))
    booking = begin_paying(make_showtime(theater=theater, price_list=nothing), make_browser(1), "A1")
    Booking.objects.update(holder=hashlib.sha256(COOKIE.encode()).hexdigest())
    return booking


@pytest.fixture(scope="module", autouse=True)
def standing_booking(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, booked_for_nothing) as booking:
        yield booking


@pytest.fixture
def booking(standing_booking, db):
    return deepcopy(standing_booking)


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


def test_who_bought_opened_and_owns_it_finds_it_once_and_without_distinct(booking, holder_client):
    """With DISTINCT over all columns of its tables, PostgreSQL would plan for 40 ms before it reads."""
    holder_client.get(link(booking))
    Sale.objects.update(user=make_staff("ada"))
    sold = Booking.objects.get()
    assert BookingAccess.objects.filter(booking=sold, holder=sold.holder).exists()
    mine = Booking.objects.visible_to(holder=sold.holder, user_id=sold.sale.user_id)
    assert list(mine.with_names()) == [booking]
    assert "DISTINCT" not in str(mine.query)


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
    Sale.objects.update(user=owner)
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


@pytest.mark.parametrize("other", [{"pk": 0}, {"link_version": 2}, {"link_nonce": "0" * 32}])
def test_the_secret_of_another_booking_version_or_nonce_is_404(booking, other):
    mine = {"pk": booking.sale_id, "link_version": booking.sale.link_version, "link_nonce": booking.sale.link_nonce}
    assert booking_secret(Booking(sale=Sale(**mine))) == booking_secret(booking)
    assert Client().get(link(booking, booking_secret(Booking(sale=Sale(**mine | other))))).status_code == 404


def test_a_booking_with_the_number_of_a_lost_one_has_another_link(booking):
    """After a restore the database gives primary keys again."""
    assert re.fullmatch("[0-9a-f]{32}", booking.sale.link_nonce)
    again = Booking(sale=Sale(pk=booking.sale_id))
    assert booking_secret(again) != booking_secret(booking)


@pytest.mark.parametrize("fallbacks", [[], ["a key of long ago"]])
def test_a_link_survives_a_new_key_while_the_old_one_is_kept(booking, settings, fallbacks):
    old = link(booking)
    settings.SECRET_KEY_FALLBACKS = [*fallbacks, settings.SECRET_KEY]
    settings.SECRET_KEY = "another key " * 5
    assert link(booking) != old
    assert (Client().get(old).status_code, Client().get(link(booking)).status_code) == (302, 302)
    settings.SECRET_KEY_FALLBACKS = fallbacks
    assert Client().get(old).status_code == 404


def test_a_new_link_version_ends_the_old_link_and_what_it_opened(booking):
    client, old = Client(), link(booking)
    client.get(old)
    Sale.objects.update(link_version=2)
    assert (client.get(booking.get_absolute_url()).status_code, client.get(old).status_code) == (404, 404)
    booking.refresh_from_db()
    assert Client().get(link(booking)).status_code == 302


def test_wrong_links_are_limited_by_address_and_right_ones_are_not(booking):
    lobby = [Client(REMOTE_ADDR=f"198.51.100.{booking.pk % 250}") for _ in range(11)]
    assert [guest.get(link(booking)).status_code for guest in lobby] == [302] * 11
    answers = [lobby[0].get(link(booking, "A" * 43)) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert lobby[1].get(link(booking)).status_code == 302


def test_a_wrong_link_says_what_to_do(booking):
    page = Client().get(link(booking, "A" * 43)).content.decode()
    assert "use the link in our newest e-mail" in page and booking.reference not in page


# Links end, and are renewed.


def it_was_shown(*, days_ago: int) -> None:
    end = database_now() - timedelta(days=days_ago)
    start = end - timedelta(hours=2)
    Showtime.objects.update(starts_at=start, sales_close_at=start, ends_at=end, occupied_until=end)


@pytest.fixture
def long_ago(booking):
    it_was_shown(days_ago=15)
    return booking


def sent_links():
    return OutgoingMail.objects.filter(kind="LINK").count()


def test_a_link_and_what_it_opened_end_some_days_after_the_show(booking):
    client = Client()
    client.get(link(booking))
    it_was_shown(days_ago=13)
    assert client.get(booking.get_absolute_url()).status_code == 200
    it_was_shown(days_ago=15)
    for page in (client.get(booking.get_absolute_url()), client.get(link(booking)), Client().get(link(booking))):
        assert page.status_code == 410 and "14 days after the show" in page.content.decode()
    for page in (f"{booking.get_absolute_url()}calendar.ics", f"{booking.get_absolute_url()}receipt.pdf"):
        assert client.get(page).status_code == 404


def test_the_buyer_and_the_owner_see_it_for_ever(long_ago, holder_client):
    assert holder_client.get(long_ago.get_absolute_url()).status_code == 200


def test_zero_days_are_for_ever(long_ago, settings):
    settings.BOOKING_LINK_DAYS = 0
    assert Client().get(link(long_ago)).status_code == 302


def test_from_a_link_that_is_over_the_customer_gets_a_new_one(long_ago):
    client, old = Client(), link(long_ago)
    page = client.get(old).content.decode()
    assert f'action="/bookings/{long_ago.reference}/link/"' in page
    answer = client.post(f"/bookings/{long_ago.reference}/link/", {"secret": booking_secret(long_ago)})
    assert (answer.status_code, sent_links()) == (200, 1)
    assert "A new link is on its way" in answer.content.decode()
    long_ago.refresh_from_db()
    assert (Client().get(old).status_code, Client().get(link(long_ago)).status_code) == (404, 302)


def test_who_opened_it_before_gets_a_new_one_too(booking):
    client = Client()
    client.get(link(booking))
    it_was_shown(days_ago=15)
    assert client.post(f"/bookings/{booking.reference}/link/").status_code == 200
    assert sent_links() == 1


def test_renewing_ends_the_old_link_and_what_it_opened(booking, holder_client, settings):
    settings.SITE_URL = "https://tickets.example.com"
    thief, old = Client(), link(booking)
    thief.get(old)
    assert "Send me a new link" in holder_client.get(booking.get_absolute_url()).content.decode()
    answer = holder_client.post(f"/bookings/{booking.reference}/link/")
    assert (answer.status_code, answer.url) == (302, booking.get_absolute_url())
    assert (thief.get(booking.get_absolute_url()).status_code, Client().get(old).status_code) == (404, 404)
    [letter] = OutgoingMail.objects.filter(kind="LINK")
    booking.refresh_from_db()
    message = compose(letter, now=database_now(), site_url=settings.SITE_URL)
    assert message.to == [booking.email] and f"https://tickets.example.com{link(booking)}" in message.body
    assert link(booking) in message.alternatives[0].content
    assert holder_client.get(booking.get_absolute_url()).status_code == 200


def test_new_links_are_sent_three_times_an_hour(booking, holder_client):
    url = f"/bookings/{booking.reference}/link/"
    assert [holder_client.post(url).status_code for _ in range(3)] == [302] * 3
    with nothing_changes():
        refused = holder_client.post(url)
    assert refused.status_code == 429 and 3595 <= int(refused["Retry-After"]) <= 3600
    OutgoingMail.objects.filter(pk=OutgoingMail.objects.filter(kind="LINK").earliest("created_at").pk).update(
        created_at=from_now(-3000)
    )
    refused = holder_client.post(url)
    assert int(refused["Retry-After"]) in {599, 600} and "in 10 minutes" in refused.content.decode()
    OutgoingMail.objects.update(created_at=F("created_at") - timedelta(hours=1))
    assert holder_client.post(url).status_code == 302


@pytest.mark.parametrize("secret", ["", "A" * 43])
def test_a_stranger_renews_nothing(booking, secret):
    with nothing_changes():
        assert Client().post(f"/bookings/{booking.reference}/link/", {"secret": secret}).status_code == 404
        assert Client().get(f"/bookings/{booking.reference}/link/").status_code == 405


def test_without_a_mailbox_there_is_no_new_link(booking):
    clerk = make_staff("BOX_OFFICE", booking.showtime.auditorium.theater)
    Sale.objects.update(channel="COUNTER", operator=clerk)
    Contact.objects.update(email="")
    client = Client()
    booking.refresh_from_db()
    client.get(link(booking))
    with nothing_changes():
        assert client.post(f"/bookings/{booking.reference}/link/").status_code == 422


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
    assert Client().get(f"/tickets/{code}.svg").status_code == 410


@pytest.mark.parametrize("path", ["/bookings/KX7M-4QPD/", "/bookings/KX7M-4QPD/calendar.ics", "/bookings/nonsense/"])
def test_a_booking_that_is_not_there_is_404(db, path):
    assert Client().get(path).status_code == 404


def test_a_calendar_is_only_for_a_confirmed_booking(booking, holder_client):
    Booking.objects.update(status="EXPIRED", ended_at=booking.sale.held_until, confirmed_at=None)
    assert holder_client.get(f"{booking.get_absolute_url()}calendar.ics").status_code == 409


def test_a_ticket_in_a_calendar_is_named_by_its_booking(booking):
    entry = Client().get(f"/tickets/{booking.tickets.get().code}.ics").content.decode()
    assert f"UID:{booking.reference}-1-" in entry


def test_a_mail_that_could_not_be_delivered_is_said_on_the_page(booking, holder_client):
    def says() -> bool:
        return "could not deliver our mail to" in holder_client.get(booking.get_absolute_url()).content.decode()

    assert not says()
    confirmation = OutgoingMail.objects.filter(kind="CONFIRMATION")
    confirmation.update(gave_up_at=database_now(), sent_at=None)
    assert says()
    assert "went to" not in holder_client.get(booking.get_absolute_url()).content.decode()
    again = confirmation.get()
    again.pk, again.purpose, again.kind, again.gave_up_at, again.sent_at = (
        None,
        "resent:1",
        "RESENT",
        None,
        database_now(),
    )
    again.save()
    assert not says()
