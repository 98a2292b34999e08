"""Pages that confused people who open a cinema: each page says what comes next and what is already there."""

import re
from html import unescape

import pytest
from django.db.models import Exists
from django.test import Client, override_settings
from django.utils import timezone

from houses.models import Theater
from tests.boxoffice.test_theaters import theater_form
from tests.factories import make_auditorium, make_draft, make_movie, make_showtime, make_staff, make_theater
from tests.house_with_terms import make_house
from theaters.forms.houses import HouseForm
from theaters.models import Auditorium, Showtime
from theaters.opening.first_steps import steps_to_first_day
from theaters.plans.plan_drafts import begin_draft
from theaters.plans.plans import lay_out
from theaters.schedule.programs import ProgramPart, checked_program, set_program

pytestmark = pytest.mark.django_db
MIXED = "[Stalls]\nA oooo\n\n[Balcony]\nunreserved 30\n"


@pytest.fixture
def theater():
    return make_theater()


@pytest.fixture
def office(client, theater):
    client.force_login(make_staff("MANAGER", theater))
    return client


def test_after_an_auditorium_comes_its_plan(office, theater):
    form = {"theater": theater.pk, "name": "Saal 2", "preroll_minutes": 15, "turnaround_minutes": 20}
    answer = office.post("/admin/theaters/auditorium/add/", form, follow=True)
    room = Auditorium.objects.get(name="Saal 2")
    assert answer.redirect_chain == [(f"/admin/theaters/seatingplan/draft/{room.pk}/", 302)]
    assert "Now draw its seats" in answer.text


def test_unreserved_places_are_said_by_their_number_and_never_by_their_labels(office, theater):
    room = make_auditorium(theater)
    page = f"/admin/theaters/seatingplan/draft/{room.pk}/"
    looked = office.post(f"{page}import/", {"source": MIXED, "_preview": "1", "revision": "0"}).text
    assert "Balcony: 30 places without numbers" in " ".join(looked.split())
    assert "Balcony (30 unreserved)" in looked and "Balcony 0001" not in looked
    lay_out(auditorium=room, text="[Foyer]\nunreserved 40\n", now=timezone.now())
    begin_draft(auditorium=room, user_id=None)
    for path in (f"{page}publish/", f"/admin/theaters/auditorium/{room.pk}/change/"):
        assert "Foyer: 40 places without numbers" in " ".join(office.get(path).text.split())


@pytest.fixture
def pair(theater):
    draft = make_draft(theater=theater, movie=make_movie(title="Alien", slug="alien", running_minutes=117))
    other = make_movie(title="Aliens", slug="aliens", running_minutes=137)
    set_program(
        showtime_id=draft.pk, program=checked_program(title="", parts=[ProgramPart(draft.movie), ProgramPart(other)])
    )
    return Showtime.objects.get()


def test_a_showtime_of_two_movies_names_both(office, pair):
    assert "Alien, 117 min; Aliens, 137 min" in office.get(f"/admin/theaters/showtime/{pair.pk}/change/").text
    assert "“Program” on the saved page takes the others" in office.get("/admin/theaters/showtime/add/").text


def test_another_movie_in_a_program_does_not_keep_the_length_of_the_one_before(office, pair):
    page = f"/admin/theaters/showtime/{pair.pk}/program/"
    shown = office.get(page).context["forms"].parts[1]
    assert shown["minutes"].value() is None
    short = make_movie(title="Short", slug="short", running_minutes=9)
    form = {"rows": "2", "title": "Alien and more"}
    for number, movie in enumerate((pair.movie, short)):
        form |= {f"part-{number}-place": number, f"part-{number}-movie": f"{movie.pk}:2D", f"part-{number}-minutes": ""}
    office.post(page, form)
    assert [item.minutes for item in Showtime.objects.get().program] == [117, 9]


@pytest.mark.parametrize(
    ("domain", "hosts", "sentence"),
    [
        ("lantern.example", ["lantern.example"], ""), ("lantern.example", [".example"], ""),
        ("lantern.example", ["other.example"], "The system does not answer to lantern.example yet"),
        ("lantern.example:8000", [".example"], "A domain is written in small letters"),
    ],
)  # fmt: skip
def test_a_domain_is_one_that_the_system_answers_to(domain, hosts, sentence):
    with override_settings(ALLOWED_HOSTS=hosts):
        form = HouseForm({"name": "Lantern", "slug": "lantern", "domains": domain})
        said = form.errors.get("domains", [])
    assert sentence in " ".join(said) if sentence else said == []


NEW = {"name": "Lantern Leith", "street": "1 Shore", "city": "Leith", "country": "GB"}


def test_a_further_theater_says_to_which_house_it_belongs(manager, client):
    first = make_theater().house
    client.force_login(manager)
    assert "house" not in client.get("/admin/first-day/").context["form"].fields
    second = make_house("Lantern", domains=["lantern.example"])
    assert client.post("/admin/first-day/", NEW).context["form"].errors["house"]
    client.post("/admin/first-day/", NEW | {"house": second.pk})
    assert Theater.objects.get(name="Lantern Leith").house == second != first
    client.post("/admin/houses/theater/add/", theater_form(name="Roxy", slug="roxy", house=second.pk))
    assert Theater.objects.get(name="Roxy").house == second


def test_an_owner_begins_theaters_under_the_first_house_and_houses_of_their_own_alone(client):
    theater = make_theater()
    foreign = make_theater()
    Theater.objects.filter(pk=foreign.pk).update(house=make_house("Lantern"))
    client.force_login(make_staff("OWNER", theater))
    client.post("/admin/first-day/", NEW | {"house": foreign.house_id})
    assert set(Theater.objects.filter(name="Lantern Leith").values_list("house", flat=True)) <= {theater.house_id}


@pytest.mark.parametrize(("country", "zone"), [("DE", "Europe/Berlin"), ("GB", "Europe/London"), ("KZ", None)])
def test_a_theater_keeps_the_clock_of_its_country_unless_another_is_chosen(manager, client, country, zone):
    client.force_login(manager)
    assert client.get("/admin/houses/theater/add/").context["adminform"].form["timezone"].value() == ""
    form = theater_form(name="Roxy", slug="roxy", country=country, timezone="")
    answer = client.post("/admin/houses/theater/add/", form)
    assert [theater.timezone for theater in Theater.objects.all()] == ([zone] if zone else [])
    assert zone or "Choose the time zone" in answer.text


def test_the_element_for_other_sites_stands_on_the_page_of_the_theater(manager, client):
    theater = make_theater()
    Theater.objects.update(name="Nick & Nora")
    client.force_login(manager)
    with override_settings(WIDGET_ORIGINS=["https://www.lantern.example"]):
        page = client.get(f"/admin/houses/theater/{theater.pk}/change/").text
    assert "https://www.lantern.example" in page
    shown = unescape(re.search('<pre class="json">(.*?)</pre>', page, re.DOTALL)[1])
    assert shown == (
        '<script src="http://testserver/widget.js" async></script>\n'
        f'<marquee-showtimes theater="{theater.slug}"><a href="http://testserver/theaters/{theater.slug}/">Nick &amp; Nora</a>'
        "</marquee-showtimes>"
    )


@pytest.mark.parametrize(("role", "is_there"), [("OWNER", True), ("BOX_OFFICE", False)])
def test_the_list_of_showtimes_leads_to_moving_in(client, theater, role, is_there):
    client.force_login(make_staff(role, theater))
    assert ('href="/admin/theaters/showtime/move-in/"' in client.get("/admin/theaters/showtime/").text) == is_there


def test_a_program_on_sale_says_how_it_can_be_changed_all_the_same(office, theater):
    """When a showtime was published before its second movie was added, the page led nowhere."""
    showtime = make_showtime(auditorium=make_auditorium(theater))
    address = f"/admin/theaters/showtime/{showtime.pk}/program/"
    page = office.get(address).text
    assert "take it back to a draft" in " ".join(page.split())
    assert f'class="button" href="/admin/theaters/showtime/{showtime.pk}/change/"' in page
    Showtime.objects.filter(pk=showtime.pk).update(status="CANCELED")
    assert "This showtime is canceled, so its program stays as it is." in office.get(address).text


@pytest.mark.parametrize(
    ("form", "part"),
    [
        ("houses/post", "/news/…/"),
        ("theaters/series", "/series/…/"),
        ("houses/theater", "/theaters/…/"),
        ("houses/house", "short name"),
    ],
)
def test_an_address_is_called_so_and_says_what_it_is_for(manager, client, form, part):
    client.force_login(manager)
    make_theater()
    page = client.get(f"/admin/{form}/add/").text
    field = page.partition("field-slug")[2].partition('class="form-row')[0]
    assert "Address:</label>" in field and "Slug" not in field
    assert part in unescape(field)


def test_a_further_theater_begins_step_by_step_too(db):
    """The way stands on the list and on the long form; who may add none sees neither."""
    theater = make_theater()
    owner = Client()
    owner.force_login(make_staff("OWNER", theater))
    for page in ("/admin/houses/theater/", "/admin/houses/theater/add/"):
        assert 'href="/admin/first-day/"' in owner.get(page).text
    clerk = Client()
    clerk.force_login(make_staff("AUDITOR", theater))
    assert "/admin/first-day/" not in clerk.get("/admin/houses/theater/").text


def test_the_page_on_privacy_is_begun_with_its_house_and_address(db):
    theater = make_showtime().auditorium.theater
    steps = steps_to_first_day(theater, bought=Exists(Theater.objects.none()), now=timezone.now())
    url = next(step.url for step in steps if "privacy" in step.words)
    owner = Client()
    owner.force_login(make_staff("OWNER", theater))
    form = owner.get(url).context["adminform"].form
    assert (form["slug"].value(), form["house"].value()) == ("privacy", str(theater.house_id))
