"""What the database itself refuses: rewriting a log, and editing a ledger."""

from copy import deepcopy
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from payments.models import Dispute, Payment, Refund
from payments.sessions.session_closing import expire_due_booking
from payments.sessions.settlement import settle
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.counter.swaps import SwapChoice, plan_swap, swap_seats
from reservations.models import Booking, CanceledTicket, Cancellation, Move, SeatSwap, SwappedTicket, Ticket
from reservations.states import CancelCause
from tests.aging import past_time_to_pay
from tests.counter import make_seller, sell_seats
from tests.factories import begin_paying, make_browser, make_showtime
from tests.ledger import nothing_changes
from tests.standing_world import paying_world

pytestmark = pytest.mark.django_db

# Columns that may change. Every other one must be frozen: decide when you add one.
MAY_MOVE = {
    Payment: {
        "status", "session_url", "created_at", "look_at", "looks", "ended_at", "last_error", "address", "card",
        "card_last4", "card_noted_at", "declines", "declined_at",
    },
    # The bank's reference comes after the refund has ended, and may come once more.
    Refund: {"status", "created_at", "look_at", "looks", "ended_at", "last_error", "bank_reference", "rounding"},
    Ticket: {"status", "seat_id", "given_at"},
    Dispute: {"status", "reason", "answer_by", "created_at", "ended_at"},
}  # fmt: skip
ONCE = {Payment: {"session_id", "provider_id", "captured", "captured_currency"}, Refund: {"provider_id"}, Ticket: set()}
LOGS = [Move, Cancellation, CanceledTicket, SeatSwap, SwappedTicket]


def every_ledger_and_log(sandbox) -> Booking:
    """A sale of which half was canceled and the other half swapped, so that each ledger and log has a row."""
    showtime = make_showtime()
    booking = begin_paying(showtime, make_browser(1), "A1", "A2")
    sandbox.pay(booking.sale.payments.get().session_id)
    settle(payment_id=booking.sale.payments.get().pk, actor="test")
    origin = CancellationOrigin(CancelCause.CUSTOMER, "customer")
    cancel_tickets(booking_id=booking.pk, ticket_ids=[booking.tickets.first().pk], percent=50, origin=origin)
    booking.refresh_from_db()
    choice = SwapChoice((booking.tickets.last().pk,), ("A5",))
    swap_seats(booking_id=booking.pk, choice=choice, mark=plan_swap(booking, choice).mark, reason="Wet", actor="test")
    disputed = {"amount": 1, "currency": "GBP", "reason": "fraudulent", "provider": "stripe", "provider_id": "du_1"}
    Dispute.objects.create(payment=booking.sale.payments.get(), **disputed)
    again = {
        "amount": 1,
        "currency": "GBP",
        "reason": "",
        "provider": "stripe",
        "provider_id": "re_1",
        "status": "PENDING",
    }
    Refund.objects.create(payment=booking.sale.payments.get(), **again)
    _sell_for_cash_and_pay_out(showtime)
    return booking


def _sell_for_cash_and_pay_out(showtime):
    seller = make_seller(showtime, "MANAGER")
    payment = sell_seats(showtime, seller, "A6", tendered=Decimal(20)).payment
    out = {"status": "SUCCEEDED", "operator_id": seller.operator_id, "ended_at": timezone.now()}
    Refund.objects.create(
        payment=payment, provider="counter", method="CASH", amount=1, currency="GBP", reason="", **out
    )


@pytest.fixture(scope="module")
def standing_history(django_db_setup, django_db_blocker, sandbox_process):
    with paying_world(django_db_blocker, sandbox_process, every_ledger_and_log) as booking:
        yield booking


@pytest.fixture
def history(standing_history, db) -> Booking:
    return deepcopy(standing_history)


def refuses(statement, match):
    with (
        connection.cursor() as cursor,
        nothing_changes(),
        pytest.raises(DatabaseError, match=match),
        transaction.atomic(),
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_logs_only_grow(history, log, statement):
    table = log._meta.db_table
    assert log.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    refuses(statement.format(table), "append-only")


def kept(model):
    columns = {field.column for field in model._meta.concrete_fields}
    return sorted(columns - MAY_MOVE[model])


def changed(column):
    """Another value of the same type."""
    kinds = {
        "request": "'{}'::jsonb",
        "price_changes": "'[1]'::jsonb",
        "currency": "'USD'",
        "captured_currency": "'USD'",
        "type_name": "'Other'",
        "category_name": "'Other'",
        "is_empty_place": "NOT is_empty_place",
        "most_percent": "1",
        "reason": "'Other'",
        "method": "'TERMINAL'",
        "device_id": "1",
        "exchange_id": "1",
    }
    text = {"key", "code", "provider", "session_id", "provider_id"}
    return kinds.get(column, f"'x' || substr({column}, 2)" if column in text else f"{column} + 1")


@pytest.mark.parametrize("model", [Payment, Refund, Ticket, Dispute])
def test_amounts_currencies_ids_and_keys_are_frozen(history, model):
    for column in kept(model):
        refuses(
            f"UPDATE {model._meta.db_table} SET {column} = {changed(column)}",
            f"{column} of .* is frozen|keeps what it was sold as",
        )


@pytest.mark.parametrize(
    ("model", "column"), [(Payment, "session_id"), (Payment, "provider_id"), (Refund, "provider_id")]
)
def test_an_id_of_stripe_is_not_taken_away(history, model, column):
    refuses(f"UPDATE {model._meta.db_table} SET {column} = NULL", f"{column} of .* is frozen|keeps what it was sold as")


def test_an_id_of_stripe_is_given_once(history):
    refund = history.sale.payments.get().refunds.create(provider="stripe", amount=1, currency="GBP", reason="")
    given = Refund.objects.filter(pk=refund.pk)
    assert given.update(provider_id="re_2", status="PENDING") == 1
    refuses(f"UPDATE payments_refund SET provider_id = 're_3' WHERE id = {refund.pk}", "provider_id of .* is frozen")


def test_a_status_may_move(history):
    booking = begin_paying(history.showtime, make_browser(2), "B1")
    past_time_to_pay(booking)
    expire_due_booking(booking_id=booking.pk, actor="sweep")
    assert (booking.sale.payments.get().status, booking.tickets.get().status) == ("CLOSED", "VOID")
