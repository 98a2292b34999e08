"""What seats cost: tax is included and adds up to the cent, in currencies with and without decimals."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import CURRENCIES, PriceParts, decimals, format_money, price_parts, rounded, tax_included
from core.refusals import BadChoice
from reservations.selling.quotes import make_quote
from tests.factories import make_price_list, make_showtime, make_theater
from theaters.models import TicketType
from theaters.prices.prices import PriceTable, pinned_prices

cents = st.decimals(min_value=0, max_value=99999, places=2)
rates = st.decimals(min_value=0, max_value=1, places=5)
currencies = st.sampled_from(CURRENCIES)


@given(amount=cents, rate=rates, currency=currencies)
def test_net_and_tax_add_up_to_the_price_and_tax_is_never_negative(amount, rate, currency):
    price = rounded(amount, currency)
    tax = tax_included(price, rate, currency)
    net = price - tax
    assert 0 <= tax <= price and net == rounded(net, currency) and tax == rounded(tax, currency)
    coin = Decimal(1).scaleb(-decimals(currency))
    assert abs(net * (1 + rate) - price) <= coin * (1 + rate) / 2


@given(amount=cents, fee=cents, rate=rates, currency=currencies)
def test_ticket_fee_and_tax_add_up_to_the_price_in_every_currency(amount, fee, rate, currency):
    price = rounded(amount, currency)
    inside = min(rounded(fee, currency), price)
    tax = tax_included(price, rate, currency)
    parts = price_parts(price, tax=tax, rate=rate, fee=inside, currency=currency)
    assert parts.net + parts.fee + parts.tax == price
    assert parts == parts.rounded(currency)
    assert min(parts.net, parts.fee, parts.tax) >= 0
    assert parts.fee == rounded(inside / (1 + rate), currency)


@given(lines=st.lists(st.tuples(cents, cents), max_size=10), rate=rates, currency=currencies)
def test_the_parts_of_a_total_are_the_sums_of_its_lines(lines, rate, currency):
    prices = [(rounded(price, currency), rounded(fee, currency)) for price, fee in lines]
    total = sum((price for price, _ in prices), Decimal(0))
    parts = sum((parts_of(price, min(fee, price), rate, currency) for price, fee in prices), PriceParts())
    assert parts.net + parts.fee + parts.tax == total


def parts_of(price, fee, rate, currency):
    tax = tax_included(price, rate, currency)
    return price_parts(price, tax=tax, rate=rate, fee=fee, currency=currency)


@given(amount=cents)
def test_without_a_tax_rate_the_tax_is_zero(amount):
    assert tax_included(rounded(amount, "GBP"), Decimal(0), "GBP") == 0


@given(amount=st.decimals(min_value=-9999, max_value=99999, places=4), currency=currencies)
def test_rounding_is_half_up_to_the_smallest_coin_and_done_once(amount, currency):
    once = rounded(amount, currency)
    assert once == amount.quantize(Decimal(1).scaleb(-decimals(currency)), rounding=ROUND_HALF_UP)
    assert rounded(once, currency) == once and once.as_tuple().exponent == -decimals(currency)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("14.5", "GBP", "£14.50"),
        ("1900", "JPY", "¥1,900"),
        ("1234567.891", "USD", "$1,234,567.89"),
        ("-3", "EUR", "−€3.00"),
        ("12", "CHF", "CHF\N{NO-BREAK SPACE}12.00"),
        ("0", "JPY", "¥0"),
    ],
)
def test_money_is_printed_as_people_write_it(amount, currency, text):
    assert format_money(Decimal(amount), currency) == text


@pytest.mark.parametrize("currency", ["GHS", "ANG", "XXX", "gbp", ""])
def test_currencies_that_we_do_not_sell_in_are_refused(currency):
    with pytest.raises(ValueError, match="does not sell"):
        decimals(currency)


@pytest.mark.parametrize(
    ("gross", "rate", "currency", "tax"),
    [
        ("14.50", "0.20", "GBP", "2.42"),
        ("1900", "0.10", "JPY", "173"),
        ("16.50", "0.08875", "USD", "1.35"),
        ("0", "0.2", "GBP", "0"),
        ("3.500", "0.05", "OMR", "0.167"),
        ("1800", "0.11", "ISK", "178"),
    ],
)
def test_tax_as_worked_out_by_hand(gross, rate, currency, tax):
    assert tax_included(Decimal(gross), Decimal(rate), currency) == Decimal(tax)


# A quote.

TABLE = PriceTable(
    types=(TicketType(code="ADULT", name="Adult", is_default=True), TicketType(code="CHILD", name="Child", position=1)),
    amounts={
        ("ADULT", "STANDARD"): Decimal("14.50"),
        ("CHILD", "STANDARD"): Decimal(9),
        ("CHILD", "SOFA"): Decimal(5),
    },
)


def test_only_types_with_a_price_are_offered_and_the_default_is_shown():
    assert [kind.code for kind in TABLE.types_for("STANDARD")] == ["ADULT", "CHILD"]
    assert (TABLE.shown_amount("STANDARD"), TABLE.default_type("SOFA").code) == (Decimal("14.50"), "CHILD")
    assert (TABLE.types_for("PREMIUM"), TABLE.shown_amount("PREMIUM")) == ((), None)


@pytest.fixture
def quote(showtime):
    seats = list(showtime.plan.seats.order_by("pk"))
    return lambda choices, count=12: make_quote(
        showtime=showtime, seats=seats[:count], choices=choices, prices=pinned_prices(showtime.price_version_id)
    )


def test_a_quote_is_the_sum_of_its_lines(quote):
    made = quote({"A1": "CHILD", "B6": "CHILD"})
    assert made.total == sum(line.price for line in made.lines) == Decimal("181.00")
    assert made.tax == sum(line.tax for line in made.lines)


@pytest.mark.parametrize(
    ("currency", "rate", "fee", "adult", "parts"),
    [
        ("GBP", "0.20", "0.80", "14.50", ("11.41", "0.67", "2.42")),
        ("USD", "0.08875", "1.25", "18.00", ("15.38", "1.15", "1.47")),
        ("JPY", "0.10", "100", "1900", ("1636", "91", "173")),
        ("JPY", "0.10", "0", "1900", ("1727", "0", "173")),
        ("GBP", "0", "1.00", "14.50", ("13.50", "1.00", "0.00")),
        ("GBP", "0.20", "20.00", "14.50", ("0.00", "12.08", "2.42")),
    ],
)
def test_parts_as_worked_out_by_hand(db, currency, rate, fee, adult, parts):
    theater = make_theater(currency=currency, tax_rate=rate)
    theater.booking_fee = Decimal(fee)
    theater.save()
    amounts = {"ADULT": Decimal(adult), "CHILD": Decimal(adult)}
    showtime = make_showtime(theater=theater, price_list=make_price_list(theater, amounts))
    prices = pinned_prices(showtime.price_version_id)
    made = make_quote(showtime=showtime, seats=[showtime.plan.seats.get(label="A1")], choices={}, prices=prices)
    assert tuple(map(str, (made.parts.net, made.parts.fee, made.parts.tax))) == parts
    assert sum(map(Decimal, parts)) == made.total == Decimal(adult)
    assert made.fee == min(Decimal(fee), made.total)


def test_a_seat_without_a_choice_gets_the_default_type(quote):
    assert [line.ticket_type.code for line in quote({}, 2).lines] == ["ADULT", "ADULT"]


@pytest.mark.parametrize("code", ["KING", "", "adult"])
def test_a_type_that_is_not_sold_is_a_bad_choice_of_that_seat(quote, code):
    with pytest.raises(BadChoice) as refused:
        quote({"A2": code})
    assert refused.value.field == "type-A2"


def test_a_category_without_a_price_is_not_sold_online(showtime):
    table = pinned_prices(showtime.price_version_id)
    without = {cell: amount for cell, amount in table.amounts.items() if cell[1] != "PREMIUM"}
    seat = showtime.plan.seats.get(label="B1")
    with pytest.raises(BadChoice, match="B1 is not sold online"):
        make_quote(showtime=showtime, seats=[seat], choices={}, prices=replace(table, amounts=without))


def test_yen_have_no_decimals_anywhere_in_a_quote(db):
    theater = make_theater(currency="JPY", timezone_name="Asia/Tokyo", tax_rate="0.10", country="JP")
    prices = {"ADULT": Decimal(1900), "CHILD": Decimal(1000)}
    showtime = make_showtime(theater=theater, price_list=make_price_list(theater, prices, premium=Decimal(300)))
    made = make_quote(
        showtime=showtime,
        seats=list(showtime.plan.seats.all()),
        choices={},
        prices=pinned_prices(showtime.price_version_id),
    )
    assert (made.total_value, str(made.tax)) == ("24600", "2238")
