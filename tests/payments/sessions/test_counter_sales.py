"""A sale at the counter: seats, booking and money in one transaction, by the same rules as online."""

from decimal import Decimal

import pytest

from core.refusals import BadChoice
from payments.models import Payment
from payments.states import PaymentMethod
from reservations.counter.counter_seats import release_at_counter
from reservations.models import Booking, Hold, Move, OutgoingMail, ShowtimeSeat
from reservations.refusals.seats import HoldLapsed, SeatGone
from reservations.refusals.selling import QuoteChanged
from tests.counter import make_seller, press_sell, sell_seats, take
from tests.factories import hold_seats, make_browser
from tests.ledger import broken_invariants, nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(showtime):
    return make_seller(showtime)


def test_two_tickets_for_cash(showtime, seller):
    sold = sell_seats(showtime, seller, "A1", "A2", tendered=Decimal("50.00"))
    booking = Booking.objects.get()
    payment = Payment.objects.get()
    assert (sold.booking, sold.payment, sold.change) == (booking, payment, Decimal("21.00"))
    assert (booking.status, booking.sale.channel, booking.sale.operator_id, booking.email) == (
        "CONFIRMED", "COUNTER", seller.operator_id, "",
    )  # fmt: skip
    assert (payment.status, payment.method, payment.taken, payment.tendered, payment.request) == (
        "SUCCEEDED", "CASH", Decimal("29.00"), Decimal("50.00"), {},
    )  # fmt: skip
    assert set(booking.tickets.values_list("status", flat=True)) == {"VALID"}
    assert broken_invariants() == []


def test_nobody_is_written_to_without_an_address(showtime, seller):
    sell_seats(showtime, seller, "A1")
    assert not OutgoingMail.objects.exists()


def test_with_an_address_the_tickets_are_mailed(showtime, seller):
    sold = sell_seats(showtime, seller, "A1", email="ada@example.com")
    assert list(sold.booking.mails.values_list("kind", "contact__email")) == [("CONFIRMATION", "ada@example.com")]
    assert broken_invariants() == []


def test_a_card_at_the_counter(showtime, seller):
    sold = sell_seats(showtime, seller, "A1", method=PaymentMethod.TERMINAL)
    assert (sold.payment.method, sold.payment.tendered, sold.change) == ("TERMINAL", None, Decimal("0.00"))


def test_every_move_says_who_sold(showtime, seller):
    sell_seats(showtime, seller, "A1")
    assert set(Move.objects.exclude(what="showtime").values_list("what", "to_status", "actor")) == {
        (what, to, f"staff:{seller.operator_id}")
        for what, to in [("booking", "CONFIRMED"), ("ticket", "VALID"), ("payment", "SUCCEEDED")]
    }


def test_pressed_twice_it_is_one_booking(showtime, seller):
    first = sell_seats(showtime, seller, "A1", tendered=Decimal(20))
    with nothing_changes():
        again = press_sell(showtime, seller, "A1", tendered=Decimal(20))
    assert again == first


def test_the_next_customer_needs_seats_of_their_own(showtime, seller):
    sell_seats(showtime, seller, "A1")
    with nothing_changes(), pytest.raises(HoldLapsed):
        press_sell(showtime, seller, "A2")


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"tendered": Decimal(14)}, BadChoice),
        ({"tendered": Decimal("20.001")}, BadChoice),
        ({"method": PaymentMethod.ONLINE}, BadChoice),
        ({"expected_total": Decimal(10)}, QuoteChanged),
    ],
)
def test_a_sale_that_is_refused_leaves_nothing_behind(showtime, seller, facts, refusal):
    take(showtime, seller, "A1")
    with nothing_changes(), pytest.raises(refusal):
        press_sell(showtime, seller, "A1", **facts)


def test_the_seats_are_those_of_the_web(showtime, seller, my_browser):
    hold_seats(showtime, my_browser, "A1")
    with nothing_changes(), pytest.raises(SeatGone):
        take(showtime, seller, "A1", "A2")
    take(showtime, seller, "A2")
    with nothing_changes(), pytest.raises(SeatGone):
        hold_seats(showtime, make_browser(3), "A2")


def test_a_counter_hold_says_whose_it_is_and_is_given_back(showtime, seller):
    take(showtime, seller, "A1")
    assert Hold.objects.get().operator_id == seller.operator_id
    release_at_counter(showtime_id=showtime.pk, seller=seller)
    assert not ShowtimeSeat.objects.filter(hold__isnull=False).exists()
