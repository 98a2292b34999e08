"""The report of money that goes back: decided, arrived, or on its way. Its sums equal those of both books."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from boxoffice.report_tables import ReportOptions
from boxoffice.report_tables.refunds import refund_tables
from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.refund_figures import ReturnGroup, arrived, decided, under_way
from houses.business_days import business_day
from payments.books.ledger_export import ledger_lines
from payments.books.payment_sweep import send_due_refunds
from payments.models import Refund
from payments.records.status_changes import move_refund
from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.states import CancelCause
from tests.factories import buy, make_browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def span(showtime):
    theater = showtime.auditorium.theater
    today = business_day(theater, timezone.now())
    return DayRange(theater, today - timedelta(days=1), today)


@pytest.fixture
def given_back(showtime, sandbox):
    """One whole booking refunded by staff, which arrived; one ticket canceled by the customer, whose refund is not sent yet."""
    for number, (labels, origin) in enumerate(
        [
            (("A1", "A2"), CancellationOrigin(CancelCause.STAFF, "staff:1", "The projector broke")),
            (("B1",), CancellationOrigin(CancelCause.CUSTOMER, "c")),
        ]
    ):
        booking = buy(sandbox, showtime, make_browser(number + 1), *labels)
        cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=origin)
        if number == 0:
            send_due_refunds()


def figures(span, group):
    return [(one.label, one.times, one.tickets, str(one.back)) for one in decided(span=span, group=group)]


def test_by_cause_reason_film_and_day(showtime, given_back, span):
    assert figures(span, ReturnGroup.CAUSE) == [("By the customer", 1, 1, "17.50"), ("By staff", 1, 2, "29.00")]
    assert figures(span, ReturnGroup.REASON)[1] == ("By staff: The projector broke", 1, 2, "29.00")
    assert figures(span, ReturnGroup.MOVIE) == [(showtime.movie.title, 2, 3, "46.50")]
    assert figures(span, ReturnGroup.DAY) == [(span.last.isoformat(), 2, 3, "46.50")]


def test_what_arrived_and_what_is_under_way(given_back, span):
    (line,) = arrived(span)
    assert (line.currency, line.method, line.refunds, line.amount) == ("GBP", "Card online", 1, Decimal("29.00"))
    (waiting,) = under_way(span)
    assert (waiting.status.label, waiting.refunds, waiting.amount) == ("Requested", 1, Decimal("17.50"))


def test_what_a_bank_sent_back_is_taken_off(given_back, span):
    move_refund(Refund.objects.get(status="SUCCEEDED"), "FAILED", actor="stripe")
    (line,) = arrived(span)
    assert (line.amount, line.returned, line.stayed) == (Decimal("29.00"), Decimal("29.00"), 0)


def test_the_sums_are_those_of_the_books(given_back, span):
    lines = list(ledger_lines(theater=span.theater, first=span.first, last=span.last))
    canceled = sum(line.gross for line in lines if line.kind == "cancellation")
    assert sum(one.back for one in decided(span=span, group=ReturnGroup.DAY)) == -canceled
    assert sum(one.stayed for one in arrived(span)) == -sum(line.gross for line in lines if "refund" in line.kind)


def test_the_page_has_a_table_of_each(given_back, span):
    tables = refund_tables(ReportOptions(span, group="cause"))
    assert [table.title for table in tables] == ["Decided, by cause", "Arrived", "Under way now"]
    assert tables[0].foot == ("Total", 2, 3, Decimal("46.50"), Decimal("0.00"))
    assert tables[0].exported()[1][0] == ("By the customer", 1, 1, Decimal("17.50"), Decimal("0.00"), "GBP")
