"""A database that is older than its marker file or than Stripe pauses sales by itself; nothing else does."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import Error, connection
from structlog.testing import capture_logs

from core.clock import database_now, from_now
from core.database.number_gap import GAP
from core.database.restore_marker import RestoreMarker, read_marker, write_marker
from core.installation import installation_id
from core.models import SalesPause
from core.pauses import current_pause
from houses.business_days import business_day, day_bounds
from payments.books.payment_sweep import send_due_refunds
from payments.models import Payment, ProviderEvent, Refund, new_key
from payments.providers.stripe import calls as stripe_calls
from payments.refunds.cancellation import cancel_and_refund
from payments.sessions.database_age import (
    check_database_age,
    compare_at_start,
    compare_with_marker,
    newest_move,
    pause_after_restore,
)
from payments.sessions.sales_without_provider import count_by_day, lost_without_provider
from payments.states import PaymentMethod
from payments.tasks import tell_of_broken_checks
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking, Move
from reservations.states import CancelCause
from tests.counter import make_seller, sell_seats
from tests.factories import begin_paying, buy
from theaters.schedule.sales_pauses import note_agreement, pause_sales, resume_sales

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    settings.STATE_DIR = str(tmp_path / "state")
    return tmp_path / "state"


@pytest.fixture
def sold(showtime, my_browser, sandbox):
    return buy(sandbox, showtime, my_browser, "A1")


def mark(newest_move, age=MINUTE):
    assert write_marker(installation_id(), RestoreMarker(newest_move, database_now() - age))


# The marker file.


def test_the_file_keeps_the_newest_move_and_pauses_nothing(sold):
    assert check_database_age() is False
    marker = read_marker(installation_id())
    assert (marker.newest_move, current_pause()) == (newest_move(), None)
    assert newest_move() > 0


@pytest.mark.parametrize("check", [check_database_age, compare_at_start])
def test_a_file_that_knows_more_pauses_sales_with_the_moment_of_the_last_move(sold, check):
    known = Move.objects.order_by("-at").first().at
    mark(newest_move() + 1, age=-MINUTE)
    check()
    pause = current_pause()
    assert (pause.is_after_restore, pause.known_until) == (True, known)
    assert "log of moves" in pause.why


def test_while_paused_the_file_stays_as_it_was(sold):
    mark(newest_move() + 5)
    check_database_age()
    check_database_age()
    assert read_marker(installation_id()).newest_move == newest_move() + 5
    assert SalesPause.objects.count() == 1


def test_after_sales_were_resumed_the_file_is_brought_up_to_date(sold, sandbox):
    mark(newest_move() + 5)
    check_database_age()
    note_agreement(agrees=True)
    resume_sales(actor="test", reason="Reconciled")
    assert check_database_age() is False
    assert read_marker(installation_id()).newest_move == newest_move()


def test_a_clock_that_was_ahead_when_sales_were_resumed_hides_no_restore(
    sold, showtime, other_browser, sandbox, monkeypatch
):
    mark(newest_move() + 5)
    check_database_age()
    note_agreement(agrees=True)
    monkeypatch.setattr("theaters.schedule.sales_pauses.ClockTimestamp", lambda: from_now(7200))
    resume_sales(actor="test", reason="Reconciled")
    buy(sandbox, showtime, other_browser, "A2")
    mark(newest_move() + 1, age=0 * MINUTE)
    assert check_database_age() is True
    assert SalesPause.objects.count() == 2


def test_a_backup_that_was_restored_before_is_one_pause_again(sold):
    """It lacks the numbers that were skipped the first time as well."""
    last = newest_move() + 3 * GAP
    mark(last)
    check_database_age()
    note_agreement(agrees=True)
    resume_sales(actor="test", reason="Reconciled")
    assert compare_with_marker() is False
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('reservations_move_id_seq')")
        assert cursor.fetchone()[0] > last, "numbers that were given once are not given again"


DEEP = "[" * 100_000
BROKEN = [
    "",
    "half",
    "{}",
    DEEP,
    '{"newest_move": "x", "written_at": 3}',
    '{"newest_move": Infinity, "written_at": ""}',
]


@pytest.mark.parametrize("text", [None, *BROKEN], ids=range(1 + len(BROKEN)))
def test_a_missing_or_broken_file_is_no_alarm(sold, state, text):
    if text is not None:
        state.mkdir()
        (state / f"newest-{installation_id()}.json").write_text(text)
    assert check_database_age() is False
    assert read_marker(installation_id()).newest_move == newest_move()


@pytest.mark.parametrize("check", [check_database_age, compare_at_start])
def test_a_file_that_names_no_time_zone_is_compared(sold, state, check):
    state.mkdir()
    told = {"newest_move": newest_move() + 1, "written_at": f"{database_now():%Y-%m-%dT%H:%M:%S}"}
    (state / f"newest-{installation_id()}.json").write_text(json.dumps(told))
    check()
    assert current_pause().is_after_restore


def test_the_file_of_another_installation_is_no_alarm(sold):
    write_marker("f" * 32, RestoreMarker(10**9, database_now()))
    assert check_database_age() is False


def test_a_file_that_cannot_be_written_is_a_warning(sold, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.STATE_DIR = str(tmp_path / "file")
    with capture_logs() as logs:
        assert check_database_age() is False
    assert [entry["log_level"] for entry in logs if entry["event"] == "restore_marker_not_written"] == ["warning"]


def test_without_a_folder_stripe_alone_is_compared(sold, settings):
    settings.STATE_DIR = ""
    assert check_database_age() is False


# Stripe's newest objects.


def forget(payment):
    """Make the database look as if it had been restored to a time before this payment."""
    Payment.objects.filter(pk=payment.pk).delete()


def test_a_session_without_a_row_pauses_sales(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    session_id = booking.sale.payments.get().session_id
    forget(booking.sale.payments.get())
    assert check_database_age() is True
    assert session_id in current_pause().why


def test_a_refund_without_a_row_pauses_sales(sold, sandbox):
    cancel_and_refund(
        booking_id=sold.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked.")
    )
    send_due_refunds()
    assert check_database_age() is False
    Refund.objects.all().delete()
    assert check_database_age() is True


def test_refunds_of_the_dashboard_and_objects_of_others_pause_nothing(sold, sandbox, settings):
    sandbox.refund(sold.sale.payments.get().session_id)
    assert check_database_age() is False


def test_what_was_reconciled_before_sales_were_resumed_is_no_alarm_again(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    forget(booking.sale.payments.get())
    check_database_age()
    note_agreement(agrees=True)
    resume_sales(actor="test", reason="Reconciled")
    assert check_database_age() is False


def test_a_stripe_that_does_not_answer_pauses_nothing_and_the_file_is_written(sold, sandbox, monkeypatch):
    monkeypatch.setattr(stripe_calls, "RETRIES", 0)
    sandbox.go_dead()
    assert check_database_age() is False
    assert read_marker(installation_id()).newest_move == newest_move()


# Start of the processes.


def test_a_database_that_does_not_answer_does_not_stop_the_start(monkeypatch):
    def gone():
        raise Error("gone")

    monkeypatch.setattr("payments.sessions.database_age.compare_with_marker", gone)
    compare_at_start()
    assert current_pause() is None


# Staff are told.


def test_staff_get_one_mail_about_a_pause_after_a_restore(sold, settings, mailoutbox):
    settings.STAFF_MAIL = ["owner@example.com"]
    mark(newest_move() + 1)
    check_database_age()
    tell_of_broken_checks()
    tell_of_broken_checks()
    [message] = mailoutbox
    assert message.to == ["owner@example.com"]
    assert "Ticket sales have stopped" in message.subject and "reconcile_stripe" in message.body
    assert "log of moves" in message.body


def test_a_pause_by_hand_is_no_mail(db, settings, mailoutbox):
    settings.STAFF_MAIL = ["owner@example.com"]
    pause_sales(why="Fire alarm", actor="test")
    tell_of_broken_checks()
    assert mailoutbox == []


# Sales that Stripe does not know.


def sold_at_the_counter(showtime, label="A2"):
    sell_seats(showtime, make_seller(showtime), label, method=PaymentMethod.CASH, tendered=Decimal("20.00"))


def test_the_file_counts_what_stripe_knows_nothing_of(sold, showtime):
    sold_at_the_counter(showtime)
    check_database_age()
    sold = read_marker(installation_id()).sold
    assert sold.pop("papers") == {"papers": 0}
    [(day, counts)] = sold.items()
    assert counts == {"counter": 1, "free": 0}
    theater = showtime.auditorium.theater
    assert day == f"{theater.slug} {business_day(theater, Booking.objects.latest('pk').confirmed_at)}"


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland"])
def test_a_sale_belongs_to_the_business_day_of_its_theater(sold, showtime, zone):
    """One sale is a minute before the day ends, one a minute after; the file is as old as the days it counts."""
    theater = showtime.auditorium.theater
    type(theater).objects.filter(pk=theater.pk).update(timezone=zone)
    theater.refresh_from_db()
    on = business_day(theater, database_now()) - timedelta(days=10)
    begins = day_bounds(theater, on)[0]
    for label, moment in [("A2", begins - MINUTE), ("A3", begins + MINUTE), ("A4", begins + timedelta(hours=23))]:
        sold_at_the_counter(showtime, label)
        booking = Booking.objects.latest("pk")
        Booking.objects.filter(pk=booking.pk).update(confirmed_at=moment)
    found = {
        name: counts["counter"] for name, counts in count_by_day(first=on - timedelta(days=1)).items() if " " in name
    }
    before = on - timedelta(days=1)
    assert {name: count for name, count in found.items() if count} == {
        f"{theater.slug} {before}": 1, f"{theater.slug} {on}": 2,
    }  # fmt: skip
    # The file is ten days old. What it counted is still here, so nothing is lost.
    marker = RestoreMarker(
        1, begins, {f"{theater.slug} {on}": {"counter": 2}, f"{theater.slug} {before}": {"counter": 3}}
    )
    lost = lost_without_provider(marker)
    assert (lost["counter"], lost["days"]) == (2, {f"{theater.slug} {before}": {"counter": 2}})


def test_a_pause_says_what_of_it_is_lost(sold, showtime):
    sold_at_the_counter(showtime)
    there = count_by_day()
    day = next(iter(there))
    long_ago = f"{day.split()[0]} 2020-01-01"
    more = {day: {"counter": 4, "free": 2}, long_ago: {"counter": 1, "free": 0}, "papers": {"papers": 5}}
    write_marker(installation_id(), RestoreMarker(newest_move() + 1, database_now() + MINUTE, more))
    check_database_age()
    [_, window, counted, days] = current_pause().losses_in_words
    assert "may be lost" in window
    assert "counter sales: 4, free bookings: 2, receipts and credit notes: 5" in counted
    assert days == f"By theater and business day: {long_ago}: 1 at the counter; {day}: 3 at the counter, 2 free."


def test_without_a_count_the_pause_says_so(sold):
    mark(newest_move() + 1, age=-MINUTE)
    check_database_age()
    assert "Nothing outside the database has counted them" in current_pause().losses_in_words[-1]


# Numbers that were given.


def new_number():
    return ProviderEvent.objects.create(provider="stripe", provider_id=new_key(), kind="charge.updated", payload={}).pk


def test_a_database_that_pauses_by_itself_gives_no_number_twice(sold):
    before = new_number()
    mark(newest_move() + 1, age=-MINUTE)
    check_database_age()
    check_database_age()
    assert new_number() == before + GAP + 2


def test_a_note_of_another_restore_moves_numbers_though_sales_are_paused(sold):
    call_command("note_restore", why="From a dump")
    before = new_number()
    call_command("note_restore", why="From an older dump")
    assert new_number() == before + GAP + 1


def test_the_door_is_told_of_the_last_move_before_the_first_fact_that_is_missing(
    sold, showtime, other_browser, sandbox
):
    """What the database knows of later is not all that happened then."""
    known, missing = Move.objects.order_by("-pk").first().at, database_now()
    buy(sandbox, showtime, other_browser, "A2")
    pause_after_restore("A session has no row", missing)
    assert current_pause().known_until == known


def test_new_proof_takes_an_agreement_back(sold):
    pause_after_restore("A session has no row", database_now())
    note_agreement(agrees=True)
    assert not SalesPause.objects.not_agreed().exists()
    pause_after_restore("Another one has none", database_now())
    assert SalesPause.objects.not_agreed().exists()
