"""After any history of sales the reports equal the books for accounting and the payments, to the cent and day by day."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

import pytest

from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.price_rule_figures import kept_in_all, price_parts_sold
from boxoffice.selectors.refund_figures import ReturnGroup, arrived, decided
from boxoffice.selectors.sales_figures import Basis, SalesGroup, ledger, sales, total
from payments.books.ledger_export import ledger_lines
from tests.boxoffice.histories import History, kuwait, london, tokyo, unguarded
from tests.clock import today

pytestmark = pytest.mark.django_db
CLOCKS_GO_BACK, CLOCKS_GO_ON = date(2025, 10, 26), date(2025, 3, 30)


def spans(theater, night):
    days = [night + timedelta(days=number) for number in range(-3, 4)]
    return [DayRange(theater, days[0], days[-1]), *(DayRange(theater, day, day) for day in days)]


def by_currency(lines):
    return {currency: list(same) for currency, same in groupby(lines, key=lambda line: line.currency)}


def reported(span, group):
    """Figures of a report by currency: (tickets sold, comps, gross, refunded, goodwill, fees, tax)."""
    found = {}
    for currency, lines in by_currency(sales(span=span, group=group, basis=Basis.BOOK)).items():
        one = total(lines)
        found[currency] = (one.sold, one.comps, one.gross, one.refunded, one.goodwill, one.fees, one.tax)
    return found


def exported(span):
    """The same figures from the sales book of the export."""
    lines = [
        line for line in ledger_lines(theater=span.theater, first=span.first, last=span.last) if line.book == "sales"
    ]
    found = {}
    for currency, same in by_currency(sorted(lines, key=lambda line: line.currency)).items():

        def of(*kinds, value="gross", lines=same):
            return sum((getattr(line, value) or Decimal(0) for line in lines if line.kind in kinds), Decimal(0))

        everything = {line.kind for line in same}
        found[currency] = (
            of("sale", "cancellation", value="quantity"), of("comp", "comp canceled", value="quantity"), of("sale", "comp"),
            -of("cancellation", "comp canceled"), -of("goodwill"), of(*everything, value="fee_kept"),
            of(*everything, value="tax"),
        )  # fmt: skip
    return found


def kept(span, group, basis):
    return {
        currency: total(lines).kept
        for currency, lines in by_currency(sales(span=span, group=group, basis=basis)).items()
    }


def kept_by_price_parts(span, basis):
    """Comps cost nothing, so they have no price parts."""
    lines = by_currency(price_parts_sold(span=span, basis=basis))
    return {currency: kept for currency, same in lines.items() if (kept := kept_in_all(same))}


@pytest.mark.long
@pytest.mark.parametrize("night", [CLOCKS_GO_BACK, CLOCKS_GO_ON])
def test_every_day_adds_up_to_the_ledger(night):
    for number, house in enumerate([london(), london("01:30"), tokyo(), kuwait()]):
        history = History(house, f"{night} {number}")
        history.live_through()
        history.scatter(night)
        whole, *days = spans(house, night)
        assert exported(whole).keys() == {house.currency}
        check(whole, SalesGroup)
        for on, span in enumerate(days):
            check(span, [SalesGroup.DAY, list(SalesGroup)[on]])


def check(span, groups):
    books = exported(span)
    assert [reported(span, group) for group in groups] == [books] * len(groups)
    for basis in (Basis.SHOW, Basis.SALE):
        paid = {currency: one.kept for currency, one in ledger(span=span, basis=basis).items()}
        assert [kept(span, group, basis) for group in groups] == [paid] * len(groups)
    for basis in Basis:
        money = kept(span, SalesGroup.DAY, basis)
        assert kept_by_price_parts(span, basis) == {key: amount for key, amount in money.items() if amount}
    check_what_went_back(span)


def check_what_went_back(span):
    lines = list(ledger_lines(theater=span.theater, first=span.first, last=span.last))
    given_up = sum((line.gross for line in lines if line.kind in {"cancellation", "goodwill"}), Decimal(0))
    assert all(sum((one.back for one in decided(span=span, group=by)), Decimal(0)) == -given_up for by in ReturnGroup)
    returned = sum((line.gross for line in lines if line.kind in {"refund", "refund returned"}), Decimal(0))
    assert sum((one.stayed for one in arrived(span)), Decimal(0)) == -returned


@pytest.mark.long
def test_the_whole_adds_up_to_its_days():
    house = london()
    history = History(house, 7)
    history.live_through()
    history.scatter(CLOCKS_GO_BACK)
    whole, *days = spans(house, CLOCKS_GO_BACK)
    for basis in Basis:
        summed = [sum(kept(day, SalesGroup.MOVIE, basis).values()) for day in days]
        assert kept(whole, SalesGroup.DAY, basis) == {"GBP": sum(summed)}


def test_two_currencies_of_one_theater_are_never_added_up():
    """The theater changed its currency once: old bookings keep theirs."""
    history = History(london(), 1)
    history.cash()
    history.cash()
    with unguarded() as cursor:
        first = "(SELECT min(id) FROM reservations_booking)"
        cursor.execute(f"UPDATE reservations_ticket SET currency = 'EUR' WHERE booking_id = {first}")
        of_first = f"(SELECT sale_id FROM reservations_booking WHERE id = {first})"
        cursor.execute(f"UPDATE sales_sale SET currency = 'EUR' WHERE id = {of_first}")
    span = DayRange(
        history.theater, today(history.theater) - timedelta(days=3), today(history.theater) + timedelta(days=3)
    )
    lines = sales(span=span, group=SalesGroup.METHOD, basis=Basis.BOOK)
    assert [(line.currency, line.label) for line in lines] == [("EUR", "Cash"), ("GBP", "Cash")]
    with pytest.raises(ValueError, match="too many values"):
        total(lines)
