"""The restore drill: a dump during sales, more sales after it, the restore, and the steps until sales go on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Max, Sum
from django.test import Client
from django.utils import timezone

from core.pauses import current_pause
from houses.models import Theater
from payments.books.payment_sweep import send_due_refunds
from payments.models import Payment, ProviderEvent, Refund
from payments.refunds.cancellation import cancel_and_refund
from payments.sessions.database_age import check_database_age
from payments.states import PaymentMethod
from payments.tasks import close_due_sessions, sweep_events, sweep_payments, sweep_refunds
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.models import Booking, Hold, Move, OutgoingMail, ShowtimeSeat, Ticket
from reservations.refusals.on_sale import SalesPaused
from reservations.seats.taking import take_seats
from reservations.states import CancelCause
from reservations.tasks import send_due_mail
from tests.counter import make_seller, sell_seats
from tests.factories import begin_paying, buy, make_auditorium, make_browser, make_showtime, make_staff, make_theater
from tests.ledger import broken_invariants, counts
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
BY_STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for.")


@dataclass
class World:
    """What was sold before the dump, which the restored database knows, and what was sold after it, except what was
    refunded in full.
    """

    showtime: Showtime
    dumped_at: datetime
    known: set[str]
    lost: set[str]
    valid: set[str]
    refunded: int
    said: str
    newest: dict[str, int]
    unpaid: str


def sell(sandbox, showtime, labels, number) -> Booking:
    return buy(sandbox, showtime, make_browser(number), *labels, email=f"guest{number}@example.com")


@pytest.fixture
def world(sandbox, tmp_path, settings) -> World:
    """Make three sales and one that is being paid when the dump is taken. After it come 19 seats in 7 sales, two refunds,
    a dispute, an open payment page and a sale at the counter; then the restore.
    """
    settings.STATE_DIR = str(tmp_path / "state")
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), PLAN))
    Theater.objects.update(avoids_single_seats=False)  # the seats that are sold stand apart
    before = [sell(sandbox, showtime, labels, number) for number, labels in enumerate(BEFORE)]
    pending = begin_paying(showtime, make_browser(11), *PENDING, email="guest11@example.com")
    send_due_mail()
    dumped_at = timezone.now()
    dump_to(tmp_path / "marquee.dump")
    sandbox.pay(pending.sale.payments.get().session_id)
    after = [sell(sandbox, showtime, labels, 100 + number) for number, labels in enumerate(AFTER)]
    for canceled in (before[0], after[0]):
        cancel_and_refund(booking_id=canceled.pk, ticket_ids=None, origin=BY_STAFF)
    send_due_refunds()
    sandbox.dispute(after[1].sale.payments.get().session_id)
    unpaid = begin_paying(showtime, make_browser(200), "A8").sale.payments.get().session_id
    sell_seats(showtime, make_seller(showtime), "A9", method=PaymentMethod.CASH, tendered=Decimal("20.00"))
    newest = newest_numbers()
    assert check_database_age() is False
    said = restore_from(tmp_path / "marquee.dump", state_dir=settings.STATE_DIR)
    return World(
        showtime, dumped_at,
        known={booking.reference for booking in [*before, pending]},
        lost={booking.reference for booking in after[1:]},
        valid={label for labels in [*BEFORE[1:], PENDING, *AFTER[1:]] for label in labels},
        refunded=at_stripe(sandbox)[1],
        said=said,
        newest=newest,
        unpaid=unpaid,
    )  # fmt: skip


def newest_numbers() -> dict[str, int]:
    """The highest numbers given so far, of what customers, Stripe and other computers have seen."""
    models = (Booking, Hold, Move, OutgoingMail, Payment, Refund, Ticket)
    return {model.__name__: model.objects.aggregate(newest=Max("pk"))["newest"] for model in models}


def reconcile(world, **options) -> None:
    call_command("reconcile_stripe", since=world.dumped_at - timedelta(hours=1), verbosity=0, **options)


def at_stripe(sandbox) -> tuple[int, int]:
    """What was captured and what was refunded, in pence."""
    charges = sandbox.desk.ledger.find("charge", "status = 'succeeded'")
    return sum(charge["amount_captured"] for charge in charges), sum(charge["amount_refunded"] for charge in charges)


@pytest.mark.long
def test_nothing_goes_on_after_a_restore_until_both_ledgers_agree(world, sandbox, deliver, mailoutbox):
    assert "Sales are paused after a restore" in world.said
    assert "counter sales: 1, free bookings: 0, receipts and credit notes: 0" in world.said
    assert set(Booking.objects.values_list("sale__reference", flat=True)) == world.known
    pause = current_pause()
    assert pause.is_after_restore and pause.known_until <= world.dumped_at
    nothing_is_sold(world)
    news_is_only_stored(sandbox, deliver, mailoutbox)
    the_door_says_what_it_cannot_know(world)
    nobody_resumes_before_it_agrees(world, sandbox)
    reconcile(world, apply=True)
    assert (len(mailoutbox), current_pause().is_after_restore) == (0, True)
    reconcile(world)
    what_was_lost_is_here_under_new_numbers(world, sandbox)
    call_command("resume_sales", why="Reconciled")
    what_waited_is_done_and_nothing_pauses_again(world, sandbox)


def nothing_is_sold(world):
    """The seats of lost sales look free, but nobody can take them."""
    free = ShowtimeSeat.objects.get(showtime=world.showtime, label="B1")
    assert free.booking_id is None
    with pytest.raises(SalesPaused):
        take_seats(showtime_id=world.showtime.pk, browser=make_browser(500), labels=["B1"])
    assert Client().get(f"/showtimes/{world.showtime.pk}/").status_code == 200


def news_is_only_stored(sandbox, deliver, mailoutbox):
    """Stripe's events are stored, and the tasks leave them alone."""
    asked, before = len(sandbox.requests()), counts()
    mailoutbox.clear()
    assert deliver() > 7
    for task in (sweep_events, sweep_payments, sweep_refunds, close_due_sessions, send_due_mail):
        task()
    assert ProviderEvent.objects.filter(done_at=None).count() == ProviderEvent.objects.count() > 7
    assert counts() == before | {"ProviderEvent": ProviderEvent.objects.count()}
    assert (len(sandbox.requests()), mailoutbox) == (asked, [])


def the_door_says_what_it_cannot_know(world):
    theater = world.showtime.auditorium.theater
    door = Door(theater, None, "Main", make_staff("DOOR", theater).pk)
    assert "cannot be known here" in admit(text="x" * 28, door=door, now=timezone.now()).sentence


def nobody_resumes_before_it_agrees(world, sandbox):
    """A dry run lists the differences and changes nothing, and sales cannot be resumed yet."""
    before = counts()
    with pytest.raises(CommandError, match="do not agree yet"):
        call_command("resume_sales", why="In a hurry")
    assert sandbox.session(world.unpaid)["status"] == "open"
    with pytest.raises(CommandError, match="differ"):
        reconcile(world)
    assert counts() == before


def what_was_lost_is_here_under_new_numbers(world, sandbox):
    """No number that was given after the dump is given again, and the open payment page is closed."""
    assert set(Booking.objects.values_list("sale__reference", flat=True)) >= world.known | world.lost
    assert sandbox.session(world.unpaid)["status"] == "expired"
    written = newest_numbers()
    assert {name for name, number in written.items() if number > world.newest[name]} == set(written)
    assert Booking.objects.filter(pk__gt=world.newest["Booking"]).count() == len(world.lost)


def what_waited_is_done_and_nothing_pauses_again(world, sandbox):
    """Everybody has their ticket, and nobody paid twice."""
    assert check_database_age() is False
    for task in (sweep_events, sweep_payments, sweep_refunds, close_due_sessions, send_due_mail):
        task()
    assert ProviderEvent.objects.filter(done_at=None).count() == 0
    live = Ticket.objects.live().filter(showtime=world.showtime)
    assert set(live.values_list("seat__label", flat=True)) == world.valid
    captured, refunded = at_stripe(sandbox)
    assert (captured - refunded, refunded) == (live.aggregate(total=Sum("price"))["total"] * 100, world.refunded)
    assert broken_invariants() == []
    assert check_database_age() is False and current_pause() is None
    take_seats(showtime_id=world.showtime.pk, browser=make_browser(500), labels=["A10"])
