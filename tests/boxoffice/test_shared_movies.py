"""A movie that several theaters show is changed only by people with rights at every one of them."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client

from houses.models import Theater
from staff.models import AuditEntry, StaffRole
from staff.office import SHARED, OfficeAdmin
from tests.boxoffice.test_catalogue import movie_form, picture
from tests.boxoffice.test_movie_import import do, fates, look, problems
from tests.factories import make_auditorium, make_draft, make_movie, make_showtime, make_staff, make_theater
from tests.ledger import nothing_changes
from theaters.models import Movie, MovieRating, MovieVersion, Showtime

pytestmark = pytest.mark.django_db
LIST = "/admin/theaters/movie/"
WHY = "Marquee New York shows this movie too; someone with rights at every theater that shows it can change it."
SECRET = "Another theater plans to show this movie; someone with rights at every theater that shows it can change it."
RENAME = "slug,title\nmetropolis,Renamed\n"


@pytest.fixture
def here():
    return make_theater()


@pytest.fixture
def new_york():
    theater = make_theater()
    Theater.objects.filter(pk=theater.pk).update(name="Marquee New York")
    theater.refresh_from_db()
    return theater


@pytest.fixture
def movie():
    movie = make_movie(slug="metropolis", title="Metropolis")
    MovieRating.objects.create(movie=movie, country="US", label="PG")
    MovieVersion.objects.create(movie=movie, picture="3D")
    return movie


@pytest.fixture
def person(here):
    return make_staff("MANAGER", here)


@pytest.fixture
def office(person):
    client = Client()
    client.force_login(person)
    return client


def page_of(movie, verb="change"):
    return f"{LIST}{movie.pk}/{verb}/"


def form(movie, **fields):
    """What the movie's page sends, with all of its inline rows."""
    rating, version = movie.ratings.get(), movie.versions.get()
    return movie_form(title="Renamed", slug=movie.slug) | {
        "ratings-TOTAL_FORMS": "1", "ratings-INITIAL_FORMS": "1", "ratings-0-id": rating.pk, "ratings-0-movie": movie.pk,
        "ratings-0-country": "US", "ratings-0-label": "R", "versions-TOTAL_FORMS": "1", "versions-INITIAL_FORMS": "1",
        "versions-0-id": version.pk, "versions-0-movie": movie.pk, "versions-0-picture": "3D",
    } | fields  # fmt: skip


def test_a_movie_of_the_own_theater_alone_is_changed(office, here, movie):
    make_showtime(theater=here, movie=movie)
    answer = office.post(page_of(movie), form(movie))
    assert answer.status_code == 302, answer.context["errors"]
    movie.refresh_from_db()
    assert (movie.title, movie.ratings.get().label) == ("Renamed", "R")


def test_a_movie_that_nobody_shows_is_changed_and_deleted(office, movie):
    assert office.post(page_of(movie), form(movie)).status_code == 302
    assert office.post(page_of(movie, "delete"), {"post": "yes"}).status_code == 302
    assert not Movie.objects.exists()


def test_a_movie_that_another_theater_shows_is_read_only_and_the_page_says_why(office, here, new_york, movie):
    make_showtime(theater=here, movie=movie)
    make_showtime(theater=new_york, movie=movie)
    page = office.get(page_of(movie))
    assert page.status_code == 200 and WHY in page.text
    assert 'name="title"' not in page.text and 'name="ratings-0-label"' not in page.text
    assert 'name="versions-0-picture"' not in page.text and 'name="_save"' not in page.text


@pytest.mark.parametrize("change", [{}, {"ratings-0-DELETE": "on"}, {"versions-0-DELETE": "on"}, {"poster": True}])
def test_nothing_of_it_is_written(office, new_york, movie, change):
    make_showtime(theater=new_york, movie=movie)
    if change.pop("poster", False):
        change["poster_image"] = SimpleUploadedFile("a.png", picture())
    with nothing_changes():
        answer = office.post(page_of(movie), form(movie, **change))
    assert answer.status_code == 403 and WHY in answer.text
    assert not AuditEntry.objects.filter(what="theaters.movie").exists()


def test_it_is_not_deleted_by_its_page_or_from_the_list(office, new_york, movie):
    showtime = make_draft(auditorium=make_auditorium(new_york), movie=movie)
    mine = make_movie()
    answer = office.post(page_of(movie, "delete"), {"post": "yes"})
    assert answer.status_code == 403 and SECRET in answer.text
    both = {"action": "delete_selected", "_selected_action": [movie.pk, mine.pk], "post": "yes"}
    assert "1 of these are not yours to change" in office.post(LIST, both, follow=True).text
    assert set(Movie.objects.all()) == {movie}
    assert Showtime.objects.get() == showtime


def test_a_theater_that_showed_it_years_ago_counts(office, new_york, movie):
    make_showtime(theater=new_york, movie=movie)
    moments = ("starts_at", "ends_at", "occupied_until", "sales_close_at")
    Showtime.objects.update(**{name: F(name) - timedelta(days=3650) for name in moments})
    assert office.post(page_of(movie), form(movie)).status_code == 403


def test_a_draft_counts_and_the_theater_that_plans_it_is_not_named(office, new_york, movie):
    make_draft(auditorium=make_auditorium(new_york), movie=movie)
    page = office.get(page_of(movie))
    assert SECRET in page.text and "New York" not in page.text
    assert office.post(page_of(movie), form(movie)).status_code == 403


@pytest.mark.parametrize(("role", "status"), [("MANAGER", 302), ("OWNER", 302), ("BOX_OFFICE", 403), ("AUDITOR", 403)])
def test_what_the_person_may_at_the_other_theater_decides(office, person, here, new_york, movie, role, status):
    for theater in (here, new_york):
        make_showtime(theater=theater, movie=movie)
    StaffRole.objects.create(user=person, theater=new_york, role=role)
    assert office.post(page_of(movie), form(movie)).status_code == status
    assert (WHY in office.get(page_of(movie)).text) is (status == 403)


def test_who_may_change_no_movie_is_not_told_of_others(here, new_york, movie):
    make_showtime(theater=new_york, movie=movie)
    client = Client()
    client.force_login(make_staff("BOX_OFFICE", here))
    answer = client.get(page_of(movie))
    assert answer.status_code == 200 and "New York" not in answer.text


class TestImport:
    def test_it_is_refused_and_left_out_with_the_reason(self, office, new_york, movie):
        make_showtime(theater=new_york, movie=movie)
        make_movie(slug="mine", title="Mine")
        text = RENAME + "mine,Ours\n"
        page = look(office, text)
        assert fates(page) == ["refuse", "change"] and problems(page) == WHY and WHY in page.text
        do(office, text)
        assert list(Movie.objects.order_by("slug").values_list("title", flat=True)) == ["Metropolis", "Ours"]

    @pytest.mark.parametrize(
        "cells", ["versions\nmetropolis,2D\n", "ratings\nmetropolis,US R\n", "code\nmetropolis,X1\n"]
    )
    def test_no_column_of_it_is_written(self, office, new_york, movie, cells):
        make_showtime(theater=new_york, movie=movie)
        assert fates(look(office, f"slug,{cells}")) == ["refuse"]
        with nothing_changes():
            do(office, f"slug,{cells}")

    def test_the_same_movie_is_no_reason_to_refuse(self, office, new_york, movie):
        make_showtime(theater=new_york, movie=movie)
        assert fates(look(office, "slug,title\nmetropolis,Metropolis\n")) == ["same"]

    def test_a_theater_that_begins_to_show_it_after_the_look(self, office, new_york, movie):
        page = look(office, RENAME)
        make_showtime(theater=new_york, movie=movie)
        sent = {"text": RENAME, "fingerprint": page.context["look"].fingerprint, "_apply": "1"}
        assert "The catalogue has changed since you looked" in office.post("/admin/theaters/movie/import/", sent).text
        assert Movie.objects.get().title == "Metropolis"

    def test_with_rights_at_both(self, office, person, new_york, movie):
        make_showtime(theater=new_york, movie=movie)
        StaffRole.objects.create(user=person, theater=new_york, role="MANAGER")
        do(office, RENAME)
        assert Movie.objects.get().title == "Renamed"


def test_a_page_of_shared_rows_that_does_not_ask_who_uses_them_is_refused():
    class Careless(OfficeAdmin):
        theater_path = SHARED

    with pytest.raises(ImproperlyConfigured, match="SharedAdmin"):
        admin.site.register(StaffRole, Careless)
