"""What staff may override at the counter, and what is kept of it: a reason, an entry in the audit log, the house seat."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.refusals import BadChoice
from houses.models import Theater
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.counter.counter_seats import (
    CounterClosed,
    HouseSeatsChosen,
    Overrides,
    quote_at_counter,
    release_at_counter,
)
from reservations.models import Booking, ShowtimeSeat
from reservations.opening.house_seats import release_due_seats
from reservations.opening.showtime_opening import keep_back
from reservations.refusals.seats import SeatGone
from reservations.refusals.selling import QuoteChanged
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.states import CancelCause
from staff.models import AuditEntry
from tests.aging import lapse
from tests.clock import begins_in
from tests.counter import counter_sale, make_seller, press_sell, sell_seats, take
from tests.factories import hold_seats, make_browser, make_promo
from tests.ledger import broken_invariants, nothing_changes

pytestmark = pytest.mark.django_db
HOUSE = Overrides(house_seats=True, reason="The director's aunt")


@pytest.fixture
def seller(showtime):
    return make_seller(showtime, "MANAGER")


@pytest.fixture
def house(showtime):
    keep_back(showtime_id=showtime.pk, labels=["A1"], reason="Press", release_minutes=60)


def seat(showtime, label="A1"):
    return ShowtimeSeat.objects.get(showtime=showtime, label=label)


class TestHouseSeats:
    def test_without_the_right_they_stay(self, showtime, seller, house):
        with nothing_changes(), pytest.raises(SeatGone):
            take(showtime, seller, "A1", "A2")

    def test_without_a_reason_too(self, showtime, seller, house):
        with nothing_changes(), pytest.raises(BadChoice, match="reason"):
            take(showtime, seller, "A1", allow=Overrides(house_seats=True))

    def test_taking_one_is_in_the_audit_log_once(self, showtime, seller, house):
        take(showtime, seller, "A1", "A2", allow=HOUSE)
        take(showtime, seller, "A1", allow=HOUSE)
        entry = AuditEntry.objects.get(action="take house seats")
        assert (entry.after, entry.reason, entry.user_id) == (
            {"seats": "A1"}, "The director's aunt", seller.operator_id,
        )  # fmt: skip

    @pytest.mark.parametrize("ended", ["by time alone", "by the sweep", "by hand"])
    def test_unsold_it_is_a_house_seat_again(self, showtime, seller, house, ended):
        take(showtime, seller, "A1", allow=HOUSE)
        if ended == "by hand":
            release_at_counter(showtime_id=showtime.pk, seller=seller)
        else:
            lapse(showtime.holds.get())
        if ended == "by the sweep":
            end_lapsed_holds()
        with nothing_changes(), pytest.raises(SeatGone):
            hold_seats(showtime, make_browser(1), "A1")
        assert (seat(showtime).house_reason, seat(showtime).house_release_minutes) == ("Press", 60)
        assert broken_invariants() == []

    def test_sold_and_canceled_it_is_a_house_seat_again(self, showtime, seller, house):
        booking = sell_seats(showtime, seller, "A1", allow=HOUSE).booking
        assert (booking.sale.override_reason, seat(showtime).booking) == ("The director's aunt", booking)
        assert broken_invariants() == []
        cancel_tickets(
            booking_id=booking.pk,
            ticket_ids=None,
            percent=0,
            origin=CancellationOrigin(CancelCause.STAFF, seller.actor),
        )
        with nothing_changes(), pytest.raises(SeatGone):
            hold_seats(showtime, make_browser(1), "A1")

    def test_selling_it_needs_the_right_once_more(self, showtime, seller, house):
        take(showtime, seller, "A1", allow=HOUSE)
        with nothing_changes(), pytest.raises(HouseSeatsChosen):
            press_sell(showtime, seller, "A1")

    def test_going_on_sale_by_time_takes_nothing_from_who_has_it(self, showtime, seller, house):
        booking = sell_seats(showtime, seller, "A1", allow=HOUSE).booking
        begins_in(showtime, minutes=20)
        assert release_due_seats() == 1
        assert (seat(showtime).booking, seat(showtime).house_reason) == (booking, "")


class TestPrices:
    def test_less_than_the_list_is_a_discount_with_a_reason(self, showtime, seller):
        allow = Overrides(prices={"A1": Decimal("10.00")}, reason="Broken armrest")
        booking = sell_seats(showtime, seller, "A1", allow=allow, expected_total=Decimal(10)).booking
        ticket = booking.tickets.get()
        assert (ticket.price, ticket.discount, ticket.tax) == (Decimal("10.00"), Decimal("4.50"), Decimal("1.67"))
        assert AuditEntry.objects.get(action="sell against a rule").after == {"prices": {"A1": "£14.50 → £10.00"}}
        assert broken_invariants() == []

    @pytest.mark.parametrize("price", ["14.51", "-1", "9.999"])
    def test_nobody_pays_more_than_the_list(self, showtime, seller, price):
        take(showtime, seller, "A1")
        allow = Overrides(prices={"A1": Decimal(price)}, reason="Because")
        with nothing_changes(), pytest.raises(BadChoice):
            press_sell(showtime, seller, "A1", allow=allow, expected_total=Decimal(price))

    def test_a_price_needs_a_reason(self, showtime, seller):
        take(showtime, seller, "A1")
        with nothing_changes(), pytest.raises(BadChoice, match="reason"):
            press_sell(showtime, seller, "A1", allow=Overrides(prices={"A1": Decimal(1)}), expected_total=Decimal(1))

    def test_for_nothing_no_money_is_taken(self, showtime, seller):
        allow = Overrides(prices={"A1": Decimal(0)}, reason="Lost a bet")
        sold = sell_seats(showtime, seller, "A1", allow=allow, expected_total=Decimal(0))
        assert (sold.payment, sold.booking.sale.paid_with, sold.booking.status) == (None, "", "CONFIRMED")
        assert broken_invariants() == []

    def test_no_price_goes_with_a_promo_code(self, showtime, seller):
        make_promo()
        take(showtime, seller, "A1")
        allow = Overrides(prices={"A1": Decimal(1)}, reason="Because")
        with nothing_changes(), pytest.raises(BadChoice):
            press_sell(showtime, seller, "A1", allow=allow, promo_code="LANTERN", expected_total=Decimal(1))
        with nothing_changes(), pytest.raises(BadChoice):
            press_sell(showtime, seller, "A1", comp_reason="Press", promo_code="LANTERN", expected_total=Decimal(0))


class TestSalesClose:
    @pytest.fixture
    def closed(self, showtime):
        return showtime.starts_at + timedelta(minutes=30)

    def test_the_counter_sells_longer_than_the_web(self, showtime, seller, closed):
        now = closed - timedelta(minutes=1)
        assert sell_seats(showtime, seller, "A1", now=now).booking.sale.override_reason == ""

    def test_until_the_theater_says_stop(self, showtime, seller, closed):
        with nothing_changes(), pytest.raises(CounterClosed):
            take(showtime, seller, "A1", now=closed)
        Theater.objects.update(counter_close_minutes=31)
        take(showtime, seller, "A1", now=closed)

    def test_by_a_right_until_the_end(self, showtime, seller, closed):
        allow = Overrides(sales_close=True, reason="They wait outside")
        sell_seats(showtime, seller, "A1", allow=allow, now=closed)
        entry = AuditEntry.objects.get(action="sell against a rule")
        assert (list(entry.after), entry.reason) == (["after the close"], "They wait outside")
        with nothing_changes(), pytest.raises(CounterClosed, match="over"):
            take(showtime, seller, "A2", allow=allow, now=showtime.ends_at)


class TestComps:
    def test_given_away_nothing_is_paid(self, showtime, seller):
        sold = sell_seats(showtime, seller, "A1", comp_reason="Press", expected_total=Decimal(0))
        booking = Booking.objects.get()
        assert (sold.payment, booking.total, booking.sale.comp_reason, booking.sale.channel) == (
            None,
            0,
            "Press",
            "COMP",
        )
        assert AuditEntry.objects.get(action="give tickets away").reason == "Press"
        assert broken_invariants() == []

    def test_what_was_shown_must_be_nothing(self, showtime, seller):
        take(showtime, seller, "A1")
        with nothing_changes(), pytest.raises(QuoteChanged):
            press_sell(showtime, seller, "A1", comp_reason="Press")


def test_a_promo_code_counts_at_the_counter(showtime, seller):
    make_promo(most_uses=1)
    sold = sell_seats(showtime, seller, "A1", promo_code="lantern", expected_total=Decimal("11.60"))
    assert (sold.booking.redemption.discount, sold.payment.amount) == (Decimal("2.90"), Decimal("11.60"))
    assert broken_invariants() == []


def test_a_code_that_counts_customers_asks_for_their_address(showtime, seller):
    make_promo(most_uses_each=1)
    take(showtime, seller, "A1")
    with nothing_changes(), pytest.raises(BadChoice, match="e-mail"):
        press_sell(showtime, seller, "A1", promo_code="LANTERN", expected_total=Decimal("11.60"))


def test_the_screen_knows_the_total_before(showtime, seller):
    take(showtime, seller, "A1", "B1")
    order = counter_sale(showtime, "A1", "B1", kind="CHILD")
    assert quote_at_counter(showtime_id=showtime.pk, seller=seller, order=order).total == Decimal("21.00")
