"""How to reach a theater: written in the office in several languages, and shown wherever a guest may need it."""

import re

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.test import Client
from django.utils import timezone, translation

from houses.models import Theater
from reservations.letters.outbox import send_due_mail
from sales.models import Sale
from tests.boxoffice.test_theaters import change, theater_form
from tests.factories import buy, make_staff, make_theater
from tests.pdfs import text_of
from theaters.menu import forget_menu
from theaters.selectors import address_line, contact_of

pytestmark = pytest.mark.django_db
PHONE, EMAIL, HOURS = "+44 20 7946 0018", "roxy@roxy.example", "Doors open half an hour before the first show."
GERMAN = "Einlass ist eine halbe Stunde vor der ersten Vorstellung."
FACTS = {
    "phone": PHONE, "email": EMAIL, "opening_hours": HOURS, "map_url": "https://maps.example/roxy",
    "translations": {"de": {"opening_hours": GERMAN}},
}  # fmt: skip


@pytest.fixture
def theater(showtime):
    Theater.objects.update(**FACTS)
    forget_menu()
    yield Theater.objects.get(pk=showtime.auditorium.theater_id)
    forget_menu()


def test_the_page_of_the_theater_and_its_footer_say_them_in_the_readers_language(client, theater):
    for language, hours in (("en", HOURS), ("de", GERMAN)):
        page = client.get(f"{theater.get_absolute_url()}?hl={language}").content.decode()
        for part in (PHONE, 'href="tel:+442079460018"', f'href="mailto:{EMAIL}"', 'href="https://maps.example/roxy"'):
            assert part in page, part
        assert page.count(hours) == 2, language  # below the theater's name, and in the footer
    assert not re.search(r'<(script|img|iframe)[^>]+src="https?://', page)


BOOKING = "/bookings/KX7M-4QPD/tickets.pdf"


def broken(error):
    def view(*args, **kwargs):
        raise error

    return view


@pytest.mark.parametrize(
    ("status", "path", "error"),
    [
        (404, "/nothing-here/", None),
        (400, "/?day=%00", None),
        (403, "/counter/", None),
        (503, BOOKING, OperationalError("lock timeout")),
        (500, BOOKING, ZeroDivisionError()),
    ],
)
def test_error_pages_say_how_to_reach_us(django_user_model, theater, monkeypatch, status, path, error):
    client = Client(raise_request_exception=False)
    client.force_login(django_user_model.objects.create_user("ada@example.com", "x"))
    if error:
        monkeypatch.setattr("reservations.views.bookings.own_bookings", broken(error))
    answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code == status
    assert PHONE in page and f"mailto:{EMAIL}" in page and theater.house.name in page
    assert f'href="{theater.map_link.replace("&", "&amp;")}"' in page and theater.street in page


def test_a_page_without_its_token_says_it_too(theater):
    answer = Client(enforce_csrf_checks=True).post("/find-booking/", {"asked_for": "x"})
    assert answer.status_code == 403 and PHONE in answer.content.decode()


def test_the_page_of_an_error_stands_without_a_database(theater, monkeypatch):
    """The part that broke may be the one that knows how to reach us."""
    monkeypatch.setattr("reservations.views.bookings.own_bookings", broken(ZeroDivisionError()))
    monkeypatch.setattr("theaters.menu._read_links", broken(ZeroDivisionError()))
    answer = Client(raise_request_exception=False).get(BOOKING)
    assert answer.status_code == 500 and "The projector stopped" in answer.content.decode()


def test_tickets_and_mails_say_them(theater, showtime, sandbox, my_browser, django_user_model):
    booking = buy(sandbox, showtime, my_browser, "A1")
    ada = django_user_model.objects.create_user("ada@example.com", "x")
    Sale.objects.update(user=ada)
    me = Client()
    me.force_login(ada)
    ticket = booking.tickets.get()
    for page in (f"/tickets/{ticket.code}/", booking.get_absolute_url()):
        shown = me.get(page).content.decode()
        assert PHONE in shown and HOURS in shown and "https://maps.example/roxy" in shown, page
    assert PHONE in text_of(me.get(f"/tickets/{ticket.code}.pdf").content)
    send_due_mail(now=timezone.now())
    [sent] = mail.outbox
    [(html, _kind)] = sent.alternatives
    for words in (PHONE, EMAIL, HOURS, "https://maps.example/roxy"):
        assert words in sent.body and words in html, words


def test_without_a_link_the_map_is_found_by_the_address():
    theater = Theater(street="1 Light Street", postal_code="E8 9QX", city="London", country="GB")
    assert theater.map_link == "https://www.openstreetmap.org/search?query=1+Light+Street%2C+London+E8+9QX%2C+GB"
    assert contact_of(theater).reached_by == ""


@pytest.mark.parametrize(
    ("country", "place"), [("DE", "22763 Hamburg"), ("IE", "Hamburg 22763"), ("JP", "22763 Hamburg")]
)
def test_the_postal_code_stands_where_letters_of_the_country_have_it(country, place):
    theater = Theater(street="Allee 1", postal_code="22763", city="Hamburg", country=country)
    assert (theater.place, address_line(theater)) == (place, f"Allee 1, {place}")
    assert Theater(city="Hamburg", country=country).place == "Hamburg"
    with translation.override("de"):
        theater.translations = {"de": {"city": "Hamburch"}}
        assert theater.shown_place == place.replace("Hamburg", "Hamburch")


def test_what_is_not_translated_is_said_in_the_theaters_own_words():
    theater = Theater(
        about="A palace", directions="Left", translations={"de": {"about": "Ein Palast", "directions": ""}}
    )
    with translation.override("de"):
        assert (theater.texts["about"], theater.texts["directions"]) == ("Ein Palast", "Left")
    with translation.override("en"):
        assert theater.texts["about"] == "A palace"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("phone", "call us"), ("email", "roxy"), ("map_url", "http://maps.example/"), ("map_url", "javascript:alert(1)"),
        ("translations", {"de": {"slug": "roxy"}}), ("translations", {"de": "x"}),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused(column, value):
    theater = make_theater()
    setattr(theater, column, value)
    with pytest.raises(ValidationError) as refused:
        theater.full_clean()
    assert list(refused.value.error_dict) == [column]


def test_the_office_writes_them_and_keeps_what_it_does_not_show(theater):
    """The house offers German beside English, so the Divehi text has no field in the form and is kept."""
    theater.house.languages = ["en", "de"]
    theater.house.save()
    Theater.objects.update(translations={"de": {"about": "Alt"}, "dv": {"about": "x"}})
    office = Client()
    office.force_login(make_staff("OWNER", theater))
    fields = office.get(change(theater)).context["adminform"].form.fields
    assert "opening_hours_de" in fields and not {"opening_hours_en", "opening_hours_dv"} & fields.keys()
    written = theater_form(
        name=theater.name, timezone=theater.timezone, currency=theater.currency, phone="+44 20 1234 5678", email="a@b.example",
        opening_hours="From noon", map_url="", opening_hours_de=" Ab Mittag ", about_de="",
    )  # fmt: skip
    answer = office.post(change(theater), written)
    assert answer.status_code == 302, answer.context["errors"]
    theater.refresh_from_db()
    assert (theater.phone, theater.email, theater.opening_hours) == ("+44 20 1234 5678", "a@b.example", "From noon")
    assert theater.translations == {"de": {"opening_hours": "Ab Mittag"}, "dv": {"about": "x"}}
    assert "From noon" in Client().get(theater.get_absolute_url()).content.decode()
