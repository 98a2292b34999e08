"""What each operator took in a day at the counter: the same as the ledger's export says."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.sales_figures import Basis, SalesGroup, sales
from boxoffice.selectors.takings import Taking, takings_of
from houses.business_days import business_day
from payments.models import Refund
from payments.services.cancellation import cancel_and_refund
from payments.services.ledger_export import ledger_lines
from payments.services.payouts import pay_out
from payments.states import COUNTER_METHODS, PaymentMethod
from reservations.services.cancellation import Why
from reservations.states import CancelCause
from tests.counter import make_seller, sell_seats
from tests.factories import buy, make_browser, make_showtime

pytestmark = pytest.mark.django_db
CASH, TERMINAL = PaymentMethod.CASH, PaymentMethod.TERMINAL


@pytest.fixture
def day(showtime, sandbox):
    """Two people sell; one of them pays out what the other one sold; elsewhere somebody sells too."""
    ann, bob = make_seller(showtime, "MANAGER", 1), make_seller(showtime, "MANAGER", 2)
    cash = sell_seats(showtime, ann, "A1", "A2", tendered=Decimal(50))
    sell_seats(showtime, ann, "A3", method=TERMINAL)
    sell_seats(showtime, ann, "A4", comp_reason="Press", expected_total=Decimal(0))
    sell_seats(showtime, bob, "B1", method=TERMINAL)
    buy(sandbox, showtime, make_browser(1), "B2")
    ticket = cash.booking.tickets.first()
    cancel_and_refund(booking_id=cash.booking.pk, ticket_ids=[ticket.pk], why=Why(CancelCause.STAFF, bob.actor))
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


def test_another_day_has_others(day):
    other = takings_of(day, today(day) - timedelta(days=1))
    assert (other.operators, other.total) == ((), Taking(None))


def test_the_count_of_queries_is_fixed(day, django_assert_num_queries):
    with django_assert_num_queries(2):
        takings_of(day, today(day))


def test_reports_tell_channels_and_methods_apart(day):
    span = DayRange(day, today(day), today(day) + timedelta(days=2))

    def tickets(group):
        return {
            (line.label or line.key): line.sold + line.comps for line in sales(span=span, group=group, basis=Basis.SALE)
        }

    assert tickets(SalesGroup.CHANNEL) == {"Counter": 3, "Given away": 1, "Online": 1}
    assert tickets(SalesGroup.METHOD) == {"Cash": 1, "Card at the counter": 2, "Card online": 1, "Free": 1}
