"""The counter and the web want the same seat; Sell is pressed twice; two people pay out the same money."""

from collections import Counter
from functools import partial

import pytest

from payments.models import Payment, Refund
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.payouts import pay_out
from payments.states import PaymentMethod
from reservations import locks
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking, ShowtimeSeat
from reservations.seats.taking import take_seats
from reservations.states import CancelCause
from tests.counter import make_seller, press_sell, sell_seats, take
from tests.factories import make_browser
from tests.race.own_take import own_take
from tests.race.racing import as_word, broken_invariants, run_all, seats_locked, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ADA = make_browser(1)


def online(showtime, *labels):
    return as_word(partial(take_seats, showtime_id=showtime.pk, browser=ADA, labels=list(labels)), "web")


def at_counter(showtime, seller, *labels):
    return as_word(partial(take, showtime, seller, *labels), "counter")


@pytest.mark.parametrize(
    ("way", "answers"),
    [
        (locks.take_seats, {"SeatGone": 1, "one": 1}),
        (own_take(), {"SeatGone": 1, "one": 1}),
        pytest.param(own_take(own="true"), {"one": 2}, id="control: a statement that does not look"),
    ],
)
def test_the_counter_and_the_web_want_the_same_seat(showtime, monkeypatch, way, answers):
    monkeypatch.setattr(locks, "take_seats", way)
    seller = make_seller(showtime)
    with seats_locked(showtime, "A1"):
        both = [start_and_block(online(showtime, "A1", "A2")), start_and_block(at_counter(showtime, seller, "A1"))]
    said = Counter("one" if one.outcome() in {"web", "counter"} else one.outcome() for one in both)
    assert said == answers


def test_two_operators_want_the_same_seat(showtime):
    sellers = [make_seller(showtime, number=number) for number in range(1, 6)]
    said = run_all(*(at_counter(showtime, seller, "A1", "A2") for seller in sellers))
    assert Counter(said) == {"counter": 1, "SeatGone": 4}
    assert ShowtimeSeat.objects.filter(showtime=showtime, hold__isnull=False).count() == 2


def test_sell_pressed_many_times_is_one_sale(showtime):
    seller = make_seller(showtime)
    take(showtime, seller, "A1", "A2")
    sold = run_all(*[partial(press_sell, showtime, seller, "A1", "A2")] * 5)
    assert len({one.booking.pk for one in sold}) == 1
    assert (Booking.objects.count(), Payment.objects.count()) == (1, 1)
    assert broken_invariants() == set()


def test_control_without_the_lock_of_the_hold_sell_sells_twice(showtime, monkeypatch):
    seller = make_seller(showtime)
    take(showtime, seller, "A1")
    hold = showtime.holds.get()
    monkeypatch.setattr(locks, "live_hold", lambda **_: hold)
    monkeypatch.setattr(locks, "seats_of_hold", lambda _: list(hold_seats))
    hold_seats = list(ShowtimeSeat.objects.filter(hold=hold).select_related("seat"))
    press_sell(showtime, seller, "A1")
    with pytest.raises(AssertionError):
        press_sell(showtime, seller, "A1")


def test_money_is_paid_out_once(showtime):
    seller = make_seller(showtime, "MANAGER")
    booking = sell_seats(showtime, seller, "A1").booking
    cancel_and_refund(
        booking_id=booking.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, seller.actor)
    )
    refund = Refund.objects.get()
    cash = partial(pay_out, refund_id=refund.pk, method=PaymentMethod.CASH, operator_id=seller.operator_id)
    run_all(*[as_word(cash, "done")] * 5)
    booking.refresh_from_db()
    assert (booking.sale.paid_out, Refund.objects.count()) == (refund.amount, 1)
    assert broken_invariants() == set()
