"""Two houses in one installation, by domain: each uses its own name on every page, in every mail and on every paper."""

import io
import re
from functools import partial
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import User
from accounts.services.account_mail import send_due_mail as send_account_mail
from core.caches import process_cache
from houses.models import House
from houses.selectors import forget_houses, house_of_thing
from payments.records.refund_rows import request_refunds
from reservations.letters.outbox import send_due_mail
from reservations.models import ShowtimeSeat, Ticket
from sales.models import Sale
from tests.core import questions
from tests.core.questions import SITE, copied, make_world
from tests.core.test_four_questions import is_looked_at
from tests.factories import make_favorite, make_group, make_theater, make_transfer, make_waiting_entry
from tests.house_with_terms import make_house
from tests.standing_world import standing_world
from theaters.models import Movie

pytestmark = pytest.mark.django_db
ROXY, LUMEN = "roxy.example", "lumen.example"


@pytest.fixture(autouse=True)
def known_hosts(settings):
    settings.ALLOWED_HOSTS = ["testserver", ROXY, LUMEN]


def world_of(house, name):
    """A customer with held seats and a paid booking, in a theater named after its house."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(questions, "make_theater", partial(make_theater, house=house))
        world = make_world()
    world.theater.name, world.theater.city = f"{name} Palace", f"{name} City"
    world.theater.save()
    for client in (*world.clients.values(), *world.strangers.values()):
        client.defaults["SERVER_NAME"] = house.domains[0]
    return world


def make_worlds():
    roxy = make_house(
        "Roxy Pictures", domains=[ROXY], footer_text="Roxy since 1931", company="Roxy Ltd", reply_to="hi@roxy.example"
    )
    lumen = make_house("Lumen Theaters", domains=[LUMEN, "old.lumen.example"], company="Lumen GmbH")
    return {"Roxy": world_of(roxy, "Roxy"), "Lumen": world_of(lumen, "Lumen")}


@pytest.fixture(scope="module")
def standing_houses(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, make_worlds) as worlds:
        yield worlds


@pytest.fixture
def houses(standing_houses, db):
    return {name: copied(world) for name, world in standing_houses.items()}


def others(name):
    return [word for word in ("Roxy", "Lumen", "Marquee") if word != name]


def text_of(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Type", "").startswith("application/pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.decode(errors="replace")


def customers_answers(world):
    for name, asked in SITE.items():
        if asked.who == "customer" and is_looked_at(name) and name != "widget":  # it is called <marquee-showtimes>
            path = reverse(name, args=[world.values[word] for word in asked.args.split()])
            answer = world.clients["customer"].get(path)
            yield name, answer


@pytest.mark.long
def test_no_page_and_no_paper_names_the_other_house_or_the_software(houses):
    named = {}
    for name, world in houses.items():
        for page, answer in customers_answers(world):
            text = text_of(answer) + str(answer.headers.get("Location", ""))
            text = text.replace("@marquee.example", "")  # the inviting person's address
            if found := [word for word in others(name) if re.search(rf"(?<![a-z]){word}", text, re.IGNORECASE)]:
                named[name, page] = found
            if (
                answer.headers.get("Content-Type", "").startswith("text/html")
                and answer.status_code == 200
                and "<html" in text
            ):
                assert name in text, page
    assert named == {}


@pytest.mark.parametrize(
    "path", ["/nothing/", "/accounts/login/", "/accounts/signup/", "/pages/terms/", "/news/", "/healthz"]
)
def test_no_other_page_names_another_house(houses, path):
    for name, domain in (("Roxy", ROXY), ("Lumen", LUMEN)):
        text = Client(SERVER_NAME=domain).get(path).content.decode()
        assert not [word for word in others(name) if word.lower() in text.lower()]


def test_mails_speak_as_the_house_and_lead_to_its_domain(houses):
    for world in houses.values():
        request_refunds(world.booking.sale, reason="Canceled")
    send_due_mail(now=timezone.now())
    seen = set()
    for message in mail.outbox:
        text = "\n".join(
            [message.subject, message.body, *(body for body, _ in message.alternatives), message.from_email]
        )
        name = "Roxy" if "Roxy" in text else "Lumen"
        seen.add(name)
        assert not [word for word in others(name) if word.lower() in text.lower()]
        assert message.from_email.startswith(("Roxy Pictures <", "Lumen Theaters <"))
        assert "http://testserver" not in text and f"http://{ROXY if name == 'Roxy' else LUMEN}/" in text
    assert seen == {"Roxy", "Lumen"}


def test_mails_of_accounts_are_those_of_the_domain(houses):
    Client(SERVER_NAME=LUMEN).post("/accounts/password/reset/", {"email": "nobody@example.com"})
    send_account_mail()
    (message,) = (message for message in mail.outbox if message.to == ["nobody@example.com"])
    assert message.from_email.startswith("Lumen Theaters <") and f"http://{LUMEN}/" in message.body
    assert "Marquee" not in message.subject + message.body


def test_lists_show_the_theaters_of_their_house(houses):
    for name, domain in (("Roxy", ROXY), ("Lumen", LUMEN)):
        front = Client(SERVER_NAME=domain).get("/").content.decode()
        assert f"{name} Palace" in front and not any(f"{other} Palace" in front for other in others(name))
    assert Client(SERVER_NAME=ROXY).get(f"/theaters/{houses['Lumen'].theater.slug}/").status_code == 404


def test_a_movie_of_both_houses_shows_the_showtimes_of_this_one(houses):
    movie = houses["Roxy"].showtime.movie
    type(houses["Lumen"].showtime).objects.filter(pk=houses["Lumen"].showtime.pk).update(movie=movie)
    page = Client(SERVER_NAME=ROXY).get(movie.get_absolute_url()).content.decode()
    assert "Roxy Palace" in page and "Lumen" not in page


@pytest.mark.parametrize("name", ["seat_map", "booking_by_link", "ticket", "checkout"])
def test_what_belongs_to_another_house_is_shown_at_its_domain(houses, name):
    world = houses["Lumen"]
    path = reverse(name, args=[world.values[word] for word in SITE[name].args.split()])
    answer = Client(SERVER_NAME=ROXY).get(path + "?x=1")
    assert (answer.status_code, answer.url) == (302, f"http://{LUMEN}{path}?x=1")
    assert Client(SERVER_NAME=ROXY).post(path).status_code == 404


def links_of(world) -> dict[str, str]:
    """The other addresses that name something of a house by a code."""
    closed = world.showtime
    type(closed).objects.filter(pk=closed.pk).update(access_code="SECRET-SHOW")
    ticket = Ticket.objects.live().filter(showtime__auditorium__theater=world.theater).first()
    free = ShowtimeSeat.objects.filter(showtime=closed, booking=None, hold=None, house_reason="").first()
    return {
        "take_transfer": make_transfer(ticket).code,
        "group": make_group(closed, free.label).code,
        "waiting_entry": make_waiting_entry(closed).code,
        "favorite": make_favorite(world.theater, closed.movie).code,
        "open_closed_show": "SECRET-SHOW",
    }


def test_every_link_leads_to_the_domain_of_its_house(houses):
    """On the other domain a signed cookie or a holder would open nothing."""
    for name, code in links_of(houses["Lumen"]).items():
        path = reverse(name, args=[code])
        answer = Client(SERVER_NAME=ROXY).get(path)
        assert (name, answer.status_code, answer.headers.get("Location")) == (name, 302, f"http://{LUMEN}{path}")
        assert Client(SERVER_NAME=ROXY).post(path).status_code == 404


@pytest.mark.parametrize("file", ["ics", "atom", "json"])
def test_files_of_showtimes_are_those_of_the_house(houses, file):
    path = f"/theaters/{houses['Lumen'].theater.slug}/showtimes.{file}"
    assert Client(SERVER_NAME=LUMEN).get(path).status_code == 200
    assert Client(SERVER_NAME=ROXY).get(path).status_code == 404


def test_staff_have_one_office_and_one_counter(houses):
    main = House.objects.order_by("pk").first()
    for path in ("/admin/", "/counter/", "/door/"):
        answer = Client(SERVER_NAME=LUMEN).get(path)
        assert (answer.status_code == 302 and LUMEN not in answer.url.replace("/admin/login/", "")) or main.domains == [
            ROXY
        ]


def test_an_unknown_host_is_refused_and_an_allowed_one_is_the_main_house(houses, settings):
    assert Client(SERVER_NAME="evil.example").get("/").status_code == 400
    assert "Roxy" in Client(SERVER_NAME="testserver").get("/").content.decode()


def test_a_second_domain_is_the_same_house(houses, settings):
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "old.lumen.example"]
    assert "Lumen Palace" in Client(SERVER_NAME="old.lumen.example").get("/").content.decode()


def test_kept_pages_are_kept_for_each_house(houses, settings):
    settings.KEPT_PAGE_SECONDS = 5
    pages = [Client(SERVER_NAME=domain).get("/").content.decode() for domain in (ROXY, LUMEN, ROXY, LUMEN)]
    assert ["Roxy Palace" in page for page in pages] == [True, False, True, False]


def test_colors_come_as_a_versioned_stylesheet(houses):
    House.objects.filter(name="Lumen Theaters").update(
        has_own_colors=True,
        accent_light="#0b3d91",
        accent_dark="#8ab4ff",
        surface_light="#f5f8ff",
        surface_dark="#0a1020",
    )
    forget_houses()
    page = Client(SERVER_NAME=LUMEN).get("/").content.decode()
    address = page.split('rel="stylesheet" href="/houses/')[1].split('"')[0]
    css = Client(SERVER_NAME=LUMEN).get(f"/houses/{address}")
    assert css.status_code == 200 and "immutable" in css.headers["Cache-Control"] and "#0b3d91" in css.content.decode()
    # The frame of the browser takes its color from the page (static/js/page.js).
    assert "#0a1020" in css.content.decode() and " style=" not in page
    House.objects.filter(name="Lumen Theaters").update(accent_light="#0b3d90")
    old = Client(SERVER_NAME=LUMEN).get(f"/houses/{address}")
    assert (old.status_code, old["Location"] == f"/houses/{address}") == (302, False)
    assert 'rel="stylesheet" href="/houses/' not in Client(SERVER_NAME=ROXY).get("/").content.decode()


def test_my_bookings_are_those_of_this_house(houses):
    user = User.objects.create_user("ada@example.com", "a long pass phrase")
    for world in houses.values():
        Sale.objects.filter(pk=world.booking.sale_id).update(user=user)
    for name, domain in (("Roxy", ROXY), ("Lumen", LUMEN)):
        client = Client(SERVER_NAME=domain)
        client.force_login(user)
        page = client.get("/bookings/").content.decode()
        assert houses[name].booking.reference in page
        assert not [word for word in others(name) if word.lower() in page.lower()]


def test_movies_are_everybodys(houses):
    assert Movie.objects.count() > 1


def test_the_house_of_a_thing_is_asked_once(monkeypatch):
    asked = []
    for days in (0, 30):
        monkeypatch.setattr(process_cache, "time", SimpleNamespace(monotonic=lambda days=days: days * 86_400.0))
        assert house_of_thing(("showtime_id", 1), lambda: asked.append(1) or 7) == 7
    assert len(asked) == 1
