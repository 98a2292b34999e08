"""What's on, a movie, a theater: by day, in the theater's own time, and at most seconds old."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models import F
from django.test import Client

from houses.models import Theater
from reservations.seats.fullness import refresh_fullness
from reservations.seats.taking import take_seats
from tests.aging import lapse
from tests.factories import (
    hold_seats,
    make_auditorium,
    make_browser,
    make_draft,
    make_movie,
    make_price_list,
    make_showtime,
    make_theater,
)
from theaters.models import Showtime
from theaters.schedule.scheduling import SchedulingRefused

pytestmark = pytest.mark.django_db
LONDON, HTMX = ZoneInfo("Europe/London"), {"HX-Request": "true"}
SATURDAY = date(2099, 10, 24)  # the night when clocks go back, far ahead, because the database's clock is real


@pytest.fixture
def now():
    """The process's clock at noon of a Saturday in London."""
    with time_machine.travel(datetime(2099, 10, 24, 12, tzinfo=LONDON), tick=False):
        yield


@pytest.fixture
def theater(now):
    return make_theater()


@pytest.fixture
def show(theater):
    """Put a movie on at a day and a time of this theater, in an auditorium of its own."""
    prices = make_price_list(theater)

    def put_on(at: time, on: date = SATURDAY, **fields):
        starts_at = datetime.combine(on, at, tzinfo=theater.zone)
        return make_showtime(auditorium=make_auditorium(theater), price_list=prices, starts_at=starts_at, **fields)

    return put_on


def listed(path="/"):
    page = Client().get(path).context["page"]
    return [chip.starts_at.strftime("%H:%M") for row in page.rows for chip in row.chips]


def test_a_half_past_midnight_show_stands_under_the_evening_before(show):
    show(time(20))
    show(time(0, 30), on=date(2099, 10, 25))
    show(time(10), on=date(2099, 10, 25))
    assert listed() == listed("/?day=2099-10-24") == ["20:00", "00:30"]
    assert listed("/?day=2099-10-25") == ["10:00"]


def test_on_the_night_clocks_go_back_every_show_is_listed_once_in_local_time(show):
    first = datetime(2099, 10, 25, 1, 30, tzinfo=LONDON, fold=0)
    show(time(23, 30))
    show(time(4, 30), on=date(2099, 10, 25))
    second = make_showtime(starts_at=first.replace(fold=1), auditorium=make_auditorium(Theater.objects.get()))
    assert listed("/?day=2099-10-24") == ["23:30", "01:30", "04:30"]
    assert second.starts_at.utctimetuple().tm_hour == 1


def test_a_show_is_gone_when_its_sales_close(show):
    showtime = show(time(20))
    assert listed() == ["20:00"]
    with time_machine.travel(showtime.sales_close_at):
        assert listed() == []
        assert Client().get(showtime.movie.get_absolute_url()).context["days"] == []


def test_sales_close_as_many_minutes_before_or_after_the_start_as_the_theater_says(show, theater):
    Theater.objects.update(sales_close_minutes=-15)
    theater.refresh_from_db()
    showtime = show(time(20))
    with time_machine.travel(showtime.starts_at + timedelta(minutes=14)):
        assert listed() == ["20:00"]
    with time_machine.travel(showtime.starts_at + timedelta(minutes=15)):
        assert listed() == []


@pytest.mark.parametrize("status", ["DRAFT", "CANCELED"])
def test_only_published_shows_are_listed(show, status):
    show(time(20))
    Showtime.objects.update(status=status)
    assert listed() == []


def test_films_are_grouped_and_the_one_that_plays_soonest_comes_first(show):
    nosferatu, metropolis = make_movie(title="Nosferatu"), make_movie(title="Metropolis")
    show(time(18), movie=metropolis)
    show(time(14), movie=nosferatu)
    show(time(21), movie=nosferatu)
    rows = Client().get("/").context["page"].rows
    assert [(row.movie.title, len(row.chips)) for row in rows] == [("Nosferatu", 2), ("Metropolis", 1)]


def test_times_are_the_theaters_own(theater):
    tokyo = make_theater(timezone_name="Asia/Tokyo", currency="JPY", country="JP")
    starts_at = datetime(2099, 10, 25, 19, tzinfo=ZoneInfo("Asia/Tokyo"))
    make_showtime(auditorium=make_auditorium(tokyo), starts_at=starts_at)
    answer = Client().get(f"/?theater={tokyo.slug}&day=2099-10-25")
    assert ">19:00<" in answer.content.decode().replace("\n", "").replace(" ", "")


# How full.


def chips(path="/"):
    return [chip for row in Client().get(path).context["page"].rows for chip in row.chips]


def test_the_label_follows_what_is_held_and_sold_and_what_lapsed(show, my_browser):
    showtime = show(time(20))
    hold = hold_seats(showtime, my_browser, *[f"A{n}" for n in range(1, 7)], "B1", "B2")
    refresh_fullness()
    assert [(chip.fullness, chip.percent) for chip in chips()] == [("last", 65)]
    lapse(hold)
    refresh_fullness()
    assert [(chip.fullness, chip.fullness_label) for chip in chips()] == [("free", "Plenty left")]


def test_sold_out_is_said(show):
    showtime = show(time(20))
    for number, row in enumerate("AB"):
        take_seats(showtime_id=showtime.pk, browser=make_browser(number), labels=[f"{row}{n}" for n in range(1, 7)])
    refresh_fullness()
    assert [(chip.fullness, chip.percent) for chip in chips()] == [("sold_out", 100)]
    assert "Sold out" in Client().get("/").content.decode()


def test_the_counts_are_corrected_however_long_the_worker_was_dead(show, my_browser):
    showtime = show(time(20))
    refresh_fullness()
    hold_seats(showtime, my_browser, "A1")
    Showtime.objects.update(seats_taken=9)
    refresh_fullness()
    showtime.refresh_from_db()
    assert (showtime.seats_total, showtime.seats_taken) == (12, 1)


# The choice of a theater in the address.


def test_the_chosen_theater_is_remembered(theater):
    other = make_theater()
    client = Client()
    assert client.get("/").context["page"].theater.slug == theater.slug
    client.get(f"/?theater={other.slug}")
    assert client.get("/").context["page"].theater.slug == other.slug


def test_one_theater_alone_is_nothing_to_choose_from(show):
    show(time(20))
    switch = '<nav class="switch"'
    assert switch not in Client().get("/").text
    make_showtime(auditorium=make_auditorium(make_theater()))
    assert switch in Client().get("/").text


@pytest.mark.parametrize("name", ["\u202ekino", "a" * 5000, "a;b"])
def test_what_no_theater_is_called_is_not_remembered_even_before_there_is_one(db, client, name):
    """A cookie with such a value could not be sent, or would make every later request too large."""
    assert "theater" not in client.get("/", {"theater": name}).cookies


def test_a_theater_that_was_remembered_and_is_gone_is_forgotten(theater):
    client = Client()
    client.cookies["theater"] = "gone"
    assert client.get("/").context["page"].theater.slug == theater.slug


@pytest.mark.parametrize(
    "path",
    [
        "/?day=2026-02-30", "/?day=tomorrow", "/?day=0001-01-01", "/?day=9999-12-31", "/?theater=nowhere",
        "/movies/nothing/", "/theaters/nowhere/", "/movies/nothing/poster.svg", "/movies/nothing/palette.css",
    ],
)  # fmt: skip
def test_a_wrong_day_or_name_is_a_helpful_404(theater, path):
    answer = Client().get(path)
    assert answer.status_code == 404 and b"Marquee" in answer.content


def test_an_empty_day_points_to_the_next_with_something_on(show, theater):
    show(time(20), on=date(2099, 10, 28))
    page = Client().get("/?day=2099-10-26").context["page"]
    assert (page.rows, page.next_url) == ([], f"/?theater={theater.slug}&day=2099-10-28")
    assert [day.on.day for day in page.days if day.has_showtimes] == [28]


@pytest.mark.parametrize("path", ["/", "/theaters/{}/"])
@pytest.mark.parametrize(
    ("at", "opens"),
    [(datetime(2099, 10, 24, 19), 24), (datetime(2099, 10, 24, 22), 26), (datetime(2099, 10, 25, 1), 26)],
    ids=["before the close", "after it", "at night"],
)
def test_without_a_day_the_first_with_something_to_buy_opens(show, theater, path, at, opens):
    show(time(20))
    show(time(20), on=date(2099, 10, 26))
    with time_machine.travel(at.replace(tzinfo=LONDON), tick=False):
        page = Client().get(path.format(theater.slug)).context["page"]
    assert (page.day.day, bool(page.rows), page.is_later) == (opens, True, opens != 24)


@pytest.mark.parametrize("later", [2, 40], ids=["in the strip", "beyond it"])
def test_a_day_that_is_sold_out_does_not_open_by_itself(show, theater, later):
    sold_out = show(time(20))
    Showtime.objects.filter(pk=sold_out.pk).update(seats_taken=F("seats_total"))
    show(time(20), on=SATURDAY + timedelta(days=later))
    page = Client().get("/").context["page"]
    assert (page.day, page.is_later) == (SATURDAY + timedelta(days=later), True)
    asked = Client().get(f"/?day={SATURDAY}").context["page"]
    assert (asked.day, asked.is_later, asked.rows[0].chips[0].fullness) == (SATURDAY, False, "sold_out")


def test_with_nothing_to_buy_at_all_today_opens(show, theater):
    page = Client().get("/").context["page"]
    assert (page.day, page.is_later, page.rows) == (SATURDAY, False, [])


def test_a_past_day_says_that_it_is_past(show):
    page = Client().get("/?day=2099-10-20").context["page"]
    assert (page.is_past, page.rows) == (True, [])


def test_the_strip_has_fourteen_days_from_today(show):
    days = Client().get("/").context["page"].days
    assert (len(days), days[0].on, days[0].is_today, days[0].is_chosen) == (14, SATURDAY, True, True)


@pytest.mark.parametrize("path", ["/", "/theaters/{}/"], ids=["front page", "theater page"])
@pytest.mark.parametrize(
    ("offset", "place", "heading"),
    [(-4, 0, "Tuesday 20 October"), (40, 14, "Thursday 3 December"), (100, 14, "Monday 1 February 2100")],
    ids=["past", "far", "next year"],
)
def test_a_chosen_day_outside_the_strip_is_shown_in_it_with_a_way_back(show, theater, path, offset, place, heading):
    show(time(20), on=(on := SATURDAY + timedelta(days=offset)))
    path = path.format(theater.slug)
    answer = Client().get(f"{path}?day={on}&format=2d")
    page = answer.context["page"]
    chosen = page.days[place]
    assert (len(page.days), chosen.on, chosen.is_chosen, chosen.is_apart) == (15, on, True, True)
    assert [day.on for day in page.days if day.is_chosen or day.is_apart] == [on]
    assert (chosen.has_showtimes, len(page.rows)) == ((False, 0) if offset < 0 else (True, 1))
    assert answer.text.count(f'id="day-{on}"') == 1 and heading in answer.text
    assert page.today_url == (f"/?theater={theater.slug}&format=2d" if path == "/" else f"{path}?format=2d")
    assert answer.text.count("Back to the next days") == 1
    assert "Back to the next days" not in Client().get(f"{path}?day={SATURDAY + timedelta(days=13)}").text


def test_a_day_after_the_strip_has_its_filters_and_a_week_those_of_its_days(show):
    for days in (13, 40, 46, 47):
        show(time(20), on=SATURDAY + timedelta(days=days))

    def counted(query):
        page = Client().get(f"/?{query}").context["page"]
        return {group.name: [choice.count for choice in group.choices] for group in page.groups}["time"], len(page.rows)

    far = SATURDAY + timedelta(days=40)
    assert counted(f"day={far}&time=evening") == ([1], 1)
    assert counted(f"day={far}&time=evening&view=week") == ([2], 1)
    assert counted(f"day={SATURDAY}&view=week&time=evening") == ([0], 0)
    assert counted(f"day={SATURDAY + timedelta(days=10)}&time=evening&view=week") == ([1], 0)


def test_with_htmx_only_the_listing_is_sent(show):
    show(time(20))
    whole, part = Client().get("/").content.decode(), Client().get("/", headers=HTMX)
    assert "<html" in whole and "<html" not in part.content.decode() and 'id="listing"' in part.content.decode()
    assert "HX-Request" in part["Vary"]
    back = Client().get("/", headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


def test_without_any_theater_the_doors_are_closed(db):
    assert Client().get("/").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_listings_are_only_read(show, method):
    movie, theater = show(time(20)).movie, Theater.objects.get()
    for path in ("/", movie.get_absolute_url(), theater.get_absolute_url()):
        assert getattr(Client(), method)(path).status_code == 405


def test_a_film_lists_its_days_by_theater(show):
    movie = make_movie()
    for at, on in [(time(20), SATURDAY), (time(0, 30), date(2099, 10, 25)), (time(20), date(2099, 10, 25))]:
        show(at, on=on, movie=movie)
    days = Client().get(movie.get_absolute_url()).context["days"]
    assert [(day.on, [len(group.chips) for group in day.groups]) for day in days] == [
        (SATURDAY, [2]),
        (date(2099, 10, 25), [1]),
    ]


def test_a_theater_has_its_own_listing(show, theater):
    show(time(20))
    page = Client().get(theater.get_absolute_url())
    assert (page.status_code, page.context["page"].theater.slug) == (200, theater.slug)
    assert listed(f"{theater.get_absolute_url()}?day=2099-10-24") == ["20:00"]


def test_a_films_palette_is_a_stylesheet_of_its_own_colors(db):
    movie = make_movie(slug="metropolis", palette=["#111111", "#222222", "#333333"])
    answer = Client().get(f"/movies/{movie.slug}/palette.css")
    assert answer["Content-Type"] == "text/css"
    assert answer.content == b".film-metropolis{--film-1:#111111;--film-2:#222222;--film-3:#333333;}"


def test_a_poster_is_drawn_from_the_film(db):
    answer = Client().get(f"/movies/{make_movie(title='A <Trip> & more').slug}/poster.svg")
    assert answer["Content-Type"] == "image/svg+xml" and b"<Trip>" not in answer.content


def test_two_showtimes_never_overlap_in_a_room_and_the_other_is_named(show, theater):
    first = show(time(20))
    late = {"auditorium": first.auditorium, "price_list": first.price_list}
    with pytest.raises(
        SchedulingRefused, match=f"{first.movie.title} is in {first.auditorium.name} from Sat 24 Oct, 20:00"
    ):
        make_draft(**late, starts_at=first.occupied_until - timedelta(minutes=1))
    assert make_draft(**late, starts_at=first.occupied_until).pk
    Showtime.objects.filter(pk=first.pk).update(status="CANCELED", starts_at=F("starts_at"))
    assert make_draft(**late, starts_at=first.starts_at).pk


def test_a_theater_that_is_still_being_set_up_is_not_offered(show, theater):
    show(time(19))
    new = make_theater()
    Theater.objects.filter(pk=new.pk).update(name="A first one")
    page = Client().get("/").content.decode()
    assert theater.name in page and new.slug not in page
    assert "A first one" in Client().get(new.get_absolute_url()).content.decode()
    assert f"?theater={new.slug}" in Client().get(f"/?theater={new.slug}").content.decode()


def test_a_film_shows_the_times_of_my_theater_and_names_the_others_with_their_zone(show, theater):
    tokyo = make_theater(timezone_name="Asia/Tokyo", currency="JPY", country="JP")
    movie = show(time(20)).movie
    starts_at = datetime(2099, 10, 26, 0, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    make_showtime(auditorium=make_auditorium(tokyo), movie=movie, starts_at=starts_at)
    client, address = Client(), movie.get_absolute_url()
    found = client.get(address).context["showtimes"]
    assert (found.theater, found.zone, [day.on for day in found.days]) == (theater, "BST", [SATURDAY])
    assert [(one.url, one.zone, one.night, one.showtime_count) for one in found.elsewhere] == [
        (f"{address}?theater={tokyo.slug}", "GMT+09:00", "Sunday night", 1)
    ]
    there = client.get(f"{address}?theater={tokyo.slug}", headers=HTMX)
    assert "<html" not in there.text and 'id="listing"' in there.text
    assert [day.on for day in client.get(address).context["days"]] == [date(2099, 10, 25)]  # from the process's cache
    assert client.get("/").context["page"].theater.slug == tokyo.slug


def test_a_film_that_only_another_theater_shows_is_shown_there_unless_mine_was_chosen(show, theater):
    other = make_theater()
    show(time(20))
    starts_at = datetime.combine(SATURDAY, time(21), tzinfo=LONDON)
    movie = make_showtime(auditorium=make_auditorium(other), starts_at=starts_at).movie
    found = Client().get(movie.get_absolute_url()).context["showtimes"]
    assert (found.theater, len(found.days), found.elsewhere) == (other, 1, [])
    chosen = Client().get(f"{movie.get_absolute_url()}?theater={theater.slug}")
    assert (chosen.context["days"], len(chosen.context["showtimes"].elsewhere)) == ([], 1)
    assert "does not show this film at the moment" in chosen.text
    assert Client().get(f"{movie.get_absolute_url()}?theater=nowhere").status_code == 404
