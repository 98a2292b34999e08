"""Moves rows into the past, so that time passes in tests without sleeping; rows are locked in the product's own order."""

from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from reservations.models import Booking, Hold, SharedBlock, ShowtimeSeat
from sales.models import Sale


@contextmanager
def unguarded():
    """Turn off the triggers that refuse changes of frozen prices, ended checks and logs. Only tests change their moments."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def age_hold(hold: Hold, seconds: float) -> None:
    """Move a hold into the past, as if it had begun this many seconds earlier."""
    by = timedelta(seconds=seconds)
    with transaction.atomic():
        rows = Hold.objects.filter(pk=hold.pk)
        list(rows.select_for_update(no_key=True))
        seats = ShowtimeSeat.objects.filter(hold_id=hold.pk)
        list(seats.order_by("pk").select_for_update(no_key=True))
        rows.update(started_at=F("started_at") - by, expires_at=F("expires_at") - by, cap_at=F("cap_at") - by)
        seats.update(held_until=F("held_until") - by)


def lapse(hold: Hold) -> None:
    """Move a hold so far back that its time is over; no sweep has ended it yet."""
    age_hold(hold, 3600)


def age_shared_block(block: SharedBlock, seconds: float) -> None:
    """Move a shared block and the holds of its friends this many seconds into the past."""
    for hold in Hold.objects.filter(Q(kept_for_friends=block) | Q(shared_block=block)).order_by("pk"):
        age_hold(hold, seconds)
    SharedBlock.objects.filter(pk=block.pk).update(made_at=F("made_at") - timedelta(seconds=seconds))


def age_booking(booking: Booking, seconds: float) -> None:
    """Move a booking and its hold into the past, as if Pay had been pressed this many seconds earlier."""
    by = timedelta(seconds=seconds)
    seats = ShowtimeSeat.objects.filter(booking=booking, held_until__isnull=False)
    with transaction.atomic():
        Hold.objects.filter(pk=booking.hold_id).update(
            started_at=F("started_at") - by, expires_at=F("expires_at") - by, cap_at=F("cap_at") - by
        )
        Booking.objects.filter(pk=booking.pk).update(created_at=F("created_at") - by)
        Sale.objects.filter(pk=booking.sale_id).update(
            created_at=F("created_at") - by, payable_until=F("payable_until") - by, held_until=F("held_until") - by
        )
        list(seats.order_by("pk").select_for_update(no_key=True))
        seats.update(held_until=F("held_until") - by)


def past_time_to_pay(booking: Booking) -> None:
    """Move a booking back so far that its time to pay is over, but not its grace."""
    age_booking(booking, 601)


def past_grace(booking: Booking) -> None:
    """Move a booking back so far that its grace is over too. Its seats are then free without any job."""
    age_booking(booking, 3600)
