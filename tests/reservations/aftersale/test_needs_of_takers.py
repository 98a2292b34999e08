"""A friend who takes a ticket tells the staff what they need: kept with the transfer, read at the door, emptied with the sale."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from payments.privacy.contact_erasure import erase_contact
from payments.privacy.retention import due_sales, forget_old_data
from reservations.models import Ticket, Transfer
from reservations.selectors.door import ticket_at_door
from reservations.selectors.door_parties import party_of
from sales.models import Contact, Sale
from tests.aging import unguarded
from tests.factories import make_transfer
from tests.standing_booking import bought_once

pytestmark = pytest.mark.django_db
standing_booking, sandbox, booking, showtime = bought_once("A1", "A2")
TICK = '<input type="checkbox" id="tell" name="tell" value="HEARING_LOOP.DOG"'
READ = ("needs the hearing loop", "comes with an assistance dog")


@pytest.fixture
def ticket(booking):
    return booking.tickets.get(seat__label="A1")


def friend() -> Client:
    client = Client()
    client.post("/accounts/needs/", {"need": ["DOG", "HEARING_LOOP"]})
    return client


def took(ticket, *, tells: str) -> tuple[Client, Ticket]:
    """A friend's browser and the ticket that they took with it."""
    client, address = friend(), f"/transfers/{make_transfer(ticket).code}/"
    client.get(address)
    client.post(address, {"tell": tells} if tells else {})
    ticket.refresh_from_db()
    return client, ticket


def kept() -> list[list[str]]:
    return list(Transfer.objects.order_by("pk").values_list("told_needs", flat=True))


def test_the_page_asks_and_ticks_nothing_by_itself(ticket):
    page = friend().get(f"/transfers/{make_transfer(ticket).code}/").text
    assert TICK in page and f"{TICK} checked" not in page
    assert "the person who bought it gets a mail if something that I need is out of order" in page
    assert 'name="tell"' not in Client().get(f"/transfers/{make_transfer(ticket).code}/").text


def test_the_door_reads_it_with_this_ticket_alone(ticket, booking):
    took(ticket, tells="HEARING_LOOP.DOG")
    assert ticket_at_door(ticket.pk).needs == READ
    assert ticket_at_door(booking.tickets.get(seat__label="A2").pk).needs == party_of(booking).needs == ()


def test_what_the_buyer_told_is_not_read_with_the_friends_ticket(ticket, booking):
    Contact.objects.filter(sale=booking.sale_id).update(told_needs=["CAPTIONS"])
    took(ticket, tells="")
    assert ticket_at_door(ticket.pk).needs == ()
    assert ticket_at_door(booking.tickets.get(seat__label="A2").pk).needs == ("reads captions",)


def test_the_page_of_the_ticket_says_it_and_takes_it_back_and_tells_it_again(ticket):
    client, taken = took(ticket, tells="HEARING_LOOP.DOG")
    address = f"/tickets/{taken.code}/"
    assert "The staff at the door read what you need: needs the hearing loop" in client.get(address).text
    assert client.post(f"{address}needs/", {"tell": ""}).url == address
    assert kept() == [[]] and "I agree, tell them" in client.get(address).text
    client.post(f"{address}needs/", {"tell": "DOG.FLYING"})
    assert kept() == [["DOG"]]


def test_nobody_else_reads_or_changes_it(ticket):
    _, taken = took(ticket, tells="DOG")
    assert Client().post(f"/tickets/{taken.code}/needs/", {"tell": ""}).status_code == 404
    assert "assistance dog" not in friend().get(f"/tickets/{taken.code}/").text
    assert kept() == [["DOG"]]


def test_who_takes_it_after_them_tells_their_own(ticket):
    _, taken = took(ticket, tells="DOG")
    _, again = took(taken, tells="HEARING_LOOP")
    assert kept() == [[], ["HEARING_LOOP"]]
    assert ticket_at_door(again.pk).needs == ("needs the hearing loop",)


def test_erasing_the_sale_empties_it(ticket, booking):
    took(ticket, tells="DOG")
    with unguarded():
        booking.sale.payments.update(ended_at=timezone.now() - timedelta(days=9))
    erase_contact(sale_id=booking.sale_id, reason="asked", actor="test")
    assert kept() == [[]]


def test_the_night_finds_it_where_the_contact_says_nothing(ticket, booking):
    took(ticket, tells="DOG")
    Contact.objects.filter(sale=booking.sale_id).update(email="", customer="", payer_name="", payer_search="")
    with unguarded() as cursor:
        cursor.execute(
            "UPDATE theaters_showtime SET ends_at = ends_at - interval '4 years', starts_at = now() - interval '5 years'"
        )
        cursor.execute("UPDATE sales_sale SET created_at = created_at - interval '4 years'")
        cursor.execute("UPDATE payments_payment SET request = '{}'")
    house = booking.showtime.auditorium.theater.house
    assert set(due_sales(house, now=timezone.now())) == set(Sale.objects.filter(pk=booking.sale_id))
    forget_old_data(now=timezone.now())
    assert kept() == [[]]
