"""The allowed status changes of a booking, a ticket, a payment and a refund; and what the database itself refuses."""

from decimal import Decimal
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F

from core.rows.statuses import IllegalMove
from payments.models import Payment, Refund
from payments.records.status_changes import move_payment, move_refund
from payments.states import PAYMENT_MOVES, REFUND_MOVES, PaymentStatus, RefundStatus
from reservations.models import Booking, Hold, Move, ShowtimeSeat, Ticket
from reservations.records.status_changes import move_booking, move_tickets
from reservations.states import BOOKING_MOVES, TICKET_MOVES, BookingStatus, TicketStatus
from sales.models import Sale
from tests.factories import begin_paying, hold_seats, make_browser, make_sale
from tests.ledger import moves_of, nothing_changes
from tests.statuses import stand
from theaters.states import SHOWTIME_MOVES, ShowtimeStatus

pytestmark = pytest.mark.django_db


def not_in_the_table(table, states):
    return [(old, new) for old, new in product(states, states) if new not in table[old]]


def test_the_tables_say_what_the_design_says():
    def arrows(table):
        return {f"{old}→{new}" for old, news in table.items() for new in news}

    assert arrows(BOOKING_MOVES) == {
        "PENDING→CONFIRMED", "PENDING→EXPIRED", "CONFIRMED→CANCELED", "EXPIRED→CONFIRMED", "EXPIRED→REFUNDED"
    }  # fmt: skip
    assert {f"{old}→SUCCEEDED" for old in ("CREATED", "OPEN", "FAILED", "CLOSED", "DISPUTED")} <= arrows(PAYMENT_MOVES)
    assert PAYMENT_MOVES[PaymentStatus.SUCCEEDED] == {PaymentStatus.DISPUTED}
    assert PAYMENT_MOVES[PaymentStatus.DISPUTED] == {PaymentStatus.SUCCEEDED}
    assert all(table.keys() == set(states) for table, states in [
        (BOOKING_MOVES, BookingStatus), (TICKET_MOVES, TicketStatus), (PAYMENT_MOVES, PaymentStatus),
        (REFUND_MOVES, RefundStatus), (SHOWTIME_MOVES, ShowtimeStatus),
    ])  # fmt: skip


def test_a_booking_refuses_every_move_that_is_not_in_the_table():
    for old, new in not_in_the_table(BOOKING_MOVES, BookingStatus):
        with pytest.raises(IllegalMove):
            move_booking(Booking(status=old), new, actor="test")
    assert not Move.objects.exists()


def test_a_payment_refuses_every_move_that_is_not_in_the_table():
    for old, new in not_in_the_table(PAYMENT_MOVES, PaymentStatus):
        with pytest.raises(IllegalMove):
            move_payment(Payment(status=old), new, actor="test")
    assert not Move.objects.exists()


def test_a_refund_refuses_every_move_that_is_not_in_the_table():
    for old, new in not_in_the_table(REFUND_MOVES, RefundStatus):
        with pytest.raises(IllegalMove):
            move_refund(Refund(status=old), new, actor="test")
    assert not Move.objects.exists()


def test_a_ticket_refuses_every_move_that_is_not_in_the_table():
    for old, new in not_in_the_table(TICKET_MOVES, TicketStatus):
        if old != new:
            with pytest.raises(IllegalMove):
                move_tickets([Ticket(status=old)], new, actor="test")
    assert not Move.objects.exists()


def test_a_ticket_that_is_there_already_stays_without_a_row_in_the_log():
    with nothing_changes():
        move_tickets([Ticket(pk=1, status=TicketStatus.VOID)], TicketStatus.VOID, actor="test")


@pytest.fixture
def booking(showtime, my_browser, sandbox):
    return begin_paying(showtime, my_browser, "A1")


def test_every_move_leaves_what_from_to_when_and_who(booking):
    move_booking(booking, BookingStatus.EXPIRED, actor="ada@example.com", note="why", ended_at=booking.sale.held_until)
    move = Move.objects.filter(what="booking").get()
    assert (move.what_id, move.actor, move.note, move.at is not None) == (booking.pk, "ada@example.com", "why", True)
    assert moves_of("booking") == ["PENDING→EXPIRED"]


# The database's constraints.


def refused(change, error=DatabaseError):
    with nothing_changes(), pytest.raises(error), transaction.atomic():
        change()


def test_the_log_of_moves_only_grows(booking):
    refused(lambda: Move.objects.update(actor="somebody else"))
    refused(lambda: Move.objects.all().delete())


@pytest.mark.parametrize(
    "field", [{"price": 1, "tax": 0}, {"tax": 0}, {"tax_rate": 0}, {"currency": "USD"}, {"code": "guessed-1234567890"}]
)
def test_a_ticket_keeps_what_it_was_sold_as(booking, field):
    refused(lambda: Ticket.objects.update(**field))


@pytest.mark.parametrize(
    "field", [{"amount": 1}, {"currency": "USD"}, {"key": "other"}, {"request": {}}, {"session_id": "cs_other"}]
)
def test_a_payment_keeps_its_amount_ids_and_key(booking, field):
    refused(lambda: Payment.objects.update(**field))


@pytest.mark.parametrize("field", [{"amount": 1}, {"currency": "USD"}, {"key": "other"}, {"provider_id": "re_other"}])
def test_a_refund_keeps_its_amount_ids_and_key(booking, field):
    payment = booking.sale.payments.get()
    Refund.objects.create(
        payment=payment,
        provider="stripe",
        amount=Decimal(5),
        currency="GBP",
        reason="test",
        provider_id="re_1",
        status="PENDING",
    )
    refused(lambda: Refund.objects.update(**field))


def test_the_status_of_all_of_them_may_move(booking):
    Ticket.objects.update(status="VOID")
    stand(Payment.objects.all(), "CLOSED")
    assert (Ticket.objects.get().status, Payment.objects.get().status) == ("VOID", "CLOSED")


def test_a_seat_is_sold_once_whatever_the_code_does(showtime, booking):
    Ticket.objects.update(status="VALID")
    sold = Ticket.objects.get()
    hold = hold_seats(showtime, make_browser(5), "A2")
    other = Booking.objects.create(sale=make_sale(showtime), showtime=showtime, hold=hold, holder="x", total=1)
    copy = {field.attname: getattr(sold, field.attname) for field in Ticket._meta.fields} | {
        "id": None,
        "code": "c" * 20,
    }
    refused(lambda: Ticket.objects.create(**copy | {"booking_id": other.pk}), IntegrityError)
    Ticket.objects.create(**copy | {"booking_id": other.pk, "status": "RESERVED"})


@pytest.mark.parametrize(
    "mix",
    [
        {"hold": None},
        {"held_until": None},
        {"hold": None, "held_until": None, "house_reason": ""},
    ],
)
def test_a_seat_is_in_one_state_and_nothing_between(showtime, my_browser, mix):
    hold_seats(showtime, my_browser, "A1")
    is_free = mix.keys() == {"hold", "held_until", "house_reason"}
    seats = ShowtimeSeat.objects.filter(label="A1")
    if is_free:
        assert seats.update(**mix) == 1
    else:
        refused(lambda: seats.update(**mix), IntegrityError)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Hold.objects.update(expires_at=F("cap_at") + (F("cap_at") - F("started_at"))),
        lambda: Hold.objects.update(end=""),
        lambda: Booking.objects.update(status="CONFIRMED"),
        lambda: Booking.objects.update(status="EXPIRED"),
        lambda: Sale.objects.update(refund_due=-1),
        lambda: Sale.objects.update(held_until=F("created_at")),
        lambda: Payment.objects.create(
            sale=Sale.objects.get(),
            provider="stripe",
            amount=1,
            currency="GBP",
            request={},
            look_at=Booking.objects.get().created_at,
        ),
    ],
)
def test_a_row_that_cannot_be_true_is_refused(booking, wrong):
    refused(wrong, IntegrityError)


def test_read_committed_is_what_every_connection_gets():
    with connection.cursor() as cursor:
        cursor.execute("SHOW default_transaction_isolation")
        assert cursor.fetchone() == ("read committed",)
