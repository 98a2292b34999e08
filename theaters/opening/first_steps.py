"""The steps that a new theater still has to take before it can sell a ticket, in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Exists, QuerySet
from django.urls import reverse

from houses.models import TextPage, Theater
from houses.selectors import terms_now
from staff.models import AuditEntry, Invitation
from theaters.models import Movie, SeatingPlan, Showtime
from theaters.prices.price_check import missing_prices
from theaters.states import ShowtimeStatus

# What the audit log says when somebody tried payments and mail and both worked.
BOTH_TRIED = "try payments and mail"


@dataclass(frozen=True)
class Step:
    """`ways`: other ways to take the step, or to take it once more, as words and addresses. `is_needed`: nobody can buy
    before it is done.
    """

    words: str
    url: str
    is_done: bool
    ways: tuple[tuple[str, str], ...] = ()
    is_needed: bool = True


def steps_to_first_sale(theater: Theater, *, now: datetime) -> list[Step]:
    """List the steps; [] once a showtime is on sale, except for missing terms, which Pay needs."""
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
        _try_both(theater, is_done=_both_worked(theater).exists()),
        Step("Plan a first week and put it on sale", reverse("admin:first_day_week", args=[theater.pk]), planned),
        Step("Publish them: customers see them from then on", publish, is_done=False),
    ]


def steps_to_first_day(theater: Theater, *, bought: Exists, now: datetime) -> list[Step]:
    """List optional steps between the first sale and the first show; [] once a showtime has begun. One query.

    `bought` is an expression on theaters: whether a customer has a ticket there.
    """
    shows = Showtime.objects.filter(auditorium__theater=theater)
    known = (
        Theater.objects.filter(pk=theater.pk)
        .annotate(
            on_sale=Exists(shows.filter(status=ShowtimeStatus.PUBLISHED)),
            begun=Exists(shows.filter(starts_at__lte=now)),
            bought=bought,
            invited=Exists(Invitation.objects.filter(theater=theater)),
            tried=Exists(_both_worked(theater)),
            private=Exists(TextPage.objects.filter(house=theater.house_id, slug="privacy")),
        )
        .get()
    )
    if known.begun or not known.on_sale:
        return []
    shop = f"{reverse('whats_on')}?{urlencode({'theater': theater.slug})}"
    return [
        Step("Buy a ticket as a customer would", shop, known.bought, is_needed=False),
        _try_both(theater, is_done=known.tried),
        Step(
            "Invite the people who work with you", reverse("admin:staff_invitation_add"), known.invited, is_needed=False
        ),
        Step(
            "Write what happens with personal data: the page “privacy”",
            f"{reverse('admin:houses_textpage_add')}?{urlencode({'house': theater.house_id, 'slug': 'privacy'})}",
            known.private,
            is_needed=False,
        ),
    ]


def _both_worked(theater: Theater) -> QuerySet[AuditEntry]:
    """Tries that worked at any theater of the house: payments are those of the installation, the sender is the house's."""
    return AuditEntry.objects.filter(theater__house=theater.house_id, action=BOTH_TRIED)


def _try_both(theater: Theater, *, is_done: bool) -> Step:
    """The step of trying payments and mail."""
    here = reverse("admin:first_day_try", args=[theater.pk])
    return Step("Try whether payments and mail work", here, is_done, is_needed=False)


def _steps(theater: Theater) -> Iterator[Step]:
    auditorium = theater.auditoriums.order_by("pk").first()
    add = reverse("admin:first_day_auditorium", args=[theater.pk])
    by_hand = ("or draw it, or import its plan from a file", reverse("admin:theaters_auditorium_add"))
    ways = (("Add another", add),) if auditorium else (by_hand,)
    yield Step("Add an auditorium", add, auditorium is not None, ways)
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
