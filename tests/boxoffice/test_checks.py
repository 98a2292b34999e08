"""The status light for seats and money in the office, and the page behind it."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from accounts.models import User
from payments.books.invariant_runs import run_due_check
from payments.models import InvariantRun
from reservations.models import Booking
from staff.models import StaffRole
from tests.aging import unguarded
from tests.boxoffice.scenes import book
from tests.factories import make_theater

pytestmark = pytest.mark.django_db
LIST = "/admin/payments/invariantrun/"
NOW = f"{LIST}now/"


def light(client, path="/admin/"):
    """Return color and words of the light, in the header and on the first page."""
    page = client.get(path).content.decode()
    return re.findall(r'class="check-light" data-light="(\w+)"[^>]*>([^<]+)', page)


def test_before_the_first_check(office):
    assert light(office) == [("old", "Seats and money: not checked yet")]


def test_green_when_all_adds_up(office):
    run_due_check()
    assert light(office) == [("green", "Seats and money add up")]
    assert light(office, LIST) == [("green", "Seats and money add up")]


def test_an_old_check_says_nothing(office):
    run_due_check()
    with unguarded():
        InvariantRun.objects.update(finished_at=F("finished_at") - timedelta(hours=27))
    assert [color for color, _ in light(office)] == ["old"]


@pytest.fixture
def broken(showtime):
    """A booking whose tickets nobody paid for; a check has found it."""
    booking = book(showtime, "A1")
    run_due_check()
    return booking


def test_red_leads_to_what_was_found(office, broken):
    run = InvariantRun.objects.get()
    sentence = f"Seats and money: {run.broken} of {run.checked} checks found something"
    assert light(office) == [("red", sentence)]
    page = office.get(f"{LIST}{run.pk}/change/").content.decode()
    assert "Every confirmed booking has all its tickets" in page
    assert f'<a href="/admin/reservations/booking/{broken.pk}/change/">booking {broken.reference}</a>' in page


def test_every_kind_of_row_has_its_page(office, broken):
    ticket = broken.tickets.get()
    rows = [f"ticket {ticket.pk}", f"showtime {broken.showtime_id}, seat A1", "hold 1", "booking GONE"]
    with unguarded():
        InvariantRun.objects.update(findings=[{"name": "x", "says": "Never.", "rows": rows}])
    page = office.get(f"{LIST}{InvariantRun.objects.get().pk}/change/").content.decode()
    links = dict(re.findall(r'<li>(?:<a href="([^"]+)">)?([^<]+)', page.split('class="found"')[1]))
    assert {text: url for url, text in links.items()}[f"ticket {ticket.pk}"] == (
        f"/admin/reservations/ticket/{ticket.pk}/change/"
    )
    assert f'<a href="/admin/theaters/showtime/{broken.showtime_id}/change/">showtime' in page
    assert "<li>hold 1</li>" in page and "<li>booking GONE</li>" in page


def test_check_now_asks_a_worker_once(office, manager):
    for _ in range(2):
        assert office.post(NOW).url == LIST
    assert list(InvariantRun.objects.values_list("actor", "finished_at")) == [(f"staff:{manager.pk}", None)]
    assert b"A check is under way" in office.get(LIST).content
    run_due_check()
    assert b"Check now" in office.get(LIST).content


def test_check_now_is_a_post(office):
    assert office.get(NOW).status_code == 405
    assert not InvariantRun.objects.exists()


@pytest.fixture
def somebody(db):
    """A browser of a person with a role at one of two theaters."""

    def sign_in(role):
        theater, _ = make_theater(), make_theater()
        user = User.objects.create_user("f@example.com", "a long pass phrase", is_staff=True)
        StaffRole.objects.create(user=user, theater=theater, role=role)
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.mark.parametrize("role", ["FINANCE", "BOX_OFFICE"])
def test_who_may_not_see_all_theaters_sees_no_light_and_no_page(somebody, role):
    run_due_check()
    client = somebody(role)
    assert light(client) == []
    assert client.get(LIST).status_code == 403
    assert client.post(NOW).status_code == 403
    assert InvariantRun.objects.count() == 1


def test_an_auditor_of_every_theater_may_check(somebody):
    client = somebody("AUDITOR")
    user = User.objects.get(email="f@example.com")
    for theater in type(StaffRole.objects.get().theater).objects.exclude(staff_roles__user=user):
        StaffRole.objects.create(user=user, theater=theater, role="AUDITOR")
    assert client.post(NOW).url == LIST
    assert InvariantRun.objects.get().actor == f"staff:{user.pk}"


def test_a_finding_is_read_only(office, broken):
    run = InvariantRun.objects.get()
    assert office.post(f"{LIST}{run.pk}/change/", {"broken": 0}).status_code == 403
    assert office.post(f"{LIST}{run.pk}/delete/").status_code == 403
    assert Booking.objects.count() == 1
