"""The line on every page that says what this browser holds."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from core.clock import from_now
from reservations.models import Hold
from reservations.seats.taking import Browser
from tests.aging import lapse
from tests.factories import make_auditorium, make_movie, make_showtime, press_pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(showtime):
    """Two showtimes of one theater."""
    room = make_auditorium(showtime.auditorium.theater)
    other = make_showtime(
        auditorium=room, movie=make_movie(title="Late Light"), starts_at=showtime.starts_at + timedelta(hours=3)
    )
    return showtime, other


def line(client, url):
    page = client.get(url).content.decode()
    return page.partition("data-cart")[2].partition("</aside>")[0]


def test_it_names_the_seats_the_show_and_the_moment_and_leads_there(client, two):
    showtime, other = two
    client.post(f"/showtimes/{other.pk}/seats/", {"take": ["A1", "A2"]})
    until = Hold.objects.get().expires_at.astimezone(ZoneInfo("Europe/London"))
    for url in ("/", showtime.movie.get_absolute_url(), f"/showtimes/{showtime.pk}/", "/accounts/login/", "/nowhere/"):
        said = line(client, url)
        assert f'href="/showtimes/{other.pk}/"' in said and "We are holding 2 seats for you: <b>Late Light</b>" in said
        assert f"until {until:%H:%M}" in said


def test_it_is_missing_where_nothing_is_held_and_where_the_page_says_it_itself(client, two):
    _, other = two
    assert "data-cart" not in client.get("/").content.decode()
    client.post(f"/showtimes/{other.pk}/seats/", {"take": "A1"})
    for url in (f"/showtimes/{other.pk}/", f"/checkout/{other.pk}/"):
        assert "data-cart" not in client.get(url).content.decode()
    lapse(Hold.objects.get())
    assert "data-cart" not in client.get("/").content.decode()


def test_seats_that_are_being_paid_for(client, two, sandbox):
    _, other = two
    client.post(f"/showtimes/{other.pk}/seats/", {"take": "A1"})
    me = Browser(holder=Hold.objects.get().holder, address="192.0.2.1")
    press_pay(other, me, "A1")
    assert "You are paying for 1 seat" in line(client, "/")


def test_a_page_that_is_kept_for_everybody_still_has_the_line_of_each(client, two, settings):
    settings.KEPT_PAGE_SECONDS = 5
    showtime, other = two
    url = showtime.movie.get_absolute_url()
    client.get(url)
    client.post(f"/showtimes/{other.pk}/seats/", {"take": "A1"})
    assert "Late Light" in line(client, url)
    client.cookies.clear()
    assert "data-cart" not in client.get(url).content.decode()


def test_holds_elsewhere_are_links_in_the_refusal(client, two, settings):
    settings.LIVE_HOLDS_PER_HOLDER = 1
    showtime, other = two
    client.post(f"/showtimes/{other.pk}/seats/", {"take": "A1"})
    refused = client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert f'href="/showtimes/{other.pk}/">Late Light' in refused.content.decode()


def test_other_peoples_holds_and_those_that_are_over_are_no_holds_elsewhere(client, two, settings):
    settings.LIVE_HOLDS_PER_HOLDER = 1
    showtime, other = two
    Client().post(f"/showtimes/{other.pk}/seats/", {"take": "A1"})
    client.post(f"/showtimes/{other.pk}/seats/", {"take": "B1"})
    mine = Hold.objects.latest("pk")
    Hold.objects.filter(pk=mine.pk).update(expires_at=from_now(-1))
    assert client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"}).status_code == 302
    assert Hold.objects.latest("pk").showtime == showtime


def test_the_line_costs_one_query_and_none_without_a_cookie(client, two, django_assert_num_queries):
    showtime, other = two
    client.get(f"/showtimes/{showtime.pk}/")
    with django_assert_num_queries(1):
        client.get(f"/showtimes/{showtime.pk}/")
    client.post(f"/showtimes/{other.pk}/seats/", {"take": "A1"})
    client.get(f"/showtimes/{showtime.pk}/")
    with django_assert_num_queries(2):
        client.get(f"/showtimes/{showtime.pk}/")
