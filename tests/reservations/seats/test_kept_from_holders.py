"""A seat is kept back while a customer has it: it stays theirs until they give it up, and then nobody can take it."""

import pytest

from payments.books.invariants import check_invariants
from payments.sessions.session_closing import change_seats
from reservations.models import Hold, ShowtimeSeat
from reservations.opening.house_seats import report_broken
from reservations.refusals.seats import SeatGone
from reservations.seats.taking import release_hold
from tests.factories import begin_paying, hold_seats, make_group, make_showtime, make_staff

pytestmark = pytest.mark.django_db


def broken_rules():
    return {found.name for found in check_invariants() if not found.is_clean}


def break_seat(showtime):
    boss = make_staff("MANAGER", showtime.auditorium.theater)
    report_broken(auditorium=showtime.auditorium, label="A1", reason="Wet", user_id=boss.pk)
    return ShowtimeSeat.objects.get(showtime=showtime, label="A1")


def test_who_holds_it_keeps_it_and_no_rule_is_broken(my_browser, other_browser):
    showtime = make_showtime()
    hold = hold_seats(showtime, my_browser, "A1", "A2")
    row = break_seat(showtime)
    assert (row.house_reason, row.hold, row.kept_from_hold) == ("Wet", hold, hold.pk)
    assert broken_rules() == set()
    release_hold(showtime_id=showtime.pk, browser=my_browser)
    for browser in (my_browser, other_browser):
        with pytest.raises(SeatGone):
            hold_seats(showtime, browser, "A1")


def test_who_is_paying_for_it_may_change_seats_and_keeps_it(sandbox, my_browser):
    showtime = make_showtime()
    booking = begin_paying(showtime, my_browser, "A1", "A2")
    break_seat(showtime)
    change_seats(booking_id=booking.pk, actor="test")
    hold = Hold.objects.get(holder=my_browser.holder, ended_at=None)
    assert (hold.root_id, ShowtimeSeat.objects.get(showtime=showtime, label="A1").hold) == (booking.hold_id, hold)
    assert broken_rules() == set()


def test_another_customer_with_it_is_reported(my_browser, other_browser):
    showtime = make_showtime()
    hold_seats(showtime, my_browser, "A1")
    break_seat(showtime)
    other = hold_seats(showtime, other_browser, "A2")
    ShowtimeSeat.objects.filter(showtime=showtime, label="A1").update(hold=other)
    assert broken_rules() == {"house_seats_are_held_by_staff_alone"}


def test_a_group_that_is_buying_a_seat_that_breaks_keeps_it(my_browser):
    showtime = make_showtime()
    hold = hold_seats(showtime, my_browser, "A2")
    make_group(showtime, "A1")
    ShowtimeSeat.objects.filter(showtime=showtime, label="A1").update(hold=hold, held_until=hold.expires_at)
    row = break_seat(showtime)
    assert (row.group_block, row.kept_from_hold) == (None, hold.pk)
    assert broken_rules() == set()
