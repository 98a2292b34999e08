"""Only the door is told what somebody needs, and only if their account booked and agreed to it."""

import pytest
from django.utils import timezone

from accounts.models import SavedNeeds, User
from accounts.selectors import account_data
from reservations.models import Ticket, Transfer
from reservations.selectors.door import ticket_at_door
from reservations.selectors.door_parties import party_of
from sales.models import Contact, Sale
from tests.boxoffice.scenes import book
from tests.factories import PASS_PHRASE
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
TOLD = ("comes with an assistance dog",)


@pytest.fixture
def ada():
    return User.objects.create_user("ada@example.com", PASS_PHRASE)


@pytest.fixture
def ticket(showtime, ada) -> Ticket:
    booking = book(showtime, "A3", "A4")
    Sale.objects.filter(pk=booking.sale_id).update(user=ada)
    return booking.tickets.order_by("pk").first()


def save(user, *needs, **fields):
    return signed_in(user).post("/accounts/needs/", {"need": needs, **fields})


def told(ticket):
    ticket = Ticket.objects.select_related("booking__sale__contact").get(pk=ticket.pk)
    return ticket_at_door(ticket.pk).needs, party_of(ticket.booking).needs


def test_nothing_is_told_before_somebody_agrees_nor_after_they_take_it_back(ticket, ada):
    save(ada, "DOG")
    assert told(ticket) == ((), ())
    save(ada, "DOG", tell="yes")
    assert told(ticket) == (TOLD, TOLD)
    assert 'name="tell" value="yes" checked' in signed_in(ada).get("/accounts/needs/").text
    assert account_data(ada)["door_sees_needs"] is True
    save(ada, "DOG")
    assert told(ticket) == ((), ())


def test_who_empties_their_needs_agrees_to_nothing_any_more(ada):
    save(ada, "DOG", tell="yes")
    save(ada, "DOG", tell="yes", forget="yes")
    assert not SavedNeeds.objects.get().tells_staff


def test_an_emptied_contact_ends_it(ticket, ada):
    save(ada, "DOG", tell="yes")
    Contact.objects.update(email="", customer="", payer_name="", payer_search="", emptied_at=timezone.now())
    assert told(ticket) == ((), ())


def test_a_ticket_that_was_given_away_says_nothing(ticket, ada):
    save(ada, "DOG", tell="yes")
    codes = {"code": "c" * 43, "old_code": "o" * 28, "new_code": "n" * 28}
    Transfer.objects.create(ticket=ticket, accepted_at=timezone.now(), holder="friend", **codes)
    Ticket.objects.filter(pk=ticket.pk).update(given_at=timezone.now())
    assert told(ticket) == ((), TOLD)


def test_a_guest_and_another_account_are_told_of_nobody(showtime, ada):
    save(ada, "DOG", tell="yes")
    assert told(book(showtime, "A3").tickets.get()) == ((), ())


def test_without_an_account_nobody_can_agree(client):
    assert 'name="tell"' not in client.get("/accounts/needs/").text
