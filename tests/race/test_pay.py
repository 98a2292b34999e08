"""Pay is pressed twice, from two tabs, and while seats change."""

import threading
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from payments.models import Payment
from payments.sessions import checkout
from payments.sessions.checkout import open_payment_session
from reservations import locks
from reservations.models import Booking, Hold, ShowtimeSeat, Ticket
from reservations.seats.taking import take_seats
from reservations.selling.bookings import open_booking
from tests.factories import hold_seats, make_browser, pay_form, press_pay
from tests.race.own_take import own_take
from tests.race.racing import as_word, broken_invariants, run_all, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ADA = make_browser(1)


def payment_sessions(sandbox):
    return sandbox.desk.ledger.find("checkout.session", "1 = 1")


def test_a_double_clicked_pay_is_one_booking_one_payment_one_payment_session(showtime, sandbox, client):
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2"]})
    form = {"action": "pay", "email": "ada@example.com", "total": "29.00", "type-A1": "ADULT", "type-A2": "ADULT"}

    def press():
        other = Client()
        other.cookies = client.cookies
        return other.post(f"/checkout/{showtime.pk}/", form)

    answers = run_all(*[press] * 4)
    assert {(answer.status_code, answer.url) for answer in answers} == {(303, Payment.objects.get().session_url)}
    assert (Booking.objects.count(), Ticket.objects.count(), len(payment_sessions(sandbox))) == (1, 2, 1)
    assert broken_invariants() == set()


def test_control_a_key_made_up_per_call_opens_a_payment_session_per_click(showtime, sandbox, monkeypatch):
    hold_seats(showtime, ADA, "A1")
    both_read = threading.Barrier(2)

    def with_a_fresh_key(payment):
        both_read.wait(10)
        payment.key = f"key-{threading.get_ident()}"
        return open_payment_session(payment)

    monkeypatch.setattr(checkout, "open_payment_session", with_a_fresh_key)
    run_all(*[partial(press_pay, showtime, ADA, "A1")] * 2)
    assert len(payment_sessions(sandbox)) == 2


def test_control_a_hold_that_is_not_locked_is_handed_over_twice_but_for_the_index(showtime, monkeypatch):
    hold = hold_seats(showtime, ADA, "A1")
    both_read = threading.Barrier(2)

    def unlocked(**_):
        found = Hold.objects.get(pk=hold.pk)
        both_read.wait(10)
        return found

    def hand_over():
        try:
            with transaction.atomic():
                return open_booking(showtime_id=showtime.pk, browser=ADA, form=pay_form(showtime, "A1")).status
        except IntegrityError as error:
            return "booking_one_pending_per_hold" in str(error)

    monkeypatch.setattr(locks, "live_hold", unlocked)
    monkeypatch.setattr(locks, "seats_of_hold", lambda pk: list(ShowtimeSeat.objects.filter(label="A1")))
    assert sorted(run_all(hand_over, hand_over), key=str) == ["PENDING", True]


def pay_job(showtime):
    return as_word(partial(press_pay, showtime, ADA, "A1"), "paying")


def take_job(showtime):
    return as_word(partial(take_seats, showtime_id=showtime.pk, browser=ADA, labels=["A2"]), "held")


def test_two_tabs_one_pays_while_the_other_takes_a_seat(showtime, sandbox):
    hold_seats(showtime, ADA, "A1")
    ends = run_all(pay_job(showtime), take_job(showtime))
    assert ends in (["paying", "Paying"], ["SeatsChanged", "held"])
    held, booked = ShowtimeSeat.objects.exclude(hold=None).count(), ShowtimeSeat.objects.exclude(booking=None).count()
    assert (held, booked) == ((0, 1) if ends[0] == "paying" else (2, 0))
    assert Booking.objects.count() == booked


@pytest.mark.parametrize(
    ("way", "outcome"), [(locks.take_seats, "Paying"), (own_take(), "Paying"), (own_take(paying="false"), "held")]
)
def test_a_tab_that_waited_for_pay_takes_nothing(showtime, monkeypatch, way, outcome):
    hold_seats(showtime, ADA, "A1")
    monkeypatch.setattr(locks, "take_seats", way)
    with transaction.atomic():
        open_booking(showtime_id=showtime.pk, browser=ADA, form=pay_form(showtime, "A1"))
        second = start_and_block(take_job(showtime))
    assert second.outcome() == outcome
    assert Hold.objects.live().exists() == (outcome == "held")


def test_pay_that_waited_for_another_tab_charges_nothing_for_seats_it_did_not_show(showtime):
    hold_seats(showtime, ADA, "A1")
    with transaction.atomic():
        take_job(showtime)()
        second = start_and_block(pay_job(showtime))
    assert second.outcome() == "SeatsChanged"
    assert not Booking.objects.exists() and Hold.objects.live().get().seats.count() == 2
