"""Two people in the office save the same name at the same moment: the second is told so, or gets another address."""

import pytest
from django.contrib.admin import ModelAdmin
from django.db import IntegrityError, transaction
from django.test import Client

from staff.office import OfficeAdmin
from tests.boxoffice.test_catalogue import movie_form
from tests.factories import make_movie, make_staff, make_theater
from tests.race.racing import start, start_and_block
from theaters import locks
from theaters.models import Movie, SeatCategory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CATEGORIES, MOVIES = "/admin/theaters/seatcategory/add/", "/admin/theaters/movie/add/"


@pytest.fixture
def theater():
    return make_theater()


@pytest.fixture
def press(theater):
    client = Client()
    client.force_login(make_staff("MANAGER", theater))
    return lambda address, data: lambda: client.post(address, data)


def add_box(theater):
    SeatCategory.objects.create(theater=theater, code="BOX", name="Box", position=9)


BOX = {"name": "Box", "behavior": "ORDINARY", "position": "9"}


def test_a_seat_category_is_there_once_and_the_second_person_reads_why(theater, press):
    with transaction.atomic():
        add_box(theater)
        second = start_and_block(press(CATEGORIES, {**BOX, "theater": theater.pk}))
    answer = second.outcome()
    assert answer.status_code == 200
    assert "name" in answer.context["adminform"].form.errors
    assert SeatCategory.objects.filter(name="Box").count() == 1


def test_two_ways_to_sell_seats_do_not_get_one_name(theater, press):
    """Their codes differ. Only the form sees that the names are the same, if the two saves wait for each other."""
    with transaction.atomic():
        locks.theater_to_change(theater.pk)
        SeatCategory.objects.create(theater=theater, code="S-BOX", name="Box", position=9)
        second = start_and_block(press(CATEGORIES, {**BOX, "theater": theater.pk}))
    answer = second.outcome()
    assert answer.status_code == 200 and "another category" in answer.context["adminform"].form.errors["name"][0]
    assert SeatCategory.objects.filter(name="Box").count() == 1


def test_without_their_lock_there_would_be_two_of_one_name(theater, press, monkeypatch):
    """Negative control."""
    monkeypatch.setattr(locks, "theater_to_change", lambda theater_id: None)
    with transaction.atomic():
        SeatCategory.objects.create(theater=theater, code="S-BOX", name="Box", position=9)
        assert start(press(CATEGORIES, {**BOX, "theater": theater.pk})).outcome().status_code == 302
    assert SeatCategory.objects.filter(name="Box").count() == 2


def test_a_movie_gets_another_address(press):
    with transaction.atomic():
        make_movie(title="Faust", slug="faust", year=1926)
        second = start_and_block(press(MOVIES, movie_form(title="Faust", slug="", year="1926")))
    assert second.outcome().status_code == 302
    assert Movie.objects.count() == len({*Movie.objects.values_list("slug", flat=True)}) == 2


def test_without_a_second_look_it_would_be_an_error(theater, press, monkeypatch):
    """Negative control."""
    monkeypatch.setattr(OfficeAdmin, "changeform_view", ModelAdmin.changeform_view)
    with transaction.atomic():
        add_box(theater)
        second = start_and_block(press(CATEGORIES, {**BOX, "theater": theater.pk}))
    with pytest.raises(IntegrityError):
        second.outcome()
