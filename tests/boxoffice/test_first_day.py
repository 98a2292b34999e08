"""From an empty installation to a paid ticket, by the short pages that Today leads to."""

import pytest
from django.core import mail
from django.test import Client

from houses.models import House, PageText, Theater
from payments.providers.errors import NotPermitted
from tests.factories import buy, make_browser, make_movie, make_staff, make_theater
from tests.ledger import broken_invariants
from theaters.models import Movie, SeatingPlan, Showtime
from theaters.services.country_defaults import DEFAULTS
from theaters.services.plan_files import problems_of, read_plan, warnings_of
from theaters.services.typical_plans import PLANS

pytestmark = pytest.mark.django_db
BEGIN = {
    "house_name": "Lantern", "name": "Lantern Leith", "street": "1 Shore", "postal_code": "EH6", "city": "Leith", "country": "GB",
}  # fmt: skip
LAW = {
    "company": "Lantern Ltd", "register_entry": "SC 12345", "responsible_person": "Ada Lovelace",
    "reply_to": "box@lantern.example", "tax_number": "",
}  # fmt: skip
MOVIE = {"title": "Faust", "director": "F. W. Murnau", "year": "1926", "running_minutes": "106", "rating": ""}


@pytest.fixture
def owner(django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("owner@example.com", "x"))
    return client


def filled_in(client, url) -> dict:
    """What a press of the button sends when nothing is changed."""
    return client.get(url).context["form"].initial | {
        name: field.initial
        for name, field in client.get(url).context["form"].fields.items()
        if field.initial is not None
    }


def go_on(client, url, data=None) -> str:
    answer = client.post(url, filled_in(client, url) if data is None else data)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.headers["Location"]


def test_from_nothing_to_a_paid_ticket(owner, sandbox):
    assert 'href="/admin/first-day/"' in owner.get("/admin/").content.decode()
    url = go_on(owner, "/admin/first-day/", BEGIN)
    theater = Theater.objects.get()
    assert (theater.currency, theater.timezone, House.objects.get().name) == ("GBP", "Europe/London", "Lantern")
    assert url == f"/admin/first-day/{theater.pk}/auditorium/"
    url = go_on(owner, url)
    assert url == f"/admin/first-day/{theater.pk}/prices/"
    url = go_on(owner, url)
    assert url == f"/admin/first-day/{theater.pk}/law/"
    url = go_on(owner, url, filled_in(owner, url) | LAW)
    assert url == f"/admin/first-day/{theater.pk}/movie/"
    url = go_on(owner, url, MOVIE)
    assert url == f"/admin/first-day/{theater.pk}/week/"
    assert go_on(owner, url, {"movie": Movie.objects.get().pk}) == "/admin/"
    page = owner.get("/admin/").text
    assert "The week is on sale." in page and 'href="/admin/staff/invitation/add/"' in page
    assert Showtime.objects.published().count() >= 7
    Theater.objects.update(avoids_single_seats=False)
    showtime = Showtime.objects.published().order_by("starts_at").last()
    booking = buy(sandbox, showtime, make_browser(1), "B3")
    assert (booking.status, booking.sale.channel) == ("CONFIRMED", "ONLINE")
    assert broken_invariants() == []


def test_the_law_is_published_in_the_language_of_the_country_and_kept_with_the_house(owner):
    url = go_on(owner, "/admin/first-day/", BEGIN | {"country": "DE"}).replace("auditorium", "law")
    form = filled_in(owner, url)
    assert form["company_address"] == "1 Shore, EH6 Leith" and form["terms"].startswith("## Ihre Tickets")
    for _ in range(2):
        go_on(owner, url, form | LAW)
    texts = {text.page.slug: text for text in PageText.objects.all()}
    assert set(texts) == {"terms", "imprint"} and PageText.objects.count() == 2
    assert (texts["terms"].title, texts["terms"].language) == ("Verkaufsbedingungen", "de")
    assert texts["imprint"].body.splitlines() == [
        "Lantern Ltd  ", "1 Shore, EH6 Leith  ", "Register: SC 12345  ", "Verantwortlich: Ada Lovelace  ",
        "E-Mail: box@lantern.example",
    ]  # fmt: skip
    assert Client().get("/pages/imprint/").status_code == 200
    assert filled_in(owner, url)["company"] == House.objects.get().company == "Lantern Ltd"


def test_a_first_movie_has_the_limits_of_its_rating_and_an_address_of_its_own(owner):
    theater = make_theater(country="GB")
    make_movie(slug="the-kid")
    owner.post(f"/admin/first-day/{theater.pk}/movie/", MOVIE | {"title": "The Kid", "rating": "15"})
    movie = Movie.objects.get(title="The Kid")
    assert movie.slug == "the-kid-1926"
    assert movie.ratings.values_list("country", "label", "min_age").get() == ("GB", "15", 15)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.slug)
def test_each_typical_plan_can_be_published(plan):
    seats = read_plan(plan.text).seats
    assert (problems_of(seats), warnings_of(seats), len(seats)) == ([], [], plan.seats)


@pytest.mark.parametrize("country", sorted(DEFAULTS))
def test_each_country_has_prices_that_can_be_taken_as_they_are(owner, country):
    go_on(owner, "/admin/first-day/", BEGIN | {"country": country})
    theater = Theater.objects.get()
    go_on(owner, f"/admin/first-day/{theater.pk}/auditorium/")
    go_on(owner, f"/admin/first-day/{theater.pk}/prices/")
    assert theater.price_lists.get().prices.count() > 15


def test_a_second_auditorium_of_the_same_name_is_refused(owner):
    theater = make_theater()
    url = f"/admin/first-day/{theater.pk}/auditorium/"
    go_on(owner, url)
    answer = owner.post(url, filled_in(owner, url))
    assert answer.status_code == 422
    assert SeatingPlan.objects.count() == 1


def test_payments_and_mail_are_tried(owner, sandbox, monkeypatch):
    theater = make_theater()
    url = f"/admin/first-day/{theater.pk}/try/"
    html = owner.post(url).content.decode()
    assert "Payments: the key works" in html
    assert mail.outbox[-1].to == ["owner@example.com"]

    def refused():
        raise NotPermitted("checkout sessions: write")

    monkeypatch.setattr("payments.services.key_rights.missing_rights", refused)
    assert "our key lacks the right checkout sessions: write" in owner.post(url).content.decode()


def test_only_people_who_may_open_a_theater_begin_one():
    client = Client()
    client.force_login(make_staff("MANAGER", make_theater()))
    assert client.get("/admin/first-day/").status_code == 403
