"""The bank takes money back: tickets freeze and refunds are locked; a dispute that is won restores them, a lost one cancels."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from payments.books.payment_sweep import send_due_refunds
from payments.books.provider_events import settle_due_events
from payments.models import Dispute, Refund
from payments.providers.stripe.provider import StripeProvider
from payments.records.refund_rows import request_missing_refunds
from payments.refunds.cancellation import BookingDisputed, cancel_and_refund
from payments.refunds.disputes import follow_dispute, follow_open_disputes
from payments.sessions.checkout import continue_paying
from payments.sessions.session_closing import close_payment_sessions
from payments.sessions.settlement import settle
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.door.door_rules import Door, objection_to_ticket
from reservations.models import OutgoingMail, ShowtimeSeat
from reservations.states import CancelCause
from tests.factories import begin_paying, buy, hold_seats, make_staff
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
def happens(deliver):
    """Deliver Stripe's events and act on them."""

    def at_once():
        deliver()
        settle_due_events()

    return at_once


@pytest.fixture
def dispute(booking, sandbox, happens):
    found = sandbox.dispute(booking.sale.payments.get().session_id)
    happens()
    booking.refresh_from_db()
    return found["id"]


def stands(booking):
    booking.refresh_from_db()
    return booking.status, booking.sale.payments.get().status, Dispute.objects.get().status


def tickets(booking):
    return list(booking.tickets.order_by("pk").values_list("status", flat=True))


def test_a_dispute_freezes_the_tickets_and_staff_hear_of_it(booking, dispute):
    assert stands(booking) == ("CONFIRMED", "DISPUTED", "OPEN")
    assert (booking.sale.frozen_at is not None, tickets(booking)) == (True, ["VALID", "VALID"])
    assert moves_of("payment")[-1] == "SUCCEEDED→DISPUTED" and moves_of("freeze") == ["→FROZEN"]
    alert = OutgoingMail.objects.get(kind="MONEY_ALERT")
    assert (alert.to, "fraudulent" in alert.facts["says"], broken_invariants()) == ("finance@example.com", True, [])


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_a_frozen_ticket_opens_no_door(booking, dispute, kind):
    ticket = booking.tickets.select_related("booking").first()
    assert Client().get(f"/tickets/{ticket.code}.{kind}").status_code == 409
    page = Client().get(f"/tickets/{ticket.code}/").content.decode()
    assert 'data-status="frozen"' in page and "On hold" in page and "data-ticket-code" not in page


def test_the_refund_button_is_locked(booking, dispute):
    with nothing_changes(), pytest.raises(BookingDisputed):
        cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=BY_STAFF)


def test_what_becomes_owed_meanwhile_waits_for_the_bank(booking, dispute):
    booking.sale.refund_due = Decimal("14.50")
    booking.sale.save(update_fields=["refund_due"])
    assert (request_missing_refunds(), Refund.objects.count()) == (0, 0)


def test_told_twice_it_happened_once(booking, dispute, sandbox, happens):
    with nothing_changes():
        assert follow_open_disputes() == 1


def test_won_restores_everything(booking, dispute, sandbox, happens):
    sandbox.win_dispute(dispute)
    happens()
    assert stands(booking) == ("CONFIRMED", "SUCCEEDED", "WON")
    assert (booking.sale.frozen_at, tickets(booking), broken_invariants()) == (None, ["VALID", "VALID"], [])
    assert moves_of("payment")[-1] == "DISPUTED→SUCCEEDED" and moves_of("dispute") == ["NEW→OPEN", "OPEN→WON"]
    assert cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=BY_STAFF).refunded == Decimal("32.00")


def test_lost_cancels_tickets_first_and_nothing_is_refunded_again(booking, dispute, sandbox, happens):
    sandbox.lose_dispute(dispute)
    happens()
    assert stands(booking) == ("CANCELED", "DISPUTED", "LOST")
    assert (booking.sale.frozen_at, booking.sale.refund_due, tickets(booking)) == (
        None,
        Decimal("32.00"),
        ["VOID", "VOID"],
    )
    assert not ShowtimeSeat.objects.filter(booking=booking).exists()
    assert (request_missing_refunds(), send_due_refunds(), Refund.objects.count()) == (0, 0, 0)
    assert booking.cancellations.get().cause == "DISPUTE" and broken_invariants() == []


def test_the_seats_of_a_lost_dispute_are_for_sale(showtime, booking, dispute, sandbox, happens, other_browser):
    sandbox.lose_dispute(dispute)
    happens()
    hold_seats(showtime, other_browser, "A1", "B1")
    assert broken_invariants() == []


@pytest.mark.parametrize("outcome", ["win", "lose"])
def test_news_that_never_came_is_asked_for(booking, dispute, sandbox, outcome):
    sandbox.rule("swallow", times=None)
    getattr(sandbox, f"{outcome}_dispute")(dispute)
    follow_open_disputes()
    assert stands(booking)[2] == {"win": "WON", "lose": "LOST"}[outcome]


def test_first_heard_of_when_it_is_lost(booking, sandbox, happens):
    sandbox.rule("swallow", "charge.dispute.created")
    found = sandbox.dispute(booking.sale.payments.get().session_id)
    sandbox.lose_dispute(found["id"])
    happens()
    assert (stands(booking), moves_of("dispute")) == (("CANCELED", "DISPUTED", "LOST"), ["NEW→OPEN", "OPEN→LOST"])
    assert broken_invariants() == []


def test_a_dispute_told_before_the_payment_settles_it_first(showtime, my_browser, sandbox, happens):
    booking = begin_paying(showtime, my_browser, "A1")
    sandbox.switches.order = "reversed"
    sandbox.pay(booking.sale.payments.get().session_id, card="4000000000000259")
    happens()
    assert stands(booking) == ("CONFIRMED", "DISPUTED", "OPEN")
    assert (booking.sale.frozen_at is not None, broken_invariants()) == (True, [])


def test_an_inquiry_moves_no_money_and_freezes_nothing(booking, sandbox, happens):
    found = sandbox.dispute(booking.sale.payments.get().session_id)
    sandbox.desk.ledger.save(sandbox.desk.ledger.get("dispute", found["id"]) | {"status": "warning_needs_response"})
    happens()
    assert (stands(booking), booking.sale.frozen_at) == (("CONFIRMED", "SUCCEEDED", "INQUIRY"), None)
    sandbox.desk.ledger.save(sandbox.desk.ledger.get("dispute", found["id"]) | {"status": "warning_closed"})
    follow_open_disputes()
    assert (stands(booking)[2], broken_invariants()) == ("CLOSED", [])


@pytest.fixture
def paid_twice(showtime, my_browser, sandbox):
    """A payment that succeeded twice: the second money is owed back, the first keeps the tickets; nothing has been sent."""
    booking = begin_paying(showtime, my_browser, "A1")
    first = booking.sale.payments.get()
    close_payment_sessions(booking_id=booking.pk, actor="test")
    continue_paying(booking_id=booking.pk)
    second = booking.sale.payments.exclude(pk=first.pk).get()
    sandbox.pay(second.session_id)
    sandbox.pay_late(first.session_id)
    for payment in (second, first):
        settle(payment_id=payment.pk, actor="test")
        payment.refresh_from_db()
    return booking, first


def test_a_dispute_over_money_that_goes_back_anyway_takes_no_ticket(paid_twice, sandbox, happens):
    booking, extra = paid_twice
    found = sandbox.dispute(extra.session_id)
    happens()
    booking.refresh_from_db()
    assert (booking.sale.frozen_at, extra.disputes.get().status) == (None, "OPEN")
    sandbox.lose_dispute(found["id"])
    happens()
    Refund.objects.update(look_at=booking.created_at)
    send_due_refunds()
    booking.refresh_from_db()
    assert (booking.status, tickets(booking), request_missing_refunds()) == ("CONFIRMED", ["VALID"], 0)
    assert [refund.status for refund in Refund.objects.all()] == ["FAILED"] and broken_invariants() == []


def test_of_two_disputes_one_that_is_won_leaves_the_tickets_frozen(paid_twice, sandbox, happens):
    booking, extra = paid_twice
    sandbox.dispute(booking.sale.payments.exclude(pk=extra.pk).get().session_id)
    other = sandbox.dispute(extra.session_id)
    happens()
    sandbox.win_dispute(other["id"])
    happens()
    booking.sale.refresh_from_db()
    assert booking.sale.frozen_at is not None
    assert sorted(booking.sale.payments.values_list("status", flat=True)) == ["DISPUTED", "SUCCEEDED"]


def test_money_of_which_a_bank_has_taken_a_part_stays_disputed(booking, dispute, sandbox, happens):
    """A payment may be disputed in parts, one after the other."""
    part = Dispute.objects.get()
    Dispute.objects.create(
        payment=part.payment,
        provider=part.provider,
        provider_id="du_part",
        amount=Decimal(1),
        currency="GBP",
        reason="fraudulent",
        status="LOST",
        ended_at=timezone.now(),
    )
    sandbox.win_dispute(dispute)
    happens()
    assert booking.sale.payments.get().status == "DISPUTED"


def test_a_refund_that_was_not_sent_yet_waits_for_the_bank(paid_twice, sandbox, happens):
    booking, extra = paid_twice
    found = sandbox.dispute(extra.session_id)
    happens()
    send_due_refunds()
    assert [refund.status for refund in Refund.objects.all()] == ["REQUESTED"]
    sandbox.win_dispute(found["id"])
    happens()
    Refund.objects.update(look_at=booking.created_at)
    send_due_refunds()
    assert [refund.status for refund in Refund.objects.all()] == ["SUCCEEDED"]


def test_what_is_disputed_is_written_once(booking, dispute):
    with pytest.raises(DatabaseError), transaction.atomic():
        Dispute.objects.update(amount=Decimal("1.00"))


def test_a_bank_that_took_a_part_leaves_the_rest_to_be_refunded(booking, sandbox):
    found = sandbox.dispute(booking.sale.payments.get().session_id)
    sandbox.desk.ledger.save(sandbox.desk.ledger.get("dispute", found["id"]) | {"amount": 1000, "status": "lost"})
    follow_dispute(provider="stripe", provider_id=found["id"])
    assert (stands(booking)[0], booking.sale.refund_due) == ("CANCELED", Decimal("32.00"))
    assert [refund.amount for refund in Refund.objects.all()] == [Decimal("22.00")]
    assert broken_invariants() == []


def test_the_door_sends_a_frozen_ticket_to_the_counter(booking, dispute):
    ticket = booking.tickets.select_related("booking").first()
    theater = ticket.showtime.auditorium.theater
    door = Door(theater, None, "Main", make_staff("DOOR", theater).pk)
    said = objection_to_ticket(ticket, ticket.code, door, ticket.showtime.starts_at)
    assert "Send them to the counter" in said.sentence and not said.can_be_overruled


def test_a_dispute_that_was_won_is_taken_up_again_and_lost(booking, dispute, sandbox, happens):
    sandbox.win_dispute(dispute)
    happens()
    sandbox.reopen_dispute(dispute)
    happens()
    assert stands(booking) == ("CONFIRMED", "DISPUTED", "OPEN")
    assert (booking.sale.frozen_at is not None, broken_invariants()) == (True, [])
    sandbox.lose_dispute(dispute)
    happens()
    assert (stands(booking), tickets(booking)) == (("CANCELED", "DISPUTED", "LOST"), ["VOID", "VOID"])
    assert (request_missing_refunds(), Refund.objects.count(), broken_invariants()) == (0, 0, [])
    assert OutgoingMail.objects.filter(kind="MONEY_ALERT", purpose__contains="dispute").count() == 4


def test_won_and_then_lost_without_news_in_between(booking, dispute, sandbox, happens):
    sandbox.win_dispute(dispute)
    happens()
    sandbox.desk.ledger.save(sandbox.desk.ledger.get("dispute", dispute) | {"status": "lost"})
    assert follow_dispute(provider="stripe", provider_id=dispute)
    assert stands(booking) == ("CANCELED", "DISPUTED", "LOST")
    assert moves_of("dispute") == ["NEW→OPEN", "OPEN→WON", "WON→OPEN", "OPEN→LOST"]
    assert broken_invariants() == []


def test_a_dispute_that_was_lost_is_won_at_last_and_its_money_goes_to_the_customer(booking, dispute, sandbox, happens):
    sandbox.lose_dispute(dispute)
    happens()
    sandbox.reopen_dispute(dispute)
    happens()
    assert (stands(booking), booking.sale.frozen_at) == (("CANCELED", "DISPUTED", "OPEN"), None)
    sandbox.win_dispute(dispute)
    happens()
    send_due_refunds()
    assert stands(booking) == ("CANCELED", "SUCCEEDED", "WON")
    assert list(Refund.objects.values_list("amount", "status")) == [(Decimal("32.00"), "SUCCEEDED")]
    assert broken_invariants() == []


def test_an_inquiry_that_was_closed_becomes_a_dispute_after_all(booking, sandbox, happens):
    found = sandbox.dispute(booking.sale.payments.get().session_id)
    for status, here in [("warning_closed", "CLOSED"), ("needs_response", "OPEN"), ("prevented", "CLOSED")]:
        sandbox.desk.ledger.save(sandbox.desk.ledger.get("dispute", found["id"]) | {"status": status})
        follow_dispute(provider="stripe", provider_id=found["id"])
        assert stands(booking)[1:] == ("DISPUTED" if here == "OPEN" else "SUCCEEDED", here)
        assert (booking.sale.frozen_at is not None, broken_invariants()) == (here == "OPEN", [])


def test_an_answer_that_is_older_than_the_decision_changes_nothing(booking, dispute, sandbox, monkeypatch):
    """It was made while the dispute was open, and arrives after the answer that says how it ended."""
    look = StripeProvider.look_at_dispute

    def overtaken(self, dispute_id):
        answer = look(self, dispute_id)
        monkeypatch.setattr(StripeProvider, "look_at_dispute", look)
        sandbox.win_dispute(dispute)
        follow_dispute(provider="stripe", provider_id=dispute)
        return answer

    monkeypatch.setattr(StripeProvider, "look_at_dispute", overtaken)
    assert follow_dispute(provider="stripe", provider_id=dispute)
    assert (stands(booking), booking.sale.frozen_at) == (("CONFIRMED", "SUCCEEDED", "WON"), None)


@pytest.mark.parametrize("outcome", ["win", "lose"])
def test_news_of_a_decided_dispute_that_is_repeated_changes_nothing(booking, dispute, sandbox, outcome):
    getattr(sandbox, f"{outcome}_dispute")(dispute)
    follow_dispute(provider="stripe", provider_id=dispute)
    with nothing_changes():
        assert follow_dispute(provider="stripe", provider_id=dispute)
    assert moves_of("dispute") == ["NEW→OPEN", "OPEN→WON" if outcome == "win" else "OPEN→LOST"]


def test_a_dispute_over_more_than_is_left_of_the_payment_takes_what_is_left(booking, sandbox, happens):
    """A part went back as goodwill before; the bank asks for the whole amount all the same."""
    session = booking.sale.payments.get().session_id
    sandbox.refund(session, amount=1000)
    happens()
    found = sandbox.dispute(session)
    sandbox.desk.ledger.save(sandbox.desk.ledger.get("dispute", found["id"]) | {"amount": 3200})
    happens()
    assert (stands(booking), booking.sale.frozen_at is not None) == (("CONFIRMED", "DISPUTED", "OPEN"), True)
    sandbox.lose_dispute(found["id"])
    happens()
    booking.sale.refresh_from_db()
    assert (stands(booking), booking.sale.refund_due) == (("CANCELED", "DISPUTED", "LOST"), Decimal("32.00"))
    assert (request_missing_refunds(), Refund.objects.count(), broken_invariants()) == (0, 1, [])


def test_a_dispute_that_is_lost_after_the_money_went_back_is_no_debt_of_ours(booking, dispute, sandbox, happens):
    """Won, then canceled with all of the money back, then taken up again and lost: the bank took it a second time."""
    sandbox.win_dispute(dispute)
    happens()
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=BY_STAFF)
    send_due_refunds()
    happens()
    sandbox.reopen_dispute(dispute)
    happens()
    sandbox.lose_dispute(dispute)
    happens()
    booking.sale.refresh_from_db()
    assert (stands(booking), booking.sale.refund_due) == (("CANCELED", "DISPUTED", "LOST"), Decimal("32.00"))
    assert (request_missing_refunds(), Refund.objects.count(), broken_invariants()) == (0, 1, [])
