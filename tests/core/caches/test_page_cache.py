"""Pages shared by everybody equal freshly rendered ones, except for each answer's own token."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils.html import escape

from core.caches.page_cache import kept_part
from reservations.seats import showtime_frame
from reservations.views import seats
from tests.factories import hold_seats, make_browser

pytestmark = pytest.mark.django_db
OWN = re.compile(r'(?<="x-csrftoken": ")\w+|(?<=csrfmiddlewaretoken" value=")\w+')


@pytest.fixture(params=["listing", "movie", "theater", "seats"])
def url(request, showtime):
    theater = showtime.auditorium.theater
    return {
        "listing": f"/?theater={theater.slug}",
        "movie": showtime.movie.get_absolute_url(),
        "theater": theater.get_absolute_url(),
        "seats": showtime.get_absolute_url(),
    }[request.param]


@pytest.fixture
def keeping(settings):
    settings.KEPT_PAGE_SECONDS = 5


def test_a_kept_page_is_the_page(client, settings, url):
    fresh = client.get(url).text
    settings.KEPT_PAGE_SECONDS = 5
    first, kept = client.get(url), client.get(url)
    assert OWN.sub("", first.text) == OWN.sub("", kept.text) == OWN.sub("", fresh)
    assert "hole-" not in kept.text


def test_each_answer_has_a_token_of_its_own(client, keeping, url):
    answers = [client.get(url) for _ in range(2)]
    first, second = ([*OWN.findall(answer.text)] for answer in answers)
    assert first and not set(first) & set(second)
    assert all(answer.cookies["csrftoken"].value for answer in answers)


def test_signed_in_people_get_a_page_of_their_own(client, django_user_model, keeping, url):
    client.get(url)
    client.force_login(django_user_model.objects.create_user("ada@example.com", "x"))
    assert "Sign in" not in client.get(url).text


def test_seats_are_never_kept(client, keeping, showtime):
    client.get(showtime.get_absolute_url())
    hold_seats(showtime, make_browser(1), "A1")
    assert re.search(r'data-seat="A1"[^>]* data-state="held"', client.get(showtime.get_absolute_url()).text)


def test_a_seat_page_is_drawn_anew_when_its_facts_are_read_anew(client, keeping, showtime, monkeypatch):
    drawn = []
    monkeypatch.setattr(seats, "render_to_string", lambda *asked: drawn.append(render_to_string(*asked)) or drawn[-1])
    for _ in range(2):
        client.get(showtime.get_absolute_url())
    assert len(drawn) == 1
    showtime.note = "Live piano"
    showtime.save(update_fields=["note"])
    showtime_frame._frames.clear()
    assert "Live piano" in client.get(showtime.get_absolute_url()).text


def test_a_page_with_a_search_for_best_seats_is_not_kept_for_others(client, keeping, showtime):
    """It does not lead to the list without scripts."""
    url = showtime.get_absolute_url()
    assert "?view=both" not in client.get(f"{url}?count=2").text
    assert "?view=both" in client.get(url).text


def test_a_kept_listing_asks_the_database_nothing(client, keeping, showtime, django_assert_num_queries):
    client.get("/")
    with django_assert_num_queries(0):
        client.get("/")


def test_a_wrong_address_is_not_kept(client, keeping, showtime):
    assert [client.get("/?theater=nowhere").status_code for _ in range(2)] == [404, 404]


def test_what_is_put_into_a_kept_part_is_escaped_each_time(rf, keeping):
    for name in ("<b>", "<i>"):
        part = kept_part(rf.get("/"), "greeting", lambda holes: f"<p>{holes['name']}</p>", holes={"name": name})
        assert part == f"<p>{escape(name)}</p>"
