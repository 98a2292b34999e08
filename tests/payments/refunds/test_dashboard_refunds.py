"""Refunds made in Stripe's dashboard: noted from Stripe's object, never above the captured amount; tickets follow by a rule."""

from decimal import Decimal

import pytest

from payments.books.payment_sweep import send_due_refunds
from payments.books.provider_events import fetch_undelivered, settle_due_events
from payments.models import Refund
from payments.providers import errors
from payments.records.refund_rows import request_missing_refunds
from payments.refunds import dashboard_refunds
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.dashboard_refunds import follow_refund
from payments.sessions.session_closing import expire_due_booking
from payments.sessions.settlement import settle
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import OutgoingMail, ShowtimeSeat
from reservations.seats.taking import take_seats
from reservations.states import CancelCause
from tests.aging import past_time_to_pay
from tests.factories import begin_paying, buy
from tests.ledger import broken_invariants, moves_of, nothing_changes

pytestmark = pytest.mark.django_db
BY_STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for.")


@pytest.fixture(autouse=True)
def staff(settings):
    settings.STAFF_MAIL = ["finance@example.com"]


@pytest.fixture
def booking(showtime, my_browser, sandbox):
    return buy(sandbox, showtime, my_browser, "A1", "B1")


@pytest.fixture
def give_back(booking, sandbox, deliver):
    """Refund in Stripe's dashboard, and let us hear of it."""

    def press(amount=None):
        made = sandbox.refund(booking.sale.payments.get().session_id, amount=amount)
        deliver()
        settle_due_events()
        booking.refresh_from_db()
        return made["id"]

    return press


def refunds():
    return list(Refund.objects.order_by("pk").values_list("amount", "status"))


def tickets(booking):
    return list(booking.tickets.order_by("pk").values_list("status", flat=True))


def test_all_of_it_cancels_the_booking(booking, give_back):
    provider_id = give_back()
    assert (booking.status, booking.sale.refund_due, tickets(booking)) == (
        "CANCELED",
        Decimal("32.00"),
        ["VOID", "VOID"],
    )
    refund = Refund.objects.get()
    assert (refund.provider_id, refund.status, refund.reason) == (
        provider_id,
        "SUCCEEDED",
        "Made in Stripe's dashboard",
    )
    assert not ShowtimeSeat.objects.filter(booking=booking).exists()
    assert booking.cancellations.get().cause == "PROVIDER" and broken_invariants() == []
    assert moves_of("refund") == ["REQUESTED→SUBMITTED", "SUBMITTED→SUCCEEDED"]
    assert OutgoingMail.objects.filter(kind="MONEY_ALERT", to="finance@example.com").count() == 1


def test_a_part_of_it_is_goodwill_and_the_tickets_stay(booking, give_back):
    give_back(1000)
    assert (booking.status, tickets(booking)) == ("CONFIRMED", ["VALID", "VALID"])
    assert (booking.sale.refund_due, booking.sale.goodwill) == (Decimal("10.00"), Decimal("10.00"))
    assert (refunds(), broken_invariants()) == ([(Decimal("10.00"), "SUCCEEDED")], [])


def test_what_was_goodwill_is_not_given_twice_when_the_tickets_are_canceled(booking, give_back):
    give_back(1000)
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=BY_STAFF)
    send_due_refunds()
    booking.refresh_from_db()
    assert (booking.status, booking.sale.refund_due) == ("CANCELED", Decimal("32.00"))
    # This mail is about the goodwill; the mail about the cancellation says the rest.
    assert OutgoingMail.objects.filter(kind="REFUND").count() == 1
    assert refunds() == [(Decimal("10.00"), "SUCCEEDED"), (Decimal("22.00"), "SUCCEEDED")]
    assert broken_invariants() == []


def test_part_after_part_until_nothing_is_left_cancels(booking, give_back):
    give_back(1000)
    give_back(2200)
    assert (booking.status, booking.sale.refund_due, broken_invariants()) == ("CANCELED", Decimal("32.00"), [])


def test_the_rest_after_one_ticket_was_canceled_here_cancels_the_other(booking, give_back):
    one = booking.tickets.get(seat__label="B1")
    cancel_and_refund(booking_id=booking.pk, ticket_ids=[one.pk], origin=BY_STAFF)
    send_due_refunds()
    give_back()
    assert (booking.status, booking.sale.refund_due, booking.sale.goodwill) == ("CANCELED", Decimal("32.00"), 0)
    assert broken_invariants() == []


def test_told_again_it_is_the_same_refund(booking, give_back):
    provider_id = give_back()
    with nothing_changes():
        assert follow_refund(provider="stripe", provider_id=provider_id)


def test_two_workers_that_hear_of_it_at_once_write_it_down_once(booking, give_back, monkeypatch):
    """The second worker looked for its row before the first one had written it."""
    refund_id = give_back()
    monkeypatch.setattr(dashboard_refunds, "refresh_refund", lambda **_: False)
    with nothing_changes():
        assert follow_refund(provider="stripe", provider_id=refund_id) is True


def test_an_endpoint_that_was_dead_hears_of_it_later(booking, sandbox):
    sandbox.rule("drop", times=None)
    sandbox.refund(booking.sale.payments.get().session_id)
    fetch_undelivered()
    settle_due_events()
    booking.refresh_from_db()
    assert (booking.status, broken_invariants()) == ("CANCELED", [])


def test_pending_and_then_failed_it_is_still_owed_and_staff_hear_of_it(booking, give_back, sandbox, deliver):
    sandbox.switches.refunds = "pending"
    provider_id = give_back()
    assert refunds() == [(Decimal("32.00"), "PENDING")]
    sandbox.refund_fails(provider_id)
    deliver()
    settle_due_events()
    assert refunds() == [(Decimal("32.00"), "FAILED")]
    assert OutgoingMail.objects.filter(kind="REFUND_ALERT").count() == 1


@pytest.fixture
def owed(showtime, my_browser, other_browser, sandbox):
    """Late money whose refund is requested but not sent."""
    booking = begin_paying(showtime, my_browser, "A1", "B1")
    payment = booking.sale.payments.get()
    past_time_to_pay(booking)
    expire_due_booking(booking_id=booking.pk, actor="sweep")
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A1"])
    sandbox.pay_late(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    booking.refresh_from_db()
    return booking


@pytest.mark.parametrize(("amount", "ours"), [(None, []), (1000, [(Decimal("22.00"), "SUCCEEDED")])])
def test_what_the_dashboard_gave_is_not_given_again_by_us(owed, sandbox, deliver, amount, ours):
    made = sandbox.refund(owed.sale.payments.get().session_id, amount=amount)
    deliver()
    settle_due_events()
    send_due_refunds()
    owed.refresh_from_db()
    assert (owed.sale.refund_due, owed.sale.goodwill, request_missing_refunds()) == (Decimal("32.00"), 0, 0)
    theirs = (Decimal(made["amount"]) / 100, "SUCCEEDED")
    assert refunds() == [(Decimal("32.00"), "FAILED"), theirs, *ours] and broken_invariants() == []


def test_our_own_refund_whose_answer_was_lost_is_known_by_its_key(owed, sandbox, deliver):
    sandbox.fault("lose_reply", "/v1/refunds", times=None, stage="after")
    send_due_refunds()
    sandbox.heal()
    deliver()
    settle_due_events()
    assert (refunds(), owed.sale.refund_due, broken_invariants()) == (
        [(Decimal("32.00"), "SUCCEEDED")],
        Decimal("32.00"),
        [],
    )


def test_a_refund_told_before_its_payment_settles_that_first(showtime, my_browser, sandbox, deliver):
    booking = begin_paying(showtime, my_browser, "A1")
    sandbox.switches.order = "reversed"
    sandbox.pay(booking.sale.payments.get().session_id)
    sandbox.refund(booking.sale.payments.get().session_id)
    deliver()
    settle_due_events()
    booking.refresh_from_db()
    assert (booking.status, broken_invariants()) == ("CANCELED", [])


def test_a_refund_of_something_else_at_our_account_is_not_ours(sandbox):
    with nothing_changes():
        assert follow_refund(provider="stripe", provider_id="re_unknown") is False


def test_a_refusal_for_another_reason_does_not_say_that_there_is_no_such_refund(sandbox):
    """The event is read again later instead of being closed."""
    sandbox.fault("error", "/v1/refunds/re_unknown", status=400, method="GET")
    with pytest.raises(errors.Refused):
        follow_refund(provider="stripe", provider_id="re_unknown")
