"""When the clock of a web or worker process is wrong, seats, payments and refunds still follow the database's clock."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.clock import database_now
from payments.books.payment_sweep import look_at_due_payments, send_due_refunds
from payments.books.provider_events import settle_due_events
from payments.models import Refund
from payments.refunds.cancellation import CUSTOMER, cancel_and_refund
from payments.sessions.session_closing import close_due_sessions
from reservations.models import Hold
from reservations.seats.hold_sweep import end_lapsed_holds
from tests.factories import begin_paying, hold_seats, make_browser
from tests.ledger import broken_invariants

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[-120, -6, 6, 25], ids=lambda minutes: f"{minutes:+} min")
def wrong_clock(request, time_machine):
    time_machine.move_to(timezone.now() + timedelta(minutes=request.param), tick=True)
    # The sandbox is a thread of this process and shares its clock: a session has to end half an hour after that clock's now.
    assert abs((timezone.now() - database_now()).total_seconds() - request.param * 60) < 30


def sweep():
    end_lapsed_holds()
    close_due_sessions()
    look_at_due_payments()
    settle_due_events()
    send_due_refunds()


def test_a_sale_and_its_refund(showtime, sandbox, deliver, wrong_clock):
    booking = begin_paying(showtime, make_browser(1), "A1")
    sweep()
    booking.refresh_from_db()
    left = (booking.sale.payable_until - database_now()).total_seconds()
    assert (booking.status, 540 < left <= 600) == ("PENDING", True)
    sandbox.pay(booking.sale.payments.get().session_id)
    assert deliver() > 0
    sweep()
    booking.refresh_from_db()
    assert booking.status == "CONFIRMED"
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=CUSTOMER)
    sweep()
    assert [refund.status for refund in Refund.objects.all()] == ["SUCCEEDED"]
    assert broken_invariants() == []


def test_a_hold_lives_as_long_as_it_was_said(showtime, wrong_clock):
    """Neither a sweep nor another customer ends it early."""
    hold = hold_seats(showtime, make_browser(1), "A1")
    sweep()
    left = (Hold.objects.get(pk=hold.pk, ended_at=None).expires_at - database_now()).total_seconds()
    assert 420 < left <= 480
    taken = Client().post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"}, headers={"HX-Request": "true"})
    assert taken.status_code == 409
