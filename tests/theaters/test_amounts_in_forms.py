"""Amounts in forms of the office have the decimals of their currency."""

from decimal import Decimal

import pytest

from tests.factories import make_price_rule, make_promo, make_theater
from theaters.models import TicketType

pytestmark = pytest.mark.django_db
CURRENCIES = [("KWD", "0.250", "1.500"), ("JPY", "250", "500"), ("GBP", "0.25", "1.50")]


@pytest.mark.parametrize(("currency", "fee", "limit"), CURRENCIES)
def test_fee_and_limit_of_a_theater(admin_client, currency, fee, limit):
    theater = make_theater(currency=currency)
    theater.booking_fee, theater.refund_limit = Decimal(fee), Decimal(limit)
    theater.save()
    page = admin_client.get(f"/admin/houses/theater/{theater.pk}/change/").text
    assert f'name="booking_fee" value="{fee}"' in page and f'name="refund_limit" value="{limit}"' in page


@pytest.mark.parametrize(("currency", "amount", "_other"), CURRENCIES)
def test_amounts_of_rules_types_and_codes(admin_client, currency, amount, _other):
    theater = make_theater(currency=currency)
    rule = make_price_rule(theater, amount=Decimal(amount))
    base, kind = TicketType.objects.filter(theater=theater).order_by("pk")
    TicketType.objects.filter(pk=kind.pk).update(derived_from=base, derived_amount=Decimal(amount))
    code = make_promo(kind="AMOUNT", percent=None, amount=Decimal(amount), currency=currency)
    for path, name in (
        (f"theaters/pricerule/{rule.pk}", "amount"),
        (f"theaters/tickettype/{kind.pk}", "derived_amount"),
        (f"reservations/promocode/{code.pk}", "amount"),
    ):
        page = admin_client.get(f"/admin/{path}/change/").text
        assert f'name="{name}" value="{amount}"' in page, path
