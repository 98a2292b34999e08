"""Closed showtimes: the link of friends, of a group or of the waiting list opens what its seats need, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse

from payments.sessions.settlement import settle
from reservations.groups.shared_blocks import release_block
from reservations.models import Booking, Hold
from reservations.waiting.waiting_offers import offer_seats
from tests.aging import age_shared_block, lapse
from tests.factories import make_group, make_shared_block, make_showtime, make_waiting_entry
from tests.ledger import broken_invariants, nothing_changes
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
CODE = "SECRETCINEMA"
HALF_AN_HOUR = 1800


@pytest.fixture
def closed(showtime):
    Showtime.objects.filter(pk=showtime.pk).update(access_code=CODE)
    return showtime


@pytest.fixture
def link(closed):
    """Ada shares A1 to A3."""
    return f"/showtimes/{closed.pk}/group/{make_shared_block(closed, 'A1', 'A2', 'A3').code}/"


@pytest.fixture
def friend(closed, link):
    client = Client()
    taken = client.post(link, {"seats": "A1", "name": "Ben"})
    assert (taken.status_code, taken.url) == (303, f"/checkout/{closed.pk}/")
    return client


def held(showtime) -> list[str]:
    return sorted(showtime.seats.filter(hold__shared_block__isnull=False).values_list("label", flat=True))


def test_a_friend_sees_the_link_takes_a_seat_and_pays(closed, friend, sandbox):
    page = friend.get(f"/checkout/{closed.pk}/").content.decode()
    assert "A1" in page
    answer = friend.post(f"/checkout/{closed.pk}/", {"action": "pay", **_typed(page)})
    assert answer.status_code == 303
    booking = Booking.objects.get()
    assert friend.get(f"/checkout/{closed.pk}/").status_code == 200, "paying may be finished later"
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    assert "confirmed" in friend.get(f"/bookings/{booking.reference}/").content.decode()
    assert broken_invariants() == []


def _typed(page: str) -> dict[str, str]:
    total = page.split('name="total" value="')[1].split('"', maxsplit=1)[0]
    showing = page.split('name="showing" value="')[1].split('"', maxsplit=1)[0]
    return {"total": total, "showing": showing, "type-A1": "ADULT", "email": "ben@example.com"}


def test_the_way_back_to_the_seats_is_the_link(closed, link, friend):
    answer = friend.get(f"/showtimes/{closed.pk}/")
    assert (answer.status_code, answer.url) == (302, link)
    assert friend.get(link).status_code == 200


def test_changing_seats_leads_back_to_the_link(closed, link, friend, sandbox):
    page = friend.get(f"/checkout/{closed.pk}/").content.decode()
    friend.post(f"/checkout/{closed.pk}/", {"action": "pay", **_typed(page)})
    answer = friend.post(reverse("change_seats", args=[Booking.objects.get().reference]), follow=True)
    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, link)
    assert held(closed) == ["A1"]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/showtimes/{0}/", {"take": "B1"}),
        ("/showtimes/{0}/seats/", {"take": "B1"}),
        ("/showtimes/{0}/best/", {"count": "2"}),
        ("/showtimes/{0}/group/", {"action": "start", "name": "Ben"}),
        ("/showtimes/{0}/waiting/", {"count": "1", "email": "ben@example.com"}),
        ("/showtimes/{0}/extend/", {}),
        ("/showtimes/{0}/release/", {}),
        ("/checkout/{0}/", {"action": "retake", "take": "B1"}),
    ],
)
def test_it_opens_nothing_else(closed, friend, path, sent):
    with nothing_changes():
        answer = friend.post(path.format(closed.pk), sent)
    assert answer.status_code in (302, 404), path
    assert held(closed) == ["A1"]
    assert friend.get(f"/showtimes/{closed.pk}/events/").status_code == 404
    assert friend.get(f"/showtimes/{closed.pk}/group/").status_code == 404


@pytest.mark.parametrize("code", ["x" * 32, CODE + "-and-more-letters"])
def test_a_wrong_link_opens_nothing_and_is_counted(closed, code):
    client = Client()
    answers = [client.get(f"/showtimes/{closed.pk}/group/{code}/").status_code for _ in range(12)]
    assert answers == [404] * 10 + [429] * 2
    assert "Project" not in client.get(f"/checkout/{closed.pk}/").content.decode()


def test_the_link_of_one_show_does_not_open_another(closed, link, friend):
    other = make_showtime()
    Showtime.objects.filter(pk=other.pk).update(access_code="ANOTHERCODE2")
    code = link.split("/")[-2]
    for path in (f"/showtimes/{other.pk}/group/{code}/", f"/checkout/{other.pk}/", f"/showtimes/{other.pk}/"):
        assert friend.get(path).status_code == 404, path


def test_seeing_the_link_alone_opens_no_checkout(closed, link):
    client = Client()
    assert client.get(link).status_code == 200
    assert client.get(f"/checkout/{closed.pk}/").status_code == 404


def test_when_the_time_is_over_the_link_says_so(closed, link, friend):
    age_shared_block(Hold.objects.get(kept_for_friends__isnull=False).kept_for_friends, HALF_AN_HOUR + 1)
    page = friend.get(f"/checkout/{closed.pk}/", follow=True)
    assert page.redirect_chain[-1][0] == link
    assert "The time" in page.content.decode()
    answer = friend.post(f"/checkout/{closed.pk}/", {"action": "retake", "take": "A1"})
    assert (answer.status_code, answer.url) == (302, link)


def test_a_friend_whose_organizer_released_the_rest_still_pays(closed, link, friend):
    release_block(block_id=Hold.objects.get(kept_for_friends__isnull=False).kept_for_friends.pk)
    assert friend.get(f"/checkout/{closed.pk}/").status_code == 200


def test_a_group_pays_by_its_link_and_comes_back_to_it(closed):
    group, client = make_group(closed, "B1", "B2"), Client()
    answer = client.post(f"/groups/{group.code}/", {"seats": ["B1"]})
    assert answer.url == f"/checkout/{closed.pk}/"
    assert "B1" in client.get(answer.url).content.decode()
    assert client.get(f"/showtimes/{closed.pk}/").url == f"/groups/{group.code}/"
    assert client.post(f"/showtimes/{closed.pk}/seats/", {"take": "B3"}).status_code == 404
    lapse(Hold.objects.get())
    assert client.get(answer.url).status_code == 404


def test_who_waited_gets_in_on_any_device_when_the_offer_is_taken(closed, sandbox):
    entry, client = make_waiting_entry(closed, count=2), Client()
    assert offer_seats(showtime_id=closed.pk) == 1
    assert client.get(f"/showtimes/{closed.pk}/").status_code == 404
    client.get(f"/waiting/{entry.code}/")
    assert client.get(f"/showtimes/{closed.pk}/").status_code == 404, "reading is no answer"
    taken = client.post(f"/waiting/{entry.code}/", {"do": "take"})
    assert client.get(taken.url).status_code == 200
    assert client.get(f"/checkout/{closed.pk}/").status_code == 200
