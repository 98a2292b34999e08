"""Every currency in which we sell: its decimals, what a card can pay, what is sent to Stripe, and how it is written and read."""

from decimal import Decimal

import pytest
from babel.core import get_global
from babel.numbers import get_territory_currencies
from django.db import connection
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from boxoffice.forms.counter import clean_tendered
from boxoffice.selectors.cash_suggestions import likely_cash
from boxoffice.selectors.day_ranges import COINLESS, PLACES, THOUSANDTHS
from core.money import (
    CURRENCIES,
    coin,
    decimals,
    format_from_price,
    format_money,
    in_coins,
    price_parts,
    rounded,
    share,
    smallest_charge,
    smallest_coin_text,
    smallest_unit,
    tax_included,
)
from core.refusals import BadChoice
from dev.sandbox import currencies as sandbox
from dev.sandbox.errors import StripeError
from payments.providers.counter import CounterProvider
from payments.providers.errors import Unreadable
from payments.providers.stripe.answers import from_minor, to_minor
from reservations.moving_in.old_ticket_reading import read_amount
from reservations.selling.discounts import spread
from theaters.models import TicketType
from theaters.opening.country_defaults import currency_of, part_of
from theaters.prices.derived_prices import derived_price
from theaters.prices.pinned_price_rules import PinnedRule
from theaters.prices.price_making import Pricing
from theaters.states import PriceRuleKind

some = st.sampled_from(CURRENCIES)
amounts = st.integers(0, 9_999_999).map(lambda number: Decimal(number) / 1000)
rates = st.integers(0, 300).map(lambda number: Decimal(number) / 1000)


def test_all_that_stripe_charges_in_are_sold_in():
    assert {code.upper() for code in sandbox.SUPPORTED - sandbox.FORMER} == set(CURRENCIES)
    assert len(CURRENCIES) == 138


@pytest.mark.parametrize(
    ("codes", "places"),
    [
        ("BIF CLP DJF GNF ISK JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF", 0),
        ("BHD JOD KWD OMR TND", 3),
        ("ARS EGP GBP HUF IDR LBP SAR TWD UAH", 2),
    ],
)
def test_decimals(codes, places):
    assert {decimals(code) for code in codes.split()} == {places}


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("5", "ISK", 500),
        ("5000", "UGX", 500_000),
        ("500", "JPY", 500),
        ("5.120", "KWD", 5120),
        ("2.5", "TND", 2500),
        ("1250.00", "HUF", 125_000),
        ("12.34", "TWD", 1234),
        ("9000", "MGA", 9000),
        ("1800000", "LBP", 180_000_000),
    ],
)
def test_what_stripe_is_sent(amount, currency, minor):
    assert to_minor(Decimal(amount), currency) == minor
    assert from_minor(minor, currency) == Decimal(amount)
    sandbox.check_unit_amount(minor, currency.lower(), "unit_amount")
    sandbox.check_total(minor, currency.lower())


@pytest.mark.parametrize(("amount", "currency"), [("5.124", "KWD"), ("0.5", "ISK"), ("1.01", "UGX"), ("0.001", "GBP")])
def test_what_no_card_can_pay_is_never_sent(amount, currency):
    with pytest.raises(ValueError, match="smallest coin"):
        to_minor(Decimal(amount), currency)


@pytest.mark.parametrize(("minor", "currency"), [(5124, "KWD"), (150, "ISK"), (1, "UGX")])
def test_what_stripe_cannot_have_taken_is_not_believed(minor, currency):
    with pytest.raises(Unreadable):
        from_minor(minor, currency)
    with pytest.raises(StripeError):
        sandbox.check_unit_amount(minor, currency.lower(), "unit_amount")


@given(amount=amounts, currency=some)
def test_every_amount_in_coins_comes_back_from_stripe_as_it_was(amount, currency):
    amount = in_coins(amount, currency)
    assert from_minor(to_minor(amount, currency), currency) == amount
    assert -amount.as_tuple().exponent == decimals(currency)
    assert amount == round(amount, 2)  # columns of money have two decimals


@given(amount=amounts, rate=rates, fee=amounts, currency=some)
def test_the_parts_of_a_price_add_up_in_every_currency(amount, rate, fee, currency):
    price = in_coins(amount, currency)
    tax = tax_included(price, rate, currency)
    assert rounded(tax, currency) == tax
    assert abs(tax - price * rate / (1 + rate)) <= smallest_unit(currency) / 2
    parts = price_parts(price, tax=tax, rate=rate, fee=min(in_coins(fee, currency), price), currency=currency)
    printed = parts.rounded(currency)
    assert printed.net + printed.fee + printed.tax == price


@given(prices=st.lists(amounts, min_size=1, max_size=8), percent=st.integers(0, 100), currency=some)
def test_what_comes_back_can_be_given_back(prices, percent, currency):
    prices = [in_coins(price, currency) for price in prices]
    back = [share(price, percent, currency) for price in prices]
    assert all(to_minor(amount, currency) >= 0 and amount <= price for amount, price in zip(back, prices, strict=True))
    parts = spread(in_coins(sum(prices) * percent / 100, currency), prices, currency)
    assert all(to_minor(price - part, currency) >= 0 for price, part in zip(prices, parts, strict=True))


def test_the_smallest_charge_can_be_charged():
    for currency in CURRENCIES:
        least = smallest_charge(currency)
        sandbox.check_total(to_minor(least, currency), currency.lower())
        assert least > 0, currency
        assert CounterProvider().smallest_charge(currency) == coin(currency), currency


@pytest.mark.parametrize(("language", "thousands", "comma"), [("en", ",", "."), ("de", ".", ","), ("ar", ",", ".")])
def test_an_amount_is_written_with_its_decimals_in_every_language(language, thousands, comma):
    for currency in CURRENCIES:
        places = decimals(currency)
        with translation.override(language):
            text = format_money(Decimal("1234.5" if places else "1234"), currency)
            whole = format_from_price(Decimal(1234), currency)
        digits = "".join(sign for sign in text if sign.isdecimal() or sign in ".,")
        expected = f"1234{comma}{'5'.ljust(places, '0')}" if places else "1234"
        assert digits.strip(".,").replace(thousands, "", 1) == expected, currency
        assert " " not in text, currency  # an amount never breaks over two lines
        assert "".join(sign for sign in whole if sign.isdecimal()) == "1234", currency


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("4.5", "KWD", "KWD 4.500"),
        ("1800", "ISK", "ISK 1,800"),
        ("45", "BRL", "R$45.00"),
        ("5500", "ARS", "ARS 5,500.00"),
        ("3500", "XAF", "FCFA 3,500"),
        ("25", "XCG", "Cg. 25.00"),
    ],
)
def test_amounts_in_english(amount, currency, text):
    assert format_money(Decimal(amount), currency) == text.replace(" ", "\N{NO-BREAK SPACE}")


def test_the_counter_reads_an_amount_as_it_is_written():
    for currency in CURRENCIES:
        for written in ("20", format_money(Decimal(20), currency), f"20 {currency}"):
            assert clean_tendered(written, currency) == 20, written


@pytest.mark.parametrize(("typed", "currency"), [("4.505", "KWD"), ("20.5", "ISK"), ("20.005", "GBP"), ("-1", "SAR")])
def test_the_counter_takes_no_coin_that_does_not_exist(typed, currency):
    with pytest.raises(BadChoice):
        clean_tendered(typed, currency)


def test_the_counter_takes_large_notes():
    assert clean_tendered("2000000", "LBP") == 2_000_000


@pytest.mark.parametrize(
    ("total", "currency", "notes"),
    [
        ("105000", "IDR", [150_000, 200_000, 500_000, 1_000_000]),
        ("9", "KWD", [10, 20, 50, 100]),
        ("29", "GBP", [30, 40, 50]),
    ],
)
def test_likely_cash(total, currency, notes):
    assert list(likely_cash(Decimal(total), currency)) == notes


def test_amounts_of_old_tickets_with_three_decimals():
    assert read_amount("4.500", 3) == Decimal("4.500")
    assert read_amount("KWD 4,250", 3) == Decimal("4.250")
    assert read_amount("1.234,500", 3) == Decimal("1234.500")


@given(adult=amounts, percent=st.sampled_from([65, 80, 100]), currency=some)
def test_proposed_prices_can_be_paid(adult, percent, currency):
    assert to_minor(part_of(adult, percent, currency), currency) >= 0


def test_each_country_is_offered_its_own_currency():
    """This leaves out currencies in which no provider of ours charges."""
    today = {code: get_territory_currencies(code) for code in get_global("territory_zones") if len(code) == 2}
    ours = {code for code, currencies in today.items() if currencies and currencies[0] in CURRENCIES}
    assert all(currency_of(code) == today[code][0] for code in ours)
    assert [currency_of(code) for code in ("IS", "KW", "AR", "UA", "SA", "EG", "BG", "HR", "CW", "TN")] == [
        *("ISK", "KWD", "ARS", "UAH", "SAR", "EGP", "EUR", "EUR", "XCG", "TND"),
    ]
    without = {currencies[0] for code, currencies in today.items() if currencies and code not in ours}
    assert without == set("CUP ERN GHS IQD IRR KPW LYD MRU SDG SSP STN SYP TMT VES".split())  # noqa: SIM905


@pytest.mark.django_db
def test_sql_knows_the_decimals():
    asked = f"SELECT code, {PLACES.format('code')} FROM unnest(%(codes)s::text[]) AS code"
    with connection.cursor() as cursor:
        cursor.execute(asked, {"coinless": COINLESS, "thousandths": THOUSANDTHS, "codes": list(CURRENCIES)})
        assert dict(cursor.fetchall()) == {code: decimals(code) for code in CURRENCIES}


@pytest.mark.parametrize(
    ("amount", "currency", "price"),
    [("2541.50", "HUF", "2542"), ("268.49", "TWD", "268"), ("2541.504", "GBP", "2541.50"), ("4.128", "KWD", "4.130")],
)
def test_prices_go_in_the_steps_that_people_know(amount, currency, price):
    assert in_coins(Decimal(amount), currency) == Decimal(price)


def test_a_discount_a_derived_price_and_a_share_in_forints_are_whole():
    dearer = PinnedRule(PriceRuleKind.SURCHARGE, "3D", None, Decimal(15), 0, ())
    assert Pricing((dearer,), None, "HUF").price(Decimal(2990), TicketType(code="ADULT", people=1)) == 3439
    child = TicketType(derived_percent=Decimal("66.6"))
    assert derived_price(child, Decimal(2990), "HUF") == 1991
    assert share(Decimal(2990), 33, "HUF") == 987
    assert smallest_coin_text("HUF") == "Amounts in HUF go in steps of 1.00."
