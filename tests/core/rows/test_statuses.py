"""Which status may follow which."""

import pytest

from boxoffice.states import REQUEST_MOVES
from core.rows.statuses import IllegalMove, StatusTable
from payments.states import DISPUTE_MOVES, PAYMENT_MOVES, REFUND_MOVES
from reservations.models import Booking
from reservations.states import BOOKING_MOVES, TICKET_MOVES, BookingStatus
from theaters.states import SHOWTIME_MOVES

TABLES = [BOOKING_MOVES, TICKET_MOVES, PAYMENT_MOVES, REFUND_MOVES, DISPUTE_MOVES, SHOWTIME_MOVES, REQUEST_MOVES]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.kind.__name__)
def test_every_status_has_a_line_and_follows_no_status_of_another_kind(table):
    assert set(table) == set(table.kind)
    assert set().union(*table.values()) <= set(table.kind)


def test_a_status_does_not_follow_itself_nor_one_that_is_not_known():
    table = StatusTable(BookingStatus, {BookingStatus.PENDING: {BookingStatus.CONFIRMED}})
    assert table.allows("PENDING", "CONFIRMED") and not table.allows("PENDING", "PENDING")
    assert not table.allows("CONFIRMED", "PENDING")
    with pytest.raises(ValueError, match="PAID"):
        table.allows("PAID", "PENDING")


def test_a_move_saves_the_status_with_its_fields_and_tells_where_it_came_from(monkeypatch):
    saved = []
    monkeypatch.setattr(
        Booking, "save", lambda row, update_fields: saved.append((row.status, row.holder, update_fields))
    )
    old = BOOKING_MOVES.move(Booking(status="PENDING"), BookingStatus.CONFIRMED, holder="ada")
    assert (old, saved) == (BookingStatus.PENDING, [("CONFIRMED", "ada", ["status", "holder"])])


@pytest.mark.django_db
def test_a_move_that_is_not_in_the_table_saves_nothing(django_assert_num_queries):
    with django_assert_num_queries(0), pytest.raises(IllegalMove, match="BookingStatus: CANCELED → PENDING"):
        BOOKING_MOVES.move(Booking(status="CANCELED"), BookingStatus.PENDING)
