"""The first day of a theater: sets up with usual choices what the other pages offer in full."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext

from core.refusals import BadChoice
from houses.business_days import business_day
from houses.models import House, TextPage, Theater
from houses.selectors import forget_houses
from staff.services.audit import record
from theaters.age_limits import Limits
from theaters.houses.house_texts import publish_text
from theaters.models import Auditorium, Movie, PriceList, SeatingPlan, Showtime
from theaters.movies.age_ratings import rate
from theaters.movies.movie_addresses import AddressFacts, address_of, addresses, free_address
from theaters.opening.country_defaults import DEFAULTS
from theaters.opening.first_texts import area_name, imprint, language_of, languages_of, title
from theaters.opening.new_theaters import FIRST_LIST, found_theater
from theaters.plans.category_names import read_categories
from theaters.plans.plans import lay_out
from theaters.plans.typical_plans import BY_SLUG, plan_of_rows
from theaters.prices.price_lists import set_prices
from theaters.schedule.scheduling import SchedulingRefused, schedule
from theaters.schedule.wall_clock import wall_moment
from theaters.seat_categories import STANDARD, is_for_some
from theaters.versions import Version

# Usual rules for canceling: all of the price back until a day before, half until two hours before.
USUAL_CANCEL_TIERS = [{"minutes": 24 * 60, "percent": 100}, {"minutes": 2 * 60, "percent": 50}]
DAYS_OF_A_WEEK = 7
# In the place of a typical plan: rows of which somebody says how long they are, and an auditorium without numbered seats.
OWN_ROWS, UNRESERVED = "rows", "unreserved"
EVENING, AFTERNOON = time(20), time(17)


@dataclass(frozen=True)
class NewTheater:
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    house: House | None = None  # None: the first house
    # Empty: those that are usual in the country.
    timezone: str = ""
    currency: str = ""
    tax_rate: Decimal = Decimal(0)


def begin_theater(new: NewTheater, *, house_name: str, actor: str) -> Theater:
    """Create a theater with the usual time zone, currency, tax and policies of its country, or with those given where
    none are usual. The first theater also names the house, whose first language becomes that of the country.
    """
    usual = DEFAULTS.get(new.country)
    theater = Theater(
        name=new.name, slug=_free_slug(new.name), street=new.street, postal_code=new.postal_code, city=new.city,
        country=new.country, timezone=usual.timezone if usual else new.timezone,
        currency=usual.currency if usual else new.currency, tax_rate=usual.tax_rate if usual else new.tax_rate,
        cancel_tiers=USUAL_CANCEL_TIERS, refund_limit=100,
    )  # fmt: skip
    with transaction.atomic():
        is_first = not Theater.objects.exists()
        found_theater(theater=theater, actor=actor, house=new.house)
        if is_first and house_name:
            House.objects.filter(pk=theater.house_id).update(name=house_name)
        if is_first and (languages := languages_of(theater.house, theater)) != theater.house.offered_languages:
            House.objects.filter(pk=theater.house_id).update(languages=languages)
    forget_houses()
    return theater


def _free_slug(name: str) -> str:
    slug = address_of(name)[:40].strip("-") or "theater"
    taken = set(Theater.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(found for found in (slug, *(f"{slug}-{number}" for number in range(2, 1000))) if found not in taken)


def add_auditorium(
    *, theater: Theater, name: str, plan: str, rows: Sequence[int], places: int | None, actor: str, now: datetime
) -> Auditorium:
    """Add an auditorium with a typical plan, published. OWN_ROWS: with as many seats in each row as `rows` says;
    UNRESERVED: with `places` without numbers. Raises BadChoice for a name in use.
    """
    if theater.auditoriums.filter(name=name).exists():
        raise BadChoice("name", gettext("There is an auditorium of this name already."))
    with transaction.atomic():
        auditorium = Auditorium.objects.create(theater=theater, name=name)
        if plan == UNRESERVED:
            text = f"[{area_name(language_of(theater))}]\nunreserved {places}\n"
        else:
            text = plan_of_rows(rows) if plan == OWN_ROWS else BY_SLUG[plan].text
        lay_out(auditorium=auditorium, text=text, now=now)
        record(actor=actor, action="add", thing=auditorium, theater=theater, after={"plan": plan})
    return auditorium


def set_usual_prices(*, theater: Theater, amounts: Mapping[str, Decimal], premium: Decimal, actor: str) -> PriceList:
    """`amounts`: what ticket types cost on ordinary seats, by their codes. Better seats and sofas cost more, for each person
    whom a ticket is for.

    Wheelchair spaces and their companions cost as ordinary seats do.
    """
    codes = [one.code for one in read_categories(theater.pk).in_use()]
    extras = {code: Decimal(0) if code == STANDARD or is_for_some(code) else premium for code in codes}
    with transaction.atomic():
        kinds = {kind.code: kind for kind in theater.ticket_types.in_use() if kind.code in amounts}
        prices = theater.price_lists.order_by("pk").first() or PriceList.objects.create(
            theater=theater, name=FIRST_LIST
        )
        table = {
            (kind.pk, category): amounts[code] + (extra * kind.people if amounts[code] else 0)
            for code, kind in kinds.items()
            for category, extra in extras.items()
            if kind.is_sold_on(category)
        }
        set_prices(price_list=prices, amounts=table)
        after = {kinds[code].name: str(amount) for code, amount in amounts.items()}
        record(actor=actor, action="set first prices", thing=prices, theater=theater, after=after)
    return prices


@dataclass(frozen=True)
class Law:
    """Who sells the tickets, and by language the terms of sale and what happens with personal data."""

    company: str
    company_address: str
    register_entry: str
    tax_number: str
    responsible_person: str
    reply_to: str
    terms: Mapping[str, str]
    privacy: Mapping[str, str]


def write_law(*, theater: Theater, law: Law, user_id: int, actor: str, now: datetime) -> None:
    """Save the facts of the company, and publish terms and imprint in each language of the terms, and the privacy page in
    its languages. A second time changes nothing.
    """
    facts = {name: value for name, value in vars(law).items() if name not in ("terms", "privacy")}
    house = House.objects.get(pk=theater.house_id)
    for name, value in facts.items():
        setattr(house, name, value)
    with transaction.atomic():
        house.save(update_fields=list(facts))
        record(actor=actor, action="change", thing=house, theater=None, after=facts)
        texts = {
            "terms": law.terms,
            "imprint": {language: imprint(house, language) for language in law.terms},
            "privacy": law.privacy,
        }
        for position, (slug, bodies) in enumerate(texts.items(), start=1):
            for language, body in bodies.items():
                page, _ = TextPage.objects.get_or_create(house=house, slug=slug, defaults={"position": position})
                publish_text(
                    page=page, language=language, title=title(slug, language), body=body, holds_from=None,
                    user_id=user_id, actor=actor, now=now,
                )  # fmt: skip
    forget_houses()


@dataclass(frozen=True)
class NewMovie:
    title: str
    director: str
    year: int
    running_minutes: int
    rating: str
    min_age: int | None = None
    accompanied_below: int | None = None

    @property
    def ages(self) -> Limits:
        return self.min_age, self.accompanied_below


def add_movie(*, theater: Theater, new: NewMovie, actor: str) -> Movie:
    """Add a movie with the age rating of the theater's country, if typed. Its own page adds posters and texts.

    Raises BadChoice for a label that nobody knows, without ages.
    """
    named = AddressFacts(new.title, new.year)
    taken = set(Movie.objects.filter(slug__in=addresses(named)).values_list("slug", flat=True))
    slug = free_address(named, taken=taken)
    with transaction.atomic():
        movie = Movie.objects.create(
            title=new.title, slug=slug, director=new.director, year=new.year, running_minutes=new.running_minutes
        )
        if new.rating:
            rate(movie_id=movie.pk, country=theater.country, label=new.rating, ages=new.ages)
        record(actor=actor, action="add", thing=movie, theater=theater, after={"title": new.title})
    return movie


@dataclass(frozen=True)
class WeekTimes:
    """The times of a first week. `afternoon`: on Saturday and Sunday only; None for no such show."""

    evening: time = EVENING
    afternoon: time | None = AFTERNOON


def days_of_first_week(theater: Theater, now: datetime) -> list[date]:
    """The seven business days from tomorrow on."""
    first = business_day(theater, now) + timedelta(days=1)
    return [first + timedelta(days=number) for number in range(DAYS_OF_A_WEEK)]


def ready_auditoriums(theater: Theater) -> list[Auditorium]:
    """The theater's auditoriums that have a published plan."""
    laid_out = set(
        SeatingPlan.objects.published().filter(auditorium__theater=theater).values_list("auditorium", flat=True)
    )
    return [auditorium for auditorium in theater.auditoriums.all() if auditorium.pk in laid_out]


def propose_week(*, theater: Theater, times: WeekTimes, now: datetime) -> list[tuple[Auditorium, datetime]]:
    """Propose showtimes at these times for every auditorium with a plan."""
    auditoriums = ready_auditoriums(theater)
    return [
        (auditorium, moment)
        for day in days_of_first_week(theater, now)
        for moment in _starts(theater, day, times)
        for auditorium in auditoriums
    ]


def _starts(theater: Theater, day: date, times: WeekTimes) -> Iterable[datetime]:
    has_afternoon = times.afternoon is not None and day.isoweekday() in {6, 7}
    clock = [times.afternoon, times.evening] if has_afternoon else [times.evening]
    return [wall_moment(theater=theater, on=day, at=at) for at in clock if at is not None]


def plan_week(*, theater: Theater, movie: Movie, version: Version, times: WeekTimes, now: datetime) -> list[Showtime]:
    """Save the showtimes of the proposed week without conflicts as drafts. Raises SchedulingRefused when all have
    conflicts.
    """
    planned, refusal = [], None
    with transaction.atomic():
        for auditorium, starts_at in propose_week(theater=theater, times=times, now=now):
            try:
                with transaction.atomic():
                    planned.append(schedule(movie=movie, version=version, auditorium=auditorium, starts_at=starts_at))
            except SchedulingRefused as no:
                refusal = no
    if not planned and refusal:
        raise refusal
    return planned
