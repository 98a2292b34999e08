"""manage.py reconcile_stripe compares both ledgers in both directions, after a restore and after lost news."""

import json
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from core.clock import database_now
from core.installation import installation_id
from core.models import PauseKind, SalesPause
from core.pauses import forget_pause
from payments.books.payment_sweep import send_due_refunds
from payments.models import Dispute, Payment, Refund
from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking, Hold, OutgoingMail, ShowtimeSeat, Ticket
from reservations.states import CancelCause
from reservations.waiting.waiting_offers import offer_seats
from tests.exchanging import agree, buy_to_exchange, choose, pay_difference
from tests.factories import (
    begin_paying,
    buy,
    hold_seats,
    make_browser,
    make_group,
    make_shared_block,
    make_waiting_entry,
)
from tests.ledger import broken_invariants, nothing_changes
from tests.providers import STRIPE
from theaters.models import Showtime
from theaters.schedule.sales_pauses import pause_sales

pytestmark = pytest.mark.django_db
ALL_SEATS = ("A1", "A2", "A3", "A4")


@pytest.fixture(autouse=True)
def world(sandbox, showtime):
    installation_id()  # made before any dump


@contextmanager
def lost_by_a_restore():
    """Stripe knows what happens inside the block; the database is as it was before."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def pause():
    pause_sales(why="Restored", actor="test", kind=PauseKind.AFTER_RESTORE, known_until=database_now())


def run(*arguments, since=None):
    """Run the command; returns its exit code and what it printed as JSON."""
    out, since = StringIO(), since or database_now() - timedelta(days=1)
    try:
        call_command("reconcile_stripe", "--json", f"--since={since.isoformat()}", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, json.loads(out.getvalue() or "{}")
    return 0, json.loads(out.getvalue())


def kinds(result, name="left"):
    return [(row["kind"], row["remedy"].split()[0]) for row in result[name]]


def facts_of(booking):
    tickets = booking.tickets.order_by("seat_id")
    sold = tickets.values_list("seat__label", "ticket_type", "type_name", "price", "discount", "tax", "fee", "tax_rate")
    return (booking.reference, booking.email, booking.holder, booking.total, booking.currency, list(sold))


def test_nothing_differs_after_an_ordinary_evening(sandbox, showtime):
    booking = buy(sandbox, showtime, make_browser(1), "A1", "A2")
    cancel_and_refund(
        booking_id=booking.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for.")
    )
    send_due_refunds()
    buy(sandbox, showtime, make_browser(2), "B1")
    declined = begin_paying(showtime, make_browser(3), "B2").sale.payments.get()
    sandbox.pay(declined.session_id, card="4000000000000002")
    with nothing_changes():
        code, result = run()
    assert (code, result["found"], result["agrees"]) == (0, [], True)


def test_a_lost_sale_is_listed_and_then_written_again_once(sandbox, showtime):
    with lost_by_a_restore():
        sold = facts_of(buy(sandbox, showtime, make_browser(1), "A1", "B1"))
    pause()
    assert not Booking.objects.exists()
    with nothing_changes():
        code, listed = run()
    assert (code, kinds(listed)) == (1, [("payment", "write")])
    assert run("--apply")[0] == 0
    booking = Booking.objects.get()
    assert (booking.status, facts_of(booking)) == ("CONFIRMED", sold)
    assert set(ShowtimeSeat.objects.filter(booking=booking).values_list("label", flat=True)) == {"A1", "B1"}
    payment = booking.sale.payments.get()
    assert (payment.status, payment.taken) == ("SUCCEEDED", booking.total)
    assert list(OutgoingMail.objects.values_list("kind", flat=True)) == ["CONFIRMATION"]
    assert broken_invariants() == []
    with nothing_changes():
        assert run("--apply")[0] == 0


def test_seats_that_are_somebody_elses_are_refunded_and_written_about(sandbox, showtime):
    with lost_by_a_restore():
        buy(sandbox, showtime, make_browser(1), "A1", "A2", email="early@example.com")
    buy(sandbox, showtime, make_browser(2), "A2", email="later@example.com")
    pause()
    assert run("--apply")[0] == 0
    booking = Booking.objects.get(sale__contact__email="early@example.com")
    refund = Refund.objects.get()
    assert (booking.status, refund.status, refund.amount) == ("REFUNDED", "SUCCEEDED", booking.total)
    assert "APOLOGY" in booking.mails.values_list("kind", flat=True)
    assert Ticket.objects.live().get().booking.email == "later@example.com"
    assert broken_invariants() == []
    with nothing_changes():
        assert run("--apply")[0] == 0


def keeps_by_a_hold(showtime):
    hold_seats(showtime, make_browser(2), "A1")


def keeps_for_friends(showtime):
    make_shared_block(showtime, "A1", "A2", "A3")


def keeps_for_a_group(showtime):
    make_group(showtime, "A1", "A2")


def offers_to_who_waits(showtime):
    make_waiting_entry(showtime, count=2)
    assert offer_seats(showtime_id=showtime.pk) == 1


@pytest.mark.parametrize("keeps", [keeps_by_a_hold, keeps_for_friends, keeps_for_a_group, offers_to_who_waits])
def test_seats_that_nobody_paid_for_at_the_dump_are_those_of_who_paid_since(sandbox, showtime, keeps):
    """These seats were sold after the dump: the hold had ended, or it was the buyer's own."""
    with lost_by_a_restore():
        buy(sandbox, showtime, make_browser(1), *ALL_SEATS[:4])
    keeps(showtime)
    pause()
    assert run("--apply")[0] == 0
    assert (Booking.objects.get().status, Refund.objects.count()) == ("CONFIRMED", 0)
    assert broken_invariants() == []


def test_what_somebody_is_paying_for_stays_theirs(sandbox, showtime):
    """Money for them may arrive at any moment, and would count first."""
    with lost_by_a_restore():
        buy(sandbox, showtime, make_browser(1), "A1")
    begin_paying(showtime, make_browser(2), "A1", email="later@example.com")
    pause()
    assert run("--apply")[0] == 0
    assert sorted(Booking.objects.values_list("status", flat=True)) == ["PENDING", "REFUNDED"]


def test_the_money_of_a_lost_exchange_is_told_to_a_person(sandbox, showtime):
    booking = buy_to_exchange(sandbox, "A1", showtime=showtime)
    with lost_by_a_restore():
        exchange = choose(booking, "B1")
        agree(exchange)
        pay_difference(sandbox, exchange)
        session_id = exchange.payments.get().session_id
    pause()
    with nothing_changes():
        code, result = run("--apply")
    assert (
        code == 1
        and "it paid for an exchange that is not here, so the old tickets are valid" in result["left"][0]["says"]
    )
    sandbox.refund(session_id)
    assert run()[0] == 0


def test_lost_sales_are_not_written_while_seats_are_sold(sandbox, showtime):
    with lost_by_a_restore():
        buy(sandbox, showtime, make_browser(1), "A1")
    with nothing_changes():
        code, result = run("--apply")
    assert code == 1
    assert "pause them first" in result["left"][0]["says"]


def test_a_show_that_is_over_keeps_its_visitors(sandbox, showtime):
    with lost_by_a_restore():
        buy(sandbox, showtime, make_browser(1), "A1")
    pause()
    past = timedelta(days=30)
    began = int(showtime.starts_at.timestamp())
    Showtime.objects.update(**{name: F(name) - past for name in ("starts_at", "sales_close_at", "ends_at")})
    [session] = sandbox.desk.ledger.find("checkout.session")
    session["metadata"]["sale"] = session["metadata"]["sale"].replace(
        str(began), str(began - int(past.total_seconds()))
    )
    sandbox.desk.ledger.save(session)
    assert run("--apply")[0] == 0
    assert Booking.objects.get().status == "CONFIRMED"
    assert not Refund.objects.exists()


def test_a_showtime_that_is_another_now_is_left_to_a_person(sandbox, showtime):
    with lost_by_a_restore():
        buy(sandbox, showtime, make_browser(1), "A1")
    pause()
    Showtime.objects.update(starts_at=F("starts_at") + timedelta(hours=1))
    with nothing_changes():
        code, result = run("--apply")
    assert code == 1
    assert "another one now" in result["left"][0]["says"]
    sandbox.refund(sandbox.desk.ledger.find("charge")[0]["id"])
    assert run("--apply")[0] == 0, "given back in the dashboard: nothing is kept"


def test_a_payment_that_was_open_in_the_dump_is_settled(sandbox, showtime):
    booking = begin_paying(showtime, make_browser(1), "A1")
    sandbox.pay(booking.sale.payments.get().session_id)
    pause()
    assert kinds(run()[1]) == [("payment", "settle")]
    assert run("--apply")[0] == 0
    booking.refresh_from_db()
    assert booking.status == "CONFIRMED"


def test_a_refund_from_before_the_restore_is_adopted_under_its_key(sandbox, showtime):
    booking = buy(sandbox, showtime, make_browser(1), "A1", "A2")
    with lost_by_a_restore():
        cancel_and_refund(
            booking_id=booking.pk,
            ticket_ids=None,
            origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for."),
        )
        send_due_refunds()
        key = Refund.objects.get(status="SUCCEEDED").key
    pause()
    assert kinds(run()[1]) == [("refund", "write")]
    assert run("--apply")[0] == 0
    booking.refresh_from_db()
    refund = Refund.objects.get()
    assert (refund.key, refund.status, refund.amount) == (key, "SUCCEEDED", booking.total)
    assert (booking.status, Ticket.objects.live().count()) == ("CANCELED", 0)
    assert broken_invariants() == []
    with nothing_changes():
        assert run("--apply")[0] == 0


def test_a_lost_sale_with_a_dispute_gets_both(sandbox, showtime):
    with lost_by_a_restore():
        booking = buy(sandbox, showtime, make_browser(1), "A1", "A2")
        sandbox.dispute(booking.sale.payments.get().session_id)
    pause()
    assert run("--apply")[0] == 0
    booking = Booking.objects.get()
    assert (Dispute.objects.get().status, booking.sale.payments.get().status) == ("OPEN", "DISPUTED")
    assert booking.sale.frozen_at is not None
    assert broken_invariants() == []


def test_money_that_only_we_know_of_is_a_difference(sandbox, showtime):
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    sandbox.desk.ledger.write("DELETE FROM objects WHERE kind IN ('charge', 'balance_transaction')")
    with nothing_changes():
        code, result = run("--apply")
    assert (code, kinds(result)) == (1, [("payment", "a")])
    assert result["left"][0]["booking"] == booking.reference


def test_a_refund_that_only_we_know_of_is_a_difference(sandbox, showtime):
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    cancel_and_refund(
        booking_id=booking.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for.")
    )
    send_due_refunds()
    sandbox.desk.ledger.write("DELETE FROM objects WHERE kind = 'refund' OR type = 'refund'")
    assert kinds(run("--apply")[1]) == [("refund", "a")]


def test_another_amount_than_stripe_took_is_a_difference(sandbox, showtime):
    buy(sandbox, showtime, make_browser(1), "A1")
    [charge] = sandbox.desk.ledger.find("charge")
    sandbox.desk.ledger.save(charge | {"amount_captured": charge["amount"] - 1})
    assert kinds(run("--apply")[1]) == [("payment", "a")]


def test_money_that_came_twice_for_one_payment_is_a_difference(sandbox, showtime):
    buy(sandbox, showtime, make_browser(1), "A1")
    [charge] = sandbox.desk.ledger.find("charge")
    sandbox.desk.ledger.add(charge | {"id": "ch_second", "payment_intent": "pi_second"})
    code, result = run("--apply")
    assert (code, kinds(result)) == (1, [("payment", "a")])
    assert "a second time" in result["left"][0]["says"]


def test_a_refund_of_another_amount_is_a_difference(sandbox, showtime):
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    by_staff = CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for.")
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=by_staff)
    send_due_refunds()
    [refund] = sandbox.desk.ledger.find("refund")
    sandbox.desk.ledger.save(refund | {"amount": refund["amount"] - 1})
    assert kinds(run("--apply")[1]) == [("refund", "a")]


def test_what_other_programs_do_in_the_account_is_none_of_ours(sandbox, showtime):
    buy(sandbox, showtime, make_browser(1), "A1")
    for kind in ("charge", "payment_intent"):
        [thing] = sandbox.desk.ledger.find(kind)
        sandbox.desk.ledger.add(
            thing | {"id": thing["id"] + "x", "payment_intent": "pi_other", "metadata": {"installation": "another"}}
        )
    assert run()[0] == 0


def test_stripe_away_is_no_agreement(sandbox, showtime):
    buy(sandbox, showtime, make_browser(1), "A1")
    sandbox.go_dead()
    with nothing_changes():
        assert run("--apply") == (2, {})


def test_a_lost_hold_leaves_nothing_live(sandbox, showtime):
    with lost_by_a_restore():
        buy(sandbox, showtime, make_browser(1), "A1", "A2")
    pause()
    run("--apply")
    assert not Hold.objects.live().exists()
    assert Payment.objects.get().captured == Decimal("29.00")


# A payment page that is still open.


def test_an_open_payment_page_of_a_lost_sale_is_closed(sandbox, showtime):
    with lost_by_a_restore():
        lost = begin_paying(showtime, make_browser(1), "A1").sale.payments.get().session_id
    kept = begin_paying(showtime, make_browser(2), "B1").sale.payments.get().session_id
    pause()
    code, result = run()
    assert (code, kinds(result)) == (1, [("session", "close")])
    code, result = run("--apply")
    assert (code, kinds(result, "found")) == (0, [("session", "close")])
    assert [sandbox.session(name)["status"] for name in (lost, kept)] == ["expired", "open"]


def test_paid_while_it_is_being_closed_is_a_lost_sale(sandbox, showtime, monkeypatch):
    """This holds even if the money came after the period that is compared."""
    with lost_by_a_restore():
        lost = begin_paying(showtime, make_browser(1), "A1").sale.payments.get().session_id
    pause()
    monkeypatch.setattr(STRIPE, "close_session", paid_first(sandbox, STRIPE.close_session))
    code, _ = run("--apply")
    assert (code, sandbox.session(lost)["status"]) == (0, "complete")
    assert Booking.objects.get().status == "CONFIRMED"


def paid_first(sandbox, expire_session):
    def pay_and_expire(session_id):
        sandbox.advance(60)
        sandbox.pay(session_id)
        return expire_session(session_id)

    return pay_and_expire


# Both ledgers agree.


def test_only_an_agreement_about_all_the_database_does_not_know_counts(sandbox, showtime):
    with lost_by_a_restore():
        buy(sandbox, showtime, make_browser(1), "A1")
    hour = timedelta(hours=1)
    known_until = database_now() - hour
    pause_sales(why="Restored", actor="test", kind=PauseKind.AFTER_RESTORE, known_until=known_until)
    now = database_now()
    code, result = run(since=now)
    assert (code, datetime.fromisoformat(result["since"])) == (1, known_until - hour)
    assert run("--apply", since=now)[0] == 0
    assert not SalesPause.objects.not_agreed().exists()
    buy_at_stripe_alone(sandbox, showtime)
    assert run(since=now)[0] == 1
    assert SalesPause.objects.not_agreed().exists()


def buy_at_stripe_alone(sandbox, showtime):
    with lost_by_a_restore():
        SalesPause.objects.update(ended_at=F("since"), ended_by="test")
        forget_pause()
        buy(sandbox, showtime, make_browser(2), "B1")
    forget_pause()
