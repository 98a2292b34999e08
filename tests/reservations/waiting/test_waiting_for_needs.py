"""What a party on the waiting list needs of its seats: it starts from the saved needs, seats offered meet it, and unmet
needs are named.
"""

import re

import pytest
from django.test import Client
from django.utils import translation

from accounts.states import Need
from payments.privacy.personal_data import data_of_account
from reservations.forms.waiting import TICKS
from reservations.models import SeatOffer, WaitingEntry
from reservations.seats.party_seats import REASONS
from reservations.seats.taking import change_seats
from reservations.selectors.waiting import skip_in_words, wish_in_words
from reservations.states import SkipReason
from reservations.waiting.waiting_offers import offer_seats
from tests.factories import PASS_PHRASE, hold_seats, make_auditorium, make_browser, make_showtime, make_theater
from tests.factories import make_waiting_entry as waiting

pytestmark = pytest.mark.django_db
# Row A has an aisle between A2 and A3. Row B has none, but its ends count where a section has no gap at all.
AISLE = "A oo.oo\nB oooo"
ARMRESTS = "armrest lifts yes\nseats 1: armrest lifts no\nA oo.oo\narmrest lifts no\nB oooo"


def showtime_of(plan, exit_rows=""):
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save()
    auditorium = make_auditorium(theater, plan)
    auditorium.exit_rows = exit_rows
    auditorium.save()
    return make_showtime(auditorium=auditorium)


def offered(showtime, entry, *, free):
    """The seats that the entry is offered if these seats are free and no others."""
    browser = make_browser(3)
    others = [label for label in ("A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4") if label not in free]
    hold_seats(showtime, browser, *others)
    offer_seats(showtime_id=showtime.pk)
    labels = SeatOffer.objects.filter(entry=entry).values_list("labels", flat=True).first()
    skip = entry.skips.last()
    return labels, skip and skip.reason, browser, others


# The need, the plan, rows near an exit, two free seats that do not meet it, and free seats with those of them that are offered.
EACH = [
    ("is_beside_aisle", AISLE, "", ("B2", "B3"), ("A2", "B2", "B3"), None),
    ("is_beside_aisle", AISLE, "", ("B2", "B3"), ("A1", "A2", "B2", "B3"), ["A1", "A2"]),
    ("has_dog", AISLE, "", ("B2", "B3"), ("A3", "A4", "B2", "B3"), ["A3", "A4"]),
    ("has_transfer", AISLE, "", ("B2", "B3"), ("A3", "A4", "B2", "B3"), ["A3", "A4"]),
    ("is_near_exit", AISLE, "A, Z", ("B2", "B3"), ("A1", "A2", "B2", "B3"), ["A1", "A2"]),
    ("has_lifting_armrest", ARMRESTS, "", ("B2", "B3"), ("A1", "A2", "B2", "B3"), ["A1", "A2"]),
    ("is_step_free", "steps 2\nB oooo\nsteps 0\nA oooo", "", ("B2", "B3"), ("A2", "A3", "B2", "B3"), ["A2", "A3"]),
    ("has_hearing_loop", "B oooo\nhearing loop yes\nA oooo", "", ("B2", "B3"), ("A2", "A3", "B2"), ["A2", "A3"]),
]  # fmt: skip


@pytest.mark.parametrize(("need", "plan", "exit_rows", "wrong", "free", "gets"), EACH)
def test_what_is_held_meets_the_need_and_what_does_not_is_named(need, plan, exit_rows, wrong, free, gets):
    showtime = showtime_of(plan, exit_rows)
    entry = waiting(showtime, **{need: True})
    assert offered(showtime, entry, free=wrong)[:2] == (None, REASONS[need])
    change_seats(
        showtime_id=showtime.pk, browser=make_browser(3), take=[], release=[one for one in free if one not in wrong]
    )
    offer_seats(showtime_id=showtime.pk)
    assert SeatOffer.objects.values_list("labels", flat=True).first() == gets


def test_each_need_has_a_reason_and_each_reason_a_sentence_of_its_own():
    assert {tick.need for tick in TICKS} == set(REASONS)
    assert len(set(REASONS.values())) == len(REASONS)
    entry = WaitingEntry(count=2)
    for language in ("en", "de"):
        with translation.override(language):
            said = {skip_in_words(entry.skips.model(entry=entry, reason=reason, free=3)) for reason in SkipReason}
            assert len(said) == len(SkipReason) and all("3" in sentence for sentence in said)


def test_who_slides_over_the_armrest_needs_aisle_and_armrest_at_one_seat():
    """A2 and A3 are beside the aisle. First only the armrest of A1 lifts, then those of A4 and A3."""
    showtime = showtime_of("seats 1: armrest lifts yes\nA oo.oo\nB oooo")
    entry = waiting(showtime, has_transfer=True)
    assert offered(showtime, entry, free=("A1", "A2"))[:2] == (None, "TRANSFER")
    other = showtime_of("seats 3: armrest lifts yes\nA oo.oo\nB oooo")
    entry = waiting(other, has_transfer=True)
    assert offered(other, entry, free=("A1", "A2", "A3", "A4"))[0] == ["A3", "A4"]


def test_several_that_are_missing_are_said_as_several():
    showtime = showtime_of(AISLE, "A")
    entry = waiting(showtime, has_dog=True, is_near_exit=True)
    assert offered(showtime, entry, free=("B2", "B3"))[:2] == (None, "NEEDS")


def test_too_few_are_too_few_whatever_they_need():
    showtime = showtime_of(AISLE)
    entry = waiting(showtime, count=3, has_dog=True)
    assert offered(showtime, entry, free=("B2", "B3"))[:2] == (None, "TOO_FEW")


def test_a_party_that_sits_apart_has_its_aisle_in_one_of_its_parts():
    showtime = showtime_of(AISLE)
    entry = waiting(showtime, count=3, is_together=False, is_beside_aisle=True)
    assert offered(showtime, entry, free=("A3", "B2", "B3"))[0] == ["A3", "B2", "B3"]


def test_a_dog_has_room_beside_a_wheelchair_space():
    showtime = showtime_of("A ooow\nB oooo")
    entry = waiting(showtime, wheelchairs=1, has_dog=True)
    assert offered(showtime, entry, free=("A3", "A4"))[0] == ["A3", "A4"]


def test_a_place_without_a_number_is_beside_no_aisle():
    showtime = showtime_of("A oooo\nB oooo\n[Hall]\nunreserved 4\n")
    entry = waiting(showtime, is_beside_aisle=True)
    assert offered(showtime, entry, free=())[:2] == (None, "AISLE")


@pytest.mark.parametrize(
    ("saved", "ticked"),
    [
        ("TRANSFER", {"transfer"}),
        ("AISLE", {"aisle"}),
        ("NEAR_EXIT", {"exit"}),
        ("DOG", {"dog"}),
        ("STEP_FREE", {"stepfree"}),
        ("HEARING_LOOP", {"loop"}),
        ("ARMREST", {"armrest"}),
        ("WHEELCHAIR AISLE TRANSFER DOG", {"dog"}),
        ("CAPTIONS", set()),
    ],
)
def test_the_form_begins_with_the_saved_needs_and_keeps_what_is_ticked(saved, ticked, mailoutbox):
    plan = "steps 0\nhearing loop yes\narmrest lifts yes\nA oo.oow\nB oooo"
    showtime = showtime_of(plan, "A")
    client, path = Client(), f"/showtimes/{showtime.pk}/waiting/"
    client.post("/accounts/needs/", {"need": saved.split()})
    boxes = dict(re.findall(r'<input type="checkbox" id="(\w+)"[^>]*value="yes"( checked)?>', client.get(path).text))
    assert set(boxes) == {tick.name for tick in TICKS}
    assert {name for name, is_ticked in boxes.items() if is_ticked} == ticked
    hold_seats(showtime, make_browser(1), *(f"{row}{n}" for row in "AB" for n in range(1, 5)), "A5")
    wish = {"count": "2", "together": "yes", "hours": "0", "email": "ada@example.com", **dict.fromkeys(ticked, "yes")}
    assert client.post(path, wish).status_code == 200
    entry = WaitingEntry.objects.get()
    assert {tick.name for tick in TICKS if getattr(entry, tick.need)} == ticked
    page = client.get(f"/waiting/{entry.code}/").text
    assert "You asked for 2 tickets" in page and wish_in_words(entry) in page
    assert len(wish_in_words(entry).split(", ")) == 1 + len(ticked)


def test_each_need_of_a_seat_has_a_box():
    of_a_seat = {
        Need.TRANSFER, Need.STEP_FREE, Need.AISLE, Need.ARMREST, Need.NEAR_EXIT, Need.HEARING_LOOP, Need.DOG,
    }  # fmt: skip
    assert {need for tick in TICKS for need in tick.saved} == of_a_seat


def test_where_nothing_has_a_number_the_form_asks_for_no_aisle(client):
    showtime = showtime_of("[Hall]\nunreserved 4\n")
    assert not re.findall(
        r'type="checkbox" id="(aisle|exit|transfer|dog)"', client.get(f"/showtimes/{showtime.pk}/waiting/").text
    )


def test_their_data_has_what_they_asked_for(django_user_model):
    ada = django_user_model.objects.create_user("ada@example.com", PASS_PHRASE)
    waiting(showtime_of(AISLE), email="ada@example.com", user=ada, has_dog=True, is_near_exit=True)
    [entry] = data_of_account(ada)["waiting_lists"]
    assert (entry["assistance_dog"], entry["near_exit"], entry["beside_aisle"]) == (True, True, False)
