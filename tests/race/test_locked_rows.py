"""A row that somebody has locked for a minute stops no sweep: the rows behind it are done now, and the locked one later."""

from contextlib import contextmanager
from functools import partial

import psycopg
import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.models import AccountMail
from core.letters.outbox import MAILS
from core.models import Heartbeat
from payments.books.payment_sweep import look_at_due_payments
from payments.models import Payment
from payments.sessions.session_closing import close_due_sessions
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, OutgoingMail
from reservations.seats.fullness import refresh_fullness
from tests.aging import past_time_to_pay
from tests.factories import begin_paying, hold_seats, make_browser, make_showtime
from tests.race.racing import start
from theaters.models import Showtime

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@contextmanager
def locked(rows):
    """The lock is held by a connection that is not the site's; the sandbox would report one of ours as open during a call
    to Stripe.
    """
    known = {**connection.get_connection_params(), "application_name": "somebody"}
    known.pop("cursor_factory")
    with psycopg.connect(**known) as stranger:
        table, keys = rows.model._meta.db_table, list(rows.values_list("pk", flat=True))
        stranger.execute(f"SELECT id FROM {table} WHERE id = ANY(%s) FOR UPDATE", [keys])
        yield
        stranger.rollback()


def patiently(sweep, milliseconds=100):
    """Run the sweep as a worker does, with a lock_timeout that is short for the test."""

    def job():
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {milliseconds}")
        return sweep()

    return job


@pytest.fixture
def abandoned(showtime, sandbox):
    bookings = [begin_paying(showtime, make_browser(n), f"A{n}") for n in (1, 2, 3)]
    bookings.append(begin_paying(showtime, make_browser(4), "B1"))
    for booking in bookings:
        past_time_to_pay(booking)
    return bookings


def test_sessions_behind_three_locked_bookings_are_closed_without_waiting(abandoned):
    *stuck, last = abandoned
    with locked(Booking.objects.filter(pk__in=[booking.pk for booking in stuck])):
        # There is no lock_timeout here, so a sweep that waited for one of the rows would never return.
        assert start(close_due_sessions).outcome() == 1
        assert Booking.objects.get(pk=last.pk).status == "EXPIRED"
    assert close_due_sessions() == 3


def test_payments_behind_locked_bookings_settle(abandoned, sandbox):
    sandbox.pay(abandoned[-1].sale.payments.get().session_id)
    Payment.objects.update(look_at=timezone.now())
    with locked(Booking.objects.filter(pk__in=[booking.pk for booking in abandoned[:3]])):
        start(patiently(look_at_due_payments)).outcome()
        assert Booking.objects.get(pk=abandoned[-1].pk).status == "CONFIRMED"


def test_mail_behind_a_locked_mail_goes_out(abandoned, sandbox):
    for booking in abandoned[-2:]:
        sandbox.pay(booking.sale.payments.get().session_id)
    Payment.objects.update(look_at=timezone.now())
    look_at_due_payments()
    first = OutgoingMail.objects.order_by("try_at").first()
    with locked(OutgoingMail.objects.filter(pk=first.pk)):
        assert start(patiently(partial(send_due_mail, now=timezone.now()))).outcome() == 1


def test_fullness_behind_a_locked_showtime_is_counted_and_that_one_later(showtime):
    other = make_showtime()
    hold_seats(other, make_browser(1), "A1")
    hold_seats(showtime, make_browser(2), "A1")
    with locked(Showtime.objects.filter(pk=showtime.pk)):
        start(refresh_fullness).outcome()
        assert Showtime.objects.get(pk=other.pk).seats_taken == 1
        # The next run starts from the same moment as this one.
        assert not Heartbeat.objects.filter(name="fullness").exists()
    assert refresh_fullness() == 2 and Showtime.objects.get(pk=showtime.pk).seats_taken == 1
    assert Heartbeat.objects.filter(name="fullness").exists()


def test_a_locked_row_is_passed_over_at_once_where_an_update_would_wait(db):
    row = AccountMail.objects.create(kind="test", to="ada@example.org")
    with locked(AccountMail.objects.all()):
        claim = start(patiently(lambda: MAILS.claim(AccountMail.objects.all(), row.pk, seconds=60)))
        assert claim.outcome() is False
        waits = start(patiently(lambda: AccountMail.objects.due().filter(pk=row.pk).update(attempts=1)))
        with pytest.raises(OperationalError, match="lock timeout"):
            waits.outcome()
    assert MAILS.claim(AccountMail.objects.all(), row.pk, seconds=60)
