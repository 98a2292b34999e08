"""A refund that waits for a second person is announced once, by mail, to the people who may approve it."""

from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from boxoffice.services.refunds import RefundChoice, ask_refund, plan_refund
from houses.models import Theater
from reservations.letters.outbox import send_due_mail
from reservations.models import OutgoingMail
from tests.factories import buy, make_browser, make_staff, make_theater

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(showtime, sandbox):
    return buy(sandbox, showtime, make_browser(1), "A1", "A2")


def ask(booking, person):
    choice = RefundChoice(
        tickets=tuple(booking.tickets.values_list("pk", flat=True)), percent=100, reason="The projector broke"
    )
    return ask_refund(booking_id=booking.pk, choice=choice, mark=plan_refund(booking, choice).mark, user_id=person.pk)


def told():
    return list(OutgoingMail.objects.filter(kind="MONEY_ALERT").order_by("to").values_list("to", flat=True))


def test_finance_and_owner_of_this_theater_are_told(booking, manager):
    theater = booking.showtime.auditorium.theater
    for role, place in [("FINANCE", theater), ("OWNER", theater), ("MANAGER", theater), ("FINANCE", make_theater())]:
        make_staff(role, place, email=f"{role}.{place.pk}@marquee.example".lower())
    request = ask(booking, manager)
    assert told() == [f"finance.{theater.pk}@marquee.example", f"owner.{theater.pk}@marquee.example"]
    send_due_mail(now=timezone.now())
    message = next(one for one in mail.outbox if one.to[0].startswith("finance"))
    assert message.subject == f"Money needs a person: booking {booking.reference}"
    for words in ("wants to give £29.00 back", "The projector broke", f"/boxoffice/refundrequest/{request.pk}/change/"):
        assert words in message.body, words


def test_the_person_who_asked_is_not_told(booking):
    theater = booking.showtime.auditorium.theater
    asker, other = (make_staff("OWNER", theater, email=f"{name}@marquee.example") for name in ("ann", "ben"))
    ask(booking, asker)
    assert told() == [other.email]


def test_if_nobody_may_approve_superusers_are_told(booking, manager):
    ask(booking, make_staff("MANAGER", booking.showtime.auditorium.theater))
    assert told() == [manager.email]


def test_within_the_limit_nobody_is_told(booking, manager):
    Theater.objects.update(refund_limit=Decimal(100))
    booking.refresh_from_db()
    ask(booking, make_staff("MANAGER", booking.showtime.auditorium.theater))
    assert told() == []
