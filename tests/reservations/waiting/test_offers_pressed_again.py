"""An offer of the waiting list is taken once. A second press, a second tab, another browser or a late one reads what happened."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from reservations.models import Hold, SeatOffer
from reservations.waiting.waiting_offers import offer_seats
from tests.factories import make_waiting_entry
from tests.ledger import nothing_changes

pytestmark = pytest.mark.django_db
TAKEN = "This offer was accepted with this link already."
OVER = "We no longer hold this for you: the time was over, or it was passed on."


@pytest.fixture
def entry(showtime):
    entry = make_waiting_entry(showtime)
    assert offer_seats(showtime_id=showtime.pk) == 1
    return entry


def press(browser, entry, button):
    return browser.post(f"/waiting/{entry.code}/", {"do": button})


def page(browser, entry):
    return browser.get(f"/waiting/{entry.code}/").content.decode()


def test_a_second_press_and_a_second_tab_lead_to_the_seats_again(client, entry):
    first = press(client, entry, "take")
    with nothing_changes():
        second = press(client, entry, "take")
    assert first.url == second.url == f"/showtimes/{entry.showtime_id}/"
    assert "Go to what you hold" in page(client, entry)


def test_another_browser_with_the_link_reads_that_they_are_taken(client, entry):
    press(client, entry, "take")
    other = Client()
    with nothing_changes():
        refused = press(other, entry, "take")
    said = refused.content.decode()
    assert (refused.status_code, TAKEN in said, "ran out" in said) == (409, True, False)
    assert "Please go on there" in said and "Go to what you hold" not in said
    assert "Please go on there" in page(other, entry)
    assert Hold.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("button", ["confirm", "pass"])
def test_a_late_press_of_another_button_changes_nothing(client, entry, button):
    press(client, entry, "take")
    with nothing_changes():
        answer = press(client, entry, button)
    assert answer.url == f"/waiting/{entry.code}/"
    assert "You accepted this offer" in page(client, entry)


def test_what_was_passed_on_is_not_taken_and_the_place_is_kept(client, entry):
    assert press(client, entry, "pass").url == press(client, entry, "pass").url
    with nothing_changes():
        refused = press(client, entry, "take")
    said = refused.content.decode()
    assert (refused.status_code, OVER in said) == (409, True)
    assert "You are on the waiting list" in said and "Your time ran out" not in said


@pytest.mark.parametrize("worker_came", [False, True])
def test_after_its_end_it_says_so_and_leads_back_to_the_list(client, entry, worker_came):
    SeatOffer.objects.update(until=F("until") - timedelta(days=1))
    if worker_came:
        offer_seats(showtime_id=entry.showtime_id)
    with nothing_changes():
        refused = press(client, entry, "take")
    said = refused.content.decode()
    assert (refused.status_code, OVER in said) == (409, True)
    assert "This offer has gone on to the next party" in said and "Join again" in said
