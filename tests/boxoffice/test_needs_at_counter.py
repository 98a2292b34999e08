"""The counter notes what a customer needs, with their consent in words: kept, read and emptied as what they tell themselves."""

import pytest

from reservations.selectors.door import ticket_at_door
from sales.models import Contact
from tests.boxoffice.scenes import book
from tests.factories import make_showtime, make_staff
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking():
    return book(make_showtime(), "A1")


@pytest.fixture
def clerk(booking):
    return signed_in(make_staff("BOX_OFFICE", booking.showtime.auditorium.theater))


def address(booking) -> str:
    return f"/counter/sales/{booking.reference}/"


def test_the_page_asks_for_the_customers_consent(clerk, booking):
    page = clerk.get(address(booking)).text
    assert "What the customer needs" in page and "Tick only what they agree to." in page
    assert 'name="need" value="DOG"' in page and "checked" not in page


def test_what_is_noted_is_read_at_the_door_and_can_be_taken_back(clerk, booking):
    answer = clerk.post(f"{address(booking)}needs/", {"need": ["DOG", "STEP_FREE", "FLYING"]})
    assert answer.url == f"{address(booking)}#needs"
    assert Contact.objects.get(sale=booking.sale_id).told_needs == ["STEP_FREE", "DOG"]
    assert ticket_at_door(booking.tickets.get().pk).needs == (
        "needs a way without steps",
        "comes with an assistance dog",
    )
    assert 'value="DOG" checked' in clerk.get(address(booking)).text
    clerk.post(f"{address(booking)}needs/")
    assert Contact.objects.get(sale=booking.sale_id).told_needs == []
