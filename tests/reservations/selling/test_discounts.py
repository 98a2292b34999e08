"""A discount is spread over the tickets to the cent, in currencies with and without decimals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import CURRENCIES, coin, in_coins, smallest_charge, tax_included
from reservations.refusals.promo_codes import PromoRefused
from reservations.selling.discounts import Promotion, spread

currencies = st.sampled_from(CURRENCIES)
amounts = st.decimals(min_value=0, max_value=9999, places=2)
percents = st.decimals(min_value="0.01", max_value=100, places=2)
baskets = st.lists(st.tuples(st.sampled_from(["ADULT", "CHILD"]), amounts), min_size=1, max_size=10)


def off(kind, value, currency="GBP", types=()):
    return Promotion(
        promo_code_id=1, code="LANTERN", kind=kind, value=Decimal(value), currency=currency, types=frozenset(types)
    )


def adults(*prices):
    return [("ADULT", Decimal(price)) for price in prices]


def whole(amount, currency):
    return amount == in_coins(amount, currency)


@given(prices=st.lists(amounts, min_size=1, max_size=10), share=st.fractions(0, 1), currency=currencies)
def test_parts_sum_exactly_to_the_discount_and_none_exceeds_its_price(prices, share, currency):
    prices = [in_coins(price, currency) for price in prices]
    total = in_coins(sum(prices) * share.numerator / share.denominator, currency)
    parts = spread(total, prices, currency)
    assert sum(parts) == total
    assert all(0 <= part <= price and whole(part, currency) for part, price in zip(parts, prices, strict=True))


@given(prices=st.lists(amounts, min_size=1, max_size=10), share=st.fractions(0, 1), currency=currencies)
def test_each_part_is_within_a_coin_of_its_share(prices, share, currency):
    prices = [in_coins(price, currency) for price in prices]
    total = in_coins(sum(prices) * share.numerator / share.denominator, currency)
    fair = [total * price / sum(prices) if sum(prices) else Decimal(0) for price in prices]
    assert all(
        abs(part - due) <= coin(currency) for part, due in zip(spread(total, prices, currency), fair, strict=True)
    )


@given(basket=baskets, percent=percents, currency=currencies, types=st.sampled_from([(), ("ADULT",)]))
def test_a_percentage_of_the_tickets_it_is_for(basket, percent, currency, types):
    basket = [(code, in_coins(price, currency)) for code, price in basket]
    meant = sum(price for code, price in basket if not types or code in types)
    due = in_coins(meant * percent / 100, currency)
    try:
        given_off = sum(off("PERCENT", percent, currency, types).discounts(basket))
    except PromoRefused:
        assert due == 0
    else:
        assert given_off == due or (given_off == meant and meant - due < smallest_charge(currency))


@given(basket=baskets, kind=st.sampled_from(["AMOUNT", "FIXED"]), value=amounts, currency=currencies, rate=percents)
def test_what_is_paid_is_never_negative_and_its_tax_lies_inside(basket, kind, value, currency, rate):
    basket = [(code, in_coins(price, currency)) for code, price in basket]
    try:
        parts = off(kind, in_coins(value, currency), currency).discounts(basket)
    except PromoRefused:
        return
    for part, (_, price) in zip(parts, basket, strict=True):
        paid = price - part
        assert 0 <= tax_included(paid, rate / 100, currency) <= paid <= price and whole(paid, currency)


@pytest.mark.parametrize(
    ("kind", "value", "currency", "prices", "parts"),
    [
        ("PERCENT", 20, "GBP", ["14.50", "17.50"], ["2.90", "3.50"]),
        ("PERCENT", 33, "GBP", ["14.50", "14.50"], ["4.79", "4.78"]),
        ("PERCENT", 100, "GBP", ["14.50", "17.50"], ["14.50", "17.50"]),
        ("AMOUNT", 10, "GBP", ["14.50", "14.50", "14.50"], ["3.33", "3.34", "3.33"]),
        ("AMOUNT", 100, "GBP", ["14.50"], ["14.50"]),
        ("AMOUNT", 500, "JPY", [1900, 1900, 1000], [198, 198, 104]),
        ("FIXED", 10, "GBP", ["14.50", "9.00"], ["4.50", 0]),
    ],
)
def test_as_worked_out_by_hand(kind, value, currency, prices, parts):
    assert off(kind, value, currency).discounts(adults(*prices)) == [Decimal(part) for part in parts]


def test_types_it_is_not_for_keep_their_price():
    parts = off("AMOUNT", 20, types=["ADULT"]).discounts([*adults("14.50"), ("CHILD", Decimal(9))])
    assert parts == [Decimal("14.50"), 0]


@pytest.mark.parametrize(("left", "paid"), [("0.30", "0.30"), ("0.29", "0"), ("0.01", "0")])
def test_what_no_card_can_pay_is_let_go(left, paid):
    parts = off("AMOUNT", Decimal("29.00") - Decimal(left)).discounts(adults("14.50", "14.50"))
    assert Decimal("29.00") - sum(parts) == Decimal(paid)


def test_it_is_not_let_go_when_other_tickets_are_to_be_paid():
    parts = off("AMOUNT", "14.40", types=["ADULT"]).discounts([*adults("14.50"), ("CHILD", Decimal("0.05"))])
    assert parts == [Decimal("14.40"), 0]


@pytest.mark.parametrize(
    ("promotion", "why"),
    [
        (off("PERCENT", 20, types=["SENIOR"]), "for these types of tickets"),
        (off("FIXED", 20), "would not make these tickets cheaper"),
    ],
)
def test_a_code_that_takes_nothing_off_is_refused(promotion, why):
    with pytest.raises(PromoRefused, match=why):
        promotion.discounts(adults("14.50"))


@pytest.mark.parametrize(
    ("promotion", "says"),
    [
        (off("PERCENT", "12.50"), "12.5% off"),
        (off("PERCENT", 100), "100% off"),
        (off("AMOUNT", 5), "£5.00 off"),
        (off("FIXED", 900, "JPY"), "¥900 a ticket"),
    ],
)
def test_it_says_what_it_gives(promotion, says):
    assert promotion.says == says
