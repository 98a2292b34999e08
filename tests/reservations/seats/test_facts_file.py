"""The facts of a plan's seats are one file that browsers keep, and that agrees with the list."""

import json
import re

import pytest
from django.test import Client

from core.caches.process_cache import forget_everything
from reservations.models import ShowtimeSeat
from reservations.seats.plan_seats import auditorium_facts, seats_of_plan
from reservations.seats.screen_views import seat_views
from tests.factories import make_auditorium, make_showtime, make_theater
from theaters.models import Auditorium

pytestmark = pytest.mark.django_db

MEASURES = {
    "screen_width_cm": 900, "screen_height_cm": 400, "first_row_cm": 500, "row_pitch_cm": 100, "row_rise_cm": 20,
}  # fmt: skip


@pytest.fixture
def plan():
    return make_showtime(auditorium=make_auditorium(make_theater(), "A oo.oo\nB oo.oo\n"))


def address_in(page):
    return re.search(r'data-facts-url="([^"]+)"', page.text)[1]


def measured(showtime, **more):
    Auditorium.objects.filter(pk=showtime.auditorium_id).update(**MEASURES, **more)
    forget_everything()


def test_the_map_names_it_and_it_says_where_each_seat_is(plan, client):
    measured(plan, exit_rows="B")
    answer = client.get(address_in(client.get(plan.get_absolute_url())))
    assert json.loads(answer.content) == {
        "screen": [9.0, 4.0],
        "said": ["", "beside an aisle", "near an exit", "beside an aisle, near an exit"],
        "seats": {
            "A1": [-1.1, 5.0, 0.0, 0], "A2": [-0.55, 5.0, 0.0, 1], "A3": [0.55, 5.0, 0.0, 1], "A4": [1.1, 5.0, 0.0, 0],
            "B1": [-1.1, 6.0, 0.2, 2], "B2": [-0.55, 6.0, 0.2, 3], "B3": [0.55, 6.0, 0.2, 3], "B4": [1.1, 6.0, 0.2, 2],
        },
    }  # fmt: skip


def test_its_places_are_those_of_the_list(plan, client):
    measured(plan)
    known = json.loads(client.get(address_in(client.get(plan.get_absolute_url()))).content)["seats"]
    views = seat_views(seats_of_plan(plan.plan_id), auditorium_facts(plan.plan_id).measures)
    for seat in seats_of_plan(plan.plan_id):
        aside, ahead, _up, _flags = known[seat.label]
        assert (aside**2 + ahead**2) ** 0.5 == pytest.approx(views.view_from([seat]).distance, abs=0.01)


def test_without_measures_it_says_what_the_plan_tells(plan, client):
    known = json.loads(client.get(address_in(client.get(plan.get_absolute_url()))).content)
    assert known["screen"] is None and known["seats"]["A2"] == [0.0, 0.0, 0.0, 1]


def test_it_is_kept_for_ever_under_a_name_that_changes_with_the_facts(plan, client):
    before = address_in(client.get(plan.get_absolute_url()))
    assert "immutable" in client.get(before)["Cache-Control"] and "public" in client.get(before)["Cache-Control"]
    measured(plan)
    after = address_in(client.get(plan.get_absolute_url()))
    assert after != before
    assert client.get(before)["Cache-Control"] == "no-store"
    assert json.loads(client.get(before).content)["screen"] == [9.0, 4.0]


FACTS = """\
steps 0
hearing loop yes
armrest lifts no
A oo.oo
steps 2
hearing loop no
seats 1: armrest lifts yes
seats 2: note Behind a pillar </script>
B oo.oo
steps unknown
hearing loop unknown
armrest lifts unknown
C oo.oo
"""


@pytest.fixture
def told():
    return make_showtime(auditorium=make_auditorium(make_theater(), FACTS))


def said_of(known, label):
    return known["said"][known["seats"][label][3]]


def test_it_says_what_the_plan_says_and_nothing_that_nobody_knows(told, client):
    known = json.loads(client.get(address_in(client.get(told.get_absolute_url()))).content)
    assert {label: said_of(known, label) for label in ("A1", "A2", "B1", "B2", "B4", "C1", "C2")} == {
        "A1": "no steps, hearing loop",
        "A2": "beside an aisle, no steps, hearing loop",
        "B1": "2 steps, armrest lifts",
        "B2": "beside an aisle, 2 steps, Behind a pillar </script>",
        "B4": "2 steps",
        "C1": "",
        "C2": "beside an aisle",
    }


def test_each_language_has_its_own_file(told, client):
    english = address_in(client.get(told.get_absolute_url()))
    client.cookies["language"] = "de"
    german = address_in(client.get(told.get_absolute_url(), headers={"Accept-Language": "de"}))
    assert english != german
    known = json.loads(Client().get(german).content)
    assert said_of(known, "A2") == "am Gang, keine Stufen, Höranlage" and said_of(known, "B4") == "2 Stufen"
    assert said_of(json.loads(client.get(english).content), "A1") == "no steps, hearing loop"
    assert "immutable" in Client().get(german)["Cache-Control"]


def test_the_facts_of_seats_are_not_in_the_page_of_the_map(told, client):
    page = client.get(told.get_absolute_url()).text
    assert "Behind a pillar" not in page and "hearing loop" not in page


def test_what_is_sold_does_not_change_it(plan, client):
    path = address_in(client.get(plan.get_absolute_url()))
    known = client.get(path).content
    ShowtimeSeat.objects.filter(showtime=plan).update(house_reason="Press")
    assert client.get(path).content == known and address_in(client.get(plan.get_absolute_url())) == path


def test_a_plan_without_numbered_seats_has_no_file_of_facts(client):
    hall = make_showtime(auditorium=make_auditorium(make_theater(), "[Floor]\nunreserved 9"))
    assert "data-facts-url" not in client.get(hall.get_absolute_url()).text
    assert client.get(f"/seats/{hall.plan_id}/1a.json").status_code == 404
    assert client.get("/seats/987654/1a.json").status_code == 404
