"""The locks of bookings and tickets."""

from django.db import transaction
from django.db.models import QuerySet

from core.database.lock_waits import locks_showtime
from reservations.models import Booking, Ticket


def booking(booking_id: int) -> Booking:
    """Lock a booking and, before it, its sale. Raises Booking.DoesNotExist."""
    return Booking.objects.select_for_update(no_key=True, of=("sale", "self")).get(pk=booking_id)


def unlocked_bookings(due: QuerySet[Booking], *, most: int) -> list[int]:
    """Return the ids of due bookings that nobody has locked at this moment, in their order. Never waits."""
    with transaction.atomic():
        rows = due.select_for_update(no_key=True, skip_locked=True, of=("self",))
        return list(rows.values_list("pk", flat=True)[:most])


def tickets_of(booking_id: int) -> list[Ticket]:
    """Lock tickets, with their seats, after their booking: changing a ticket's status needs either lock."""
    tickets = Ticket.objects.filter(booking_id=booking_id).select_related("seat").order_by("pk")
    return list(tickets.select_for_update(no_key=True, of=("self",)))


@locks_showtime
def tickets_of_showtime(showtime_id: int) -> list[Ticket]:
    return list(Ticket.objects.filter(showtime_id=showtime_id).order_by("pk").select_for_update(no_key=True))


def ticket_by_code(code: str) -> Ticket | None:
    """The door changes one ticket and nothing else, so it needs its row alone; the booking says whether it is frozen."""
    tickets = Ticket.objects.select_related("booking__sale__contact").select_for_update(no_key=True, of=("self",))
    return tickets.filter(code=code).first()


def ticket(ticket_id: int) -> Ticket:
    return Ticket.objects.select_for_update(no_key=True).get(pk=ticket_id)
