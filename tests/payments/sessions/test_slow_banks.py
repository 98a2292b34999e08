"""A bank that takes days although only cards were asked for: the seats are kept until sales close, then time decides."""

from datetime import timedelta

import pytest
from django.db.models import F

from payments.sessions.session_closing import close_due_sessions
from payments.sessions.settlement import SettlementResult, settle
from reservations.models import Hold, OutgoingMail, ShowtimeSeat
from reservations.refusals.seats import SeatGone
from reservations.seats.taking import take_seats
from tests.aging import age_booking
from tests.factories import begin_paying
from tests.ledger import broken_invariants, moves_of, nothing_changes
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
TWO_DAYS = 2 * 86_400
DECLINED = "4000000000000002"


@pytest.fixture
def booking(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    sandbox.pay(booking.sale.payments.get().session_id, card="processing")
    assert settled(booking) == SettlementResult.PROCESSING
    booking.refresh_from_db()
    return booking


def settled(booking):
    return settle(payment_id=booking.sale.payments.get().pk, actor="test")


def after_sales_close(booking):
    """Two days later: sales are closed, but the showtime is not over."""
    age_booking(booking, TWO_DAYS)
    Showtime.objects.update(sales_close_at=F("sales_close_at") - (booking.sale.held_until - booking.created_at))


def statuses(booking):
    booking.refresh_from_db()
    return booking.status, booking.sale.payments.get().status


def test_the_seats_stay_until_sales_close(showtime, booking, other_browser):
    assert booking.sale.held_until == booking.sale.payable_until == showtime.sales_close_at
    assert ShowtimeSeat.objects.get(booking=booking).held_until == showtime.sales_close_at
    age_booking(booking, 3600)
    assert close_due_sessions() == 0
    with nothing_changes(), pytest.raises(SeatGone):
        take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A1"])
    assert broken_invariants() == []


def test_told_again_nothing_changes(booking):
    with nothing_changes():
        assert settled(booking) == SettlementResult.PROCESSING


def test_when_sales_close_later_than_they_did_the_seats_stay_until_then(showtime, booking):
    Showtime.objects.update(sales_close_at=F("sales_close_at") + timedelta(minutes=20))
    assert settled(booking) == SettlementResult.PROCESSING
    booking.refresh_from_db()
    assert booking.sale.payable_until == Showtime.objects.get().sales_close_at == booking.sale.held_until


def test_a_bank_that_pays_before_sales_close_makes_a_ticket(booking, sandbox):
    sandbox.settle(booking.sale.payments.get().session_id)
    assert settled(booking) == SettlementResult.CONFIRMED
    assert (statuses(booking), booking.is_late) == (("CONFIRMED", "SUCCEEDED"), False)


def test_a_bank_that_says_no_frees_the_seats_at_once(showtime, booking, sandbox, other_browser):
    sandbox.settle(booking.sale.payments.get().session_id, card=DECLINED)
    assert settled(booking) == SettlementResult.REFUSED
    assert (statuses(booking), moves_of("payment")) == (("EXPIRED", "FAILED"), ["CREATED→OPEN", "OPEN→FAILED"])
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A1"])
    assert (Hold.objects.live().count(), broken_invariants()) == (1, [])


def test_a_no_of_a_bank_of_which_nothing_was_heard_before_leaves_the_time_to_pay(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    session_id = booking.sale.payments.get().session_id
    sandbox.pay(session_id, card="processing")
    sandbox.settle(session_id, card=DECLINED)
    assert settled(booking) == SettlementResult.REFUSED
    assert statuses(booking) == ("PENDING", "FAILED")


def test_when_sales_close_without_an_answer_the_booking_expires_and_late_money_goes_back(booking, sandbox):
    after_sales_close(booking)
    assert close_due_sessions() == 1
    assert statuses(booking) == ("EXPIRED", "OPEN")
    sandbox.settle(booking.sale.payments.get().session_id)
    assert settled(booking) == SettlementResult.REFUNDING
    assert statuses(booking) == ("REFUNDED", "SUCCEEDED")
    assert list(OutgoingMail.objects.values_list("kind", flat=True)) == ["APOLOGY"]
