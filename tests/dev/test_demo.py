import tomllib
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command

from accounts.models import User
from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.no_shows import attendance
from boxoffice.selectors.sales_figures import Basis, SalesGroup, ledger, sales, total
from dev.demo import german, house_texts
from dev.demo.events import COMING, SHORTS, load_events
from dev.demo.films import films
from dev.demo.german import german_texts, in_german
from dev.demo.program import day_program
from dev.demo.staff import ensure_colleagues
from dev.demo.theaters import CARER, EMPTY_PLACE, EVENING, MATINEE, PLANS, THEATERS, build
from dev.demo.world import DAYS, PAST_DAYS, Loaded, load
from dev.messages.glossary import DOCUMENT, banned_words, words_of
from dev.state import ROLES, colleague
from houses.business_days import business_day, local_moment
from houses.models import House, Theater
from houses.models.theaters import TRANSLATED_TEXTS
from reservations.models import ShowtimeSeat
from reservations.opening.showtime_opening import open_for_sale
from staff.models import StaffRole
from staff.states import Role
from tests.factories import make_movie, make_theater
from tests.ledger import broken_invariants
from theaters.admin.untranslated import untranslated
from theaters.early_ends import EarlyEnd
from theaters.listings.series_pages import coming_movies
from theaters.models import Movie, MovieVersion, Price, PriceRule, SeatingPlan, Showtime, TicketType
from theaters.plans.plan_text import parse_plan
from theaters.posters import layouts
from theaters.prices.prices import pinned_prices
from theaters.schedule.scheduling import schedule
from theaters.states import ShowtimeStatus, UsualCategory
from theaters.versions import PLAIN, Version

LONDON, NEW_YORK, TOKYO = THEATERS
# The database's clock closes sales, so the days must lie ahead of it.
YEAR = datetime.now(UTC).year + 1
A_YEAR = [date(YEAR, 1, 1) + timedelta(days=ahead) for ahead in range(366)]
# On the last Sunday of October clocks in London go back.
CLOCKS_GO_BACK = max(on for on in A_YEAR if on.month == 10 and on.weekday() == 6)
FRIDAY = datetime.combine(CLOCKS_GO_BACK, time(6), tzinfo=UTC) - timedelta(days=2)


def every_showtime():
    return Showtime.objects.select_related("price_list", "auditorium__theater")


def list_at(showtime):
    """By local time; the late show belongs to the evening before."""
    hour = showtime.starts_at.astimezone(showtime.auditorium.theater.zone).hour
    return MATINEE if 5 <= hour < 17 else EVENING


FESTIVAL = ("Festival day: all of them", "Festival day: the first reel", "Festival day: the second reel")


# The plans


def test_the_plans_are_the_sizes_that_were_asked_for():
    sizes = {path.stem: len(parse_plan(path.read_text()).seats) for path in PLANS.glob("*.txt")}
    assert sizes == {
        "london-grand": 620,
        "london-studio": 120,
        "london-lounge": 24,
        "london-yard": 35,
        "london-foyer": 0,
        "new-york-1": 300,
        "new-york-2": 158,
        "new-york-3": 62,
        "tokyo-1": 186,
        "tokyo-2": 94,
    }


def test_every_plan_has_room_for_wheelchairs_with_a_seat_beside():
    """This concerns plans with numbered seats. Without numbers there is no space to mark, and the page says so."""
    for path in PLANS.glob("*.txt"):
        seats = parse_plan(path.read_text()).seats
        if not seats:
            continue
        companions = {(seat.y, seat.x) for seat in seats if seat.category == "COMPANION"}
        spaces = [seat for seat in seats if seat.category == "WHEELCHAIR"]
        assert spaces, path.stem
        assert all({(seat.y, seat.x - 2), (seat.y, seat.x + 2)} & companions for seat in spaces), path.stem


def test_the_balcony_has_rows_with_letters_of_their_own():
    plan = parse_plan((PLANS / "london-grand.txt").read_text())
    rows = {section: {seat.row for seat in plan.seats if seat.section == section} for section in plan.sections}
    assert rows["Balcony"] == {"BA", "BB", "BC", "BD", "BE", "BF", "BG"}
    assert not {"I", "O"} & rows["Stalls"]


# The films


def test_the_films_are_complete():
    assert len(films()) >= 18
    assert {film.poster_layout for film in films()} <= set(layouts())
    for film in films():
        for said in (film.synopsis, german_texts("movies", film.slug)["de"]["synopsis"]):
            assert 60 <= len(said.split()) <= 110, film.title
        assert film.tagline, film.title
        assert len(film.palette) == 3, film.title


def test_versions_and_notes_say_what_this_audience_needs():
    by_slug = {film.slug: film for film in films()}
    assert by_slug["charade"].version("GB", is_reel=False).text == "2D"
    assert by_slug["charade"].version("JP", is_reel=True).text == "35 mm, Japanese subtitles"
    assert by_slug["nosferatu"].version("US", is_reel=False).text == "2D, English subtitles"
    assert by_slug["nosferatu"].silent_notes == ["Silent", "German intertitles"]
    assert by_slug["man-with-a-movie-camera"].version("JP", is_reel=False).text == "2D"


# In German


def test_german_has_the_texts_of_each_theater_and_the_names_of_its_tickets_and_rules():
    for demo in THEATERS:
        said = german_texts("theaters", demo.slug)["de"]
        assert set(said) == {text for text in TRANSLATED_TEXTS if demo.theater.get(text)}
        words = [words for _, *texts, _, _ in (*demo.types, CARER, EMPTY_PLACE) for words in texts if words]
        assert all(map(in_german, [*words, *(str(rule["name"]) for rule in demo.price_rules)]))


def test_german_has_every_movie_and_none_that_is_gone():
    slugs = {film.slug for film in films()} | {short[1] for short in SHORTS} | {movie["slug"] for movie in COMING}
    assert set(tomllib.loads(german.SOURCE.read_text())["movies"]) == slugs


def test_each_page_and_each_piece_of_news_is_there_in_german():
    english, said = (house_texts.TEXTS / language for language in ("en", "de"))
    assert {path.name for path in english.glob("**/*.md")} == {path.name for path in said.glob("**/*.md")}


def test_the_german_of_the_demo_world_keeps_to_the_glossary():
    banned = banned_words(DOCUMENT.read_text())
    texts = [path.read_text() for path in (german.SOURCE, *house_texts.TEXTS.glob("de/**/*.md"))]
    assert {word for text in texts for word in words_of(text)} & banned.keys() == set()


# The program: every day of a year, in every theater.


@pytest.mark.parametrize("theater", THEATERS, ids=lambda theater: theater.slug)
def test_nothing_overlaps_on_any_day_of_the_year(theater):
    for on in A_YEAR:
        for auditorium in theater.auditoriums:
            slots = [slot for slot in day_program(theater, on) if slot.auditorium == auditorium.name]
            assert slots
            for before, after in pairwise(slots):
                begins = datetime.combine(before.on, before.at)
                length = auditorium.preroll_minutes + before.film.running_minutes + auditorium.turnaround_minutes
                assert begins + timedelta(minutes=length) <= datetime.combine(after.on, after.at)


@pytest.mark.parametrize("theater", THEATERS, ids=lambda theater: theater.slug)
def test_any_fourteen_days_have_a_late_show_and_crowds(theater):
    for first in A_YEAR[:7]:
        slots = [slot for ahead in range(DAYS) for slot in day_program(theater, first + timedelta(days=ahead))]
        assert {slot.crowd for slot in slots} >= {0.0, 0.93, 1.0}
        assert any((slot.at.hour, slot.at.minute) == (0, 30) for slot in slots)
        assert {slot.film.slug for slot in slots} == {film.slug for film in films()}


def test_a_day_is_always_the_same_and_no_two_days_are():
    days = [day_program(LONDON, on) for on in A_YEAR[:14]]
    assert days == [day_program(LONDON, on) for on in A_YEAR[:14]]
    assert Counter(day == days[0] for day in days)[True] == 1


# Rows in the database


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("demo", THEATERS, ids=lambda demo: demo.slug)
def test_all_days_of_a_theater(demo):
    """One theater for each test, because all three together take longer than a test may."""
    loaded = load(now=datetime.now(UTC), demo_theaters=[demo])
    theater = Theater.objects.get()
    assert (SeatingPlan.objects.count(), Movie.objects.count()) == (len(demo.auditoriums), len(films()))
    # Two lists: four types on every category, and the carer beside a wheelchair.
    types = 6 if demo.sells_empty_places else 5
    assert (TicketType.objects.count(), Price.objects.count()) == (types, 2 * (4 * len(UsualCategory.values) + 1))
    assert set(Showtime.objects.values_list("status", flat=True)) == {ShowtimeStatus.PUBLISHED}
    assert loaded.showtimes == Showtime.objects.count()
    starts = Showtime.objects.values_list("starts_at", flat=True)
    assert len({business_day(theater, moment) for moment in starts}) == DAYS + PAST_DAYS
    assert all(show.price_list.name == list_at(show) for show in every_showtime())
    assert load(now=datetime.now(UTC), demo_theaters=[demo]) == Loaded(movies=0, showtimes=0, booked_seats=0)
    call_command("check_invariants", stdout=StringIO())


def test_london_asks_less_on_mondays_more_for_a_print_and_less_of_those_who_come_early(db):
    theater = build(LONDON, now=FRIDAY)
    monday = FRIDAY.date() + timedelta(days=3)

    def version(on, room, picture):
        movie = make_movie()
        MovieVersion.objects.create(movie=movie, picture=picture)
        draft = schedule(
            movie=movie,
            auditorium=theater.auditoriums.get(name=room),
            starts_at=local_moment(theater, on, time(20)),
            version=Version(picture),
        )
        return open_for_sale(showtime_id=draft.pk, actor="test").price_version_id

    def adult(version_id, until=None):
        return pinned_prices(version_id).for_buyers_until(until).amount("ADULT", "STANDARD")

    tuesday = version(monday + timedelta(days=1), "Studio", "2D")
    assert (adult(tuesday), adult(tuesday, EarlyEnd(72))) == (Decimal("15.50"), Decimal("13.95"))
    assert adult(version(monday, "Studio", "2D")) == Decimal("7.00")
    assert adult(version(monday, "The Grand", "35 mm")) == Decimal("8.50")
    build(LONDON, now=FRIDAY)
    assert PriceRule.objects.count() == 3


@pytest.mark.long
def test_what_staff_planned_and_changed_is_left_alone(db):
    load(now=FRIDAY, demo_theaters=[TOKYO], days=0, past=0)
    theater = Theater.objects.get()
    Theater.objects.update(name="The Old Name")
    auditorium = theater.auditoriums.get(name="Auditorium 1")
    own = schedule(
        movie=Movie.objects.get(slug="charade"),
        auditorium=auditorium,
        price_list=theater.price_lists.get(name=EVENING),
        starts_at=FRIDAY + timedelta(days=1),
        version=PLAIN,
    )
    load(now=FRIDAY, demo_theaters=[TOKYO], days=2, past=0)
    that_day = [
        show
        for show in Showtime.objects.filter(auditorium=auditorium)
        if business_day(theater, show.starts_at) == business_day(theater, own.starts_at)
    ]
    assert that_day == [own]
    assert Theater.objects.get().name == "The Old Name"


@pytest.mark.long
def test_the_last_days_have_sales_of_every_kind_that_add_up(db):
    now = datetime.now(UTC)
    load(now=now, demo_theaters=[TOKYO], days=1)
    theater = Theater.objects.get()
    today = business_day(theater, now)
    span = DayRange(theater, today - timedelta(days=PAST_DAYS), today)
    for basis in (Basis.SHOW, Basis.SALE):
        (paid,) = ledger(span=span, basis=basis).values()
        assert total(sales(span=span, group=SalesGroup.DAY, basis=basis)).kept == paid.kept > 0
    assert {line.label for line in sales(span=span, group=SalesGroup.METHOD, basis=Basis.SHOW)} == {
        "Free", "Cash", "Card at the counter",
    }  # fmt: skip
    shown = attendance(span)
    assert {one.was_scanned for one in shown} == {True, False}
    assert all(one.starts_at < now for one in shown) and broken_invariants() == []


@pytest.mark.long
def test_sofas_are_sold_whole(db):
    load(now=FRIDAY, demo_theaters=[LONDON], days=1, past=0)
    sofas = ShowtimeSeat.objects.filter(showtime__bookings__isnull=False).exclude(seat__unit="").distinct()
    by_sofa = {}
    for seat in sofas.select_related("seat"):
        by_sofa.setdefault((seat.showtime_id, seat.seat.unit), set()).add(seat.booking_id)
    assert by_sofa
    assert all(len(bookings) == 1 for bookings in by_sofa.values())


@pytest.mark.long
def test_the_night_the_clocks_go_back_is_planned_by_the_wall_and_counted_in_minutes(db):
    saturday = FRIDAY + timedelta(days=1)
    load(now=saturday, demo_theaters=[LONDON], days=2, past=0)
    late = Showtime.objects.get(starts_at=saturday.replace(hour=23, minute=30))
    theater = late.auditorium.theater
    assert f"{late.starts_at.astimezone(theater.zone):%a %H:%M}" == "Sun 00:30"
    assert business_day(theater, late.starts_at) == saturday.date()
    assert late.ends_at - late.starts_at == timedelta(minutes=15 + late.movie.running_minutes)
    short = Showtime.objects.get(movie__slug="a-trip-to-the-moon", starts_at__gte=late.starts_at)
    assert short.starts_at == datetime.combine(CLOCKS_GO_BACK, time(10), tzinfo=UTC)


def test_the_command_makes_a_manager_who_can_sign_in_and_keeps_the_password_true(db, monkeypatch):
    monkeypatch.setattr("dev.management.commands.load_demo.load", lambda **_: Loaded(0, 0, 0))
    monkeypatch.setenv("DEMO_STAFF_EMAIL", "manager@marquee.example")
    for password in ("first-password", "second-password"):
        monkeypatch.setenv("DEMO_STAFF_PASSWORD", password)
        call_command("load_demo", stdout=StringIO())
    manager = User.objects.get()
    assert manager.is_superuser
    assert manager.check_password("second-password")
    assert EmailAddress.objects.filter(user=manager, verified=True, primary=True).count() == 1


def test_without_an_address_for_the_manager_nobody_is_made(db, monkeypatch):
    monkeypatch.setattr("dev.management.commands.load_demo.load", lambda **_: Loaded(0, 0, 0))
    monkeypatch.delenv("DEMO_STAFF_EMAIL", raising=False)
    call_command("load_demo", stdout=StringIO())
    assert not User.objects.exists()


def test_one_person_for_each_role_in_london_and_what_was_taken_stays_taken(db):
    london = make_theater()
    ensure_colleagues(theater=london, password="first-password")
    assert sorted(StaffRole.objects.values_list("role", flat=True)) == sorted(Role.values)
    assert sorted(User.objects.values_list("email", flat=True)) == sorted(colleague(role) for role in ROLES)
    StaffRole.objects.filter(role="DOOR").delete()
    ensure_colleagues(theater=london, password="second-password")
    assert not StaffRole.objects.filter(role="DOOR").exists()
    assert all(user.check_password("second-password") for user in User.objects.all())


@pytest.mark.long
def test_london_has_programs_a_series_a_closed_show_a_private_hire_and_unreserved_places(db):
    now = FRIDAY
    load(now=now, demo_theaters=THEATERS[:1], days=3, past=0)
    london = Theater.objects.get()
    assert load_events(london, now=now) == 8
    shows = Showtime.objects.filter(auditorium__theater=london)
    assert sorted(shows.exclude(program_title="").values_list("program_title", flat=True)) == [
        *FESTIVAL,
        "Shorts before noon",
        "The Kid + Sherlock Jr.",
    ]
    assert set(shows.filter(program_title__in=FESTIVAL).values_list("auditorium__name", flat=True)) == {"Foyer"}
    places = ShowtimeSeat.objects.filter(area__isnull=False)
    assert set(places.values_list("showtime__auditorium__name", "area__name")) == {("Foyer", "Foyer"), ("Yard", "Lawn")}
    assert shows.filter(series__slug="silent-mornings").count() == 2
    assert shows.exclude(access_code="").get().status == "PUBLISHED"
    assert shows.exclude(closed_for="").get().status == "DRAFT"
    assert {movie.slug for movie in coming_movies(now=now, today=now.date())} == {"faust", "the-lodger"}
    assert load_events(london, now=now) == 0
    # All of the demo's texts for customers exist in German too; the tests have a third language.
    house = House.objects.get()
    house.languages = ["en", "de"]
    house.save()
    assert untranslated(house, [london], now=now) == []
    Movie.objects.filter(slug="manhatta").update(translations={})
    ((kind, rows),) = untranslated(house, [london], now=now)
    assert (kind, [row.missing for row in rows]) == ("Movies", ["German: title"])
