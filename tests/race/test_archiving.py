"""A movie is archived while another person plans it: the second of the two is refused."""

import pytest
from django.db import transaction
from django.utils import timezone

from tests.clock import evening
from tests.factories import make_auditorium, make_movie, make_price_list, make_theater
from tests.race.racing import start, start_and_block
from theaters.models import Movie, Showtime
from theaters.movies.movie_archive import archive_movie
from theaters.schedule.scheduling import schedule

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def movie(db):
    return make_movie()


@pytest.fixture
def plan(movie):
    room = make_auditorium(make_theater())
    prices = make_price_list(room.theater)
    return lambda: schedule(movie=movie, auditorium=room, price_list=prices, starts_at=evening(3))


@pytest.fixture
def archive(movie):
    return lambda: archive_movie(movie_id=movie.pk, actor="test", reason="", now=timezone.now())


def test_who_plans_while_it_is_archived_waits_and_is_refused(movie, plan, archive):
    with transaction.atomic():
        archive()
        planner = start_and_block(plan)
    assert planner.outcome() == "SchedulingRefused"
    assert not Showtime.objects.exists()


def test_who_archives_while_it_is_planned_waits_and_is_refused(movie, plan, archive):
    with transaction.atomic():
        plan()
        archiver = start_and_block(archive)
    assert archiver.outcome() == "ArchivingRefused"
    assert not Movie.objects.exclude(archived_at=None).exists()


def test_without_the_lock_an_archived_movie_would_have_a_showtime(movie, plan, archive, monkeypatch):
    """Negative control."""
    monkeypatch.setattr("theaters.schedule.scheduling.locks.movies_to_change", lambda movie_ids: None)
    with transaction.atomic():
        archive()
        assert start(plan).outcome() is not None
    assert Showtime.objects.filter(movie__archived_at__isnull=False).count() == 1
