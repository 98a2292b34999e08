"""The waiting list for unreserved places, in an area alone or beside numbered seats."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from core.clock import from_now
from payments.books.invariants import check_invariants
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.models import SeatOffer, ShowtimeSeat, WaitingEntry
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.states import CancelCause
from reservations.waiting.waiting_list import serve_waiting_lists
from reservations.waiting.waiting_mails import send_due_waiting_mail
from reservations.waiting.waiting_offers import offer_seats
from tests.factories import buy, make_auditorium, make_browser, make_showtime, make_theater, make_waiting_entry

pytestmark = pytest.mark.django_db
HALL = "[Hall]\nunreserved 4\n"
MIXED = "A oo\n[Balcony]\nunreserved 2\n"


def show(plan: str):
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save()
    return make_showtime(auditorium=make_auditorium(theater, plan))


def places(area: str, *numbers: int) -> list[str]:
    return [f"{area} {number:04d}" for number in numbers]


@pytest.fixture
def hall(sandbox):
    """A showtime with four places, all sold: two and two."""
    showtime = show(HALL)
    sold = [buy(sandbox, showtime, make_browser(n), *places("Hall", 2 * n - 1, 2 * n)) for n in (1, 2)]
    return showtime, sold


@pytest.fixture
def mixed(sandbox):
    """A showtime with two seats and two places, all sold."""
    showtime = show(MIXED)
    return showtime, [
        buy(sandbox, showtime, make_browser(1), "A1", "A2"),
        buy(sandbox, showtime, make_browser(2), *places("Balcony", 1, 2)),
    ]


def cancel(booking, *labels: str):
    tickets = booking.tickets.filter(seat__label__in=labels).values_list("pk", flat=True)
    origin = CancellationOrigin(CancelCause.CUSTOMER, "guest")
    cancel_tickets(booking_id=booking.pk, ticket_ids=set(tickets), percent=100, origin=origin)


def ask(showtime, **wish):
    fields = {"count": 2, "hours": 0, "wheelchairs": 0, "email": "bea@example.com"} | wish
    return Client().post(f"/showtimes/{showtime.pk}/waiting/", fields)


def held(showtime) -> dict[str, str]:
    rows = ShowtimeSeat.objects.filter(showtime=showtime).select_related("hold")
    return {row.label: "sold" if row.booking_id else "held" if row.hold_id else "free" for row in rows}


def page_of(entry) -> str:
    return Client().get(f"/waiting/{entry.code}/").text


def test_a_sold_out_hall_offers_the_list_and_asks_how_many_and_until_when(hall):
    showtime, _ = hall
    page = Client().get(f"/showtimes/{showtime.pk}/").text
    link = f"/showtimes/{showtime.pk}/waiting/?section=Hall"
    assert link in page
    form = Client().get(link).text
    assert "How many are you?" in form and 'name="hours"' in form
    # There is only one area, and nobody can sit side by side by number in it.
    assert 'name="together"' not in form and 'name="section"' not in form
    refused = Client().post(f"/showtimes/{showtime.pk}/seats/", {"places": "1 Hall"})
    assert refused.status_code == 409 and link in refused.text


def test_each_sold_out_part_of_a_mixed_room_leads_to_its_own_line(mixed, sandbox):
    showtime, sold = mixed
    page = Client().get(f"/showtimes/{showtime.pk}/").text
    assert f"/showtimes/{showtime.pk}/waiting/?section=Balcony" in page
    assert "Every numbered seat is taken" in page
    form = Client().get(f"/showtimes/{showtime.pk}/waiting/?section=%5Bnumbered%5D").text
    assert re.search(r'value="\[numbered\]" selected', form)
    cancel(sold[1], *places("Balcony", 1, 2))
    # Some place is free now, so nobody can wait for any; numbered seats are not free.
    assert ask(showtime).status_code == 409
    assert ask(showtime, section="[numbered]").status_code == 200
    assert WaitingEntry.objects.get().is_numbered


def test_places_that_come_back_are_held_told_taken_and_shown_as_mine(hall, mailoutbox):
    showtime, sold = hall
    entry = make_waiting_entry(showtime)
    cancel(sold[0], *places("Hall", 1, 2))
    # Nobody else can have them before a worker looks.
    assert Client().post(f"/showtimes/{showtime.pk}/seats/", {"places": "1 Hall"}).status_code == 409
    assert offer_seats(showtime_id=showtime.pk) == 1
    send_due_waiting_mail(now=timezone.now())
    assert "Hall (2 unreserved)" in mailoutbox[-1].subject
    assert "Hall 0001" not in mailoutbox[-1].body
    page = page_of(entry)
    assert "Held for you: Hall (2 unreserved)" in page
    # Any other two places would be just the same.
    assert 'value="pass"' not in page and "pass it on" not in mailoutbox[-1].body
    client = Client()
    taken = client.post(f"/waiting/{entry.code}/", {"do": "take"})
    assert "2 × Hall" in client.get(taken.url).text
    assert [finding for finding in check_invariants() if finding.rows] == []


def test_all_of_a_party_or_nobody_and_the_next_one_whom_it_fits(hall):
    showtime, sold = hall
    four = make_waiting_entry(showtime, email="four@example.com", count=4)
    one = make_waiting_entry(showtime, email="one@example.com", count=1)
    cancel(sold[0], *places("Hall", 1))
    assert offer_seats(showtime_id=showtime.pk) == 1
    assert SeatOffer.objects.get().entry == one
    assert (four.skips.get().reason, four.skips.get().free) == ("TOO_FEW", 1)
    assert "Too few" in page_of(four)


def test_an_offer_that_ran_out_goes_to_the_next_and_is_never_free_between(hall):
    showtime, sold = hall
    first, second = (make_waiting_entry(showtime, email=f"{n}@example.com") for n in ("first", "second"))
    cancel(sold[0], *places("Hall", 1, 2))
    offer_seats(showtime_id=showtime.pk)
    SeatOffer.objects.update(until=from_now(-1))
    end_lapsed_holds()
    assert held(showtime)["Hall 0001"] == "held"
    serve_waiting_lists()
    for entry in (first, second):
        entry.refresh_from_db()
    assert (first.status, second.status) == ("MISSED", "OFFERED")


def test_leaving_with_one_click_frees_the_places(hall):
    showtime, sold = hall
    entry = make_waiting_entry(showtime)
    cancel(sold[0], *places("Hall", 1, 2))
    offer_seats(showtime_id=showtime.pk)
    assert Client(enforce_csrf_checks=True).post(f"/waiting/{entry.code}/leave/").status_code == 302
    assert held(showtime)["Hall 0001"] == "free"


@pytest.mark.parametrize(
    ("wish", "gets"),
    [
        ({}, ["A1", "A2"]),
        ({"section": "Balcony"}, places("Balcony", 1, 2)),
        ({"is_numbered": True}, ["A1", "A2"]),
        ({"count": 1, "section": "Balcony", "is_together": False}, places("Balcony", 1)),
    ],
)
def test_where_they_wish_to_sit_decides_what_they_are_offered(mixed, wish, gets):
    showtime, sold = mixed
    make_waiting_entry(showtime, **wish)
    cancel(sold[1], *places("Balcony", 1, 2))
    cancel(sold[0], "A1", "A2")
    offer_seats(showtime_id=showtime.pk)
    assert SeatOffer.objects.get().labels == gets


def test_who_wants_a_numbered_seat_is_offered_no_place_and_not_told_of_places(mixed):
    showtime, sold = mixed
    entry = make_waiting_entry(showtime, is_numbered=True)
    cancel(sold[1], *places("Balcony", 1, 2))
    assert offer_seats(showtime_id=showtime.pk) == 0
    assert not entry.skips.exists()


def test_who_passes_on_an_area_waits_for_other_seats_alone(mixed):
    showtime, sold = mixed
    entry = make_waiting_entry(showtime)
    cancel(sold[1], *places("Balcony", 1, 2))
    offer_seats(showtime_id=showtime.pk)
    assert 'value="pass"' in page_of(entry)
    Client().post(f"/waiting/{entry.code}/", {"do": "pass"})
    assert offer_seats(showtime_id=showtime.pk) == 0
    assert entry.skips.get().reason == "PASSED"
    cancel(sold[0], "A1", "A2")
    assert offer_seats(showtime_id=showtime.pk) == 1
    assert SeatOffer.objects.latest("pk").labels == ["A1", "A2"]


@pytest.mark.parametrize("wish", [{"count": 4, "section": "Balcony"}, {"count": 3}, {"count": 2, "wheelchairs": 0}])
def test_a_wish_that_the_empty_room_cannot_fulfill_is_refused(mixed, wish):
    answer = ask(mixed[0], **wish)
    fits = wish["count"] <= 2
    assert answer.status_code == (200 if fits else 422)
    assert ("even when it is empty" in answer.text) is not fits
    assert WaitingEntry.objects.exists() is fits


def test_who_wished_for_a_number_before_the_show_moved_to_a_room_without_is_served_too(hall):
    showtime, sold = hall
    make_waiting_entry(showtime, is_numbered=True)
    cancel(sold[0], *places("Hall", 1, 2))
    assert offer_seats(showtime_id=showtime.pk) == 1
