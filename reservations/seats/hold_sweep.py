"""The sweep of lapsed holds: ends them and tells open maps that their seats are free. They are free without it, too."""

from django.db import transaction

from reservations import locks
from reservations.models import Hold
from reservations.seats.taking import end_hold
from reservations.states import HoldEnd

BATCH = 200


def end_lapsed_holds() -> int:
    """End holds whose time has passed, in batches; two workers at once take different ones.

    A hold of which somebody has a seat locked waits for the next sweep, and the others do not wait for it.
    """
    if not Hold.objects.lapsed().exists():
        return 0
    ended = 0
    while True:
        with transaction.atomic():
            holds = locks.lapsed_holds(BATCH)
            # All of their seats by id at once: hold after hold would lock them out of order and deadlock with takers.
            whole = locks.lock_seats_of_holds([hold.pk for hold in holds])
            for hold in holds:
                if hold.pk in whole:
                    end_hold(hold, end=HoldEnd.LAPSED)
        ended += len(whole)
        if len(whole) < BATCH:
            return ended
