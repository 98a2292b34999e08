"""Swapping seats on a booking's page: staff choose on the plan, see the swap, and apply it as shown, with a right and a
reason.
"""

import pytest
from django.test import Client

from reservations.models import SeatSwap
from reservations.opening.house_seats import report_broken
from reservations.opening.showtime_opening import keep_back
from staff.models import AuditEntry
from tests.boxoffice.actions import act, look, said, sentences
from tests.boxoffice.scenes import book
from tests.factories import make_staff, make_theater
from tests.ledger import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(showtime):
    return book(showtime, "A1", "A2")


@pytest.fixture
def counter(showtime):
    """A browser at the theater's box office."""
    client = Client()
    client.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
    return client


def path(booking):
    return f"/admin/reservations/booking/{booking.pk}/swap/"


def form(booking, *labels, of=("A1",), reason="The seat is wet"):
    tickets = booking.tickets.filter(seat__label__in=of).values_list("pk", flat=True)
    return {"tickets": list(tickets), "seats": list(labels), "reason": reason}


def test_chosen_shown_and_done(counter, booking):
    page, _ = look(counter, path(booking), **form(booking, "B1"))
    shown = page.replace("&#x27;", "'")
    for words in (
        "A1 → B1 (Adult). The price stays £14.50.", "Premium costs £3.00 more; nobody pays it.", "A1: free for others at once",
        "The old codes no longer work at the door", "ada@example.com", "The seat is wet", 'value="Swap 1 seat"',
    ):  # fmt: skip
        assert words in shown, words
    assert "The new seats are B1" in said(counter, act(counter, path(booking), **form(booking, "B1")))
    assert list(booking.tickets.order_by("seat_id").values_list("seat__label", flat=True)) == ["A2", "B1"]
    page = counter.get(f"/admin/reservations/booking/{booking.pk}/change/").content.decode()
    assert "Seat A1 became B1" in page and "Seats were changed by staff" in page
    assert AuditEntry.objects.get(action="swap seats").reason == "The seat is wet"


def test_a_cheaper_seat_is_said_too(counter, showtime):
    booking = book(showtime, "B1")
    page, _ = look(counter, path(booking), **form(booking, "A1", of=["B1"]))
    assert "Standard costs £3.00 less" in page and "Give an amount back" in page


def test_pressed_twice_is_one_swap(counter, booking):
    data = form(booking, "A5")
    _, mark = look(counter, path(booking), **data)
    posted = {**data, "mark": mark, "_do": "yes"}
    assert counter.post(path(booking), posted).status_code == 302
    with nothing_changes():
        assert "sit there already" in sentences(counter.post(path(booking), posted))
    assert SeatSwap.objects.count() == 1


def test_the_plan_offers_free_seats_and_their_own(counter, showtime, booking):
    book(showtime, "A6", number=3)
    keep_back(showtime_id=showtime.pk, labels=["A5"], reason="Press")
    page = counter.get(path(booking)).content.decode()
    closed = {
        label: f'value="{label}"' in page and "disabled" in _tag(page, label) for label in ("A1", "A4", "A5", "A6")
    }
    assert closed == {"A1": False, "A4": False, "A5": True, "A6": True}
    assert "kept back: Press" in _tag(page, "A5") and "theirs" in _tag(page, "A1")


def _tag(page, label):
    start = page.index(f'name="seats" value="{label}"')
    return page[start : page.index(">", start)]


def test_house_seats_are_for_those_with_the_right(counter, office, showtime, booking):
    keep_back(showtime_id=showtime.pk, labels=["A5"], reason="Press")
    with nothing_changes():
        answer = counter.post(path(booking), form(booking, "A5"))
    assert answer.status_code == 422 and "Seat A5 cannot be chosen" in sentences(answer)
    page, _ = look(office, path(booking), **form(booking, "A5"))
    assert "A5 is kept back (Press): you take it by your right to." in page
    assert "The new seats are A5" in said(office, act(office, path(booking), **form(booking, "A5")))


@pytest.mark.parametrize("change", [{"reason": " "}, {"seats": []}, {"tickets": []}, {"seats": ["Z9"]}])
def test_nonsense_is_said_beside_the_field(counter, booking, change):
    with nothing_changes():
        answer = counter.post(path(booking), {**form(booking, "A5"), **change})
    assert answer.status_code == 422 and "errorlist" in sentences(answer)


def test_what_cannot_be_is_said_and_what_was_chosen_stays(counter, booking):
    with nothing_changes():
        answer = counter.post(path(booking), form(booking, "A5", "A6"))
    page = sentences(answer)
    assert answer.status_code == 422 and "Choose as many seats as tickets: 1 ticket, 2 seats." in page
    assert "checked" in _tag(page, "A5") and "checked" in _tag(page, "A6")


def test_wrong_method_wrong_role_and_another_house(counter, showtime, booking):
    with nothing_changes():
        assert counter.put(path(booking)).status_code == 405
        for role, theater in (("FINANCE", showtime.auditorium.theater), ("MANAGER", make_theater())):
            client = Client()
            client.force_login(make_staff(role, theater))
            assert client.post(path(booking), {**form(booking, "A5"), "_do": "yes"}).status_code in {403, 404}


def test_from_a_broken_seat_one_click_leads_to_the_swap_of_its_ticket(office, showtime, booking):
    ticket = booking.tickets.get(seat__label="A1")
    address = f"{path(booking)}?ticket={ticket.pk}"
    asked = {"theater": showtime.auditorium.theater_id, "auditorium": showtime.auditorium_id, "label": "A1"}
    assert f'href="{address}"' in office.get("/admin/theaters/showtime/seat/", asked).content.decode()
    page = office.get(address).content.decode()
    checked = [tag for tag in page.split("<input")[1:] if 'name="tickets"' in tag and " checked" in tag.split(">")[0]]
    assert [f'value="{ticket.pk}"' in tag for tag in checked] == [True]


def test_the_seat_that_is_left_is_kept_back_when_it_is_broken(office, manager, showtime, booking):
    report_broken(auditorium=showtime.auditorium, label="A1", reason="Broken spring", user_id=manager.pk)
    page, _ = look(office, path(booking), **form(booking, "A5"))
    assert "A1 is kept back (Broken spring): nobody else gets it." in page
    assert "free for others" not in page
