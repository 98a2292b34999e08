"""In an empty installation each page says what to do next."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_movie, make_showtime, make_staff, make_theater

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("owner@example.com", "x"))
    return client


def page(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_a_theater_all_doors_lead_to_adding_one(owner):
    for url in ("/admin/", "/counter/", "/door/"):
        html = page(owner, url)
        assert 'href="/admin/first-day/"' in html, url
        assert "Open this counter" not in html and "Open this door" not in html


def test_what_comes_next_stands_on_today_until_something_is_on_sale(owner):
    theater = make_theater()
    html = page(owner, "/admin/")
    assert f'href="/admin/first-day/{theater.pk}/auditorium/"' in html
    assert 'href="/admin/theaters/movie/add/"' in html
    make_movie()
    assert "Add a movie</a>" not in page(owner, "/admin/")
    make_showtime(theater=theater)
    assert "can sell" not in page(owner, "/admin/")


def test_who_plans_nothing_is_not_told_what_to_set_up():
    client = Client()
    client.force_login(make_staff("DOOR", make_theater()))
    assert "can sell" not in page(client, "/admin/")


def test_planning_without_a_movie_says_so(owner):
    theater = make_theater()
    url = f"{reverse('admin:schedule_plan')}?theater={theater.pk}"
    assert "There is no movie in use" in page(owner, url)
    make_movie()
    assert "There is no movie in use" not in page(owner, url)


def test_staff_find_the_office_from_the_site_and_nobody_else_sees_it(owner, client):
    assert '<a href="/admin/">' in page(owner, "/")
    assert "/admin/" not in page(client, "/")
