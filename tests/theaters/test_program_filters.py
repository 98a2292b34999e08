"""The filters of the program combine, stand in the address, say how many showtimes they leave, and lead on when nothing
is left.
"""

from copy import deepcopy
from datetime import date, datetime, time, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models import F
from django.test import Client

from houses.models import Theater
from tests.factories import make_auditorium, make_movie, make_price_list, make_showtime, make_theater
from tests.standing_world import standing_world
from tests.variants import some
from theaters.language_names import language_keys
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
SATURDAY = date(2099, 10, 24)
WITH_WHEELCHAIR = "A ooow\nB pppc"


def at_eight():
    """On a Saturday morning in London."""
    return time_machine.travel(datetime(2099, 10, 24, 8, tzinfo=LONDON), tick=False)


def five_showtimes_and_one() -> Theater:
    """On that Saturday five that differ in everything, and one two days later."""
    theater = make_theater()
    prices = make_price_list(theater)

    def put_on(at: time, languages=("English",), days=0, plan=None, **version):
        starts_at = datetime.combine(SATURDAY + timedelta(days=days), at, tzinfo=LONDON)
        auditorium = make_auditorium(theater, plan) if plan else make_auditorium(theater)
        movie = make_movie(languages=list(languages))
        showtime = make_showtime(auditorium=auditorium, price_list=prices, starts_at=starts_at, movie=movie)
        Showtime.objects.filter(pk=showtime.pk).update(**version)

    put_on(time(10))
    put_on(time(14), languages=["French"], picture="3D", dubbed_in="German")
    put_on(time(19), languages=["French"], subtitles_in="German and Dutch", plan=WITH_WHEELCHAIR)
    put_on(time(20), picture="35 mm", seats_taken=F("seats_total"))
    put_on(time(0, 30), days=1, picture="3D")
    put_on(time(18), days=2, picture="IMAX")
    return theater


@pytest.fixture(scope="module")
def standing_program(django_db_setup, django_db_blocker):
    with at_eight(), standing_world(django_db_blocker, five_showtimes_and_one) as theater:
        yield theater


@pytest.fixture
def program(standing_program, db):
    with at_eight():
        yield deepcopy(standing_program)


def page_of(query):
    answer = Client().get(f"/?{query}")
    assert answer.status_code == 200
    return answer.context["page"]


def times(query):
    return [chip.starts_at.strftime("%H:%M") for row in page_of(query).rows for chip in row.chips]


DAY = "day=2099-10-24"
NEEDED = [
    ("", ["10:00", "14:00", "19:00", "20:00", "00:30"]),
    ("format=3D", ["14:00", "00:30"]),
    ("format=3d&format=35mm", ["14:00", "20:00", "00:30"]),
    ("format=35+MM", ["20:00"]),
    ("language=German", ["14:00", "19:00"]),
    ("language=de", ["14:00", "19:00"]),
    ("language=deutsch", ["14:00", "19:00"]),
    ("language=French", ["19:00"]),
    ("language=dutch", ["19:00"]),
    ("time=morning", ["10:00"]),
    ("time=evening", ["19:00", "20:00"]),
    ("time=night", ["00:30"]),
    ("access=wheelchair", ["19:00"]),
    ("bookable=1", ["10:00", "14:00", "19:00", "00:30"]),
    ("bookable=yes", ["10:00", "14:00", "19:00", "00:30"]),
    ("bookable=0", ["10:00", "14:00", "19:00", "20:00", "00:30"]),
    ("format=3D&time=night", ["00:30"]),
    ("format=35mm&bookable=1", []),
    ("language=de&time=evening&access=wheelchair&bookable=1&format=2d", ["19:00"]),
]


@pytest.mark.parametrize(("query", "expected"), some(NEEDED, every=2), ids=[query or "none" for query, _ in NEEDED])
def test_each_filter_alone_and_with_others(program, query, expected):
    assert times(f"{DAY}&{query}") == expected


def counts(page, name):
    return {choice.value: choice.count for group in page.groups if group.name == name for choice in group.choices}


def test_a_choice_says_how_many_showtimes_it_would_leave(program):
    page = page_of(DAY)
    assert counts(page, "format") == {"2d": 2, "3d": 2, "35mm": 1}
    assert counts(page, "language") == {"en": 3, "de": 2, "fr": 1, "nl": 1}
    filtered = page_of(f"{DAY}&format=3d")
    # Another value of the same filter adds showtimes.
    assert counts(filtered, "format") == {"2d": 2, "3d": 2, "35mm": 1}
    assert counts(filtered, "time") == {"afternoon": 1, "night": 1}
    for name, value in [("format", "3d"), ("language", "de"), ("time", "evening"), ("bookable", "1")]:
        assert counts(page, name)[value] == len(times(f"{DAY}&{name}={value}"))


@pytest.mark.parametrize(
    "query",
    ["format=nonsense", "language=klingon", "access=flying", "time=teatime", "bookable=maybe", "format=%3Cb%3E&time=x"],
)
def test_a_value_nobody_knows_leaves_nothing_and_leads_on(program, query):
    answer = Client().get(f"/?{DAY}&{query}")
    assert answer.status_code == 200
    assert "Nothing fits these filters." in answer.text and "<b>" not in answer.text.replace('<b class="', "")
    assert answer.context["page"].url_without_filters == f"/?theater={program.slug}&day=2099-10-24"


@pytest.mark.parametrize(
    "query", ["format=" + "x" * 5000, "&".join(f"language=x{n}" for n in range(200)), "time=", "view=x"]
)
def test_an_address_that_is_too_much_does_no_harm(program, query):
    answer = Client().get(f"/?{query}")
    assert answer.status_code == 200 and len(answer.text) < 60_000


def test_without_a_day_filters_open_the_first_day_that_fits_and_the_strip_shows_where(program):
    page = page_of("format=imax")
    assert (page.day, page.is_later) == (date(2099, 10, 26), True)
    assert [day.on.day for day in page.days if day.has_showtimes] == [26]
    assert page_of(f"{DAY}&format=imax").next_url == f"/?theater={program.slug}&day=2099-10-26&format=imax"


def test_days_theaters_and_chosen_filters_keep_the_others_in_the_address(program):
    page = page_of(f"{DAY}&format=3d&language=de")
    assert page.days[1].url == f"/?theater={program.slug}&day=2099-10-25&format=3d&language=de"
    assert [(chosen.label, chosen.url_without) for chosen in page.chosen_filters] == [
        ("3D", f"/?theater={program.slug}&day=2099-10-24&language=de"),
        ("German", f"/?theater={program.slug}&day=2099-10-24&format=3d"),
    ]
    assert page.week_url == f"/?theater={program.slug}&day=2099-10-24&view=week&format=3d&language=de"


class Fields(HTMLParser):
    """Collects what a browser sends when the filters' button is pressed without scripts."""

    def __init__(self, text):
        super().__init__()
        self.sent, self.inside = [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        self.inside = self.inside or known.get("id") == "filters"
        if self.inside and tag == "input" and (known["type"] == "hidden" or "checked" in known):
            self.sent.append((known["name"], known["value"]))

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"


def test_the_form_sends_theater_day_and_what_is_ticked(program):
    answer = Client().get(f"/?{DAY}&format=3d&time=night")
    assert Fields(answer.text).sent == [
        ("theater", program.slug), ("day", "2099-10-24"), ("time", "night"), ("format", "3d"),
    ]  # fmt: skip
    assert 'method="get" action="/"' in answer.text


def test_the_theaters_own_page_has_the_filters_too(program):
    answer = Client().get(f"{program.get_absolute_url()}?{DAY}&format=3d")
    assert [chip.picture for row in answer.context["page"].rows for chip in row.chips] == ["3D", "3D"]
    assert Fields(answer.text).sent == [("day", "2099-10-24"), ("format", "3d")]


def test_filters_stay_open_after_something_was_pressed_in_them(program):
    pressed = Client().get(f"/?{DAY}", headers={"HX-Request": "true", "HX-Trigger": "filters"})
    assert '<details class="filters" open>' in pressed.text
    assert '<details class="filters">' in Client().get(f"/?{DAY}").text


def test_a_week_has_seven_days_and_filters_count_all_of_it(program):
    page = page_of("view=week")
    assert (page.day, [day.on.day for day in page.ahead]) == (SATURDAY, [26])
    assert counts(page, "format") == {"2d": 2, "3d": 2, "imax": 1, "35mm": 1}


def test_the_front_page_goes_on_with_the_days_after(program):
    assert [day.on.day for day in page_of("").ahead] == [26]
    assert page_of(DAY).ahead == []


def test_today_is_tonight_when_only_the_evening_is_left(program):
    assert not page_of("").is_tonight
    with time_machine.travel(datetime(2099, 10, 24, 17, tzinfo=LONDON), tick=False):
        page = page_of("")
        assert (page.is_tonight, page.rows[0].chips[0].is_soon, page.rows[-1].chips[0].is_soon) == (True, True, False)
        assert ">Tonight<" in Client().get("/").text.replace("\n", "").replace("  ", "")


def test_a_show_after_midnight_says_whose_night_it_is(program):
    chips = [chip for row in page_of(f"{DAY}&time=night").rows for chip in row.chips]
    assert [chip.night for chip in chips] == ["Saturday night"]
    assert "Saturday night" in Client().get(Showtime.objects.get(pk=chips[0].id).movie.get_absolute_url()).text


def test_a_film_says_the_lowest_usual_price(program):
    rows = page_of(f"{DAY}&time=morning").rows
    assert [row.from_price for row in rows] == ["£14.50"]
    assert "from £14.50" in Client().get(f"/?{DAY}").text


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("French and Dutch", {"fr", "nl"}),
        ("german", {"de"}),
        ("Deutsch, English", {"de", "en"}),
        ("Klingonese", {"klingonese"}),
    ],
)
def test_names_of_languages(text, keys):
    assert language_keys(text) == keys
