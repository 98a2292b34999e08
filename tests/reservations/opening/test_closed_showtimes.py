"""Showtimes that open only by a link or a code, and auditoriums that are taken for a private hire."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from boxoffice.selectors.board import board_of
from boxoffice.selectors.counter import program
from boxoffice.selectors.drafts import drafts_of
from core.monitoring.redaction import redact
from houses.business_days import business_day
from reservations.opening.showtime_opening import open_for_sale
from tests.factories import make_auditorium, make_draft, make_movie, make_price_list, make_showtime, make_theater
from tests.standing_world import standing_world
from theaters.models import Movie, Series, Showtime
from theaters.planning.showtime_planning import checked_plan, save_drafts, week_of
from theaters.schedule.scheduling import SchedulingRefused, ShowtimeListing, schedule
from theaters.schedule.showtime_drafts import DraftValues, change_draft, delete_draft

pytestmark = pytest.mark.django_db


def closed_show() -> Showtime:
    theater = make_theater()
    series = Series.objects.create(house=theater.house, name="Club", slug="club")
    movie = make_movie(title="Secret Cinema", slug="secret-cinema")
    draft = make_draft(theater=theater, movie=movie)
    values = DraftValues(
        movie, draft.auditorium, draft.price_list, draft.starts_at, listing=ShowtimeListing(series, is_closed=True)
    )
    change_draft(showtime_id=draft.pk, values=values)
    return open_for_sale(showtime_id=draft.pk, actor="test")


@pytest.fixture(scope="module")
def standing_closed(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, closed_show) as showtime:
        yield showtime


@pytest.fixture
def closed(standing_closed, db):
    return deepcopy(standing_closed)


def test_it_stands_in_no_list_and_in_nothing_that_machines_read(closed):
    theater, client = closed.auditorium.theater, Client()
    on = business_day(theater, closed.starts_at)
    pages = [
        f"/?theater={theater.slug}&day={on}",
        f"/?theater={theater.slug}&view=week",
        f"/theaters/{theater.slug}/",
        "/movies/secret-cinema/",
        "/series/club/",
        "/sitemap.xml",
        "/search/?q=secret",
        *(f"/theaters/{theater.slug}/showtimes.{kind}" for kind in ("ics", "atom", "json")),
    ]
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        assert f"/showtimes/{closed.pk}/" not in page, path
        assert closed.access_code not in page, path
    assert "secret-cinema" not in client.get("/sitemap.xml").content.decode()
    assert "secret-cinema" not in client.get(f"/?theater={theater.slug}&day={on}").content.decode()
    board = board_of(theater, now=timezone.now())
    assert (board.lines, board.following) == ((), None)


def test_without_its_code_nothing_of_it_is_shown_or_sold(closed):
    client = Client()
    tries = [
        client.get(f"/showtimes/{closed.pk}/"),
        client.get(f"/showtimes/{closed.pk}/events/"),
        client.get(f"/checkout/{closed.pk}/"),
        client.post(f"/showtimes/{closed.pk}/seats/", {"take": "A1"}),
        client.post(f"/showtimes/{closed.pk}/best/", {"count": "2"}),
        client.post(f"/checkout/{closed.pk}/", {"email": "a@example.com"}),
    ]
    for answer in tries:
        assert answer.status_code == 404, answer.request["PATH_INFO"]
        assert "Secret Cinema" not in answer.content.decode()
        assert "noindex" in answer.headers["X-Robots-Tag"]
    assert not closed.holds.exists()


def test_its_link_opens_it_and_people_buy_as_ever(closed):
    client = Client()
    answer = client.get(f"/closed/{closed.access_code}/")
    assert (answer.status_code, answer.url) == (302, f"/showtimes/{closed.pk}/")
    assert "Secret Cinema" in client.get(f"/showtimes/{closed.pk}/").content.decode()
    client.post(f"/showtimes/{closed.pk}/seats/", {"take": "A1"})
    assert client.get(f"/checkout/{closed.pk}/").status_code == 200


def test_its_code_may_be_typed_with_blanks_and_small_letters(closed):
    code = closed.access_code
    typed = f" {code[:4].lower()} {code[4:]}"
    assert Client().post("/closed/", {"code": typed}).url == f"/showtimes/{closed.pk}/"


@pytest.mark.parametrize("code", ["WRONG", "", "X" * 500])
def test_a_wrong_code_says_so_and_opens_nothing(closed, code):
    client = Client()
    answer = client.post("/closed/", {"code": code})
    assert answer.status_code == 404
    assert "We know no show with this code" in answer.content.decode()
    assert "opened_shows" not in client.cookies


def test_guesses_are_limited_at_every_address(closed):
    client = Client()
    answers = [client.post("/closed/", {"code": f"GUESS{number}"}).status_code for number in range(40)]
    assert answers == [404] * 10 + [429] * 30


def test_guests_of_one_party_at_one_address_are_not_counted(closed):
    typed = [Client().post("/closed/", {"code": closed.access_code}).status_code for _ in range(40)]
    linked = [Client().get(f"/closed/{closed.access_code}/").status_code for _ in range(40)]
    assert {*typed, *linked} == {302}


def test_a_cookie_that_was_written_by_hand_or_for_another_code_opens_nothing(closed):
    client = Client()
    client.cookies["opened_shows"] = f"{closed.pk}.0123"
    assert client.get(f"/showtimes/{closed.pk}/").status_code == 404
    other = make_showtime()
    Showtime.objects.filter(pk=other.pk).update(access_code="ANOTHERCODE2")
    client.get("/closed/ANOTHERCODE2/")
    assert client.get(f"/showtimes/{other.pk}/").status_code == 200
    assert client.get(f"/showtimes/{closed.pk}/").status_code == 404


def test_logs_cut_its_code_out(closed):
    assert closed.access_code not in redact(f"GET /closed/{closed.access_code}/")


def test_staff_sell_it_at_the_counter_and_find_its_link_in_the_office(closed, admin_client):
    page = admin_client.get(reverse("admin:theaters_showtime_change", args=[closed.pk])).content.decode()
    assert f"/closed/{closed.access_code}/" in page
    lines = program(
        theater=closed.auditorium.theater,
        day=business_day(closed.auditorium.theater, closed.starts_at),
        wanted="",
        now=timezone.now(),
    ).lines
    assert [line.movie for line in lines] == ["Secret Cinema"]


class TestPrivateHire:
    def hire(self):
        theater = make_theater()
        return schedule(
            movie=make_movie(),
            auditorium=make_auditorium(theater),
            price_list=make_price_list(theater),
            starts_at=make_draft(theater=theater).starts_at,
            listing=ShowtimeListing(closed_for="Birthday of Ada"),
        )

    def test_it_takes_the_auditorium_and_is_never_on_sale(self):
        hire = self.hire()
        with pytest.raises(SchedulingRefused):
            make_draft(auditorium=hire.auditorium, price_list=hire.price_list, starts_at=hire.starts_at)
        with pytest.raises(SchedulingRefused, match="Birthday of Ada"):
            open_for_sale(showtime_id=hire.pk, actor="test")
        with pytest.raises(IntegrityError), transaction.atomic():
            Showtime.objects.filter(pk=hire.pk).update(status="PUBLISHED")
        assert Client().get(f"/showtimes/{hire.pk}/").status_code == 404

    def test_staff_see_it_as_closed_and_are_not_asked_to_publish_it(self, admin_client):
        hire = self.hire()
        theater, now = hire.auditorium.theater, timezone.now()
        on = business_day(theater, hire.starts_at)
        (line,) = program(theater=theater, day=on, wanted="", now=now).lines
        assert (line.movie, line.state, line.can_be_opened) == ("Birthday of Ada", "hire", False)
        assert hire.pk not in [row.showtime.pk for row in drafts_of(theater=theater, since=on, now=now)]
        page = admin_client.get(f"/admin/theaters/showtime/day/?theater={theater.pk}&day={on}").content.decode()
        assert 'data-status="closed"' in page
        assert "Birthday of Ada" in page


def newest() -> Showtime:
    return Showtime.objects.with_names().latest("pk")


class TestHireWithoutAMovie:
    """A birthday or a conference: the office asks who hires it, where, when and for how long."""

    def form(self, draft, **other):
        local = draft.starts_at.astimezone(draft.auditorium.theater.zone)
        return {
            "shown": "", "auditorium": draft.auditorium_id, "price_list": "", "on": f"{local:%Y-%m-%d}", "at": f"{local:%H:%M}",
            "which": "", "note": "", "series": "", "closed_for": "Birthday of Ada", "hire_minutes": "150", **other,
        }  # fmt: skip

    @pytest.fixture
    def draft(self):
        return make_draft()

    def plan(self, admin_client, draft, **other):
        delete_draft(showtime_id=draft.pk)
        return admin_client.post(reverse("admin:theaters_showtime_add"), self.form(draft, **other))

    def test_its_length_and_name_are_its_own(self, admin_client, draft):
        assert self.plan(admin_client, draft).status_code == 302
        hire = newest()
        assert (hire.title, hire.running_minutes, hire.is_hire_alone) == ("Birthday of Ada", 150, True)
        assert hire.ends_at - hire.starts_at == timedelta(minutes=150 + hire.auditorium.preroll_minutes)
        assert [str(part) for part in hire.program] == ["Birthday of Ada, 150 min"]

    def test_no_customer_and_no_list_of_movies_knows_its_row(self, admin_client, draft):
        self.plan(admin_client, draft)
        hire = newest()
        assert Client().get(reverse("movie", args=[hire.movie.slug])).status_code == 404
        assert hire.movie not in Movie.objects.in_use()
        assert "Private hire" not in admin_client.get(reverse("admin:theaters_movie_changelist")).content.decode()
        assert admin_client.get(reverse("admin:theaters_showtime_changelist")).content.decode().count("Birthday of Ada")

    @pytest.mark.parametrize(
        ("other", "sentence"),
        [
            ({"closed_for": ""}, "Only a private hire needs none"),
            ({"hire_minutes": ""}, "Say how many minutes it takes"),
            ({"hire_minutes": "0"}, "greater than or equal to 1"),
        ],
    )
    def test_what_is_missing_is_said(self, admin_client, draft, other, sentence):
        answer = self.plan(admin_client, draft, **other)
        assert answer.status_code == 200
        assert sentence in answer.content.decode()
        assert not Showtime.objects.exclude(closed_for="").exists()

    def test_a_movie_with_minutes_of_a_hire_is_refused(self, admin_client, draft):
        answer = self.plan(admin_client, draft, shown=str(draft.movie_id))
        assert "the movie has a length of its own" in answer.content.decode()

    def test_it_gets_longer_and_another_name_and_then_a_movie(self, admin_client, draft):
        self.plan(admin_client, draft)
        hire = newest()
        address = reverse("admin:theaters_showtime_change", args=[hire.pk])
        assert 'value="150"' in admin_client.get(address).content.decode()
        admin_client.post(address, self.form(draft, closed_for="Conference", hire_minutes="400"))
        hire = newest()
        assert (hire.title, [str(part) for part in hire.program]) == ("Conference", ["Conference, 400 min"])
        admin_client.post(address, self.form(draft, shown=str(draft.movie_id), hire_minutes=""))
        hire = newest()
        assert (hire.movie, hire.title, hire.program) == (draft.movie, draft.movie.title, [])
        assert hire.running_minutes == draft.movie.running_minutes

    def test_a_draft_of_a_movie_becomes_a_private_hire(self, admin_client, draft):
        admin_client.post(reverse("admin:theaters_showtime_change", args=[draft.pk]), self.form(draft))
        draft = newest()
        assert (draft.title, draft.program_minutes, len(draft.program)) == ("Birthday of Ada", 150, 1)

    def test_its_week_is_copied_with_it(self, admin_client, draft):
        self.plan(admin_client, draft)
        hire = newest()
        theater, now = hire.auditorium.theater, timezone.now()
        on = business_day(theater, hire.starts_at)
        entries = list(week_of(theater=theater, first=on, to=on + timedelta(days=7)))
        (copy,) = save_drafts(lines=checked_plan(theater=theater, entries=entries, answers={}, left_out=set(), now=now))
        copy = Showtime.objects.get(pk=copy.pk)
        assert (copy.title, copy.closed_for, copy.program_minutes) == ("Birthday of Ada", "Birthday of Ada", 150)

    def test_nothing_else_goes_without_a_movie(self, draft):
        facts = {"auditorium": draft.auditorium, "price_list": draft.price_list, "starts_at": draft.starts_at}
        with pytest.raises(SchedulingRefused, match="Choose a movie"):
            schedule(movie=None, **facts, listing=ShowtimeListing(closed_for="Birthday of Ada"))
