"""An auditorium of any size with an evening that sells, for what the demo's own are too small to show."""

import random
from datetime import datetime, time, timedelta

from dev.demo.theaters import MEASURES
from houses.business_days import business_day, local_moment
from houses.models import Theater
from reservations.opening.showtime_opening import keep_back, open_for_sale
from theaters.models import Auditorium, Movie, Seat, Showtime
from theaters.plans.plans import current_plan, lay_out
from theaters.schedule.scheduling import schedule

FEWEST, MOST = 60, 3000
LONGEST_ROW = 42
# A larger room is wider as well as deeper.
ROW_FOR_ROOT = 1.2
# Above this there is a balcony too, with the rest of the seats.
ONE_SECTION = 300
STALLS = 0.65
STEPS_TO_BALCONY = 42
TAKEN_SHARE = 0.3
EVENING = time(19, 30)
LETTERS = 26


def add_large_room(theater: Theater, *, seats: int, now: datetime) -> Showtime:
    """Build the auditorium unless it is there, and return its next showtime: tomorrow evening, partly taken.

    Raises ValueError for a size that no plan may have.
    """
    name = f"Hall of {seats:,}"
    auditorium, _ = Auditorium.objects.get_or_create(
        theater=theater, name=name, defaults={"preroll_minutes": 15, "turnaround_minutes": 15, **MEASURES}
    )
    if current_plan(auditorium) is None:
        lay_out(auditorium=auditorium, text=room_text(seats), now=now)
    found = Showtime.objects.published().filter(auditorium=auditorium, starts_at__gt=now).order_by("starts_at").first()
    return found or _open_evening(auditorium, now)


def _open_evening(auditorium: Auditorium, now: datetime) -> Showtime:
    theater = auditorium.theater
    movie = Movie.objects.filter(showtimes__auditorium__theater=theater).order_by("pk").first()
    if movie is None:
        raise ValueError(f"{theater} shows no movie yet.")
    starts_at = local_moment(theater, business_day(theater, now) + timedelta(days=1), EVENING)
    price_list = theater.price_lists.get(name="Evening")
    version = movie.offered()[0]
    draft = schedule(movie=movie, auditorium=auditorium, price_list=price_list, starts_at=starts_at, version=version)
    showtime = open_for_sale(showtime_id=draft.pk, actor="demo")
    labels = list(Seat.objects.filter(plan=showtime.plan_id).order_by("pk").values_list("label", flat=True))
    taken = random.Random(auditorium.name).sample(labels, int(len(labels) * TAKEN_SHARE))
    keep_back(showtime_id=showtime.pk, labels=taken, reason="Demo")
    return showtime


def room_text(seats: int) -> str:
    """A plan of exactly this many seats as text (docs/plans.md): rows with two aisles, wheelchair spaces behind the stalls."""
    if not FEWEST <= seats <= MOST:
        raise ValueError(f"A room has {FEWEST} to {MOST:,} seats.")
    most = min(LONGEST_ROW, round(ROW_FOR_ROOT * seats**0.5))
    if seats <= ONE_SECTION:
        return "\n".join(_rows(seats, most=most))
    stalls = round(seats * STALLS)
    return "\n".join(
        [
            "[Stalls]", "steps 0", "hearing loop yes", *_rows(stalls, most=most), "",
            "[Balcony]", f"steps {STEPS_TO_BALCONY}", "hearing loop no", *_rows(seats - stalls, most=most),
        ]
    )  # fmt: skip


def _rows(seats: int, *, most: int) -> list[str]:
    """Rows of nearly the same length, the longer ones behind; premium seats two thirds back."""
    count = -(-seats // most)
    short, longer = divmod(seats, count)
    lengths = [short + (at >= count - longer) for at in range(count)]
    return [f"{_name(at):<4}{_row(length, at, count)}" for at, length in enumerate(lengths)]


def _row(length: int, at: int, count: int) -> str:
    side = length // 4
    middle = length - 2 * side
    sign = "p" if count // 2 <= at < count - 2 else "o"
    if at == count - 1:
        return f"wc{sign * (side - 2)}..{sign * middle}..{sign * (side - 2)}cw"
    return f"{sign * side}..{sign * middle}..{sign * side}"


def _name(at: int) -> str:
    """A to Z, AA, AB …"""
    return chr(65 + at) if at < LETTERS else chr(64 + at // LETTERS) + chr(65 + at % LETTERS)
