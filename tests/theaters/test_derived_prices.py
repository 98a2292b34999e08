"""Prices that are derived from those of another ticket type."""

from decimal import Decimal

import pytest

from tests.factories import make_auditorium, make_price_list, make_showtime, make_theater
from theaters.models import Price, TicketType
from theaters.prices.derived_prices import derived_price
from theaters.prices.prices import list_prices, pinned_prices


@pytest.mark.parametrize(
    ("rule", "base", "currency", "price"),
    [
        ({"derived_percent": Decimal(80)}, "14.50", "GBP", "11.60"),
        ({"derived_percent": Decimal("33.33")}, "14.50", "GBP", "4.83"),
        ({"derived_percent": Decimal(80), "round_to": Decimal("0.50")}, "14.50", "GBP", "11.50"),
        ({"derived_percent": Decimal(85), "round_to": Decimal("0.50")}, "14.50", "GBP", "12.50"),
        ({"derived_percent": Decimal(50), "round_to": Decimal(100)}, "1900", "JPY", "1000"),
        ({"derived_percent": Decimal("33.33")}, "1900", "JPY", "633"),
        ({"derived_amount": Decimal(-2)}, "14.50", "GBP", "12.50"),
        ({"derived_amount": Decimal(-20)}, "14.50", "GBP", "0"),
        ({"derived_amount": Decimal("1.50")}, "14.50", "GBP", "16.00"),
    ],
)
def test_a_price_is_derived_and_rounded_half_up(rule, base, currency, price):
    assert derived_price(TicketType(**rule), Decimal(base), currency) == Decimal(price)


@pytest.mark.django_db
def test_an_empty_cell_is_derived_a_typed_one_wins_and_both_are_pinned():
    theater = make_theater()
    price_list = make_price_list(theater)
    adult = theater.ticket_types.get(code="ADULT")
    senior = TicketType.objects.create(
        theater=theater, code="SENIOR", name="Senior", position=2, derived_from=adult, derived_percent=Decimal(80),
        categories=["STANDARD", "PREMIUM"],
    )  # fmt: skip
    Price.objects.create(price_list=price_list, ticket_type=senior, category="PREMIUM", amount=Decimal(10))
    showtime = make_showtime(auditorium=make_auditorium(theater), price_list=price_list)
    for table in (list_prices(price_list.pk), pinned_prices(showtime.price_version_id)):
        assert (table.amount("SENIOR", "STANDARD"), table.amount("SENIOR", "PREMIUM")) == (
            Decimal("11.60"),
            Decimal(10),
        )
        assert ("SENIOR", "SOFA") not in table.amounts


@pytest.mark.django_db
def test_an_archived_type_is_in_no_new_prices():
    theater = make_theater()
    price_list = make_price_list(theater)
    showtime = make_showtime(auditorium=make_auditorium(theater), price_list=price_list)
    theater.ticket_types.filter(code="CHILD").update(archived_at=showtime.starts_at)
    assert [kind.code for kind in list_prices(price_list.pk).types] == ["ADULT"]
    assert [kind.code for kind in pinned_prices(showtime.price_version_id).types] == ["ADULT", "CHILD"]
