"""The lock of an area: a buyer of its places holds it, so that two buyers never choose the same places."""

from dataclasses import dataclass

from core.database.lock_waits import locks_showtime
from core.database.prepared_statements import prepared_cursor
from reservations.models import ShowtimeArea
from reservations.seats.state import SeatState, state_sql

LOCK_AREA = """
SELECT id FROM reservations_showtimearea WHERE showtime_id = %(showtime)s AND name = %(name)s FOR NO KEY UPDATE
"""
# A statement of its own after the lock, so that its snapshot has what the buyer before took.
PLACES = f"""
SELECT ARRAY(SELECT label FROM reservations_showtimeseat
              WHERE area_id = %(area)s AND hold_id = %(hold)s ORDER BY id),
       ARRAY(SELECT label FROM reservations_showtimeseat AS seat
              WHERE area_id = %(area)s AND hold_id IS DISTINCT FROM %(hold)s
                AND {state_sql("seat", at="clock_timestamp()")} = '{SeatState.FREE}'
              ORDER BY id LIMIT %(most)s)
"""


@dataclass(frozen=True)
class AreaPlaces:
    """Labels of a locked area: those that a hold has, and the lowest that are free, at most as many as were asked for."""

    mine: list[str]
    free: list[str]


@locks_showtime
def lock_area(*, showtime_id: int, name: str, hold_id: int, most: int) -> AreaPlaces | None:
    """Lock an area, after the hold and before any seat. None when the showtime has no such area."""
    with prepared_cursor() as cursor:
        cursor.execute(LOCK_AREA, {"showtime": showtime_id, "name": name})
        found = cursor.fetchone()
        if found is None:
            return None
        cursor.execute(PLACES, {"area": found[0], "hold": hold_id, "most": most})
        row = cursor.fetchone()
    assert row is not None
    return AreaPlaces(*row)


@locks_showtime
def lock_areas(showtime_id: int) -> None:
    """Lock all areas of a showtime in a fixed order."""
    areas = ShowtimeArea.objects.filter(showtime_id=showtime_id).order_by("pk")
    list(areas.select_for_update(no_key=True).values_list("pk"))
