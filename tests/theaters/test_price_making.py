"""What price rules make of a price: each rule, their order, and what is true of all of them."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import decimals, rounded
from theaters.early_ends import EarlyEnd
from theaters.models import PriceRule, TicketType
from theaters.prices.pinned_price_rules import PinnedRule, Start, in_order, read, stored
from theaters.prices.price_making import Pricing, stages
from theaters.states import PriceRuleKind

ADULT = TicketType(code="ADULT", people=1)
FAMILY = TicketType(code="FAMILY", people=4)
RATE, SURCHARGE, EARLY = PriceRuleKind.DAY_RATE, PriceRuleKind.SURCHARGE, PriceRuleKind.EARLY


def rule(kind, amount=None, percent=None, hours=0, types=(), name="Rule"):
    number = lambda text: None if text is None else Decimal(text)
    return PinnedRule(kind, name, number(amount), number(percent), hours, types)


def price(base, *rules, kind=ADULT, ahead=0, currency="GBP"):
    return Pricing(rules, until(rules, ahead), currency).price(Decimal(base), kind)


def until(rules, ahead):
    """When the first matching early bird ends, for somebody who chooses seats this many hours before the start."""
    return next((end for end in stages(rules) if end.hours <= ahead), None)


def ordered(rules):
    """Rules in the order in which they are pinned: those that end first come first."""
    return tuple(sorted(rules, key=lambda rule: -rule.hours_before))


MONDAY, DEEP = rule(RATE, amount="7"), rule(SURCHARGE, amount="2")
WEEK, MONTH = rule(EARLY, percent="10", hours=168), rule(EARLY, percent="25", hours=720)


@pytest.mark.parametrize(
    ("base", "rules", "ahead", "expected"),
    [
        ("14.50", [], 0, "14.50"),
        ("14.50", [MONDAY], 0, "7.00"),
        ("5.00", [MONDAY], 0, "5.00"),  # a day rate never makes anything dearer
        ("14.50", [rule(RATE, percent="20")], 0, "11.60"),
        ("14.50", [DEEP], 0, "16.50"),
        ("14.50", [rule(SURCHARGE, percent="10")], 0, "15.95"),
        ("14.50", [MONDAY, DEEP], 0, "9.00"),  # the surcharge comes on top of the day rate
        ("14.50", [DEEP, rule(SURCHARGE, percent="10")], 0, "17.95"),  # each is a part of the price before surcharges
        ("14.50", [WEEK], 167, "14.50"),
        ("14.50", [WEEK], 168, "13.05"),
        ("14.50", [MONTH, WEEK], 720, "10.87"),  # of several, the one that asks for most hours; 3.625 becomes 3.63
        ("14.50", [DEEP, WEEK], 168, "14.85"),  # a part of the price with its surcharge
        ("14.50", [MONDAY, DEEP, WEEK], 168, "8.10"),
        ("0.00", [DEEP], 0, "0.00"),  # free stays free
        ("1.00", [rule(EARLY, amount="3", hours=1)], 1, "0.00"),  # never below zero
        ("14.50", [rule(RATE, amount="7"), rule(RATE, amount="5")], 0, "7.00"),  # only the first day rate counts
    ],
)
def test_each_rule_and_their_order(base, rules, ahead, expected):
    assert price(base, *rules, ahead=ahead) == Decimal(expected)


def test_amounts_are_per_person():
    assert price("40.00", DEEP, kind=FAMILY) == Decimal(48)
    assert price("40.00", MONDAY, kind=FAMILY) == Decimal(28)


def test_a_rule_for_some_types_leaves_the_others_alone():
    for_families = rule(SURCHARGE, amount="2", types=("FAMILY",))
    assert (price("10", for_families), price("40", for_families, kind=FAMILY)) == (Decimal(10), Decimal(48))
    first_for_me = [rule(RATE, amount="3", types=("FAMILY",)), rule(RATE, amount="7")]
    assert price("10", *first_for_me) == Decimal(7)


def test_a_currency_without_small_coins():
    assert price("1900", rule(SURCHARGE, percent="7.5"), currency="JPY") == Decimal(2043)  # 142.5 becomes 143


START = Start(datetime(2027, 2, 10, 20, tzinfo=UTC), ZoneInfo("Europe/London"), date(2027, 2, 10))
amounts = st.integers(0, 3000).map(lambda pence: Decimal(pence) / 100)
percents = st.integers(0, 10000).map(lambda hundredths: Decimal(hundredths) / 100)
RULES = st.builds(
    lambda kind, amount, percent, is_amount, hours, types: PinnedRule(
        kind, "Rule", amount if is_amount else None, None if is_amount else percent, hours if kind == EARLY else 0, types
    ),
    st.sampled_from(PriceRuleKind), amounts, percents, st.booleans(), st.integers(1, 800),
    st.sampled_from([(), ("ADULT",), ("FAMILY",)]),
)  # fmt: skip


@given(st.lists(RULES, max_size=6), amounts, st.integers(0, 900), st.sampled_from(["GBP", "JPY"]), st.booleans())
@settings(max_examples=300, deadline=None, database=None)
def test_every_price_is_whole_coins_and_not_negative_and_its_steps_add_up(rules, base, ahead, currency, is_family):
    base, kind = rounded(base, currency), FAMILY if is_family else ADULT
    rules = ordered(rules)
    pricing = Pricing(rules, until(rules, ahead), currency)
    steps, made = pricing.steps(base, kind), pricing.price(base, kind)
    assert made >= 0
    assert made == base + sum(step.change for step in steps)
    assert all(step.change == round(step.change, decimals(currency)) for step in steps)
    kinds = [list(PriceRuleKind).index(step.rule.kind) for step in steps]
    assert kinds == sorted(kinds)  # the order is fixed
    assert all(step.change > 0 if step.rule.kind == SURCHARGE else step.change < 0 for step in steps)
    if base == 0:
        assert made == 0


@given(st.lists(RULES, max_size=6), st.integers(0, 2**32), amounts, st.integers(0, 900))
@settings(max_examples=200, deadline=None, database=None)
def test_the_order_in_which_staff_wrote_the_rules_does_not_matter(rules, seed, base, ahead):
    rows = [
        PriceRule(
            pk=number, kind=one.kind, name="Rule", amount=one.amount, percent=one.percent,
            hours_before=one.hours_before, ticket_types=list(one.ticket_types),
        )
        for number, one in enumerate(rules)
    ]  # fmt: skip
    shuffled = rows[:]
    Random(seed).shuffle(shuffled)
    made = tuple(in_order(rows, START))
    assert made == tuple(in_order(shuffled, START))
    assert read(stored(made)) == made
    again = Pricing(read(stored(in_order(shuffled, START))), until(made, ahead), "GBP").price(base, ADULT)
    assert again == Pricing(made, until(made, ahead), "GBP").price(base, ADULT)


def test_the_earliest_stage_comes_first():
    assert stages([MONTH, WEEK, DEEP, WEEK]) == [EarlyEnd(720), EarlyEnd(168)]


LONDON, AUCKLAND = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Auckland")


def bird(**says):
    return PriceRule(pk=says.pop("pk", 1), kind="EARLY", name="Early bird", amount=Decimal(3), **says)


def end(rule, start):
    (made,) = in_order([rule], start)
    return made.end.moment(start.at, start.zone).astimezone(start.zone).strftime("%a %d %b %H:%M %z")


@pytest.mark.parametrize(
    ("starts_at", "zone", "says", "expected"),
    [
        # Clocks went forward in the night: it is 20:00 by local time nevertheless.
        ("2027-03-28T20:00", LONDON, {"hours_before": 24}, "Sat 27 Mar 20:00 +0000"),
        ("2027-03-28T20:00", LONDON, {"hours_before": 20}, "Sat 27 Mar 23:00 +0000"),  # real hours
        ("2027-03-28T20:00", LONDON, {"hours_before": 24, "until_clock": time(23, 59)}, "Sat 27 Mar 23:59 +0000"),
        ("2027-03-28T20:00", LONDON, {"until_clock": time(12)}, "Sun 28 Mar 12:00 +0100"),  # on the day of the showtime
        ("2027-03-28T20:00", LONDON, {"hours_before": 24, "until_clock": time(1, 30)}, "Sat 27 Mar 01:30 +0000"),
        (
            "2027-03-29T20:00",
            LONDON,
            {"hours_before": 24, "until_clock": time(1, 30)},
            "Sun 28 Mar 02:30 +0100",
        ),  # a time that the clocks skip
        (
            "2027-10-31T20:00",
            LONDON,
            {"until_clock": time(1, 30)},
            "Sun 31 Oct 01:30 +0000",
        ),  # a time that comes twice: the later one
        ("2027-10-31T20:00", LONDON, {"hours_before": 7 * 24}, "Sun 24 Oct 20:00 +0100"),
        ("2027-03-28T20:00", LONDON, {"until_day": date(2027, 3, 14)}, "Sun 14 Mar 23:59 +0000"),
        (
            "2027-04-04T20:00",
            AUCKLAND,
            {"until_day": date(2027, 4, 3), "until_clock": time(18)},
            "Sat 03 Apr 18:00 +1300",
        ),
        # Half past midnight belongs to the evening before, and the days are counted from that one.
        ("2027-03-13T00:30", LONDON, {"hours_before": 24, "until_clock": time(23, 59)}, "Thu 11 Mar 23:59 +0000"),
    ],
)
def test_an_early_bird_ends_by_the_clock_on_the_wall(starts_at, zone, says, expected):
    local = datetime.fromisoformat(starts_at).replace(tzinfo=zone)
    start = Start(local.astimezone(UTC), zone, (local - timedelta(hours=5)).date())
    assert end(bird(**says), start) == expected


def test_of_a_date_and_days_the_one_that_ends_first_is_asked_first():
    """For one showtime the date comes first, for a later one the days: prices follow the order in which they end."""
    rules = [bird(pk=1, until_day=date(2027, 1, 10)), bird(pk=2, hours_before=24)]
    days = [
        in_order(rules, Start(datetime(2027, 1, day, 20, tzinfo=UTC), LONDON, date(2027, 1, day))) for day in (9, 20)
    ]
    assert [[rule.ends_at is None for rule in made] for made in days] == [[True, False], [False, True]]
