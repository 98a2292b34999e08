"""The restore drill: a dump during sales, more sales after it, the restore, and the way back to selling."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from core.pauses import current_pause
from payments.models import StripeEvent
from payments.services.cancellation import cancel_and_refund
from payments.services.database_age import check_database_age
from payments.services.sweeps import send_due_refunds
from payments.tasks import close_due_tills, sweep_events, sweep_payments, sweep_refunds
from reservations.models import Booking, ShowtimeSeat
from reservations.refusals import SalesPaused
from reservations.services.admission import Door, admit
from reservations.services.cancellation import Why
from reservations.services.holds import take_seats
from reservations.states import CancelCause
from reservations.tasks import send_due_mail
from tests.factories import begin_paying, buy, make_auditorium, make_browser, make_showtime, make_staff, make_theater
from tests.ledger import counts
from tests.payments.dumps import dump_to, restore_from
from theaters.models import Showtime

pytestmark = pytest.mark.django_db(transaction=True)
PLAN = "A oooooooooo\nB oooooooooo\nC oooooooooo"
BEFORE = [["A1"], ["A2"], ["A3"]]
PENDING = ["A4"]
AFTER = [
    ["B1", "B2", "B3"],
    ["B4", "B5", "B6"],
    ["B7", "B8", "B9"],
    ["C1", "C2", "C3"],
    ["C4", "C5", "C6"],
    ["C7", "C8"],
    ["C9", "C10"],
]
BY_STAFF = Why(CancelCause.STAFF, "staff:1", "Asked for.")


@dataclass
class World:
    """What was sold before the dump and after it. The restored database knows the first part alone."""

    showtime: Showtime
    dumped_at: datetime
    known: set[str]
    lost: set[str]
    said: str


def sell(sandbox, showtime, labels, number) -> Booking:
    return buy(sandbox, showtime, make_browser(number), *labels, email=f"guest{number}@example.com")


@pytest.fixture
def world(sandbox, tmp_path, settings) -> World:
    """Three sales and one that is being paid for at the dump; then 19 seats in 7 sales, two refunds, a dispute; the restore."""
    settings.STATE_DIR = str(tmp_path / "state")
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), PLAN))
    before = [sell(sandbox, showtime, labels, number) for number, labels in enumerate(BEFORE)]
    pending = begin_paying(showtime, make_browser(11), *PENDING, email="guest11@example.com")
    send_due_mail()
    dumped_at = timezone.now()
    dump_to(tmp_path / "marquee.dump")
    sandbox.pay(pending.payments.get().session_id)
    after = [sell(sandbox, showtime, labels, 100 + number) for number, labels in enumerate(AFTER)]
    for canceled in (before[0], after[0]):
        cancel_and_refund(booking_id=canceled.pk, ticket_ids=None, why=BY_STAFF)
    send_due_refunds()
    sandbox.dispute(after[1].payments.get().session_id)
    assert check_database_age() is False
    said = restore_from(tmp_path / "marquee.dump")
    known = {booking.reference for booking in [*before, pending]}
    return World(showtime, dumped_at, known, {booking.reference for booking in after}, said)


def test_after_a_restore_nothing_is_sold_settled_or_sent(world, sandbox, deliver, mailoutbox):
    assert "Sales are paused after a restore" in world.said
    assert set(Booking.objects.values_list("reference", flat=True)) == world.known
    pause = current_pause()
    assert pause.is_after_restore and pause.known_until <= world.dumped_at

    # The seats of lost sales look free, and nobody can take them.
    free = ShowtimeSeat.objects.get(showtime=world.showtime, label="B1")
    assert free.booking_id is None
    with pytest.raises(SalesPaused):
        take_seats(showtime_id=world.showtime.pk, browser=make_browser(500), labels=["B1"])
    assert Client().get(f"/showtimes/{world.showtime.pk}/").status_code == 200

    # Stripe's deliveries are stored, and the tasks do nothing with them.
    asked, before = len(sandbox.requests()), counts()
    mailoutbox.clear()
    assert deliver() > 7
    for task in (sweep_events, sweep_payments, sweep_refunds, close_due_tills, send_due_mail):
        task()
    assert StripeEvent.objects.filter(done_at=None).count() == StripeEvent.objects.count() > 7
    assert counts() == before | {"StripeEvent": StripeEvent.objects.count()}
    assert (len(sandbox.requests()), mailoutbox) == (asked, [])

    # The door lets in whom it knows, and says what it cannot know.
    theater = world.showtime.auditorium.theater
    door = Door(theater, None, "Main", make_staff("DOOR", theater).pk)
    assert "cannot be known here" in admit(text="x" * 22, door=door, now=timezone.now()).sentence
