"""Counter, door and devices use the house of their theater, whatever house the address belongs to; so do their printouts."""

import pytest
from django.test import Client

from houses.selectors import house_facts
from reservations.models import Booking
from tests.boxoffice.test_counter import at, hold, sale, seller
from tests.devices import at_work, make_device
from tests.factories import make_movie, make_showtime, make_theater
from tests.house_with_terms import make_house
from tests.pdfs import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def theater():
    make_theater()  # of the house of this address
    house = make_house(
        "Roxy Pictures", domains=["roxy.example"], company="Roxy Ltd", tax_number="GB 1", has_own_colors=True,
        accent_light="#003a8c", accent_dark="#8fc1ff",
    )  # fmt: skip
    theater = make_theater(house=house)
    theater.name = "Roxy Palace"
    theater.save()
    return theater


@pytest.fixture
def showtime(theater):
    return make_showtime(theater=theater, movie=make_movie(title="Metropolis", slug="metropolis"))


def speaks_as_roxy(answer) -> None:
    page = answer.content.decode()
    assert answer.status_code == 200 and "Roxy Pictures" in page and "Marquee" not in page
    assert house_facts(answer.context["house"].id).css_url in page


@pytest.mark.parametrize(("task", "role", "page"), [("COUNTER", "BOX_OFFICE", "/counter/"), ("DOOR", "DOOR", "/door/")])
def test_a_device_speaks_as_its_house_at_work_and_while_it_is_locked(theater, task, role, page):
    _device, client, _person = at_work(role, theater, task)
    for address in (page, "/device/"):
        speaks_as_roxy(client.get(address))
    waiting = make_device(theater, task)
    speaks_as_roxy(Client().get(f"/device/enroll/{waiting.name.replace(' ', '%20')}/"))


def test_people_who_sign_in_with_their_account_work_as_the_house_of_the_theater(theater, showtime):
    clerk, usher = seller(theater), seller(theater, "DOOR")
    for address in ("/counter/", at(showtime), "/counter/sales/", "/counter/takings/"):
        speaks_as_roxy(clerk.get(address))
    usher.post("/door/here/", {"place": f"{theater.pk}", "name": "Left"})
    speaks_as_roxy(usher.get("/door/"))


def test_papers_of_the_counter_name_the_house_and_lead_to_its_domain(theater, showtime):
    clerk = seller(theater)
    hold(clerk, showtime, "A1")
    clerk.post(at(showtime), sale("A1", total="14.50"))
    page = f"/counter/sales/{Booking.objects.get().reference}/"
    speaks_as_roxy(clerk.get(page))
    for address, words in (("tickets.pdf", ("Roxy Palace",)), ("receipt.pdf", ("Roxy Ltd", "GB 1"))):
        answer = clerk.post(page + address, follow=True)
        assert 'filename="roxy-pictures-' in answer.headers["Content-Disposition"]
        text = text_of(answer.content)
        assert all(word in text for word in words) and "Marquee" not in text
