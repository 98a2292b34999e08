"""The page of the list beside the map: the same actions as on the map, and the way back to the same list."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core.caches.process_cache import forget_everything
from houses.models import Theater
from reservations.models import Hold, ShowtimeSeat
from reservations.opening.showtime_opening import keep_back
from reservations.seats.taking import take_seats
from tests.factories import make_auditorium, make_browser, make_showtime, make_theater
from tests.ledger import nothing_changes
from theaters.models import Auditorium
from theaters.models.auditoriums import MEASURES

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def url(showtime):
    return f"/showtimes/{showtime.pk}/"


@pytest.fixture
def me():
    return Client()


def offered(answer):
    """The seats that each form of the list offers."""
    html = answer.content.decode()
    html = html[html.index('id="seat-list"') :]
    return [
        tuple(re.findall(r'name="take" value="([^"]+)"', form))
        for form in html.split("<form")[1:]
        if 'name="take"' in form
    ]


def test_only_what_can_be_taken_is_listed(showtime, me, url):
    take_seats(showtime_id=showtime.pk, browser=make_browser(2), labels=["A2"])
    keep_back(showtime_id=showtime.pk, labels=["A3"], reason="Press")
    answer = me.get(url, {"view": "list"})
    assert answer.status_code == 200
    assert offered(answer) == [(label,) for label in ["A1", "A4", "A5", "A6", *(f"B{n}" for n in range(1, 7))]]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("plan", "is_said"), [("A ooo", True), ("A wc.o", False), ("[Floor]\nunreserved 9", True)])
def test_map_and_list_say_where_no_wheelchair_space_is_marked(me, plan, is_said):
    theater = make_theater()
    path = f"/showtimes/{make_showtime(auditorium=make_auditorium(theater, plan)).pk}/"
    sentence = "No wheelchair spaces are marked in this auditorium."
    for view in ("map", "list"):
        page = me.get(path, {"view": view}).text
        assert (sentence in page, f'href="{theater.get_absolute_url()}#access"' in page) == (is_said, is_said)


def test_the_map_leads_to_the_list_before_any_seat_and_the_list_to_the_map(me, url):
    html = me.get(url).content.decode()
    assert html.index('href="?view=list"') < html.index("data-seat=")
    assert f'href="{url}"' in me.get(url, {"view": "list"}).content.decode()


def test_without_scripts_the_map_goes_on_to_the_list_with_the_map_below_it(me, url):
    onward = '<noscript><meta http-equiv="refresh" content="0;url=?view=both"></noscript>'
    assert onward in me.get(url).text.split("</head>")[0]
    page = me.get(url, {"view": "both"}).text
    assert onward not in page
    assert page.index('id="seat-list"') < page.index('id="seat-map"') < page.index('data-seat="A1"')
    assert 'id="seat-map"' not in me.get(url, {"view": "list"}).text


def test_a_page_that_says_what_was_done_stays_where_it_is(me, url):
    onward = "http-equiv"
    assert onward not in me.get(me.post(f"{url}best/", {"count": "2"}).url).text
    assert onward not in me.post(f"{url}seats/", {"take": "nowhere"}).text
    assert onward in me.get(url).text


def test_with_the_map_below_it_every_way_leads_back_there(me, url):
    page = me.get(url, {"view": "both", "count": "2"}).text
    asked = "?view=both&amp;count=2"
    assert page.count(f'action="{url}seats/{asked}"') > 2 and 'href="#map-below"' in page
    assert '<input type="hidden" name="view" value="both">' in page
    answer = me.post(f"{url}seats/?view=both&count=2", {"take": ["A1", "A2"]})
    assert answer.url == f"{url}?view=both&count=2"
    assert 'name="release"' in me.get(answer.url).text.split('data-seat="A1"')[0].rsplit("<button", 1)[1]


def test_nothing_free_of_what_was_chosen_is_not_nothing_free(showtime, me, url):
    take_seats(showtime_id=showtime.pk, browser=make_browser(2), labels=["A3", "A4"])
    page = me.get(url, {"view": "list", "exit": "yes"}).text
    assert "No seat is free for what you chose" in page and "no free seat at the moment" not in page


def test_without_scripts_a_press_takes_the_group_and_leads_back_to_the_same_list(me, url):
    asked = f"{url}seats/?view=list&count=2&sort=price"
    answer = me.post(asked, {"take": ["A1", "A2"]})
    assert (answer.status_code, answer.url) == (302, f"{url}?view=list&count=2&sort=price")
    page = me.get(answer.url)
    assert page.context["panel"].count == 2
    assert ("A1", "A2") not in offered(page)
    html = page.content.decode()
    assert 'form="give-back"' in html and f'action="{url}seats/?view=list&amp;count=2&amp;sort=price"' in html
    assert me.post(f"{url}release/?view=list&count=2").url == f"{url}?view=list&count=2"


def test_with_htmx_the_answer_is_the_panel_and_the_list(me, url):
    answer = me.post(f"{url}seats/?view=list&count=2", {"take": ["A1", "A2"]}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="order-panel"' in html and 'hx-swap-oob="true"' in html and "<html" not in html
    assert ("A1", "A2") not in offered(answer)
    assert Hold.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_seat_that_is_gone_is_told_on_the_list(showtime, me, url, headers):
    take_seats(showtime_id=showtime.pk, browser=make_browser(2), labels=["A2"])
    with nothing_changes():
        answer = me.post(f"{url}seats/?view=list&count=2", {"take": ["A1", "A2"]}, headers=headers)
    assert answer.status_code == 409
    assert "Somebody was a moment faster" in answer.content.decode()
    assert ("A1", "A2") not in offered(answer) and ("A4", "A5") in offered(answer)


def test_a_page_costs_one_query_as_the_map_does(me, url, django_assert_num_queries):
    me.get(url, {"view": "list"})
    with django_assert_num_queries(1):
        me.get(url, {"view": "list", "count": "2"})


def test_the_list_offers_what_the_checkout_lets_through(me):
    """Held seats count too: A1 leaves A2 over, unless A2 is taken next."""
    theater = make_theater()
    Theater.objects.update(single_seats_off_up_to=0)
    path = f"/showtimes/{make_showtime(auditorium=make_auditorium(theater, 'A oo.ooo')).pk}/"
    pairs = {"view": "list", "count": "2"}
    assert offered(me.get(path, pairs)) == [("A1", "A2")]
    me.post(f"{path}seats/?view=list", {"take": "A1"})
    assert offered(me.get(path, {"view": "list"})) == [("A2",)]
    page = me.get(path, pairs)
    assert offered(page) == [] and "would leave a single seat over" in page.text


def test_companion_seats_are_listed_alone_once_they_are_released(me):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A wcc.o"))
    path = f"/showtimes/{showtime.pk}/"
    assert offered(me.get(path, {"view": "list"})) == [("A1",), ("A4",)]
    assert "only together with a wheelchair space" in me.get(path, {"view": "list", "category": "companion"}).text
    assert offered(me.get(path, {"view": "list", "category": "wheelchair", "count": "2"})) == [("A1", "A2")]
    keep_back(showtime_id=showtime.pk, labels=["A4"], reason="Press")
    assert offered(me.get(path, {"view": "list"})) == [("A1",), ("A2",), ("A3",)]


def test_what_nobody_meant_is_no_error(me, url):
    assert me.get(url, {"view": "list", "count": "-1", "category": "<b>", "sort": "'"}).status_code == 200


def test_a_measured_auditorium_says_how_the_screen_is_seen(showtime, me, url):
    assert "from the screen" not in me.get(url, {"view": "list"}).content.decode()
    measures = {
        "screen_width_cm": 900,
        "screen_height_cm": 400,
        "first_row_cm": 500,
        "row_pitch_cm": 100,
        "row_rise_cm": 0,
    }
    Auditorium.objects.filter(pk=showtime.auditorium_id).update(**measures)
    forget_everything()
    html = me.get(url, {"view": "list", "sort": "screen"}).content.decode()
    assert "5 m from the screen, the screen" in html


@pytest.mark.parametrize("measures", [{"screen_width_cm": 900}, dict.fromkeys(MEASURES, 0)])
def test_measures_are_given_as_a_whole(showtime, measures):
    with pytest.raises(IntegrityError), transaction.atomic():
        Auditorium.objects.update(**measures)


def test_the_list_of_a_full_showtime_leads_to_its_waiting_list(showtime, me, url):
    waiting = f'href="/showtimes/{showtime.pk}/waiting/"'
    assert waiting not in me.get(url, {"view": "list"}).content.decode()
    ShowtimeSeat.objects.filter(showtime=showtime).update(house_reason="Press")
    html = me.get(url, {"view": "list"}).content.decode()
    assert waiting in html[html.index('id="seat-list"') :]


def test_a_text_of_the_plan_is_text_in_the_list_and_its_ticks_lead_back(me):
    """This holds for anything that staff type. A press leads back to the list as narrowed by facts."""
    plan = 'steps 0\nhearing loop yes\nseats 1: note "><script>alert(1)</script>\nA oo\nsteps unknown\nB oo\n'
    path = f"/showtimes/{make_showtime(auditorium=make_auditorium(make_theater(), plan)).pk}/"
    page = me.get(path, {"view": "list", "stepfree": "yes"})
    assert "<script>alert" not in page.text and "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert offered(page) == [("A1",), ("A2",)] and 'name="stepfree" value="yes" checked' in page.text
    assert 'name="armrest"' not in page.text
    taken = me.post(f"{path}seats/?view=list&stepfree=yes", {"take": "A2"})
    assert taken["Location"] == f"{path}?view=list&stepfree=yes"
    assert offered(me.get(taken["Location"])) == [("A1",)]
