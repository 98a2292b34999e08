"""A lost sale is written once, for exactly what was sold, or not at all."""

from dataclasses import replace

import pytest
from django.utils import timezone

from core.clock import database_now
from core.models import PauseKind
from core.pauses import reconciling
from payments.books.lost_sales import write_lost_sale
from payments.models import Payment
from reservations.moving_in.lost_bookings import (
    CannotBeWritten,
    require_writable,
    sold_booking,
    write_lost_booking,
)
from tests.factories import buy, make_browser
from tests.ledger import nothing_changes
from tests.payments.books.test_reconcile import lost_by_a_restore
from theaters.models import TicketType
from theaters.schedule.sales_pauses import pause_sales

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(sandbox, showtime):
    with lost_by_a_restore():
        booking = buy(sandbox, showtime, make_browser(1), "A1")
        return sold_booking(booking, list(booking.tickets.select_related("seat")))


def test_written_a_second_time_it_is_the_same_sale(sandbox, showtime):
    with lost_by_a_restore():
        booking = buy(sandbox, showtime, make_browser(1), "A1")
        intent = booking.sale.payments.get().provider_id
    pause_sales(why="Restored", actor="test", kind=PauseKind.AFTER_RESTORE, known_until=database_now())
    with reconciling():
        write_lost_sale(provider="stripe", provider_payment_id=intent, actor="test")
        with nothing_changes():
            write_lost_sale(provider="stripe", provider_payment_id=intent, actor="test")
    assert Payment.objects.count() == 1


def test_a_seat_that_the_room_no_longer_has_is_left_to_a_person(sold):
    require_writable(sold)
    gone = replace(sold, seats=(replace(sold.seats[0], label="Z9"),))
    with pytest.raises(CannotBeWritten, match="has no seat Z9"):
        require_writable(gone)


def test_a_ticket_type_is_found_by_its_name_where_its_number_is_another_one_now(sold, showtime):
    """A restored database gives other types the numbers that had been used."""
    other = TicketType.objects.filter(theater=showtime.auditorium.theater).exclude(pk=sold.seats[0].type_id).first()
    renumbered = replace(sold, seats=(replace(sold.seats[0], type_id=other.pk),))
    booking = write_lost_booking(renumbered, email="ada@example.com", bought_at=timezone.now())
    assert booking.tickets.get().ticket_type.name == sold.seats[0].type_name != other.name
