"""Staff may leave single seats over at the counter and in swaps, with a right and a reason that stays in the audit log."""

import re

import pytest
from django.test import Client

from reservations.counter.counter_seats import Overrides
from reservations.models import ShowtimeSeat
from reservations.refusals.seats import LeavesSingleSeats
from staff.models import AuditEntry
from tests.boxoffice.actions import act, said
from tests.boxoffice.scenes import book
from tests.counter import make_seller, press_sell, sell_seats, take
from tests.factories import make_auditorium, make_showtime, make_staff, make_theater
from tests.ledger import nothing_changes

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def showtime():
    return make_showtime(auditorium=make_auditorium(make_theater(), "A oooooo\nB oooooo\nC oooooo"))


def desk(showtime, role):
    client = Client()
    client.force_login(make_staff(role, showtime.auditorium.theater))
    return client


def test_the_counter_refuses_and_offers_others_at_one_press(showtime):
    clerk, url = desk(showtime, "BOX_OFFICE"), f"/counter/showtimes/{showtime.pk}/"
    panel = clerk.post(f"{url}seats/", {"take": ["A2", "A3"]}, headers=HTMX).content.decode()
    assert "Seat A1 would be left over alone" in panel and 'name="release" value="A' in panel
    seller = make_seller(showtime, number=2)
    take(showtime, seller, "B2", "B3")
    with nothing_changes(), pytest.raises(LeavesSingleSeats):
        press_sell(showtime, seller, "B2", "B3")


def test_a_manager_leaves_one_over_with_a_reason_in_the_audit_log(showtime):
    seller = make_seller(showtime, "MANAGER")
    allow = Overrides(single_seats=True, reason="A regular guest comes alone")
    sell_seats(showtime, seller, "A2", "A3", allow=allow)
    entry = AuditEntry.objects.get(action="sell against a rule")
    assert (entry.after, entry.reason) == ({"single seats": "A1"}, "A regular guest comes alone")


def test_a_clerk_has_no_such_switch(showtime):
    form = {"rules": ["single_seats"], "reason": "Just so"}
    url = f"/counter/showtimes/{showtime.pk}/override/"
    assert "single_seats" not in desk(showtime, "BOX_OFFICE").get(url.removesuffix("override/")).content.decode()
    assert desk(showtime, "BOX_OFFICE").post(url, form).status_code == 403


@pytest.mark.parametrize(("role", "done"), [("BOX_OFFICE", False), ("MANAGER", True)])
def test_a_swap_that_leaves_one_over_needs_the_right(showtime, role, done):
    booking = book(showtime, "A1", "A2")
    staff, path = desk(showtime, role), f"/admin/reservations/booking/{booking.pk}/swap/"
    form = {
        "tickets": list(booking.tickets.values_list("pk", flat=True)), "seats": ["B2", "B3"], "reason": "The seat is wet",
    }  # fmt: skip
    shown = staff.post(path, form)
    assert "Seat B1 would be left over alone" in shown.content.decode()
    assert 'value="Take B' in shown.content.decode()
    if done:
        assert "The new seats are B2" in said(staff, act(staff, path, **form))
        assert "Seat B1" in str(AuditEntry.objects.get(action="swap seats").after["overridden"])
    else:
        assert shown.status_code == 422
    assert booking.tickets.filter(seat__label="B2").exists() is done


@pytest.mark.parametrize("role", ["BOX_OFFICE", "MANAGER"])
def test_the_better_seats_of_a_swap_are_one_press_away_with_ticket_and_reason(showtime, role):
    """One of the tickets has its seat already and keeps it. The press leads to the same page for the others."""
    booking = book(showtime, "A1", "C1", "C2")
    staff, path = desk(showtime, role), f"/admin/reservations/booking/{booking.pk}/swap/"
    tickets = [str(pk) for pk in booking.tickets.order_by("pk").values_list("pk", flat=True)]
    form = {"tickets": tickets, "seats": ["A1", "B2", "B3"], "reason": "The seat is wet"}
    offer = staff.post(path, form).text.split('id="seats-instead"')[1].split("</form>")[0]
    pressed = {name: re.findall(f'name="{name}" value="([^"]*)"', offer) for name in form}
    assert sorted(pressed["tickets"]) == sorted(tickets) and pressed["reason"] == ["The seat is wet"]
    assert "A1" in pressed["seats"] and len(pressed["seats"]) == 3 and not {"B2", "B3"} <= set(pressed["seats"])
    shown = staff.post(path, pressed)
    assert "This will happen" in shown.text and "would be left over" not in shown.text


def test_a_house_seat_that_a_swap_leaves_is_no_neighbor(showtime):
    """A3 lies between the new seats and A2, which is kept back again once its guest has moved."""
    booking = book(showtime, "A1", "A2")
    ShowtimeSeat.objects.filter(booking=booking).update(house_reason="Wet")
    path = f"/admin/reservations/booking/{booking.pk}/swap/"
    tickets = list(booking.tickets.values_list("pk", flat=True))
    shown = desk(showtime, "BOX_OFFICE").post(path, {"tickets": tickets, "seats": ["A4", "A5"], "reason": "Wet"})
    assert "Seats A3 and A6 would be left over alone" in shown.text
