"""The nightly comparison with Stripe: lost news is found, what cannot be repaired is reported, and silence never counts
as agreement.
"""

import re
from datetime import timedelta

import pytest
import stripe
from django.core import mail
from django.db.models import F

from core.models import PauseKind
from core.monitoring.metrics import exposition
from payments.books.comparison_runs import SETTLED_AFTER, ask_for_comparison, run_due_comparison, tell_of_differences
from payments.books.provider_events import settle_due_events
from payments.models import Dispute, LedgerComparison, ProviderEvent, Refund
from payments.providers import errors
from payments.refunds.dashboard_refunds import follow_refund
from payments.refunds.disputes import follow_dispute
from payments.tasks import compare_with_providers
from payments.tasks import tell_of_differences as tell_task
from reservations.models import Ticket
from tests.factories import buy, make_browser
from tests.ledger import broken_invariants, nothing_changes
from theaters.schedule.sales_pauses import pause_sales

pytestmark = pytest.mark.django_db
FOLLOW = {"refund": follow_refund, "dispute": follow_dispute}


@pytest.fixture(autouse=True)
def an_hour_later(monkeypatch):
    """Move the clock, so that what happens in a test is old enough to be settled."""
    monkeypatch.setattr("payments.books.comparison_runs.SETTLED_AFTER", -timedelta(minutes=1))


def nights_ago(count):
    shift = timedelta(days=count)
    LedgerComparison.objects.update(asked_at=F("asked_at") - shift, finished_at=F("finished_at") - shift)


def lost_refund(sandbox, booking, amount=None):
    """A refund made in the dashboard, whose webhook was answered with 2xx and then lost."""
    refund = sandbox.refund(booking.sale.payments.get().session_id, amount=amount)
    sandbox.collect()
    return refund["id"]


def test_a_refund_whose_news_was_lost_is_adopted_and_its_tickets_freed(sandbox, showtime):
    booking = buy(sandbox, showtime, make_browser(1), "A1", "A2")
    provider_id = lost_refund(sandbox, booking)
    run = run_due_comparison()
    assert (run.differences, [row["provider_id"] for row in run.mended]) == (0, [provider_id])
    refund = Refund.objects.get()
    assert (refund.provider_id, refund.status, refund.amount) == (provider_id, "SUCCEEDED", booking.total)
    assert not Ticket.objects.live().exists()
    assert showtime.seats.filter(booking=None).count() == showtime.seats.count()
    assert broken_invariants() == []


def test_a_dispute_and_a_payment_whose_news_was_lost_are_followed(sandbox, showtime):
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    sandbox.dispute(booking.sale.payments.get().session_id)
    sandbox.collect()
    run = run_due_comparison()
    assert (run.differences, [row["kind"] for row in run.mended]) == (0, ["dispute"])
    assert booking.sale.payments.get().status == "DISPUTED"


def test_a_bank_that_sends_a_refund_back_weeks_later_is_noticed(sandbox, showtime):
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    provider_id = lost_refund(sandbox, booking)
    run_due_comparison()
    sandbox.desk.ledger.write("UPDATE objects SET created = created - 6000000 WHERE kind = 'refund'")
    Refund.objects.update(created_at=F("created_at") - timedelta(days=69))
    sandbox.refund_fails(provider_id)
    sandbox.collect()
    nights_ago(1)
    assert [row["provider_id"] for row in run_due_comparison().mended] == [provider_id]
    assert Refund.objects.get(provider_id=provider_id).status == "FAILED"


def test_once_a_night_and_after_a_night_without_workers(sandbox, showtime):
    assert run_due_comparison() is not None
    assert run_due_comparison() is None
    nights_ago(3)
    assert run_due_comparison() is not None


def test_what_differs_is_told_once_and_looked_at_until_it_agrees(sandbox, showtime, manager_mail):
    buy(sandbox, showtime, make_browser(1), "A1")
    [charge] = sandbox.desk.ledger.find("charge")
    sandbox.desk.ledger.save(charge | {"amount_captured": charge["amount"] - 1})
    run = run_due_comparison()
    assert run.differences == 1
    assert (tell_of_differences(), tell_of_differences()) == (1, 0)
    [letter] = mail.outbox
    assert letter.to == [manager_mail]
    assert "The payment provider and our books differ" in letter.subject
    assert run.left[0]["says"] in letter.body
    assert b'marquee_ledger_comparison{what="differences"} 1.0' in exposition()
    nights_ago(60)
    again = run_due_comparison()
    assert (again.since, again.differences) == (run.since, 1)
    sandbox.desk.ledger.save(charge)
    nights_ago(1)
    assert run_due_comparison().differences == 0


@pytest.fixture
def manager_mail(settings):
    settings.STAFF_MAIL = ["money@example.com"]
    return "money@example.com"


def test_stripe_away_is_waited_for_and_is_no_answer(sandbox, showtime):
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    lost_refund(sandbox, booking)
    sandbox.go_dead()
    run = run_due_comparison()
    run.refresh_from_db()
    assert (run.finished_at, run.differences, bool(run.error)) == (None, 0, True)
    assert b'marquee_ledger_comparison{what="unasked"} 1.0' in exposition()
    assert run_due_comparison() is None, "not at once again"
    sandbox.heal()
    ask_for_comparison(actor="staff:1")
    assert run_due_comparison().pk == run.pk
    assert Refund.objects.count() == 1


def test_a_list_that_is_too_long_is_no_answer(sandbox, showtime, monkeypatch):
    monkeypatch.setattr("payments.providers.stripe.movements.MOST_OBJECTS", 1)
    for number, label in enumerate(["A1", "A2"]):
        buy(sandbox, showtime, make_browser(number), label)
    assert re.match("more than 1 of charge", run_due_comparison().error)


@pytest.fixture
def other_program(sandbox):
    """Make payments of another program of the account, in a currency that we do not sell in. Returns the session of one."""
    line = {"quantity": 1, "price_data": {"currency": "std", "unit_amount": 5000, "product_data": {"name": "Rent"}}}
    pages = {
        "mode": "payment",
        "line_items": [line],
        "success_url": "http://elsewhere/",
        "cancel_url": "http://elsewhere/",
    }
    api = stripe.StripeClient(sandbox.secret_key, base_addresses={"api": sandbox.base_url}).v1.checkout.sessions
    rent, embedded = api.create(pages), api.create(pages)
    sandbox.desk.ledger.save(sandbox.desk.ledger.get("checkout.session", embedded.id) | {"url": None})
    sandbox.pay(rent.id)
    return rent.id


def test_what_another_program_takes_in_its_currency_hides_nothing_of_ours(sandbox, showtime, other_program, deliver):
    sandbox.refund(other_program, amount=1000)
    sandbox.dispute(other_program)
    provider_id = lost_refund(sandbox, buy(sandbox, showtime, make_browser(1), "A1"))
    run = run_due_comparison()
    assert (run.error, run.differences, [row["provider_id"] for row in run.mended]) == ("", 0, [provider_id])


def test_its_news_are_not_ours_and_alarm_nobody(sandbox, showtime, other_program, deliver):
    sandbox.refund(other_program, amount=1000)
    sandbox.dispute(other_program)
    deliver()
    settle_due_events()
    assert set(ProviderEvent.objects.values_list("outcome", "set_aside_at")) == {("not ours", None)}


@pytest.mark.parametrize("kind", ["refund", "dispute"])
def test_what_is_about_our_payment_in_another_currency_needs_a_person(sandbox, showtime, kind):
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    made = getattr(sandbox, kind)(booking.sale.payments.get().session_id)
    sandbox.desk.ledger.save(sandbox.desk.ledger.get(kind, made["id"]) | {"currency": "std"})
    [left] = run_due_comparison().left
    assert (left["kind"], left["provider_id"], left["booking"]) == (kind, made["id"], booking.reference)
    with nothing_changes(), pytest.raises(errors.OtherCurrency):
        FOLLOW[kind](provider="stripe", provider_id=made["id"])


def test_pages_are_read_to_their_end(sandbox, showtime, monkeypatch):
    monkeypatch.setattr("payments.providers.stripe.movements.PAGE", 3)
    booking = buy(sandbox, showtime, make_browser(1), "A1", "A2", "B1")
    for _ in range(7):
        sandbox.refund(booking.sale.payments.get().session_id, amount=1)
    sandbox.collect()
    assert run_due_comparison().differences == 0
    assert Refund.objects.count() == 7


def test_a_lost_sale_is_told_and_not_written_at_night(sandbox, showtime):
    buy(sandbox, showtime, make_browser(1), "A1")
    [charge] = sandbox.desk.ledger.find("charge")
    changed = charge["metadata"] | {"payment": "0" * 32}
    sandbox.desk.ledger.add(charge | {"id": "ch_lost", "payment_intent": "pi_lost", "metadata": changed})
    with nothing_changes():
        assert run_due_comparison().differences == 1


def test_after_a_restore_nothing_is_compared_at_night(sandbox, showtime):
    pause_sales(why="Restored", actor="test", kind=PauseKind.AFTER_RESTORE)
    compare_with_providers()
    tell_task()
    assert not LedgerComparison.objects.exists()


def test_what_is_on_its_way_has_time_to_arrive():
    assert timedelta(minutes=5) <= SETTLED_AFTER <= timedelta(hours=1)


def test_a_comparison_ends_before_what_may_still_change(sandbox, showtime, monkeypatch):
    monkeypatch.setattr("payments.books.comparison_runs.SETTLED_AFTER", timedelta(minutes=10))
    run = run_due_comparison()
    assert timedelta(minutes=9) < run.finished_at - run.until < timedelta(minutes=11)


def test_a_decided_dispute_that_was_taken_up_again_without_news_is_followed(sandbox, showtime):
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    dispute = sandbox.dispute(booking.sale.payments.get().session_id)["id"]
    sandbox.win_dispute(dispute)
    follow_dispute(provider="stripe", provider_id=dispute)
    sandbox.reopen_dispute(dispute)
    sandbox.collect()
    run = run_due_comparison()
    assert (run.differences, [row["provider_id"] for row in run.mended]) == (0, [dispute])
    assert Dispute.objects.get().status == "OPEN" and not broken_invariants()
