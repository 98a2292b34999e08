"""The steps that a new theater still has to take before it can sell a ticket, in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from houses.models import Theater
from houses.selectors import terms_now
from theaters.models import Movie, SeatingPlan, Showtime
from theaters.services.price_check import missing_prices
from theaters.states import ShowtimeStatus


@dataclass(frozen=True)
class Step:
    """`ways`: other ways to the same, as words and addresses."""

    words: str
    url: str
    is_done: bool
    ways: tuple[tuple[str, str], ...] = ()


def steps_to_first_sale(theater: Theater, *, now: datetime) -> list[Step]:
    """Nothing once something is on sale; but nobody can pay online before there are terms."""
    showtimes = Showtime.objects.filter(auditorium__theater=theater, ends_at__gt=now)
    terms = Step(
        "Say who sells, and write the terms of sale: nobody can pay online without them",
        reverse("admin:first_day_law", args=[theater.pk]),
        terms_now(theater.house_id) is not None,
    )
    if showtimes.filter(status=ShowtimeStatus.PUBLISHED).exists():
        return [] if terms.is_done else [terms]
    steps = [*_steps(theater), terms]
    planned = showtimes.filter(status=ShowtimeStatus.DRAFT).exists()
    here = urlencode({"theater": theater.pk})
    publish = f"{reverse('admin:schedule_publish')}?{here}"
    return [
        *steps,
        Step(
            "Add a movie",
            reverse("admin:first_day_movie", args=[theater.pk]),
            Movie.objects.in_use().exists(),
            (("or import a list of movies", reverse("admin:theaters_movie_import")),),
        ),
        Step("Try whether payments and mail work", reverse("admin:first_day_try", args=[theater.pk]), is_done=True),
        Step("Plan a first week and put it on sale", reverse("admin:first_day_week", args=[theater.pk]), planned),
        Step("Publish them: customers see them from then on", publish, is_done=False),
    ]


def _steps(theater: Theater) -> Iterator[Step]:
    auditorium = theater.auditoriums.order_by("pk").first()
    add = reverse("admin:first_day_auditorium", args=[theater.pk])
    yield Step("Add an auditorium", add, auditorium is not None)
    plans = list(SeatingPlan.objects.published().filter(auditorium__theater=theater))
    draw = reverse("admin:theaters_seatingplan_add") + (f"?auditorium={auditorium.pk}" if auditorium else "")
    yield Step("Draw its seats and publish the plan", draw, bool(plans))
    kinds = list(theater.ticket_types.all())
    yield Step(
        "Say which ticket types there are, and with which one a seat starts",
        f"{reverse('admin:theaters_tickettype_changelist')}?theater__id__exact={theater.pk}",
        any(kind.is_default for kind in kinds),
    )
    lists = list(theater.price_lists.all())
    priced = any(not missing_prices(price_list=price_list, plan=plan) for price_list in lists for plan in plans)
    is_begun = any(price_list.prices.exists() for price_list in lists)
    fill = (
        reverse("admin:theaters_pricelist_change", args=[lists[0].pk])
        if is_begun
        else reverse("admin:first_day_prices", args=[theater.pk])
    )
    yield Step("Fill in the prices for every kind of seat", fill, priced)
