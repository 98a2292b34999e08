"""What each operator took in a day at the counter equals the ledger's export."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.sales_figures import Basis, SalesGroup, sales
from boxoffice.selectors.takings import Taking, takings_of
from houses.business_days import business_day
from payments.books.invariants import check_invariants
from payments.books.ledger_export import ledger_lines
from payments.models import Refund
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.payouts import pay_out
from payments.states import COUNTER_METHODS, PaymentMethod
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.counter.counter_seats import CounterSeller
from reservations.states import CancelCause
from tests.counter import make_seller, press_sell, sell_seats, take
from tests.devices import make_device
from tests.factories import buy, make_browser, make_showtime

pytestmark = pytest.mark.django_db
CASH, TERMINAL = PaymentMethod.CASH, PaymentMethod.TERMINAL


@pytest.fixture
def day(showtime, sandbox):
    """Two people sell, one of them pays out what the other one sold, and somebody sells at another theater."""
    ann, bob = make_seller(showtime, "MANAGER", 1), make_seller(showtime, "MANAGER", 2)
    cash = sell_seats(showtime, ann, "A1", "A2", tendered=Decimal(50))
    sell_seats(showtime, ann, "A3", method=TERMINAL)
    sell_seats(showtime, ann, "A4", comp_reason="Press", expected_total=Decimal(0))
    sell_seats(showtime, bob, "B1", method=TERMINAL)
    buy(sandbox, showtime, make_browser(1), "B2")
    ticket = cash.booking.tickets.first()
    cancel_and_refund(
        booking_id=cash.booking.pk, ticket_ids=[ticket.pk], origin=CancellationOrigin(CancelCause.STAFF, bob.actor)
    )
    pay_out(refund_id=Refund.objects.get().pk, method=CASH, operator_id=bob.operator_id)
    elsewhere = make_showtime()
    sell_seats(elsewhere, make_seller(elsewhere, "MANAGER", 3), "A1")
    return showtime.auditorium.theater


def today(theater):
    return business_day(theater, timezone.now())


def test_each_operator_by_itself_and_all_together(day):
    takings = takings_of(day, today(day))
    ann, bob = sorted(takings.operators, key=lambda one: one.operator.pk)
    assert ann == Taking(
        ann.operator, cash_in=Decimal("29.00"), terminal_in=Decimal("14.50"), bookings=2, tickets=3, comps=1
    )
    assert bob == Taking(bob.operator, cash_out=Decimal("14.50"), terminal_in=Decimal("17.50"), bookings=1, tickets=1)
    assert (takings.total.cash, takings.total.terminal) == (Decimal("14.50"), Decimal("32.00"))
    assert (takings.total.bookings, takings.total.tickets, takings.total.comps) == (3, 4, 1)


def test_they_are_what_the_ledger_says(day):
    total = takings_of(day, today(day)).total
    booked = Counter()
    for line in ledger_lines(theater=day, first=today(day), last=today(day)):
        if line.book == "money":
            booked[line.method] += line.gross
    assert {method: booked[method] for method in COUNTER_METHODS} == {CASH: total.cash, TERMINAL: total.terminal}


@pytest.fixture
def two_devices(showtime, sandbox):
    """Ann and Bob sell on two devices and change places; the boss sells and pays out without one."""
    theater = showtime.auditorium.theater
    left, right = make_device(theater, name="Left"), make_device(theater, name="Right")
    ann, bob = make_seller(showtime, "BOX_OFFICE", 1), make_seller(showtime, "BOX_OFFICE", 2)
    boss = make_seller(showtime, "MANAGER", 3)

    def at(device, seller):
        """A seller at a device. Holds belong to the device, so another seller there continues them."""
        return CounterSeller(holder=f"d{device.pk:063d}", operator_id=seller.operator_id, device_id=device.pk)

    first = sell_seats(showtime, at(left, ann), "A1", "A2", tendered=Decimal(50))
    sell_seats(showtime, at(right, bob), "A3", method=TERMINAL)
    take(showtime, at(left, ann), "A4")  # begun by Ann and paid to Bob, into the same drawer
    press_sell(showtime, at(left, bob), "A4")
    sell_seats(showtime, boss, "B1", method=TERMINAL)
    second = sell_seats(showtime, boss, "B2")
    for booking, number in ((first.booking, 1), (second.booking, 1)):
        tickets = [ticket.pk for ticket in booking.tickets.order_by("pk")[:number]]
        cancel_and_refund(
            booking_id=booking.pk, ticket_ids=tickets, origin=CancellationOrigin(CancelCause.STAFF, boss.actor)
        )
    # Cash that went into the left drawer is paid out of the right one; what was sold without a device is paid out at the left one
    # by card.
    ways = {first.payment.pk: (right, bob, CASH), second.payment.pk: (left, ann, TERMINAL)}
    for refund in Refund.objects.all():
        device, person, method = ways[refund.payment_id]
        pay_out(refund_id=refund.pk, method=method, operator_id=person.operator_id, device_id=device.pk)
    return SimpleNamespace(theater=theater, left=left, right=right, ann=ann, bob=bob, boss=boss)


def test_money_counts_for_the_drawer_it_went_into_or_left(two_devices):
    takings = takings_of(two_devices.theater, today(two_devices.theater))
    assert [drawer.device for drawer in takings.drawers] == [two_devices.left, two_devices.right, None]
    left, right, none = (drawer.total for drawer in takings.drawers)
    assert (left.cash_in, left.cash_out, left.terminal) == (Decimal("43.50"), 0, Decimal("-17.50"))
    assert (right.cash_in, right.cash_out, right.terminal) == (0, Decimal("14.50"), Decimal("14.50"))
    assert (none.cash_in, none.cash_out, none.terminal) == (Decimal("17.50"), 0, Decimal("17.50"))
    assert (left.tickets, right.tickets, none.tickets) == (3, 1, 2)


def test_operators_stand_beside_the_drawers_they_worked_at(two_devices):
    takings = takings_of(two_devices.theater, today(two_devices.theater))
    at_left = {row.operator.pk: (row.cash_in, row.terminal_out) for row in takings.drawers[0].operators}
    assert at_left == {
        two_devices.ann.operator_id: (Decimal("29.00"), Decimal("17.50")),
        two_devices.bob.operator_id: (Decimal("14.50"), 0),
    }
    bob = takings.of_operator(two_devices.bob.operator_id)
    assert [drawer.device.name for drawer in bob.drawers] == ["Left", "Right"]
    assert (bob.total.cash, bob.total.terminal) == (0, Decimal("14.50"))
    whole = {row.operator.pk: row.cash for row in takings.operators}
    assert whole[two_devices.bob.operator_id] == 0


def test_drawers_add_up_to_the_ledger(two_devices):
    takings = takings_of(two_devices.theater, today(two_devices.theater))
    booked = Counter()
    for line in ledger_lines(theater=two_devices.theater, first=takings.day, last=takings.day):
        if line.book == "money":
            booked[line.method] += line.gross
    assert booked[CASH] == sum(drawer.total.cash for drawer in takings.drawers) == takings.total.cash
    assert booked[TERMINAL] == sum(drawer.total.terminal for drawer in takings.drawers) == takings.total.terminal
    for drawer in takings.drawers:
        assert drawer.total.cash == sum(row.cash for row in drawer.operators)
    assert [found for found in check_invariants() if found.rows] == []


def test_another_day_has_others(day):
    other = takings_of(day, today(day) - timedelta(days=1))
    assert (other.drawers, other.operators, other.total) == ((), (), Taking(None))


def test_the_count_of_queries_is_fixed(day, django_assert_num_queries):
    with django_assert_num_queries(2):  # one more query where there are devices
        takings_of(day, today(day))


def test_reports_tell_channels_and_methods_apart(day):
    span = DayRange(day, today(day), today(day) + timedelta(days=2))

    def tickets(group):
        return {
            (line.label or line.key): line.sold + line.comps for line in sales(span=span, group=group, basis=Basis.SALE)
        }

    assert tickets(SalesGroup.CHANNEL) == {"Counter": 3, "Given away": 1, "Online": 1}
    assert tickets(SalesGroup.METHOD) == {"Cash": 1, "Card at the counter": 2, "Card online": 1, "Free": 1}
