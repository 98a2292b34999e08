"""A guest agrees, beside Pay or on the page of the booking, that the staff read what they need: kept with the sale alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.states import Need
from payments.privacy.contact_erasure import erase_contact
from payments.privacy.personal_data import data_of_sales
from payments.privacy.retention import due_sales
from reservations.models import Booking, Hold, Ticket
from reservations.selectors.door import ticket_at_door
from reservations.selectors.door_parties import party_of
from sales.models import Contact, Sale
from sales.services.told_needs import tell_needs
from tests.aging import age_hold, unguarded
from tests.factories import PASS_PHRASE
from tests.payments.sessions.test_checkout_pages import FORM, me, my_browser, url  # noqa: F401
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
TICK = '<input type="checkbox" id="tell" name="tell" value="HEARING_LOOP.DOG"'
READ = "needs the hearing loop, comes with an assistance dog"


@pytest.fixture
def guest(me):  # noqa: F811
    me.post("/accounts/needs/", {"need": ["DOG", "HEARING_LOOP"]})
    return me


@pytest.fixture
def told(guest, url, sandbox) -> Booking:  # noqa: F811
    """A guest's booking, with the tick; confirmed."""
    assert guest.post(url, FORM | {"tell": "HEARING_LOOP.DOG"}).status_code == 303
    booking = Booking.objects.get()
    with unguarded():
        Booking.objects.update(status="CONFIRMED", confirmed_at=timezone.now())
        Ticket.objects.update(status="VALID")
    return booking


def at_the_door() -> set[tuple[str, ...]]:
    """What ticket and booking tell there."""
    ticket = Ticket.objects.select_related("booking__sale__contact").first()
    return {ticket_at_door(ticket.pk).needs, party_of(ticket.booking).needs}


def kept() -> list[str]:
    return Sale.objects.get().contact.told_needs


def test_the_checkout_asks_a_guest_and_ticks_nothing_by_itself(guest, url):  # noqa: F811
    page = guest.get(url).text
    assert TICK in page and f"{TICK} checked" not in page
    assert f"They read: {READ}." in page and "something about my health" in page


def test_the_tick_is_kept_while_prices_are_updated_and_while_seats_are_taken_again(guest, url):  # noqa: F811
    ticked = FORM | {"tell": "HEARING_LOOP.DOG"}
    assert f"{TICK} checked" in guest.post(url, ticked | {"action": "update"}).text
    assert f"{TICK} checked" not in guest.post(url, FORM | {"action": "update"}).text
    age_hold(Hold.objects.get(), 500)
    lapsed = guest.post(url, ticked)
    assert '<input type="hidden" name="tell" value="HEARING_LOOP.DOG">' in lapsed.text


def test_who_changes_seats_before_paying_finds_the_tick_again(guest, url, sandbox):  # noqa: F811
    guest.post(url, FORM | {"tell": "HEARING_LOOP.DOG"})
    guest.post(f"/payments/{Booking.objects.get().reference}/change-seats/")
    assert f"{TICK} checked" in guest.get(url).text


def test_without_the_tick_nothing_is_kept(guest, url, sandbox):  # noqa: F811
    assert guest.post(url, FORM).status_code == 303
    assert kept() == []


def test_what_is_no_need_is_not_kept(guest, url, sandbox):  # noqa: F811
    guest.post(url, FORM | {"tell": "<b>.DOG.DOG.FLYING"})
    assert kept() == ["DOG"]


def test_the_door_reads_it(told):
    assert at_the_door() == {tuple(READ.split(", "))}


def test_its_page_says_it_and_takes_it_back_and_tells_it_again(told, guest):
    address = f"/bookings/{told.reference}/"
    page = guest.get(address).text
    assert f"The staff at the door read what you need: {READ}." in page
    assert guest.post(f"{address}needs/", {"tell": ""}).url == address
    assert (kept(), at_the_door()) == ([], {()})
    page = guest.get(address).text
    assert "I agree, tell them" in page and f"They read: {READ}." in page
    guest.post(f"{address}needs/", {"tell": "DOG"})
    assert kept() == ["DOG"]
    assert "Do not tell them any more" in guest.get(address).text


def test_nobody_else_tells_or_takes_back(told):
    assert Client().post(f"/bookings/{told.reference}/needs/", {"tell": ""}).status_code == 404
    assert kept() == ["HEARING_LOOP", "DOG"]


def test_an_account_says_it_on_its_own_page(me, url, django_user_model):  # noqa: F811
    ada = django_user_model.objects.create_user("ada@example.com", PASS_PHRASE)
    client = signed_in(ada)
    client.cookies["holder"] = me.cookies["holder"].value
    client.post("/accounts/needs/", {"need": ["DOG"]})
    assert 'name="tell"' not in client.get(url).text


def test_an_account_that_has_saved_none_tells_those_of_its_browser(guest, url, django_user_model, sandbox):  # noqa: F811
    client = signed_in(django_user_model.objects.create_user("ada@example.com", PASS_PHRASE))
    for name, cookie in guest.cookies.items():
        client.cookies[name] = client.cookies.get(name, cookie).value
    assert TICK in client.get(url).text
    client.post(url, FORM | {"tell": "HEARING_LOOP.DOG"})
    address = f"/bookings/{Booking.objects.get().reference}/"
    client.post(f"{address}needs/", {"tell": ""})
    with unguarded():
        Booking.objects.update(status="CONFIRMED", confirmed_at=timezone.now())
    assert kept() == [] and "I agree, tell them" in client.get(address).text


def test_of_an_account_and_a_booking_both_are_read(told, django_user_model):
    ada = django_user_model.objects.create_user("ada@example.com", PASS_PHRASE)
    signed_in(ada).post("/accounts/needs/", {"need": ["CAPTIONS", "DOG"], "tell": "yes"})
    Sale.objects.update(user=ada)
    assert at_the_door() == {("needs the hearing loop", "reads captions", "comes with an assistance dog")}


def test_it_is_in_the_file_of_the_person_and_goes_with_the_contact(told):
    assert data_of_sales(Sale.objects.all())[0]["needs_told_to_staff"] == ["HEARING_LOOP", "DOG"]
    with unguarded():
        Sale.objects.get().payments.update(status="CLOSED", ended_at=timezone.now() - timedelta(days=9))
    erase_contact(sale_id=told.sale_id, reason="asked", actor="test")
    assert (kept(), at_the_door()) == ([], {()})
    tell_needs(sale_id=told.sale_id, needs=[Need.DOG])
    assert kept() == []


def test_the_database_refuses_needs_of_an_emptied_contact(told):
    with pytest.raises(IntegrityError, match="contact_emptied_needs_nothing"):
        Contact.objects.update(email="", customer="", payer_name="", payer_search="", emptied_at=timezone.now())


def test_the_night_finds_a_contact_that_says_nothing_but_needs(told):
    Contact.objects.update(email="", customer="")
    with unguarded() as cursor:
        cursor.execute(
            "UPDATE theaters_showtime SET ends_at = ends_at - interval '4 years', starts_at = now() - interval '5 years'"
        )
        cursor.execute("UPDATE sales_sale SET created_at = created_at - interval '4 years'")
    house = told.showtime.auditorium.theater.house
    assert due_sales(house, now=timezone.now()).exists()
    Contact.objects.update(told_needs=[])
    assert not due_sales(house, now=timezone.now()).exists()
