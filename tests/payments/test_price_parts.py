"""What is inside a price stands beside the total wherever a customer reads it, and adds up."""

import re
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.html import strip_tags

from core.money import included_text
from payments.models import Payment
from payments.services.settlement import settle
from reservations.models import Booking
from reservations.services.outbox import send_due_mail
from tests.factories import make_price_list, make_showtime, make_theater
from theaters.countries import tax_name

pytestmark = pytest.mark.django_db


def showtime_in(currency, adult, fee):
    theater = make_theater(currency=currency, tax_rate="0.10")
    theater.booking_fee = fee
    theater.save()
    amounts = {"ADULT": Decimal(adult), "CHILD": Decimal(adult)}
    return make_showtime(theater=theater, price_list=make_price_list(theater, amounts, premium=Decimal(0)))


@pytest.fixture(
    params=[
        ("GBP", "14.50", "0.80", "Includes a £2.40 booking fee and £3.96 VAT"),
        ("JPY", "1900", "100", "Includes a ¥300 booking fee and ¥519 VAT"),
        ("JPY", "1901", "99", "Includes a ¥297 booking fee and ¥519 VAT"),
        ("GBP", "14.50", "0", "Includes £3.96 VAT"),
    ],
    ids=str,
)
def bought(request, client, sandbox):
    """The checkout page, the page of the booking and its mail, as text."""
    currency, adult, fee, included = request.param
    showtime = showtime_in(currency, adult, fee)
    total = str(3 * Decimal(adult))
    seats = ("A1", "A2", "B1")
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": seats})
    checkout = client.get(f"/checkout/{showtime.pk}/").content.decode()
    form = {"action": "pay", "email": "ada@example.com", "total": total} | {f"type-{seat}": "ADULT" for seat in seats}
    client.post(f"/checkout/{showtime.pk}/", form)
    sandbox.pay(Payment.objects.get().session_id)
    settle(payment_id=Payment.objects.get().pk, actor="test")
    send_due_mail(now=timezone.now())
    page = client.get(Booking.objects.get().get_absolute_url()).content.decode()
    texts = [checkout, page, mail.outbox[0].body, mail.outbox[0].alternatives[0].content]
    return included, [" ".join(strip_tags(text.replace("<", " <")).split()) for text in texts]


def test_fee_and_tax_inside_the_total_stand_everywhere(bought):
    included, texts = bought
    for text in texts:
        assert re.findall(r"Includes (?:a [£¥][\d,.]* booking fee and )?[£¥][\d,.]* VAT", text) == [included]


@pytest.mark.parametrize(
    ("country", "name"), [("US", "sales tax"), ("JP", "consumption tax"), ("DE", "VAT"), ("XX", "tax")]
)
def test_the_tax_has_the_name_that_the_country_gives_it(country, name):
    facts = {"fee": Decimal(0), "tax": Decimal("1.20"), "currency": "USD"}
    assert included_text(tax_name=tax_name(country), **facts) == f"Includes $1.20 {name}"


def test_a_price_without_fee_and_tax_includes_nothing():
    assert included_text(fee=Decimal(0), tax=Decimal(0), tax_name="VAT", currency="GBP") == ""
