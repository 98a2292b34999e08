"""The export for accounting: its sums are those of the ledger, and a day that was exported never changes."""

import csv
import io
from collections import defaultdict
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from houses.business_days import business_day
from houses.models import Theater
from payments.books.ledger_export import HEADER, ledger_rows
from payments.books.payment_sweep import send_due_refunds
from payments.models import Payment, Refund
from payments.records.refund_rows import request_refunds
from payments.records.status_changes import move_refund
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.disputes import follow_dispute
from payments.sessions.session_closing import expire_due_booking
from payments.sessions.settlement import settle
from payments.states import CAPTURED_PAYMENTS
from reservations import locks
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.aftersale.goodwill import owe_goodwill
from reservations.models import Booking, Ticket
from reservations.seats.taking import take_seats
from reservations.states import LIVE_TICKETS, CancelCause
from sales.models import Sale
from tests.aging import past_time_to_pay
from tests.clock import put_day_around_now
from tests.factories import begin_paying, make_browser, make_price_list, make_showtime, make_theater
from tests.standing_world import paying_world

pytestmark = pytest.mark.django_db
YEN = {"ADULT": Decimal(1900), "CHILD": Decimal(1200)}


def bought(showtime, sandbox, number, *labels) -> Booking:
    booking = begin_paying(showtime, make_browser(number), *labels)
    sandbox.pay(booking.sale.payments.get().session_id)
    settle(payment_id=booking.sale.payments.get().pk, actor="test")
    return booking


def given_up(booking, count, percent) -> None:
    origin = CancellationOrigin(CancelCause.CUSTOMER, "customer")
    tickets = [ticket.pk for ticket in booking.tickets.all()[:count]]
    cancel_tickets(booking_id=booking.pk, ticket_ids=tickets, percent=percent, origin=origin)
    send_due_refunds()


def too_late(showtime, sandbox, number) -> Booking:
    """A payment whose money came after its seat had been sold to somebody else."""
    booking = begin_paying(showtime, make_browser(number), "A6")
    past_time_to_pay(booking)
    expire_due_booking(booking_id=booking.pk, actor="sweep")
    take_seats(showtime_id=showtime.pk, browser=make_browser(number + 1), labels=["A6"])
    sandbox.pay_late(booking.sale.payments.get().session_id)
    settle(payment_id=booking.sale.payments.get().pk, actor="test")
    send_due_refunds()
    return booking


def one_of_everything(showtime, sandbox) -> None:
    bought(showtime, sandbox, 1, "A1")
    given_up(bought(showtime, sandbox, 2, "A2", "A3"), 1, 50)
    given_up(bought(showtime, sandbox, 3, "B1", "B2"), 2, 33)
    canceled = bought(showtime, sandbox, 4, "A4")
    cancel_and_refund(
        booking_id=canceled.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "ill")
    )
    send_due_refunds()
    too_late(showtime, sandbox, 5)
    begin_paying(showtime, make_browser(7), "B3")


def yen_showtime():
    theater = make_theater(currency="JPY", timezone_name="Asia/Tokyo", tax_rate="0.10", country="JP")
    return make_showtime(theater=theater, price_list=make_price_list(theater, YEN, Decimal(300)))


def rial_showtime():
    theater = make_theater(currency="OMR", timezone_name="Asia/Muscat", tax_rate="0.05", country="OM")
    prices = {"ADULT": Decimal("13.500"), "CHILD": Decimal("8.250")}
    return make_showtime(theater=theater, price_list=make_price_list(theater, prices, Decimal("0.750")))


def exported(theater, first=0, last=0):
    """The lines of the business days from `first` to `last`, counted from today, as accounting reads them."""
    today = business_day(theater, timezone.now())
    days = {"first": today + timedelta(days=first), "last": today + timedelta(days=last)}
    rows = ledger_rows(theater=theater, **days)
    return [dict(zip(HEADER, [str(c) if isinstance(c, Decimal) else c for c in row], strict=True)) for row in rows]


def total(lines, column, *kinds):
    return sum((Decimal(line[column] or 0) for line in lines if line["kind"] in kinds), Decimal(0))


def summed(rows, column):
    return rows.aggregate(total=Sum(column))["total"] or Decimal(0)


@pytest.fixture(scope="class", params=["GBP", "JPY", "OMR"])
def standing_house(request, django_db_setup, django_db_blocker, sandbox_process):
    def house(sandbox) -> Theater:
        showtime = {"GBP": make_showtime, "JPY": yen_showtime, "OMR": rial_showtime}[request.param]()
        put_day_around_now(showtime.auditorium.theater)  # the tests may run on both sides of 05:00
        one_of_everything(showtime, sandbox)
        return showtime.auditorium.theater

    with paying_world(django_db_blocker, sandbox_process, house) as theater:
        yield theater


@pytest.fixture
def house(standing_house, db) -> Theater:
    return deepcopy(standing_house)


class TestOneOfEverything:
    """Sales of all kinds in one theater: in pounds, in yen, and in rials of a thousand baisa."""

    def test_the_money_book_has_the_sums_of_the_ledger(self, house):
        lines = exported(house)
        captured = Payment.objects.filter(status__in=CAPTURED_PAYMENTS)
        assert total(lines, "gross", "payment") == summed(captured, "amount") > 0
        assert total(lines, "gross", "refund") == -summed(Refund.objects.filter(status="SUCCEEDED"), "amount") < 0
        assert {line["currency"] for line in lines} == {house.currency}

    def test_the_sales_book_is_what_live_tickets_cost_and_what_was_kept(self, house):
        lines = exported(house)
        live = summed(Ticket.objects.filter(status__in=LIVE_TICKETS), "price")
        kept = summed(Sale.objects, "fees_kept")
        assert kept > 0
        assert total(lines, "gross", "sale", "cancellation") == live + kept
        assert total(lines, "fee_kept", "cancellation") == kept
        assert total(lines, "gross", "sale", "cancellation") == total(lines, "gross", "payment", "refund")

    def test_net_and_tax_of_every_sale_are_its_gross(self, house):
        sales = [line for line in exported(house) if line["book"] == "sales"]
        for line in sales:
            assert Decimal(line["net"]) + Decimal(line["tax"]) == Decimal(line["gross"])
        confirmed = Ticket.objects.filter(booking__confirmed_at__isnull=False)
        assert total(sales, "tax", "sale") == summed(confirmed, "tax")
        assert sum(line["quantity"] for line in sales) == Ticket.objects.filter(status__in=LIVE_TICKETS).count()

    def test_a_line_names_payment_and_refund_as_stripe_does(self, house):
        lines = exported(house)
        intents = set(Payment.objects.filter(status__in=CAPTURED_PAYMENTS).values_list("provider_id", flat=True))
        assert {line["payment"] for line in lines} == intents
        refunds = set(Refund.objects.values_list("provider_id", flat=True))
        assert {line["refund"] for line in lines if line["kind"] == "refund"} == refunds

    def test_days_lose_nothing_and_tell_nothing_twice(self, house):
        assert exported(house, -3, -1) == exported(house, 1, 3) == []
        assert exported(house, -3, 3) == exported(house)

    def test_the_other_theater_is_left_out(self, house):
        assert exported(make_theater()) == []

    def test_the_command_writes_what_a_spreadsheet_reads(self, house, capsys):
        house.name = "=Palace"
        house.save(update_fields=["name"])
        today = business_day(house, timezone.now()).isoformat()
        call_command("export_ledger", "--theater", house.slug, "--from", today, "--to", today)
        text = capsys.readouterr().out
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        assert {row["theater"] for row in rows} == {"'=Palace"}
        kinds = defaultdict(Decimal)
        for row in rows:
            kinds[row["book"]] += Decimal(row["gross"])
        assert kinds["sales"] == kinds["money"] > 0
        assert len(rows) == len(exported(house))


def test_a_day_that_was_exported_never_changes(showtime, sandbox):
    theater = showtime.auditorium.theater
    booking = bought(showtime, sandbox, 1, "A1", "B1")
    before = exported(theater)
    given_up(booking, 1, 50)
    refund = Refund.objects.get()
    move_refund(refund, "FAILED", actor="stripe")
    after = exported(theater)
    assert after[: len(before)] == before
    assert [(line["kind"], line["gross"]) for line in after[len(before) :]] == [
        ("cancellation", "-7.25"), ("refund", "-7.25"), ("refund returned", "7.25"),
    ]  # fmt: skip


def test_goodwill_makes_a_sale_cheaper(showtime, sandbox):
    booking = bought(showtime, sandbox, 1, "A1", "B1")
    with transaction.atomic():
        locked = locks.booking(booking.pk)
        owe_goodwill(locked, Decimal("5.00"), actor="staff:1", reason="cold")
        request_refunds(locked.sale, reason="Goodwill")
    send_due_refunds()
    lines = exported(showtime.auditorium.theater)
    (line,) = [one for one in lines if one["kind"] == "goodwill"]
    assert (line["book"], line["gross"], line["net"], line["tax"]) == ("sales", "-5.00", "-4.17", "-0.83")
    assert (line["tax_rate"], line["quantity"], line["ticket_type"]) == ("0.2", 0, "")
    assert total(lines, "gross", "sale", "goodwill") == total(lines, "gross", "payment", "refund")


def test_what_a_bank_took_back_is_in_both_books(showtime, sandbox):
    booking = bought(showtime, sandbox, 1, "A1")
    dispute = sandbox.dispute(booking.sale.payments.get().session_id)["id"]
    follow_dispute(provider="stripe", provider_id=dispute)
    assert [line["kind"] for line in exported(showtime.auditorium.theater)] == ["payment", "sale"]
    sandbox.lose_dispute(dispute)
    follow_dispute(provider="stripe", provider_id=dispute)
    lost = exported(showtime.auditorium.theater)[2:]
    assert sorted((line["book"], line["kind"], line["gross"]) for line in lost) == [
        ("money", "dispute lost", "-14.50"), ("sales", "cancellation", "-14.50"),
    ]  # fmt: skip
    assert {line["refund"] for line in lost} == {dispute, ""}


def test_a_night_belongs_to_the_evening_before(showtime, sandbox):
    """The ticket is sold at 02:59 in London, where the day begins at 05:00. That is more than an hour away, because
    clocks may be put back in between.
    """
    bought(showtime, sandbox, 1, "A1")
    theater = showtime.auditorium.theater
    begins = (timezone.now() + timedelta(hours=2, minutes=1)).astimezone(theater.zone)
    theater.business_day_starts_at = begins.time()
    theater.save(update_fields=["business_day_starts_at"])
    yesterday = begins.date() - timedelta(days=1)
    assert {line["day"] for line in exported(theater)} == {yesterday.isoformat()}


def test_comps_stand_apart(db):
    theater = make_theater()
    nothing = make_price_list(theater, {"ADULT": Decimal(0), "CHILD": Decimal(0)}, premium=Decimal(0))
    showtime = make_showtime(theater=theater, price_list=nothing)
    comp = begin_paying(showtime, make_browser(1), "A1")
    begin_paying(showtime, make_browser(2), "A2")
    Sale.objects.filter(pk=comp.sale_id).update(comp_reason="A prize", channel="COMP")
    lines = [(line["booking"], line["kind"], line["gross"], line["payment"]) for line in exported(theater)]
    assert (comp.reference, "comp", "0.00", "") in lines
    assert sorted(kind for _, kind, _, _ in lines) == ["comp", "sale"]


# As a file.


@pytest.mark.parametrize(
    ("theater", "first", "last", "says"),
    [("nowhere", "2027-03-01", "2027-03-02", "no theater"), (None, "2027-03-02", "2027-03-01", "before the first")],
)
def test_the_command_refuses_what_makes_no_sense(db, theater, first, last, says):
    with pytest.raises(CommandError, match=says):
        call_command("export_ledger", "--theater", theater or make_theater().slug, "--from", first, "--to", last)


def test_a_lost_dispute_that_is_taken_up_again_is_a_line_of_its_own(showtime, sandbox):
    booking = bought(showtime, sandbox, 1, "A1")
    dispute = sandbox.dispute(booking.sale.payments.get().session_id)["id"]
    for act in (sandbox.lose_dispute, sandbox.reopen_dispute, sandbox.win_dispute):
        act(dispute)
        follow_dispute(provider="stripe", provider_id=dispute)
    lines = [(line["kind"], line["gross"]) for line in exported(showtime.auditorium.theater) if line["book"] == "money"]
    assert lines == [("payment", "14.50"), ("dispute lost", "-14.50"), ("dispute reopened", "14.50")]
