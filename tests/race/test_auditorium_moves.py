"""A showtime moves to another auditorium while people take seats and pay: nobody loses a seat, nobody keeps one of the
old auditorium.
"""

import pytest
from django.db import transaction
from django.utils import timezone

from payments.sessions.settlement import settle
from reservations.changes import showtime_changes
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.models import ShowtimeSeat, Ticket
from reservations.seats.taking import take_seats
from reservations.selling.bookings import open_booking
from tests.factories import begin_paying, buy, make_auditorium, make_browser, make_staff, pay_form
from tests.ledger import broken_invariants
from tests.race.racing import as_word, run_all, start, start_and_block
from theaters import locks as theater_locks
from theaters.models import Showtime
from theaters.plans.plans import current_plan
from theaters.states import ChangeKind

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LARGER = "A oooo.oooo\nB oooo.oooo\nC pppp.pppp"


@pytest.fixture
def larger(showtime):
    return make_auditorium(showtime.auditorium.theater, LARGER)


@pytest.fixture
def boss(showtime):
    return make_staff("MANAGER", showtime.auditorium.theater)


def planning(showtime, auditorium, boss):
    request = ChangeRequest(ChangeKind.MOVE, moves_to=current_plan(auditorium))
    return lambda: plan_change(showtime=showtime, request=request, user_id=boss.pk, now=timezone.now())


def moving(change, boss):
    def act():
        apply_change(change_id=change.pk, reason="Heating", user_id=boss.pk, now=timezone.now())

    return as_word(act, "moved")


def taking(showtime, browser, *labels):
    return as_word(lambda: take_seats(showtime_id=showtime.pk, browser=browser, labels=list(labels)), "held")


def settling(booking):
    payment = booking.sale.payments.get()
    return as_word(lambda: settle(payment_id=payment.pk, actor="test"), "settled")


def test_a_seat_that_is_being_taken_while_the_move_is_planned_is_known_to_it(showtime, larger, boss, my_browser):
    """The plan waits for a sale under way; a sale that begins later is refused."""
    with transaction.atomic():
        taking(showtime, my_browser, "A1")()
        plan = start_and_block(planning(showtime, larger, boss))
    change = plan.outcome()
    assert change.touched["holds"] == 1
    assert start(taking(showtime, make_browser(2), "A2")).outcome() == "ShowtimeMoves"


def test_without_the_lock_the_proposal_forgets_who_is_paying(showtime, larger, boss, my_browser, monkeypatch):
    """Negative control: if the plan is read beside a sale under way, somebody has no seat in it."""

    def no_lock(showtime_id):
        return Showtime.objects.with_names().get(pk=showtime_id)

    monkeypatch.setattr(showtime_changes, "pause_sales_of", lambda showtime_id: None)
    monkeypatch.setattr(theater_locks, "showtime_to_change", no_lock)
    with transaction.atomic():
        booking = begin_selling(showtime, my_browser)
        change = start(planning(showtime, larger, boss)).outcome()
    assert str(Ticket.objects.get(booking=booking).pk) not in change.after["seats"]


def begin_selling(showtime, browser):
    take_seats(showtime_id=showtime.pk, browser=browser, labels=["A1"])
    return open_booking(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, "A1"))


def test_a_payment_settles_during_the_move_in_either_order(showtime, larger, boss, sandbox):
    bookings = [begin_paying(showtime, make_browser(n), seat) for n, seat in enumerate(("A1", "A2", "B1", "B2"))]
    for booking in bookings:
        sandbox.pay(booking.sale.payments.get().session_id)
    change = planning(showtime, larger, boss)()
    outcomes = run_all(moving(change, boss), *(settling(booking) for booking in bookings))
    assert outcomes[0] == "moved"
    plan_id = current_plan(larger).pk
    for booking in bookings:
        settling(booking)()
        booking.refresh_from_db()
        assert booking.status == "CONFIRMED"
        ticket = Ticket.objects.select_related("seat").get(booking=booking)
        assert ticket.seat.plan_id == plan_id
        assert ShowtimeSeat.objects.get(booking=booking).seat_id == ticket.seat_id
    assert broken_invariants() == []


def test_a_taker_who_waits_for_the_move_takes_a_seat_of_the_new_room(showtime, larger, boss, sandbox, my_browser):
    """By then their old A1 is taken or theirs; it is never a row of the auditorium that was left."""
    buy(sandbox, showtime, make_browser(5), "B1")
    change = planning(showtime, larger, boss)()
    Showtime.objects.update(sales_paused_until=None)
    with transaction.atomic():
        moving(change, boss)()
        taker = start_and_block(taking(showtime, my_browser, "A1"))
    assert taker.outcome() == "held"
    plan_id = current_plan(larger).pk
    assert set(ShowtimeSeat.objects.filter(showtime=showtime).values_list("seat__plan", flat=True)) == {plan_id}
    assert broken_invariants() == []


def test_two_managers_move_it_once(showtime, larger, boss, sandbox):
    buy(sandbox, showtime, make_browser(5), "B1")
    change = planning(showtime, larger, boss)()
    assert sorted(run_all(moving(change, boss), moving(change, boss))) == ["SchedulingRefused", "moved"]
    assert broken_invariants() == []
