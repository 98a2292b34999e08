"""What cash makes of a total, by the law or the custom of the country."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import decimals
from theaters.cash_rounding import MOST_DIFFERENCE, RULES, Tie, Tiny, cash_rule, rounding_of_payment, rounding_of_refund
from theaters.countries import country_name

COUNTRIES = sorted(RULES)


def in_cash(country: str, amount: str) -> str:
    total, currency = Decimal(amount), RULES[country].currency
    return str(total + rounding_of_payment(total, country=country, currency=currency))


@pytest.mark.parametrize(
    ("country", "amount", "paid"),
    [
        ("CH", "17.42", "17.40"), ("CH", "17.43", "17.45"), ("LI", "17.48", "17.50"),
        ("SE", "129.49", "129.00"), ("SE", "129.50", "130.00"), ("NO", "129.50", "130.00"), ("CZ", "189.50", "190.00"),
        ("DK", "95.24", "95.00"), ("DK", "95.25", "95.50"), ("DK", "95.75", "96.00"),
        ("HU", "2402.49", "2400.00"), ("HU", "2402.50", "2405.00"), ("HU", "2407.50", "2410.00"),
        ("AU", "17.42", "17.40"), ("CA", "17.43", "17.45"), ("MY", "10.02", "10.00"),
        ("NZ", "17.45", "17.40"), ("NZ", "17.46", "17.50"), ("CL", "6765", "6760"), ("CL", "6766", "6770"),
        ("FI", "14.97", "14.95"), ("FI", "0.02", "0.02"), ("FI", "0.03", "0.05"),
        ("IL", "17.04", "17.00"), ("IL", "17.05", "17.10"), ("EE", "30.76", "30.75"), ("LT", "10.93", "10.95"),
        ("IT", "5.52", "5.50"), ("BE", "4.99", "5.00"),
        ("SK", "0.01", "0.05"), ("SK", "1.02", "1.00"), ("IE", "20.28", "20.30"), ("NL", "9.98", "10.00"),
    ],
)  # fmt: skip
def test_examples_of_the_sources(country, amount, paid):
    assert in_cash(country, amount) == paid


@given(country=st.sampled_from(COUNTRIES), minor=st.integers(0, 10_000_000))
def test_it_can_be_paid_in_coins_and_lies_within_half_a_step(country, minor):
    rule = RULES[country]
    total = Decimal(minor).scaleb(-decimals(rule.currency))
    for rounding in (rounding_of_payment, rounding_of_refund):
        difference = rounding(total, country=country, currency=rule.currency)
        if rounding is rounding_of_refund and not rule.refunds:
            assert difference == 0
            continue
        if rule.tiny is Tiny.EXACT and total < rule.step / 2:
            assert difference == 0
            continue
        assert (total + difference) % rule.step == 0 and total + difference >= 0
        assert (
            abs(difference)
            <= (rule.step if rule.tiny is Tiny.STEP and total < rule.step else rule.step / 2)
            <= MOST_DIFFERENCE
        )


@given(country=st.sampled_from(COUNTRIES), steps=st.integers(0, 10_000))
def test_what_can_be_paid_in_coins_stays_as_it_is(country, steps):
    rule = RULES[country]
    assert rounding_of_payment(steps * rule.step, country=country, currency=rule.currency) == 0


def test_foreign_money_and_other_countries_are_exact():
    assert cash_rule("CH", "EUR") is None and cash_rule("GB", "GBP") is None and cash_rule("DE", "EUR") is None
    assert rounding_of_payment(Decimal("17.42"), country="DE", currency="EUR") == 0


def test_a_shop_may_stay_exact_only_where_the_law_leaves_it_to_shops(settings):
    settings.CASH_NOT_ROUNDED = ["IE", "CH"]
    assert cash_rule("IE", "EUR") is None and cash_rule("CH", "CHF") is not None


def test_slovak_refunds_are_exact():
    assert rounding_of_refund(Decimal("1.02"), country="SK", currency="EUR") == 0


def test_every_rule_has_a_source():
    assert all(len(rule.source) > 10 for rule in RULES.values())


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_page_for_owners_says_the_rule_and_its_source(country):
    rule, page = RULES[country], Path("docs/where-you-may-open.md").read_text()
    begin = f"| {country_name(country)} | {rule.currency} {rule.step} | {'law' if rule.is_law else 'left to shops'}"
    (line,) = (one for one in page.splitlines() if one.startswith(begin))
    assert rule.source in line and ("middle goes down" in line) == (rule.tie is Tie.DOWN)
