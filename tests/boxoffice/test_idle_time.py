"""The counter and the door allow a longer pause than the office, and a pause ends no sale."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from reservations.models import Hold
from tests.factories import make_showtime, make_staff
from tests.signing_in import give_factor, signed_in
from tests.variants import some

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MINUTES, HOURS = 60, 3600


@pytest.fixture(autouse=True)
def limits(settings, time_machine):
    settings.STAFF_IDLE_SECONDS, settings.COUNTER_IDLE_SECONDS = 15 * MINUTES, 12 * HOURS
    time_machine.move_to("2027-03-01T08:00:00Z", tick=False)


@pytest.fixture
def showtime(db):
    return make_showtime()


@pytest.fixture
def boss(showtime):
    return make_staff("MANAGER", showtime.auditorium.theater)


@pytest.mark.parametrize(
    ("path", "pause", "status"),
    some([("/admin/", 16 * MINUTES, 302), ("/admin/", 14 * MINUTES, 200),
     ("/counter/", 16 * MINUTES, 200), ("/counter/", 11 * HOURS, 200), ("/counter/", 13 * HOURS, 302),
     ("/counter/pay-outs/", 11 * HOURS, 200), ("/door/", 11 * HOURS, 200), ("/door/", 13 * HOURS, 302)], every=2),
)  # fmt: skip
def test_how_long_a_pause_may_be(boss, time_machine, path, pause, status):
    client = signed_in(boss)
    assert client.get(path).status_code == 200
    time_machine.shift(pause)
    assert client.get(path).status_code == status


@pytest.mark.parametrize("path", ["/counter/", "/door/"])
def test_the_counter_after_a_long_pause_does_not_open_the_office_again(boss, time_machine, path):
    client = signed_in(boss)
    assert client.get("/admin/").status_code == 200
    time_machine.shift(2 * HOURS)
    assert client.get(path).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_a_busy_counter_keeps_the_office_open(boss, time_machine):
    client = signed_in(boss)
    for _ in range(6):
        time_machine.shift(10 * MINUTES)
        assert client.get("/counter/").status_code == 200
    assert client.get("/admin/").status_code == 200


def test_the_working_day_ends_at_the_counter_too(boss, settings, time_machine):
    settings.STAFF_SESSION_SECONDS = 8 * HOURS
    client = signed_in(boss)
    time_machine.shift(8 * HOURS + 1)
    assert client.get("/counter/").status_code == 302


def sign_in_again(client: Client, user) -> None:
    """Sign in again in the same browser with Django's own sign-in, and store what a session knows after a sign-in."""
    client.force_login(user)
    session = client.session
    session.update(dict(signed_in(user).session.items()))
    session.save()


@pytest.mark.parametrize(("is_same", "state"), [(True, "holding"), (False, "empty")], ids=["same person", "another"])
def test_the_sale_that_stood_is_there_after_the_sign_in_of_the_same_person(
    boss, showtime, time_machine, settings, is_same, state
):
    settings.HOLD_SECONDS = settings.HOLD_CAP_SECONDS = 24 * HOURS
    client = signed_in(boss)
    path = f"/counter/showtimes/{showtime.pk}/"
    client.post(f"{path}seats/", {"take": "A1"})
    assert Hold.objects.get().ended_at is None
    time_machine.shift(13 * HOURS)
    client.get(path)
    assert "_auth_user_id" not in client.session
    sign_in_again(client, boss if is_same else make_staff("MANAGER", showtime.auditorium.theater))
    assert client.get(path).context["panel"].state == state
    assert "workplace_of" not in client.session


def test_an_htmx_request_that_meets_the_sign_in_opens_it_as_a_page(boss, showtime, time_machine):
    client = signed_in(boss)
    path = f"/counter/showtimes/{showtime.pk}/"
    time_machine.shift(13 * HOURS)
    answer = client.post(
        f"{path}seats/", {"take": "A1"}, headers={**HTMX, "HX-Current-URL": f"http://testserver{path}"}
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["HX-Redirect"] == f"/accounts/login/?next={path}"
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    ("method", "header", "page", "back"),
    [("post", "HX-Current-URL", "http://testserver/counter/?day=2027-03-01", "/counter/?day=2027-03-01"),
     ("post", "HX-Current-URL", "https://evil.example/counter/", "/door/scan/"),
     ("post", "Referer", "http://testserver/door/", "/door/"),
     ("get", "HX-Current-URL", "http://testserver/door/", "/door/")],
)  # fmt: skip
def test_the_sign_in_leads_back_to_the_page_and_never_to_another_site(client, method, header, page, back):
    path = "/door/scan/" if method == "post" else "/counter/"
    headers = {header: page} if header == "Referer" else {**HTMX, header: page}
    answer = getattr(client, method)(path, headers=headers)
    address = answer.headers.get("HX-Redirect") or answer.headers["Location"]
    assert parse_qs(urlsplit(address).query)["next"] == [back]


def test_the_second_factor_is_asked_for_on_a_page_and_the_part_is_not_sent_again(boss, showtime, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    give_factor(boss)
    client = signed_in(boss)
    path = f"/counter/showtimes/{showtime.pk}/"
    answer = client.post(
        f"{path}seats/", {"take": "A1"}, headers={**HTMX, "HX-Current-URL": f"http://testserver{path}"}
    )
    assert answer.headers["HX-Redirect"] == f"/accounts/2fa/reauthenticate/?next={path}"
    assert "account_reauthentication_state" not in client.session


def test_a_customer_whose_seats_ran_out_gets_the_map_as_a_page(client, showtime):
    answer = client.post(f"/checkout/{showtime.pk}/", {"action": "update"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, f"/showtimes/{showtime.pk}/")
