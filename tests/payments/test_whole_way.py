"""The main job without a browser: seats, Pay, Stripe, ticket, mail."""

from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from payments.books.provider_events import settle_due_events
from payments.models import Payment
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, ShowtimeSeat, Ticket

pytestmark = pytest.mark.django_db


def buy(client: Client, showtime, *labels: str, email="ada@example.com"):
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": labels})
    page = client.get(f"/checkout/{showtime.pk}/")
    quote = page.context["quote"]
    choices = {f"type-{label}": "ADULT" for label in labels}
    return client.post(
        f"/checkout/{showtime.pk}/", {"action": "pay", "email": email, "total": quote.total_value, **choices}
    )


def test_two_seats_from_map_to_mail(showtime, sandbox, deliver, client):
    assert client.get(f"/showtimes/{showtime.pk}/").status_code == 200
    answer = buy(client, showtime, "A1", "B1")
    assert answer.status_code == 303 and answer.url.startswith(sandbox.base_url)
    payment = Payment.objects.get()
    sandbox.pay(payment.session_id)
    assert deliver() > 0
    settle_due_events()
    booking = Booking.objects.get()
    assert (booking.status, booking.total, booking.is_late) == ("CONFIRMED", Decimal("32.00"), False)
    assert list(booking.tickets.values_list("status", flat=True)) == ["VALID", "VALID"]
    sold = ShowtimeSeat.objects.filter(booking=booking, held_until=None)
    assert set(sold.values_list("label", flat=True)) == {"A1", "B1"}
    assert send_due_mail(now=timezone.now()) == 1
    assert send_due_mail(now=timezone.now()) == 0
    assert [message.to for message in mail.outbox] == [["ada@example.com"]]
    page = client.get(booking.get_absolute_url())
    assert page.status_code == 200
    ticket = Ticket.objects.first()
    assert client.get(f"/tickets/{ticket.code}/").status_code == 200
    assert client.get(f"/tickets/{ticket.code}.svg")["Content-Type"] == "image/svg+xml"
