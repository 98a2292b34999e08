"""From an empty installation to a paid ticket, through the short pages that Today leads to."""

import re
from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from houses.models import House, PageText, TextPage, Theater
from tests.factories import buy, make_browser, make_draft, make_movie, make_showtime, make_staff, make_theater
from tests.ledger import broken_invariants
from tests.variants import some
from theaters.models import Movie, Price, SeatingPlan, Showtime
from theaters.opening.country_defaults import DEFAULTS
from theaters.opening.first_day import NewTheater, begin_theater
from theaters.plans.plan_files import problems_of, read_plan, warnings_of
from theaters.plans.typical_plans import PLANS
from theaters.prices.usual_ticket_types import usual_types

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
    """What the button sends when nothing is changed on the page."""
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
    week = owner.get(url).text
    assert (
        f"in {theater.auditoriums.get().name}. Times are as on the clock" in week
        and 'name="evening" value="20:00"' in week
    )
    assert go_on(owner, url, {"movie": Movie.objects.get().pk, "evening": "19:30"}) == "/admin/"
    page = owner.get("/admin/").text
    assert "The week is on sale." in page and 'href="/admin/staff/invitation/add/"' in page
    assert {showtime.starts_at.astimezone(theater.zone).time() for showtime in Showtime.objects.all()} == {time(19, 30)}
    assert Showtime.objects.published().count() >= 7
    Theater.objects.update(avoids_single_seats=False)
    showtime = Showtime.objects.published().order_by("starts_at").last()
    booking = buy(sandbox, showtime, make_browser(1), "B3")
    assert (booking.status, booking.sale.channel) == ("CONFIRMED", "ONLINE")
    assert broken_invariants() == []


def test_an_auditorium_without_numbered_seats_is_sold_by_number(owner, sandbox):
    """As a festival of short films begins."""
    url = go_on(owner, "/admin/first-day/", BEGIN)
    form = filled_in(owner, url) | {"plan": "unreserved"}
    refused = owner.post(url, form | {"places": ""})
    assert refused.status_code == 422 and "for how many people there is room" in refused.text
    go_on(owner, url, form | {"places": "60"})
    plan = SeatingPlan.objects.get()
    assert (plan.seats.count(), {seat.section for seat in plan.seats.all()}) == (60, {"Floor"})
    assert go_on(owner, url.replace("auditorium", "prices")).endswith("/law/")


@pytest.mark.parametrize(
    ("typed", "rows"),
    [("7 x 12", [12] * 7), ("10, 12,13", [10, 12, 13]), ("2×8; 9 10", [8, 8, 9, 10])],
)
def test_an_auditorium_like_none_of_ours_is_drawn_from_the_length_of_its_rows(owner, typed, rows):
    url = go_on(owner, "/admin/first-day/", BEGIN)
    assert go_on(owner, url, {"name": "Screen 1", "plan": "rows", "rows": typed}).endswith("/prices/")
    seats = list(SeatingPlan.objects.get().seats.all())
    names = [chr(ord("A") + at) for at in range(len(rows))]
    assert [sum(seat.row == name for seat in seats) for name in names] == rows
    # Each row stands in the middle of the longest.
    assert {
        2 * min(at.x for at in seats if at.row == name) + 2 * size for name, size in zip(names, rows, strict=True)
    } == {2 * max(rows)}


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"plan": "rows"}, "Please say how many seats each row has."),
        ({"plan": "rows", "rows": "many"}, "“many” is no number of seats."),
        ({"plan": "rows", "rows": "27 x 10"}, "up to 26 rows of 1 to 60 seats"),
        ({"plan": "rows", "rows": "10, 0"}, "up to 26 rows of 1 to 60 seats"),
        ({"plan": "club", "rows": "7 x 12"}, "Choose “None of them: rows of my own” above, or leave this empty."),
        ({"plan": "club", "places": "60"}, "or leave this empty."),
    ],
)
def test_what_was_typed_about_an_auditorium_is_never_ignored(owner, form, says):
    answer = owner.post(go_on(owner, "/admin/first-day/", BEGIN), {"name": "Screen 1", **form})
    assert (answer.status_code, SeatingPlan.objects.count()) == (422, 0) and says in answer.text


def test_a_house_of_several_auditoriums_adds_one_after_the_other(owner):
    url = go_on(owner, "/admin/first-day/", BEGIN)
    assert go_on(owner, url, filled_in(owner, url) | {"_addanother": "1"}) == url
    assert 'value="Screen 2"' in owner.get(url).text
    prices = go_on(owner, url)
    assert re.search(rf'href="{url}">Add another</a>', owner.get(prices).text)
    assert [room.name for room in Theater.objects.get().auditoriums.order_by("pk")] == ["Screen 1", "Screen 2"]


@pytest.mark.parametrize(("country", "language"), [("AT", "de"), ("IE", "en")])
def test_the_first_language_of_a_house_is_that_of_its_country(owner, country, language):
    offered = set(House.objects.of_installation().offered_languages)
    go_on(owner, "/admin/first-day/", BEGIN | {"country": country})
    house = House.objects.get()
    assert (house.offered_languages[0], set(house.offered_languages)) == (language, offered)
    assert Client(headers={"accept-language": "fr"}).get("/").headers["Content-Language"] == language


def test_a_privacy_page_that_stands_already_is_left_alone(owner):
    url = go_on(owner, "/admin/first-day/", BEGIN).replace("auditorium", "law")
    assert "privacy_en" in filled_in(owner, url)
    TextPage.objects.create(house=House.objects.get(), slug="privacy")
    assert "privacy_en" not in filled_in(owner, url)
    go_on(owner, url, filled_in(owner, url) | LAW)
    assert not PageText.objects.filter(page__slug="privacy").exists()


def test_the_privacy_page_says_how_long_network_addresses_are_kept(owner, settings):
    url = go_on(owner, "/admin/first-day/", BEGIN).replace("auditorium", "law")
    assert "is kept for 30 days" in filled_in(owner, url)["privacy_en"]
    settings.CLIENT_ADDRESS_DAYS = 0
    assert "held or paid for is kept, so that" in filled_in(owner, url)["privacy_en"]


def test_who_has_a_plan_in_a_file_finds_the_way_to_import_it(owner):
    page = owner.get(go_on(owner, "/admin/first-day/", BEGIN)).text
    assert re.search(r'href="/admin/theaters/auditorium/add/">or draw it, or import its plan from a file', page)


def test_a_second_theater_names_no_house_and_is_told_whose_terms_are_its_own(owner):
    go_on(owner, "/admin/first-day/", BEGIN)
    page = owner.get("/admin/first-day/").text
    assert "It belongs to the house Lantern" in page and 'name="house_name"' not in page
    go_on(owner, "/admin/first-day/", BEGIN | {"house_name": "Plough", "name": "The Plough"})
    assert {theater.house.name for theater in Theater.objects.all()} == {House.objects.get().name} == {"Lantern"}


def test_trying_payments_is_advised_and_not_needed(owner):
    url = go_on(owner, "/admin/first-day/", BEGIN)
    steps = {step.words: step for step in owner.get(url).context["steps"]}
    tried = steps["Try whether payments and mail work"]
    assert (tried.is_done, tried.is_needed) == (False, False)
    assert f'href="{tried.url}"' in owner.get(url).text


@pytest.mark.parametrize(("country", "name"), [("DE", "Saal 1"), ("GB", "Screen 1")])
def test_the_first_auditorium_is_called_as_guests_of_that_country_call_one(owner, country, name):
    assert f'value="{name}"' in owner.get(go_on(owner, "/admin/first-day/", BEGIN | {"country": country})).text


@pytest.mark.parametrize(("country", "is_told"), [("DE", True), ("GB", False)])
def test_what_a_counter_may_not_is_said_on_the_first_day(owner, country, is_told):
    url = go_on(owner, "/admin/first-day/", BEGIN | {"country": country})
    assert ("The counter takes no money here." in owner.get(url).text) is is_told


def test_each_plan_says_how_many_seats_it_has_and_prices_what_an_empty_one_means(owner):
    url = go_on(owner, "/admin/first-day/", BEGIN)
    assert "Medium: two blocks, premium in the middle, 176 seats" in owner.get(url).text
    assert "A ticket type without a price is not sold." in owner.get(go_on(owner, url)).text


def test_a_ticket_for_several_people_costs_more_on_a_better_seat_for_each_of_them(owner):
    url = go_on(owner, "/admin/first-day/", BEGIN).replace("auditorium", "prices")
    owner.post(url, filled_in(owner, url) | {"FAMILY": "36.00", "premium": "2.50"})
    family = Price.objects.filter(ticket_type__code="FAMILY")
    assert dict(family.values_list("category", "amount")) == {
        "STANDARD": 36, "PREMIUM": 46, "SOFA": 46, "WHEELCHAIR": 36, "COMPANION": 36,
    }  # fmt: skip


def test_the_terms_say_beside_them_what_is_promised_for_tickets_that_come_back(owner):
    url = go_on(owner, "/admin/first-day/", BEGIN).replace("auditorium", "law")
    assert "Until 24 hours before the start you get all of the price back" in owner.get(url).text


class TestAfterTheFirstSale:
    """Until the first show Today keeps giving advice."""

    def advice(self, client) -> dict[str, bool]:
        return {step.words[:8]: step.is_done for step in client.get("/admin/").context["board"].houses[0].advice}

    def test_what_is_done_is_ticked_without_a_worker(self, owner, sandbox):
        showtime = make_showtime()
        assert self.advice(owner) == {"Buy a ti": False, "Try whet": False, "Invite t": False, "Write wh": False}
        theater = showtime.auditorium.theater
        buy(sandbox, showtime, make_browser(1), "A1")
        TextPage.objects.create(house=theater.house, slug="privacy")
        assert self.advice(owner) == {"Buy a ti": True, "Try whet": False, "Invite t": False, "Write wh": True}

    def test_from_the_first_show_on_nothing_is_said(self, owner):
        make_showtime()
        Showtime.objects.update(starts_at=timezone.now() - timedelta(hours=1))
        assert self.advice(owner) == {}

    def test_a_draft_is_no_sale(self, owner):
        make_draft()
        assert self.advice(owner) == {}

    def test_managers_are_not_asked_for_what_they_may_not(self):
        manager = Client()
        manager.force_login(make_staff("MANAGER", make_showtime().auditorium.theater))
        assert self.advice(manager) == {}


def test_the_law_is_published_in_the_languages_of_the_house_and_kept_with_it(owner):
    url = go_on(owner, "/admin/first-day/", BEGIN | {"country": "DE"}).replace("auditorium", "law")
    House.objects.update(languages=["en", "de"])
    form = filled_in(owner, url)
    assert form["company_address"] == "1 Shore, EH6 Leith" and form["terms_de"].startswith("## Ihre Tickets")
    for _ in range(2):
        go_on(owner, url, form | LAW)
    texts = {text.page.slug: text for text in PageText.objects.filter(language="de")}
    assert set(texts) == {"terms", "imprint", "privacy"} and PageText.objects.count() == 6
    assert "18 Monate nach Ihrer letzten Vorstellung" in texts["privacy"].body
    assert 'href="/pages/imprint/"' in Client(headers={"accept-language": "de"}).get("/pages/privacy/").text
    assert (texts["terms"].title, texts["terms"].language) == ("Verkaufsbedingungen", "de")
    assert texts["imprint"].body.splitlines() == [
        "Lantern Ltd  ", "1 Shore, EH6 Leith  ", "Register: SC 12345  ", "Verantwortlich: Ada Lovelace  ",
        "E-Mail: box@lantern.example",
    ]  # fmt: skip
    assert "Verantwortlich: Ada" in Client(headers={"accept-language": "de"}).get("/pages/imprint/").text
    english = Client(headers={"accept-language": "en"})
    assert (
        "Responsible: Ada" in english.get("/pages/imprint/").text
        and "Your tickets" in english.get("/pages/terms/").text
    )
    assert filled_in(owner, url)["company"] == House.objects.get().company == "Lantern Ltd"


def test_a_language_left_empty_has_no_terms_and_a_house_of_one_language_is_asked_for_one(owner):
    url = go_on(owner, "/admin/first-day/", BEGIN | {"country": "GB"}).replace("auditorium", "law")
    House.objects.update(languages=["de", "en"])
    assert [name for name in filled_in(owner, url) if name.startswith("terms_")] == ["terms_en", "terms_de"]
    go_on(owner, url, filled_in(owner, url) | LAW | {"terms_de": "", "privacy_de": ""})
    assert set(PageText.objects.values_list("language", flat=True)) == {"en"}
    House.objects.update(languages=["en"])
    assert [name for name in filled_in(owner, url) if name.startswith("terms_")] == ["terms_en"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Kino Größe Hamburg", "kino-grosse-hamburg"), ("Кинотеатр Заря", "kinoteatr-zarya"), ("Ταινιοθήκη", "tainiothiki"),
        ("???", "theater"), ("A " + "very " * 12 + "long name", "a-very-very-very-very-very-very-very-ver"),
    ],
)  # fmt: skip
def test_the_address_of_a_theater_is_read_from_its_name_in_any_script(name, slug):
    new = NewTheater(name, "1 Street", "12345", "City", "GB")
    assert [begin_theater(new, house_name="", actor="test").slug for _ in range(2)] == [slug, f"{slug}-2"]


def test_a_first_movie_has_the_limits_of_its_rating_and_an_address_of_its_own(owner):
    theater = make_theater(country="GB")
    make_movie(slug="the-kid")
    owner.post(f"/admin/first-day/{theater.pk}/movie/", MOVIE | {"title": "The Kid", "rating": "15"})
    movie = Movie.objects.get(title="The Kid")
    assert movie.slug == "the-kid-1926"
    assert movie.ratings.values_list("country", "label", "min_age").get() == ("GB", "15", 15)


def test_a_first_movie_with_a_label_that_nobody_knows_needs_its_ages(owner):
    theater = make_theater(country="DE", timezone_name="Europe/Berlin")
    form = MOVIE | {"title": "The Kid", "rating": "Mature"}
    answer = owner.post(f"/admin/first-day/{theater.pk}/movie/", form)
    assert "is no label that we know of Germany" in answer.content.decode()
    assert not Movie.objects.filter(title="The Kid").exists()
    owner.post(f"/admin/first-day/{theater.pk}/movie/", form | {"min_age": "16"})
    assert Movie.objects.get(title="The Kid").ratings.values_list("label", "min_age").get() == ("Mature", 16)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.slug)
def test_each_typical_plan_can_be_published(plan):
    seats = read_plan(plan.text).seats
    assert (problems_of(seats), warnings_of(seats), len(seats)) == ([], [], plan.seats)


# Usual prices depend on the currency.
FIRST_OF_CURRENCY = {DEFAULTS[country].currency: country for country in sorted(DEFAULTS, reverse=True)}.values()


@pytest.mark.parametrize(
    "country",
    some([*FIRST_OF_CURRENCY, *sorted(set(DEFAULTS) - set(FIRST_OF_CURRENCY))], every=4),
)
def test_each_country_has_prices_that_can_be_taken_as_they_are(owner, country):
    go_on(owner, "/admin/first-day/", BEGIN | {"country": country})
    theater = Theater.objects.get()
    go_on(owner, f"/admin/first-day/{theater.pk}/auditorium/")
    go_on(owner, f"/admin/first-day/{theater.pk}/prices/")
    assert theater.price_lists.get().prices.count() > 15


@pytest.mark.parametrize(
    ("country", "asked", "clock", "currency"),
    [
        ("FI", [], "Europe/Helsinki", "EUR"),
        ("MX", ["timezone"], "America/Tijuana", "MXN"),
        ("KW", [], "Asia/Kuwait", "KWD"),
        ("IQ", ["currency"], "Asia/Baghdad", "USD"),
    ],
)
def test_a_theater_opens_where_we_know_no_usual_values(owner, country, asked, clock, currency):
    """What other places tell is filled in. Where there are several possible values, or none, the page asks."""
    answer = owner.post("/admin/first-day/", BEGIN | {"country": country})
    assert (answer.status_code, Theater.objects.count()) == (422, 0)
    form = answer.context["form"]
    assert sorted(form.errors) == sorted(["tax_rate", *asked]) and "please say it" in answer.text
    known = {name: form[name].value() for name in ("timezone", "currency")}
    given = {"tax_rate": "13.5", "timezone": known["timezone"] or clock, "currency": known["currency"] or currency}
    url = go_on(owner, "/admin/first-day/", BEGIN | given | {"country": country})
    theater = Theater.objects.get()
    assert (theater.timezone, theater.currency, theater.tax_rate) == (clock, currency, Decimal("0.135"))
    assert owner.get(go_on(owner, url)).status_code == 200


def test_a_second_auditorium_of_the_same_name_is_refused(owner):
    theater = make_theater()
    url = f"/admin/first-day/{theater.pk}/auditorium/"
    go_on(owner, url)
    answer = owner.post(url, filled_in(owner, url) | {"name": "Screen 1"})
    assert answer.status_code == 422
    assert SeatingPlan.objects.count() == 1


def test_payments_and_mail_are_tried(owner, sandbox):
    theater = make_theater()
    url = f"/admin/first-day/{theater.pk}/try/"
    html = owner.post(url).content.decode()
    assert "Payments: the key works" in html
    assert mail.outbox[-1].to == ["owner@example.com"]


def test_only_people_who_may_open_a_theater_see_the_first_day():
    client = Client()
    client.force_login(make_staff("MANAGER", make_theater()))
    assert client.get("/admin/first-day/").status_code == 403


def test_a_further_theater_shows_a_movie_that_comes_in_several_versions(owner):
    """The movie of the page before is chosen already; another one is chosen with its version."""
    known = make_movie(title="Alien")
    for picture in ("2D", "35 mm"):
        known.versions.create(picture=picture)
    theater = at_the_movie(owner)
    url = go_on(owner, f"/admin/first-day/{theater.pk}/movie/", MOVIE)
    newest = Movie.objects.latest("pk")
    assert owner.get(url).context["form"]["movie"].initial == f"{newest.pk}:2D"
    refused = owner.post(url, {"movie": known.pk, "evening": "19:30"})
    assert refused.status_code == 422 and not Showtime.objects.exists()
    go_on(owner, url, {"movie": f"{known.pk}:35 mm", "evening": "19:30"})
    assert set(Showtime.objects.values_list("movie", "picture")) == {(known.pk, "35 mm")}


def at_the_movie(owner) -> Theater:
    """A theater with everything that comes before its first movie."""
    url = go_on(owner, go_on(owner, go_on(owner, "/admin/first-day/", BEGIN)))
    go_on(owner, url, filled_in(owner, url) | LAW)
    return Theater.objects.get()


@pytest.mark.parametrize(("country", "name"), [("DE", "Ermäßigt"), ("CH", "Ermässigt"), ("LI", "Ermässigt")])
def test_german_ticket_types_are_written_as_in_the_country(country, name):
    (reduced,) = (kind for kind in usual_types(country) if kind.code == "STUDENT")
    assert reduced.name == name
