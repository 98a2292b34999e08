"""Fills an empty database for the benchmarks, by the product's own services. Needs Django set up.

Rooms of 300, 1,500 and 3,000 seats, listings of 10 and of 500 showtimes, and enough evenings that no run sells out.
"""

import json
import random
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db.models.functions import Now

from bench.world import World
from houses.models import House, PageText, TextPage, Theater
from reservations.opening.showtime_opening import keep_back, open_for_sale
from theaters.models import Auditorium, Movie, Price, PriceList, Showtime, TicketType
from theaters.plans.plans import lay_out
from theaters.schedule.scheduling import schedule

MANY_SHOWTIMES = 45
MANY_LISTED = 500
FEW_LISTED = 10
TAKEN_SHARE = 0.4


def plan_text(seats: int, per_row: int) -> str:
    """Rows of `per_row` seats with two aisles; the back third is premium."""
    rows = seats // per_row
    side = per_row // 4
    lines = []
    for number in range(rows):
        letter = "p" if number >= rows * 2 // 3 else "o"
        cells = ".".join(letter * width for width in (side, per_row - 2 * side, side))
        lines.append(f"{_row_name(number)}  {cells}")
    return "\n".join(lines)


def _row_name(number: int) -> str:
    return chr(65 + number) if number < 26 else chr(64 + number // 26) + chr(65 + number % 26)


def build(*, sales: int, now: datetime) -> World:
    theater, prices = make_theater("bench", "Bench")
    grand = make_room(theater, "Grand", plan_text(300, 20))
    movie = make_movie("The Long Queue", "the-long-queue")
    # Days far from those of the listings.
    starts = iter([now + timedelta(days=20, hours=3 * number) for number in range(MANY_SHOWTIMES + 2 * sales + 3)])
    many, rushes, sell_outs, checkouts, page = (
        [open_showtime(movie, grand, prices, next(starts)) for _ in range(count)]
        for count in (MANY_SHOWTIMES, sales, sales, 2, 1)
    )
    large = make_room(theater, "Large", plan_text(1500, 50))
    hall = make_room(theater, "Hall", plan_text(3000, 50))
    page_1500 = open_showtime(movie, large, prices, now + timedelta(days=20))
    for showtime in (page[0], page_1500):
        _keep_some_back(showtime)
    few, few_movie = _listing("few", FEW_LISTED, now)
    many_listed, many_movie = _listing("many", MANY_LISTED, now)
    return World(
        seats_300=_labels(grand),
        seats_3000=_labels(hall),
        page_300=page[0],
        page_1500=page_1500,
        many=many,
        hot=open_showtime(movie, hall, prices, now + timedelta(days=20)),
        rushes=rushes,
        sell_outs=sell_outs,
        checkouts=checkouts,
        few_listing=few,
        few_movie=few_movie,
        many_listing=many_listed,
        many_movie=many_movie,
        large_listing=_large_house(now),
    )


def house_with_terms() -> House:
    house = House.objects.of_installation()
    page, is_new = TextPage.objects.get_or_create(house=house, slug="terms")
    if is_new:
        PageText.objects.create(page=page, language="en", title="Terms", body="Tickets are sold.", holds_from=Now())
    return house


def make_theater(slug: str, name: str) -> tuple[Theater, PriceList]:
    theater = Theater.objects.create(
        house=house_with_terms(),
        avoids_single_seats=False,  # simulated buyers choose by lot
        name=name,
        slug=slug,
        street="1 Light Street",
        city=name,
        country="GB",
        timezone="Europe/London",
        currency="GBP",
        tax_rate=Decimal("0.2"),
        cancel_tiers=[{"minutes": 120, "percent": 100}],
        cancellation_terms="If we cancel a showtime, everybody gets everything back.",
    )
    prices = PriceList.objects.create(theater=theater, name="Evening")
    for position, code in enumerate(["ADULT", "CHILD", "SENIOR", "STUDENT"]):
        kind = TicketType.objects.create(
            theater=theater, code=code, name=code.title(), position=position, is_default=position == 0
        )
        Price.objects.bulk_create(
            Price(price_list=prices, ticket_type=kind, category=category, amount=amount - position)
            for category, amount in (("STANDARD", Decimal("14.50")), ("PREMIUM", Decimal("17.50")))
        )
    return theater, prices


def make_room(theater: Theater, name: str, text: str) -> Auditorium:
    room = Auditorium.objects.create(theater=theater, name=name, preroll_minutes=15, turnaround_minutes=15)
    lay_out(auditorium=room, text=text, now=datetime.now(UTC))
    return room


def make_movie(title: str, slug: str) -> Movie:
    return Movie.objects.create(
        title=title,
        slug=slug,
        year=1927,
        director="A. Director",
        running_minutes=90,
        cast=["Ada Lovelace", "Buster Keaton"],
        countries=["GB"],
        languages=["English"],
        genres=["Comedy"],
        synopsis="Fifty people want the last ten seats. Everybody is polite about it.",
        tagline="Please hold.",
    )


def open_showtime(movie: Movie, room: Auditorium, prices: PriceList, starts_at: datetime) -> int:
    showtime = schedule(movie=movie, auditorium=room, price_list=prices, starts_at=starts_at)
    return int(open_for_sale(showtime_id=showtime.pk, actor="bench").pk)


def _labels(room: Auditorium) -> list[str]:
    return list(room.plans.get().seats.order_by("pk").values_list("label", flat=True))


def _keep_some_back(showtime_id: int) -> None:
    """An evening that sells: what is taken is spread over the room, so that it costs what it costs on the wire."""
    showtime = Showtime.objects.get(pk=showtime_id)
    labels = _labels(showtime.auditorium)
    chosen = random.Random(1).sample(labels, int(len(labels) * TAKEN_SHARE))
    keep_back(showtime_id=showtime_id, labels=chosen, reason="Benchmark")


def _listing(slug: str, count: int, now: datetime) -> tuple[str, str]:
    """A theater with `count` showtimes within the days shown, and the address of one of its days and movies.

    Ten are five movies on one day; five hundred are one movie, every day, in four rooms.
    """
    day = _publish(slug, count, movies=1 if count > 100 else 5, rooms=4, per_day=36 if count > 100 else count, now=now)
    return f"/?theater={slug}&day={day:%Y-%m-%d}", f"/movies/{slug}-0/"


def _large_house(now: datetime) -> str:
    """A filtered day of a theater with 8 auditoriums, 40 movies and 14 days on sale, beside another house."""
    other = House.objects.create(name="Other", slug="other", domains=["other.example"])
    Theater.objects.filter(pk=make_theater("other", "Other")[0].pk).update(house=other)
    day = _publish("large", 14 * 40, movies=40, rooms=8, per_day=40, now=now)
    return f"/?theater=large&day={day:%Y-%m-%d}&format=3d"


def _publish(slug: str, count: int, *, movies: int, rooms: int, per_day: int, now: datetime) -> datetime:
    """A theater of its own with these showtimes from tomorrow on, every third of them in 3D. Returns the first day."""
    theater, prices = make_theater(slug, slug.title())
    shown = [make_movie(f"{slug.title()} {n}", f"{slug}-{n}") for n in range(movies)]
    places = [make_room(theater, f"Room {n}", "A oo") for n in range(rooms)]
    plans = {place.pk: place.plans.get() for place in places}
    day = (now + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    showtimes = []
    for number in range(count):
        days, at = divmod(number, per_day)
        slot, room = divmod(at, len(places))
        showtimes.append(
            Showtime(
                movie=shown[number % len(shown)],
                auditorium=places[room],
                plan=plans[places[room].pk],
                price_list=prices,
                picture="2D" if number % 3 else "3D",
                starts_at=day + timedelta(days=days, minutes=slot * 125 % 1440),
                status="PUBLISHED",
                seats_total=2,
                seats_taken=number % 3,
            )
        )
        showtimes[-1].set_times()
    Showtime.objects.bulk_create(showtimes)
    return day


def fill(sales: int) -> str:
    """Fills an empty database; what is where, as JSON."""
    return json.dumps(asdict(build(sales=sales, now=datetime.now(UTC))))
