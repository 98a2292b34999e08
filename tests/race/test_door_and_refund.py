"""A customer cancels tickets while one of them is scanned: who is inside gets no money back, and what is refunded opens no
door, also while the refund waits for a provider that does not answer.
"""

from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from payments.books.payment_sweep import send_due_refunds
from payments.models import Refund
from payments.refunds.cancellation import cancel_as_customer
from reservations import locks
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.models import Booking, Ticket
from reservations.selectors.cancellation import cancel_offer
from tests.exchanging import buy_to_exchange
from tests.factories import make_staff
from tests.race.racing import as_word, broken_invariants, run_all, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CANCELED = "This ticket was canceled; it is worth nothing any more."


@pytest.fixture
def booking(showtime, sandbox):
    return buy_to_exchange(sandbox, "A1", "A2", showtime=showtime)


def scanning(booking):
    theater = booking.showtime.auditorium.theater
    door = Door(theater, None, "door 2", make_staff("DOOR", theater).pk)
    code = booking.tickets.get(seat__label="A1").code
    return partial(admit, text=code, door=door, now=booking.showtime.starts_at)


def canceling(booking):
    """Both tickets, for the amount that the page shows before the scan."""
    shown = cancel_offer(
        Booking.objects.with_names().with_tickets().get(pk=booking.pk), labels=["A1", "A2"], now=timezone.now()
    )
    assert shown.refund > 0
    cancel = partial(
        cancel_as_customer, booking_id=booking.pk, labels=["A1", "A2"], shown=shown.refund, now=timezone.now()
    )
    return as_word(cancel, "canceled")


def test_one_of_them_comes_first(booking):
    canceled, answer = run_all(canceling(booking), scanning(booking))
    assert (canceled == "canceled") == (not answer.is_welcome)
    assert Refund.objects.count() == (canceled == "canceled")
    assert broken_invariants() == set()


def test_who_is_inside_gets_no_money_back(booking):
    cancel = canceling(booking)
    with transaction.atomic():
        assert scanning(booking)().is_welcome
        racer = start_and_block(cancel)
    assert racer.outcome() == "CannotCancel"
    assert not Refund.objects.exists()
    assert sorted(booking.tickets.values_list("status", flat=True)) == ["USED", "VALID"]


def test_without_the_lock_of_the_tickets_they_get_it(booking, monkeypatch):
    """Negative control: judged by what was there before the scan."""
    monkeypatch.setattr(locks, "tickets_of", lambda booking_id: list(Ticket.objects.filter(booking_id=booking_id)))
    cancel = canceling(booking)
    with transaction.atomic():
        assert scanning(booking)().is_welcome
        racer = start_and_block(cancel)
    assert racer.outcome() == "canceled"


def test_what_is_canceled_opens_no_door_while_its_refund_is_on_the_way(booking, sandbox):
    scan = scanning(booking)
    with transaction.atomic():
        assert canceling(booking)() == "canceled"
        racer = start_and_block(scan)
    assert racer.outcome().sentence == CANCELED
    sandbox.go_dead()
    send_due_refunds()
    assert (scan().sentence, Refund.objects.get().status == "SUCCEEDED") == (CANCELED, False)
    sandbox.heal()
    Refund.objects.update(look_at=timezone.now())
    send_due_refunds()
    assert (scan().sentence, Refund.objects.get().status) == (CANCELED, "SUCCEEDED")
    assert broken_invariants() == set()
