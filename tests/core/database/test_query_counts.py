"""The number of statements of a page or a click, with BEGIN and COMMIT (in a test, savepoints stand for them)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.installation import installation_id
from payments.models import Payment
from reservations.seats import showtime_frame
from reservations.seats.fullness import refresh_fullness
from tests.clock import put_day_around_now
from tests.factories import (
    make_auditorium,
    make_movie,
    make_price_list,
    make_promo,
    make_showtime,
    make_staff,
    make_theater,
)
from tests.payments.books.test_webhook import BODY, signature
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
BIG_PLAN = "\n".join(f"{row} {'o' * 12}.{'o' * 12}" for row in "ABCDEFGHJKLMNOPQRSTUVWXYZ")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def big_showtime(db):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), BIG_PLAN))
    assert showtime.seats_total == 600
    return showtime


@pytest.fixture
def holding(client, showtime):
    """A browser that holds A1, when all caches of the process are filled."""
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"}, headers=HTMX)
    installation_id()
    return client


@pytest.mark.parametrize("name", ["showtime", "big_showtime"])
def test_a_warm_seat_map_costs_one_query_at_any_size(request, client, name, django_assert_num_queries):
    url = f"/showtimes/{request.getfixturevalue(name).pk}/"
    assert client.get(url).status_code == 200
    with django_assert_num_queries(1):
        client.get(url)


def test_a_cold_seat_map_costs_the_plan_the_exits_the_prices_the_early_ones_the_ages_the_menu_and_the_pause_more(
    client, big_showtime, django_assert_num_queries
):
    with django_assert_num_queries(9):
        client.get(f"/showtimes/{big_showtime.pk}/")


def test_a_seat_map_whose_facts_are_too_old_costs_the_facts_and_the_ages_more(
    client, big_showtime, django_assert_num_queries
):
    url = f"/showtimes/{big_showtime.pk}/"
    client.get(url)
    showtime_frame._frames.clear()
    with django_assert_num_queries(3):
        client.get(url)


@pytest.mark.parametrize(("headers", "statements", "status"), [({}, 5, 302), (HTMX, 7, 200)])
def test_taking_a_seat_costs_five_statements_and_the_fragment_of_two_seats_two(
    holding, showtime, django_assert_num_queries, headers, statements, status
):
    """The fragment reads the seats beside the two; and because A3 would be left over, all seats, where it finds nothing
    better.
    """
    with django_assert_num_queries(statements):
        answer = holding.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A2"}, headers=headers)
    assert answer.status_code == status


def test_giving_a_seat_back_costs_five_statements(holding, showtime, django_assert_num_queries):
    with django_assert_num_queries(5):
        holding.post(f"/showtimes/{showtime.pk}/seats/", {"release": "A1"})


def test_the_checkout_page_costs_seven_statements(holding, showtime, django_assert_num_queries):
    with django_assert_num_queries(7):
        answer = holding.get(f"/checkout/{showtime.pk}/")
    assert answer.status_code == 200


def test_pay_costs_fourteen_statements(holding, showtime, sandbox, django_assert_num_queries):
    form = {"action": "pay", "email": "ada@example.com", "total": "14.50", "type-A1": "ADULT"}
    with django_assert_num_queries(14):
        answer = holding.post(f"/checkout/{showtime.pk}/", form)
    assert answer.url == Payment.objects.get().session_url


@pytest.mark.parametrize(("limits", "statements"), [({}, 16), ({"most_uses": 5, "most_uses_each": 1}, 18)])
def test_a_promo_code_costs_pay_two_statements_and_its_limits_two_more(
    holding, showtime, sandbox, django_assert_num_queries, limits, statements
):
    make_promo(**limits)
    form = {"action": "pay", "email": "ada@example.com", "total": "11.60", "type-A1": "ADULT", "promo": "LANTERN"}
    with django_assert_num_queries(statements):
        answer = holding.post(f"/checkout/{showtime.pk}/", form)
    assert answer.url == Payment.objects.get().session_url


@pytest.mark.parametrize("name", ["showtime", "big_showtime"])
def test_the_counters_map_costs_the_same_at_any_size(request, client, name, django_assert_num_queries):
    showtime = request.getfixturevalue(name)
    client.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
    url = f"/counter/showtimes/{showtime.pk}/"
    client.get(url)
    with django_assert_num_queries(7):
        client.get(url)
    client.post(f"{url}seats/", {"take": ["A1", "A2", "A3"]})
    with django_assert_num_queries(10):
        client.get(url)


def test_a_delivery_of_stripe_is_written_and_looked_for(sandbox, django_assert_num_queries):
    headers = {"Stripe-Signature": signature(BODY)}
    with django_assert_num_queries(2):
        Client().post("/payments/stripe/webhook/", BODY, content_type="application/json", headers=headers)


@pytest.fixture(params=[10, 40])
def program(request, db):
    """Two theaters, and a day full of showtimes of one movie in as many auditoriums as that takes."""
    theater, movie = make_theater(), make_movie()
    make_theater()
    prices = make_price_list(theater)
    put_day_around_now(theater)
    tonight = timezone.now() + timedelta(hours=6)
    for _ in range(request.param):
        make_showtime(auditorium=make_auditorium(theater), movie=movie, price_list=prices, starts_at=tonight)
    refresh_fullness()
    assert Showtime.objects.published().count() == request.param
    return movie


@pytest.mark.long
def test_the_listing_costs_three_queries_and_a_film_five(program, client, django_assert_num_queries):
    client.get("/")  # fills the cache of the menu of theaters
    with django_assert_num_queries(3):
        listing = client.get("/")
    with django_assert_num_queries(5):
        film = client.get(program.get_absolute_url())
    assert (listing.status_code, film.status_code) == (200, 200)
    with django_assert_num_queries(3):
        client.get("/?format=2d&time=evening&language=German&bookable=1&view=week")


def test_ten_seats_cost_pay_one_statement_more_than_one(client, big_showtime, sandbox, django_assert_num_queries):
    labels = [f"A{n}" for n in range(1, 11)]
    client.post(f"/showtimes/{big_showtime.pk}/seats/", {"take": labels})
    form = {"action": "pay", "email": "ada@example.com", "total": "145.00"}
    installation_id()
    client.get(f"/showtimes/{big_showtime.pk}/")  # fills the cache of the plan
    with django_assert_num_queries(15):
        answer = client.post(f"/checkout/{big_showtime.pk}/", form | {f"type-{label}": "ADULT" for label in labels})
    assert answer.status_code == 303


def test_the_limits_of_production_cost_pay_three_statements(
    holding, showtime, sandbox, settings, django_assert_num_queries
):
    """They are the lock of the person, their tickets, and the browser's sessions together with the declines of the address."""
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 20
    settings.PAYMENT_SESSIONS_PER_HOUR_PER_BROWSER = 20
    settings.DECLINES_PER_HOUR_PER_ADDRESS = 10
    form = {"action": "pay", "email": "ada@example.com", "total": "14.50", "type-A1": "ADULT"}
    with django_assert_num_queries(17):
        holding.post(f"/checkout/{showtime.pk}/", form, REMOTE_ADDR="198.51.100.7")


@pytest.mark.parametrize(
    ("form", "statements"),
    [({"take": "A2"}, 7), ({"release": "A1"}, 6), ({"take": "A2", "release": "A1"}, 8), (None, 2)],
)
def test_the_share_of_the_address_costs_no_click_and_no_page_a_statement(
    showtime, settings, django_assert_num_queries, form, statements
):
    settings.SHOWTIME_SHARE_PER_ADDRESS, settings.SHOWTIME_SHARE_UNPAID = 0.25, 0.5
    client = Client(REMOTE_ADDR="198.51.100.7")
    url = f"/showtimes/{showtime.pk}/"
    client.get(url)
    client.post(f"{url}seats/", {"take": "A1"}, headers=HTMX)
    with django_assert_num_queries(statements):
        answer = client.post(f"{url}seats/", form, headers=HTMX) if form else client.get(url)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("page", "statements"), [("report_sales", 12), ("schedule_day", 10), ("theaters_movie_changelist", 9)]
)
def test_the_head_of_the_office_costs_its_pages_two_statements(showtime, page, statements, django_assert_num_queries):
    """One reads all status lights, the other the theaters. Session, person and roles are three more; the rest belongs to
    the page.
    """
    client = Client()
    client.force_login(make_staff("MANAGER", showtime.auditorium.theater))
    client.get(reverse(f"admin:{page}"))
    with django_assert_num_queries(statements):
        answer = client.get(reverse(f"admin:{page}"))
    assert answer.status_code == 200
    assert "not checked yet" in answer.text and "not compared yet" in answer.text
