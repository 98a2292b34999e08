"""The smallest world a test needs: one theater, one auditorium, one showtime on sale tomorrow evening."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from reservations.services.opening import open_for_sale
from theaters.models import Auditorium, Movie, Price, PriceList, Showtime, Theater, TicketType
from theaters.services.plans import lay_out
from theaters.services.scheduling import schedule

_numbers = count(1)

# Two rows of six with an aisle in the middle; row B is premium.
SMALL_PLAN = """
A ooo.ooo
B ppp.ppp
"""

PRICES = {"ADULT": Decimal("14.50"), "CHILD": Decimal("9.00")}


def make_theater(*, currency="GBP", timezone_name="Europe/London", tax_rate="0.20", country="GB") -> Theater:
    number = next(_numbers)
    theater = Theater.objects.create(
        name=f"Theater {number}",
        slug=f"theater-{number}",
        street="1 Light Street",
        city="London",
        country=country,
        timezone=timezone_name,
        currency=currency,
        tax_rate=Decimal(tax_rate),
        cancellation_terms="Until two hours before the start you get all of it back.",
    )
    for position, (code, name) in enumerate([("ADULT", "Adult"), ("CHILD", "Child")]):
        TicketType.objects.create(
            theater=theater, code=code, name=name, position=position, is_default=code == "ADULT"
        )
    return theater


def make_price_list(theater: Theater, prices=PRICES, premium=Decimal("3.00")) -> PriceList:
    price_list = PriceList.objects.create(theater=theater, name=f"List {next(_numbers)}")
    for kind in theater.ticket_types.all():
        for category in ("STANDARD", "PREMIUM", "SOFA", "WHEELCHAIR", "COMPANION"):
            extra = premium if category == "PREMIUM" else Decimal(0)
            Price.objects.create(
                price_list=price_list, ticket_type=kind, category=category, amount=prices[kind.code] + extra
            )
    return price_list


def make_auditorium(theater: Theater, plan_text=SMALL_PLAN) -> Auditorium:
    auditorium = Auditorium.objects.create(
        theater=theater, name=f"Room {next(_numbers)}", preroll_minutes=15, turnaround_minutes=20
    )
    lay_out(auditorium=auditorium, text=plan_text, now=timezone.now())
    return auditorium


def make_movie(**fields) -> Movie:
    number = next(_numbers)
    values = {
        "title": f"Film {number}",
        "slug": f"film-{number}",
        "year": 1927,
        "director": "A. Director",
        "running_minutes": 100,
    }
    return Movie.objects.create(**values | fields)


def make_draft(*, theater=None, auditorium=None, movie=None, starts_at=None, price_list=None) -> Showtime:
    if auditorium is None:
        auditorium = make_auditorium(theater or make_theater())
    return schedule(
        movie=movie or make_movie(),
        auditorium=auditorium,
        price_list=price_list or make_price_list(auditorium.theater),
        starts_at=starts_at or timezone.now() + timedelta(days=1),
    )


def make_showtime(**fields) -> Showtime:
    return open_for_sale(showtime_id=make_draft(**fields).pk)
