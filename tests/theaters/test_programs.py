"""A showtime of several parts: a double bill, short movies, a movie with a talk. Length, ages, pages and figures follow
from them.
"""

import json
import re
from copy import deepcopy
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.sales_figures import Basis, SalesGroup, sales
from houses.business_days import business_day
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import plan_change
from reservations.opening.showtime_opening import open_for_sale
from tests.factories import buy, make_auditorium, make_browser, make_draft, make_movie, make_showtime, make_theater
from tests.standing_world import standing_world
from theaters.models import MovieRating, MovieVersion, ProgramItem, Showtime
from theaters.movies.movie_archive import ArchivingRefused, archive_movie
from theaters.planning.showtime_planning import checked_plan, save_drafts, week_of
from theaters.schedule.programs import NO_PROGRAM, ProgramPart, checked_program, program_of, set_program
from theaters.schedule.scheduling import SchedulingRefused
from theaters.states import ChangeKind
from theaters.versions import Version

pytestmark = pytest.mark.django_db
TALK = ProgramPart(text="Talk with the director", minutes=30)


def give(draft, *parts, title=""):
    return set_program(showtime_id=draft.pk, program=checked_program(title=title, parts=parts))


def double_bill() -> Showtime:
    """A double bill on sale: Alien (117 min, nobody under 12) and Aliens (137 min, German subtitles, under 15 only with
    an adult).
    """
    theater = make_theater()
    alien = make_movie(title="Alien", slug="alien", running_minutes=117, languages=["English"])
    aliens = make_movie(title="Aliens", slug="aliens", running_minutes=137, languages=["English"])
    MovieVersion.objects.create(movie=aliens, picture="2D", subtitles_in="German")
    MovieRating.objects.create(movie=alien, country=theater.country, label="12", min_age=12)
    MovieRating.objects.create(movie=aliens, country=theater.country, label="15", min_age=None, accompanied_below=15)
    draft = make_draft(theater=theater, movie=alien)
    give(draft, ProgramPart(alien), ProgramPart(aliens, Version(subtitles_in="German")))
    return open_for_sale(showtime_id=draft.pk, actor="test")


@pytest.fixture(scope="module")
def standing_bill(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, double_bill) as showtime:
        yield showtime


@pytest.fixture
def bill(standing_bill, db):
    return deepcopy(standing_bill)


def test_its_length_is_that_of_all_parts(bill):
    preroll, turnaround = bill.auditorium.preroll_minutes, bill.auditorium.turnaround_minutes
    assert bill.ends_at - bill.starts_at == timedelta(minutes=preroll + 117 + 137)
    assert bill.occupied_until - bill.ends_at == timedelta(minutes=turnaround)
    with pytest.raises(SchedulingRefused, match="Alien \\+ Aliens is in"):
        make_draft(
            auditorium=bill.auditorium, price_list=bill.price_list, starts_at=bill.ends_at - timedelta(minutes=1)
        )


def test_its_age_rule_is_the_strictest_of_all_parts(bill):
    read = Showtime.objects.with_names().with_age_rule().get(pk=bill.pk)
    asked = Showtime.objects.with_names().get(pk=bill.pk)
    for showtime in (read, asked):
        assert (showtime.age_rule.min_age, showtime.age_rule.accompanied_below) == (12, 15)
        assert showtime.age_rule.label == "12"
    assert "anybody under 15 has to come with an adult" in read.age_rule.sentence


def test_every_page_names_the_program(bill, client):
    theater = bill.auditorium.theater
    line = "Alien (117 min), Aliens (137 min)"
    assert line in client.get(f"/showtimes/{bill.pk}/").content.decode()
    client.post(f"/showtimes/{bill.pk}/seats/", {"take": "A1"})
    assert "Alien + Aliens" in client.get(f"/checkout/{bill.pk}/").content.decode()
    for slug in ("alien", "aliens"):
        page = client.get(f"/movies/{slug}/").content.decode()
        assert f'href="/showtimes/{bill.pk}/"' in page, slug
        assert '<span class="chip-note">part of “Alien + Aliens”</span>' in page
    data = json.loads(client.get(f"/theaters/{theater.slug}/showtimes.json").content)["showtimes"]
    assert [(one["title"], [part["title"] for part in one["program"]]) for one in data] == [
        ("Alien + Aliens", ["Alien", "Aliens"])
    ]
    calendar = Calendar.from_ical(client.get(f"/theaters/{theater.slug}/showtimes.ics").content)
    (event,) = calendar.walk("VEVENT")
    assert event["summary"] == "Alien + Aliens"
    assert line in event["description"]


def test_machines_read_every_work_of_it(bill, client):
    (script,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', client.get("/movies/aliens/").content.decode()
    )
    (event,) = [one for one in json.loads(script)["@graph"] if one["@type"] == "ScreeningEvent"]
    assert event["name"] == "Alien + Aliens"
    assert [work["name"] for work in event["workPresented"]] == ["Alien", "Aliens"]


def test_the_listing_has_one_row_for_it_and_one_for_each_movie_alone(bill):
    theater = bill.auditorium.theater
    alone = make_showtime(
        auditorium=make_auditorium(theater), movie=bill.movie, price_list=bill.price_list, starts_at=bill.starts_at
    )
    page = Client().get("/", {"theater": theater.slug}).context["page"]
    rows = {row.title: row for row in page.rows}
    assert sorted(rows) == ["Alien", "Alien + Aliens"]
    assert [chip.id for chip in rows["Alien"].chips] == [alone.pk]
    assert [part.title for part in rows["Alien + Aliens"].parts] == ["Alien", "Aliens"]
    assert rows["Alien + Aliens"].running_minutes == 254
    assert len({row.key for row in page.rows}) == 2


def test_the_filter_of_languages_finds_the_subtitles_of_any_part(bill):
    page = Client().get("/", {"theater": bill.auditorium.theater.slug, "language": "de"}).context["page"]
    assert [row.title for row in page.rows] == ["Alien + Aliens"]


def test_search_finds_the_next_showtime_of_a_movie_in_a_program(bill):
    found = Client().get("/search/", {"q": "Aliens"}).context["page"].movies
    assert {one.movie.title: one.next_showtime is not None for one in found}["Aliens"]


def test_a_film_with_a_talk_keeps_the_movie_s_title_and_says_the_talk(bill):
    draft = make_draft(theater=bill.auditorium.theater, movie=make_movie(title="Solo", slug="solo", running_minutes=90))
    give(draft, ProgramPart(draft.movie), TALK)
    showtime = open_for_sale(showtime_id=draft.pk, actor="test")
    assert (showtime.title, showtime.running_minutes) == ("Solo", 120)
    page = Client().get("/movies/solo/").content.decode()
    assert '<span class="chip-note">Talk with the director</span>' in page


@pytest.mark.parametrize("refused", ["no movie", "three without a title", "no length", "version", "too many"])
def test_what_is_no_program_is_refused(bill, refused):
    movies = [make_movie() for _ in range(3)]
    parts = {
        "no movie": [TALK],
        "three without a title": [ProgramPart(movie) for movie in movies],
        "no length": [ProgramPart(movies[0]), ProgramPart(text="A talk")],
        "version": [ProgramPart(movies[0], Version(dubbed_in="French")), TALK],
        "too many": [ProgramPart(movies[0])] * 21,
    }[refused]
    with pytest.raises(SchedulingRefused):
        checked_program(title="Six" if refused == "too many" else "", parts=parts)


def test_one_movie_in_its_own_length_is_no_program(bill):
    assert checked_program(title="", parts=[ProgramPart(bill.movie)]) == NO_PROGRAM
    draft = make_draft(theater=bill.auditorium.theater)
    give(draft, ProgramPart(draft.movie), TALK)
    saved = give(draft, ProgramPart(draft.movie))
    assert (saved.program_minutes, saved.program_title, ProgramItem.objects.filter(showtime=saved).count()) == (
        None,
        "",
        0,
    )


def test_on_sale_it_stays_as_it_is(bill):
    with pytest.raises(SchedulingRefused, match="stays as it is"):
        give(bill, ProgramPart(bill.movie), TALK)
    wanted = ChangeRequest(ChangeKind.MOVIE, movie=make_movie())
    with pytest.raises(SchedulingRefused, match="stays as it was sold"):
        plan_change(showtime=bill, request=wanted, user_id=None, now=timezone.now())
    moved = ChangeRequest(ChangeKind.TIME, starts_at=bill.starts_at + timedelta(hours=1))
    assert plan_change(showtime=bill, request=moved, user_id=None, now=timezone.now()).pk
    bill.movie.running_minutes = 500
    bill.movie.save(update_fields=["running_minutes"])
    assert Showtime.objects.get(pk=bill.pk).running_minutes == 254


def test_a_movie_in_a_program_is_not_archived(bill):
    part = bill.program[1].movie
    with pytest.raises(ArchivingRefused):
        archive_movie(movie_id=part.pk, actor="test", reason="", now=timezone.now())


def test_a_copied_week_keeps_its_programs(bill):
    theater = bill.auditorium.theater
    first = business_day(theater, bill.starts_at)
    entries = list(week_of(theater=theater, first=first, to=first + timedelta(days=7)))
    lines = checked_plan(theater=theater, entries=entries, answers={}, left_out=set(), now=timezone.now())
    (copy,) = save_drafts(lines=lines)
    copy = Showtime.objects.with_names().get(pk=copy.pk)
    assert program_of(copy) == program_of(bill)
    assert (copy.title, copy.ends_at - copy.starts_at) == (bill.title, bill.ends_at - bill.starts_at)


def test_reports_by_movie_count_it_once_under_its_own_title(bill, sandbox):
    buy(sandbox, bill, make_browser(1), "A1")
    theater, day = bill.auditorium.theater, business_day(bill.auditorium.theater, bill.starts_at)
    rows = sales(span=DayRange(theater, day, day), group=SalesGroup.MOVIE, basis=Basis.SHOW)
    assert [(row.label, row.sold) for row in rows] == [("Alien + Aliens", 1)]


def test_a_manager_plans_a_program_on_its_page(admin_client, bill):
    draft = make_draft(theater=bill.auditorium.theater)
    address = reverse("admin:schedule_program", args=[draft.pk])
    assert (
        f'href="{address}"'
        in admin_client.get(reverse("admin:theaters_showtime_change", args=[draft.pk])).content.decode()
    )
    form = {
        "rows": "3",
        "title": "An evening",
        "part-0-place": "2",
        "part-0-text": "Talk with the director",
        "part-0-minutes": "30",
        "part-1-place": "1",
        "part-1-movie": f"{bill.movie.pk}:2D",
        "part-2-place": "3",
    }
    assert admin_client.post(address, form).status_code == 302
    draft = Showtime.objects.with_names().get(pk=draft.pk)
    assert [str(item) for item in draft.program] == ["Alien, 117 min", "Talk with the director, 30 min"]
    assert (draft.title, draft.movie, draft.running_minutes) == ("An evening", bill.movie, 147)
    refused = admin_client.post(address, form | {"part-0-minutes": ""})
    assert "How many minutes does it last?" in refused.content.decode()
