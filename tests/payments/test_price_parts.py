"""What is inside a price stands beside the total wherever a customer reads it, and adds up."""

import re
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.html import strip_tags

from payments.models import Payment
from payments.services.settlement import settle
from reservations.models import Booking
from reservations.services.outbox import send_due_mail
from tests.factories import make_price_list, make_showtime, make_theater

pytestmark = pytest.mark.django_db
AMOUNT = r"[£¥]([\d,.]+)"


def showtime_in(currency, adult, fee):
    theater = make_theater(currency=currency, tax_rate="0.10")
    theater.booking_fee = fee
    theater.save()
    amounts = {"ADULT": Decimal(adult), "CHILD": Decimal(adult)}
    return make_showtime(theater=theater, price_list=make_price_list(theater, amounts, premium=Decimal(0)))


@pytest.fixture(params=[("GBP", "14.50", "0.80"), ("JPY", "1900", "100"), ("JPY", "1901", "99")], ids=str)
def bought(request, client, sandbox):
    """The checkout page, the page of the booking and its mail, as text."""
    showtime = showtime_in(*request.param)
    total = str(3 * Decimal(request.param[1]))
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
    return Decimal(total), [" ".join(strip_tags(text.replace("<", " <")).split()) for text in texts]


def test_ticket_fee_and_tax_stand_inside_the_total_and_add_up(bought):
    total, texts = bought
    for text in texts:
        inside = text.partition("in it: tickets")[2]
        parts = [re.search(pattern, inside)[1] for pattern in (AMOUNT, f"booking fee {AMOUNT}", f"tax {AMOUNT}")]
        assert sum(Decimal(part.replace(",", "")) for part in parts) == total


def test_the_same_parts_stand_everywhere(bought):
    _, texts = bought
    found = [
        re.findall(r"(?:tickets|booking fee|tax) ([£¥][\d,.]*\d)", text.partition("in it: ")[2])[:3] for text in texts
    ]
    assert len(set(map(tuple, found))) == 1
    assert len(found[0]) == 3


def test_without_a_fee_none_is_shown(client):
    showtime = showtime_in("GBP", "14.50", "0")
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"})
    page = client.get(f"/checkout/{showtime.pk}/").content.decode()
    assert ("in it: tickets" in page, "booking fee" in page) == (True, False)
