"""Closed showtimes: the link of friends, a group or the waiting list opens what its seats need, and nothing else."""

from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.clock import ClockTimestamp
from payments.sessions.settlement import settle
from reservations.aftersale.exchange_choices import begin_exchange
from reservations.groups.group_blocks import end_block
from reservations.groups.shared_blocks import release_block
from reservations.models import Booking, Exchange, Hold
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.selectors.invited_guests import invited_guest
from reservations.waiting.waiting_offers import offer_seats
from tests.aging import age_hold, age_shared_block, lapse
from tests.exchanging import buy_to_exchange
from tests.factories import hold_seats, make_browser, make_group, make_shared_block, make_showtime, make_waiting_entry
from tests.ledger import broken_invariants, nothing_changes
from tests.variants import some
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
    """The link by which Ada shares A1 to A3."""
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


def _typed(page: str, label: str = "A1") -> dict[str, str]:
    total = page.split('name="total" value="')[1].split('"', maxsplit=1)[0]
    showing = page.split('name="showing" value="')[1].split('"', maxsplit=1)[0]
    return {"total": total, "showing": showing, f"type-{label}": "ADULT", "email": "ben@example.com"}


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
    some(
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
        every=2,
    ),
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


@pytest.fixture
def group(closed):
    return make_group(closed, "B1", "B2")


@pytest.fixture
def late(closed, group):
    """A member of the group who took B1 and whose time to pay has ended."""
    client = Client()
    client.post(f"/groups/{group.code}/", {"seats": ["B1"]})
    age_hold(Hold.objects.get(), 500)
    return client


@pytest.mark.parametrize("is_swept", [False, True])
def test_one_of_a_group_whose_time_ran_out_takes_the_seats_again(closed, group, late, is_swept):
    if is_swept:
        end_lapsed_holds()
    checkout = f"/checkout/{closed.pk}/"
    page = late.get(checkout)
    assert (page.status_code, "Take B1 again" in page.content.decode()) == (200, True)
    again = late.post(checkout, {"action": "retake", "take": "B1", "email": "ben@example.com"})
    assert 'name="total"' in again.content.decode() and "ben@example.com" in again.content.decode()
    assert closed.seats.get(label="B1").hold == Hold.objects.latest("pk")
    assert late.get(f"/showtimes/{closed.pk}/").url == f"/groups/{group.code}/"


def test_an_hour_later_it_is_the_page_of_the_group(closed, group, late):
    lapse(Hold.objects.get())
    for path in (f"/checkout/{closed.pk}/", f"/showtimes/{closed.pk}/"):
        assert late.get(path).url == f"/groups/{group.code}/"


def test_what_another_of_the_group_took_meanwhile_leads_back_to_the_link(closed, group, late):
    Client().post(f"/groups/{group.code}/", {"seats": ["B1"]})
    answer = late.post(f"/checkout/{closed.pk}/", {"action": "retake", "take": "B1"}, follow=True)
    assert answer.redirect_chain == [(f"/groups/{group.code}/", 302)]
    assert "Not all of these tickets are still kept for you" in answer.content.decode()


@pytest.mark.parametrize("label", ["B3", "Z9"])
def test_taking_again_opens_no_other_seat(closed, group, late, label):
    answer = late.post(f"/checkout/{closed.pk}/", {"action": "retake", "take": label})
    assert (answer.status_code, answer.url) == (302, f"/groups/{group.code}/")
    assert not Hold.objects.live().exists()


def test_when_the_group_is_over_it_is_said(closed, group, late):
    end_lapsed_holds()
    end_block(block=group, actor="test")
    for path in (f"/checkout/{closed.pk}/", f"/showtimes/{closed.pk}/"):
        answer = late.get(path)
        assert (answer.status_code, "This link is over" in answer.content.decode()) == (410, True)
    assert Client().get(f"/checkout/{closed.pk}/").status_code == 404


def test_at_an_open_showtime_the_map_leads_back_to_the_group_and_takes_nothing_again(showtime):
    group, client = make_group(showtime, "B1", "B2"), Client()
    client.post(f"/groups/{group.code}/", {"seats": ["B1"]})
    age_hold(Hold.objects.get(), 500)
    panel = client.get(f"/showtimes/{showtime.pk}/").context["panel"]
    assert (panel.state, panel.retake, panel.group_url) == ("lapsed", [], f"/groups/{group.code}/")
    assert "Back to the tickets of your group" in client.get(f"/showtimes/{showtime.pk}/").content.decode()
    assert client.post(f"/checkout/{showtime.pk}/", {"action": "retake", "take": "B1"}).status_code == 200
    assert showtime.seats.get(label="B1").hold == Hold.objects.latest("pk")


def test_who_held_a_seat_before_the_group_got_it_is_not_led_to_the_group(closed):
    stranger = make_browser(7)
    hold_seats(closed, stranger, "B1")
    age_hold(Hold.objects.get(), 500)
    end_lapsed_holds()
    make_group(closed, "B1", "B2")
    guest = invited_guest(showtime_id=closed.pk, holder=stranger.holder)
    assert (guest.page, guest.is_of_group, guest.is_group_over) == ("", False, False)


def test_a_stranger_who_never_held_anything_is_not_led_to_the_group(closed, group):
    assert invited_guest(showtime_id=closed.pk, holder=make_browser(8).holder).page == ""


def test_changing_seats_keeps_the_way_back_to_the_group(closed, group, sandbox):
    client = Client()
    client.post(f"/groups/{group.code}/", {"seats": ["B1"]})
    page = client.get(f"/checkout/{closed.pk}/").content.decode()
    client.post(f"/checkout/{closed.pk}/", {"action": "pay", **_typed(page, "B1")})
    client.post(reverse("change_seats", args=[Booking.objects.get().reference]))
    age_hold(Hold.objects.latest("pk"), 500)
    assert client.get(f"/showtimes/{closed.pk}/").url == f"/groups/{group.code}/"


def test_who_exchanges_on_another_device_sees_the_map_meanwhile(closed, sandbox):
    """The tickets of a closed showtime were bought on a phone, and the computer never opened it."""
    booking, computer = buy_to_exchange(sandbox, "B1", showtime=closed), Client()
    computer.cookies["holder"] = "c" * 43
    assert computer.get(f"/showtimes/{closed.pk}/").status_code == 404
    exchange = begin_exchange(
        booking=booking,
        holder=sha256(b"c" * 43).hexdigest(),
        labels=["B1"],
        showtime_id=closed.pk,
        now=timezone.now(),
    )
    assert computer.get(f"/showtimes/{closed.pk}/").status_code == 200
    assert computer.post(f"/showtimes/{closed.pk}/seats/", {"take": "B3"}).url == f"/showtimes/{closed.pk}/"
    Exchange.objects.filter(pk=exchange.pk).update(status="ENDED", ended_at=ClockTimestamp())
    assert computer.post(f"/showtimes/{closed.pk}/seats/", {"take": "B5"}).status_code == 404


def test_who_waited_gets_in_on_any_device_when_the_offer_is_taken(closed, sandbox):
    entry, client = make_waiting_entry(closed, count=2), Client()
    assert offer_seats(showtime_id=closed.pk) == 1
    assert client.get(f"/showtimes/{closed.pk}/").status_code == 404
    client.get(f"/waiting/{entry.code}/")
    assert client.get(f"/showtimes/{closed.pk}/").status_code == 404, "reading is no answer"
    taken = client.post(f"/waiting/{entry.code}/", {"do": "take"})
    assert client.get(taken.url).status_code == 200
    assert client.get(f"/checkout/{closed.pk}/").status_code == 200
