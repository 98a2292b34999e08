"""After the sale: tickets become void, seats become free, and the money is refunded once."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from payments.models import Payment, Refund
from payments.refunds.cancellation import BookingDisputed, cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.models import CanceledTicket, Cancellation, Move, ShowtimeSeat, Ticket
from reservations.states import CancelCause
from tests.factories import begin_paying, buy, hold_seats
from tests.ledger import broken_invariants, moves_of, nothing_changes
from tests.standing_booking import bought_once

pytestmark = pytest.mark.django_db
standing_booking, sandbox, booking, showtime = bought_once("A1", "B1")
BY_STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "The heating failed.")


def cancel(booking, *labels):
    ids = None if not labels else list(booking.tickets.filter(seat__label__in=labels).values_list("pk", flat=True))
    return cancel_and_refund(booking_id=booking.pk, ticket_ids=ids, origin=BY_STAFF)


def tickets(booking):
    return dict(booking.tickets.values_list("seat__label", "status"))


def sold(booking):
    return list(ShowtimeSeat.objects.filter(booking=booking).order_by("pk").values_list("label", flat=True))


def refunds():
    return list(Refund.objects.order_by("pk").values_list("amount", "status"))


def test_a_whole_booking_gives_back_everything(booking):
    done = cancel(booking)
    booking.refresh_from_db()
    assert (done.refunded, done.kept, done.actor, done.reason) == (
        Decimal("32.00"),
        0,
        "staff:1",
        "The heating failed.",
    )
    assert (booking.status, booking.sale.refund_due, booking.sale.fees_kept) == ("CANCELED", Decimal("32.00"), 0)
    assert (tickets(booking), sold(booking)) == ({"A1": "VOID", "B1": "VOID"}, [])
    assert (refunds(), broken_invariants()) == ([(Decimal("32.00"), "REQUESTED")], [])
    assert moves_of("booking")[-1] == "CONFIRMED→CANCELED" and moves_of("ticket")[-2:] == ["VALID→VOID"] * 2
    assert set(Move.objects.order_by("-pk").values_list("actor", flat=True)[:3]) == {"staff:1"}


def test_a_single_ticket_leaves_the_others_as_they_are(booking):
    cancel(booking, "A1")
    booking.refresh_from_db()
    assert (booking.status, booking.sale.refund_due) == ("CONFIRMED", Decimal("14.50"))
    assert (tickets(booking), sold(booking)) == ({"A1": "VOID", "B1": "VALID"}, ["B1"])
    assert (refunds(), broken_invariants()) == ([(Decimal("14.50"), "REQUESTED")], [])


def test_one_after_the_other_ends_canceled_with_a_refund_each(booking):
    cancel(booking, "B1")
    cancel(booking, "A1")
    booking.refresh_from_db()
    assert (booking.status, Cancellation.objects.count()) == ("CANCELED", 2)
    assert refunds() == [(Decimal("17.50"), "REQUESTED"), (Decimal("14.50"), "REQUESTED")]
    assert broken_invariants() == []


@pytest.mark.parametrize("labels", [("A1",), ()])
def test_canceling_again_changes_nothing(booking, labels):
    cancel(booking, *labels)
    with nothing_changes():
        assert cancel(booking, *labels or ("A1",)) is None


def test_what_is_kept_is_a_stated_fee(booking):
    done = cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=50, origin=BY_STAFF)
    booking.refresh_from_db()
    assert (done.refunded, done.kept, booking.sale.fees_kept) == (Decimal("16.00"), Decimal("16.00"), Decimal("16.00"))
    # A caller that is not in payments leaves the amount due on the sale; the sweep requests the refund.
    assert (refunds(), broken_invariants()) == ([], [])


def test_the_seat_can_be_bought_again_at_once(booking, showtime, other_browser, sandbox):
    cancel(booking, "A1")
    again = buy(sandbox, showtime, other_browser, "A1")
    assert (again.status, sold(again), sold(booking)) == ("CONFIRMED", ["A1"], ["B1"])
    assert broken_invariants() == []


def test_a_second_cancel_never_touches_the_new_owner(booking, showtime, other_browser):
    cancel(booking)
    hold_seats(showtime, other_browser, "A1", "B1")
    with nothing_changes():
        assert cancel(booking) is None


def test_tickets_of_somebody_else_are_left_alone(booking, showtime, other_browser, sandbox):
    other = buy(sandbox, showtime, other_browser, "A2")
    with nothing_changes():
        assert cancel_and_refund(booking_id=booking.pk, ticket_ids=[other.tickets.get().pk], origin=BY_STAFF) is None


def test_staff_may_cancel_a_ticket_that_was_used(booking):
    Ticket.objects.filter(seat__label="A1").update(status="USED")
    cancel(booking, "A1")
    assert tickets(booking) == {"A1": "VOID", "B1": "VALID"}


def test_a_disputed_booking_cannot_be_canceled(booking):
    Payment.objects.update(status="DISPUTED")
    with nothing_changes(), pytest.raises(BookingDisputed):
        cancel(booking)


def test_a_pending_booking_is_not_canceled(showtime, other_browser, sandbox):
    pending = begin_paying(showtime, other_browser, "A3")
    with nothing_changes():
        assert cancel(pending) is None


def test_what_came_back_for_a_ticket_is_never_changed(booking):
    cancel(booking)
    for rows in (Cancellation.objects, CanceledTicket.objects):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(refunded=0)
