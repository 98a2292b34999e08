"""Versions of a movie: read and written in words, chosen when a showtime is planned, kept by the showtime."""

from datetime import timedelta

import pytest
from django.forms import inlineformset_factory
from django.utils import timezone

from tests.clock import evening
from tests.factories import make_auditorium, make_movie, make_price_list, make_theater
from theaters.forms import VersionForm, VersionFormSet
from theaters.models import Movie, MovieVersion, Showtime
from theaters.movies.movie_versions import missed_version
from theaters.schedule.scheduling import SchedulingRefused, schedule
from theaters.versions import PLAIN, Version, VersionUnreadable, version_of

DEEP = Version("3D", "German", "")


def offer(movie, *versions):
    for version in versions:
        MovieVersion.objects.create(
            movie=movie, picture=version.picture, dubbed_in=version.dubbed_in, subtitles_in=version.subtitles_in
        )
    return movie


def plan(movie, **fields):
    room = make_auditorium(make_theater())
    price_list = make_price_list(room.theater)
    starts_at = evening()
    return schedule(movie=movie, auditorium=room, price_list=price_list, starts_at=starts_at, **fields)


@pytest.mark.parametrize(
    "version",
    [PLAIN, DEEP, Version("2D", "", "French and Dutch"), Version("IMAX 3D", "German", "English"), Version("35 mm")],
    ids=str,
)
def test_what_is_written_is_read_again(version):
    assert version_of(version.text) == version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("2d", PLAIN),
        ("Dubbed in german, 3D", DEEP),
        ("subtitled in  french", Version("2D", "", "French")),
        ("日本語 subtitles", Version("2D", "", "日本語")),
    ],
)
def test_case_and_order_do_not_matter(text, version):
    assert version_of(text) == version


@pytest.mark.parametrize(
    "text", ["", "5D", "2D, 3D", "dubbed in =1+1", "dubbed in " + "x" * 41, "<b> subtitles", "2D;3D", "dubbed"]
)
def test_what_is_no_version(text):
    with pytest.raises(VersionUnreadable):
        version_of(text)


def test_a_movie_without_versions_comes_plain(db):
    movie = make_movie()
    assert movie.offered() == [PLAIN]
    assert plan(movie).version == PLAIN


def test_the_only_version_needs_no_choice(db):
    assert plan(offer(make_movie(), DEEP)).version == DEEP


def test_a_movie_of_several_versions_needs_a_choice(db):
    movie = offer(make_movie(title="Deep"), PLAIN, DEEP)
    with pytest.raises(SchedulingRefused, match=r"Deep comes in 2D; 3D, dubbed in German: choose one\."):
        plan(movie)
    assert not Showtime.objects.exists()
    assert plan(movie, version=DEEP).version == DEEP


def test_a_version_that_is_not_offered(db):
    with pytest.raises(SchedulingRefused, match="does not come as 3D, dubbed in German, but in 2D"):
        plan(make_movie(), version=DEEP)
    assert not Showtime.objects.exists()


def test_a_version_that_is_planned_is_missed(db):
    movie = offer(make_movie(), PLAIN, DEEP)
    showtime = plan(movie, version=DEEP)
    now = timezone.now()
    assert missed_version(movie=movie, offered=[PLAIN, DEEP], now=now) == ""
    assert f"{showtime} is planned as 3D, dubbed in German" in missed_version(movie=movie, offered=[PLAIN], now=now)
    assert missed_version(movie=movie, offered=[PLAIN], now=showtime.ends_at + timedelta(minutes=1)) == ""


def test_the_movies_page_keeps_what_is_planned(db):
    movie = offer(make_movie(), PLAIN, DEEP)
    plan(movie, version=DEEP)
    row = movie.versions.get(picture="3D")
    data = {
        "versions-TOTAL_FORMS": "1",
        "versions-INITIAL_FORMS": "1",
        "versions-0-id": row.pk,
        "versions-0-movie": movie.pk,
    }
    form_set = inlineformset_factory(Movie, MovieVersion, form=VersionForm, formset=VersionFormSet)
    keeps = form_set(data | {"versions-0-picture": "3D", "versions-0-dubbed_in": "german"}, instance=movie)
    assert keeps.is_valid(), keeps.errors
    loses = form_set(data | {"versions-0-picture": "3D", "versions-0-dubbed_in": "French"}, instance=movie)
    assert not loses.is_valid() and "is planned as 3D, dubbed in German" in str(loses.non_form_errors())
