"""What search engines, calendars and feed readers read; a cancellation reaches all of them."""

import gzip
import json
import re
from copy import deepcopy
from datetime import date, datetime, time
from io import BytesIO
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db.models import F
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from PIL import Image

from core.monitoring.redaction import secret_routes
from houses.models import Theater
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from tests.factories import make_auditorium, make_movie, make_price_list, make_showtime, make_theater
from tests.standing_world import standing_world
from theaters.models import Movie, Showtime
from theaters.states import ChangeKind, MovieKind

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
SATURDAY = date(2099, 10, 24)
SITE = "http://testserver"
ATOM = "{http://www.w3.org/2005/Atom}"


def at_noon():
    return time_machine.travel(datetime(2099, 10, 24, 12, tzinfo=NEW_YORK), tick=False)


def late_show() -> Showtime:
    """A showtime half an hour past midnight after a Saturday in New York, with a title that tries to end the script."""
    theater = make_theater(currency="USD", timezone_name="America/New_York", country="US")
    movie = make_movie(
        title="M </script><b>&", slug="m", year=1931, running_minutes=111, director="Fritz Lang", cast=["Peter Lorre"],
        languages=["German"], synopsis="A city looks for a murderer.",
    )  # fmt: skip
    starts_at = datetime.combine(date(2099, 10, 25), time(0, 30), tzinfo=NEW_YORK)
    auditorium = make_auditorium(theater)
    showtime = make_showtime(
        auditorium=auditorium, movie=movie, starts_at=starts_at, price_list=make_price_list(theater)
    )
    Showtime.objects.filter(pk=showtime.pk).update(subtitles_in="English", picture="35 mm")
    return Showtime.objects.select_related("auditorium__theater", "movie").get(pk=showtime.pk)


@pytest.fixture(scope="module")
def standing_show(django_db_setup, django_db_blocker):
    with at_noon(), standing_world(django_db_blocker, late_show) as showtime:
        yield showtime


@pytest.fixture
def show(standing_show, db):
    with at_noon():
        yield deepcopy(standing_show)


def cancel(showtime):
    Showtime.objects.filter(pk=showtime.pk).update(status="CANCELED")


def feed_of(showtime, kind):
    answer = Client().get(f"/theaters/{showtime.auditorium.theater.slug}/showtimes.{kind}")
    assert answer.status_code == 200
    assert re.fullmatch(r"max-age=(\d+), public|public, max-age=(\d+)", answer.headers["Cache-Control"])
    assert int(re.search(r"\d+", answer.headers["Cache-Control"])[0]) <= 30
    return answer


def data_of(path):
    """The JSON-LD of a page, which must stand in a single script element."""
    text = Client().get(path).text
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert not set("<>&") & set(script)
    found = json.loads(script)
    assert found["@context"] == "https://schema.org"
    return found["@graph"]


# The properties that schema.org and readers of such data require, with the form of their values.
ADDRESS = re.compile(r"https?://\S+")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
REQUIRED = {
    "Movie": {"@id": ADDRESS, "url": ADDRESS, "name": str, "image": ADDRESS, "duration": re.compile(r"PT\d+H\d+M"),
              "director": dict, "actor": list},
    "ScreeningEvent": {"@id": ADDRESS, "url": ADDRESS, "name": str, "startDate": MOMENT, "endDate": MOMENT,
                       "eventStatus": re.compile("https://schema.org/Event(Scheduled|Cancelled|Rescheduled)"), "location": dict,
                       "workPresented": dict, "eventAttendanceMode": ADDRESS},
    "MovieTheater": {"@id": ADDRESS, "url": ADDRESS, "name": str, "address": dict},
    "Offer": {"url": ADDRESS, "price": re.compile(r"\d+\.\d\d"), "priceCurrency": re.compile("[A-Z]{3}"),
              "availability": re.compile("https://schema.org/(InStock|SoldOut)")},
    "PostalAddress": {"streetAddress": str, "addressLocality": str, "addressCountry": re.compile("[A-Z]{2}")},
}  # fmt: skip


def problems_of(item):
    for name, wanted in REQUIRED[item["@type"]].items():
        value = item.get(name)
        is_right = isinstance(wanted, type) and isinstance(value, wanted) and value
        if not is_right and not (isinstance(wanted, re.Pattern) and wanted.fullmatch(str(value))):
            yield f"{item['@type']}.{name}: {value!r}"


def test_a_movies_page_describes_the_movie_and_its_showtimes(show):
    movie, event = data_of("/movies/m/")
    assert [*problems_of(movie), *problems_of(event), *problems_of(event["offers"])] == []
    assert (movie["name"], movie["duration"], movie["inLanguage"]) == ("M </script><b>&", "PT1H51M", ["de"])
    assert event["startDate"] == "2099-10-25T00:30:00-04:00"
    assert (event["offers"]["price"], event["offers"]["priceCurrency"]) == ("14.50", "USD")
    assert event["url"] == f"{SITE}/showtimes/{show.pk}/" and event["subtitleLanguage"] == ["en"]
    assert (event["eventStatus"], event["offers"]["availability"]) == (
        "https://schema.org/EventScheduled", "https://schema.org/InStock",
    )  # fmt: skip


def test_a_talk_alone_is_an_event_and_no_movie(show):
    movie = Movie.objects.get(slug="m")
    movie.kind, movie.cast = MovieKind.EVENT, ["Ada"]
    movie.save(update_fields=["kind", "cast"])
    work, event = data_of("/movies/m/")
    assert work["@type"] == "CreativeWork" and work["contributor"] == [{"@type": "Person", "name": "Ada"}]
    assert not {"director", "actor", "duration", "trailer"} & work.keys()
    assert event["@type"] == "Event" and "workPresented" not in event
    assert event["workPerformed"] == {"@type": "CreativeWork", "@id": f"{SITE}/movies/m/#movie", "name": work["name"]}


def test_a_sold_out_showtime_is_offered_as_sold_out(show):
    Showtime.objects.update(seats_taken=F("seats_total"))
    assert data_of("/movies/m/")[1]["offers"]["availability"] == "https://schema.org/SoldOut"


def test_a_theaters_page_describes_the_theater(show):
    [theater] = data_of(show.auditorium.theater.get_absolute_url())
    assert [*problems_of(theater), *problems_of(theater["address"])] == []


def move_to(show, hour):
    show, now = Showtime.objects.with_names().get(pk=show.pk), timezone.now()
    request = ChangeRequest(ChangeKind.TIME, starts_at=show.starts_at.replace(hour=hour))
    plan = plan_change(showtime=show, request=request, user_id=None, now=now)
    apply_change(change_id=plan.pk, user_id=None, reason="the print is late", now=now)


def test_another_time_is_said_with_the_first_one_and_back_again_is_no_change(show):
    first, hour = data_of("/movies/m/")[1]["startDate"], show.starts_at.hour
    for other in (hour - 1, hour - 2):
        move_to(show, other)
        event = data_of("/movies/m/")[1]
        assert (event["eventStatus"], event["previousStartDate"]) == ("https://schema.org/EventRescheduled", first)
        assert event["startDate"] != first
    move_to(show, hour)
    event = data_of("/movies/m/")[1]
    assert (event["eventStatus"], event["startDate"]) == ("https://schema.org/EventScheduled", first)
    assert "previousStartDate" not in event


def test_a_cancellation_is_in_all_of_it(show):
    cancel(show)
    event = data_of("/movies/m/")[1]
    assert (event["eventStatus"], "offers" in event) == ("https://schema.org/EventCancelled", False)
    [entry] = Calendar.from_ical(feed_of(show, "ics").content).walk("VEVENT")
    assert (entry["status"], entry["sequence"]) == ("CANCELLED", 1)
    assert (
        ElementTree.fromstring(feed_of(show, "atom").content)
        .find(f".//{ATOM}entry/{ATOM}title")
        .text.startswith("Canceled: M")
    )
    [line] = feed_of(show, "json").json()["showtimes"]
    assert (line["status"], line["bookable"]) == ("canceled", False)
    assert Client().get("/movies/m/").context["days"] == []


@pytest.mark.parametrize("kind", ["ics", "atom", "json"])
def test_a_draft_that_was_never_on_sale_is_in_none_of_it(show, kind):
    Showtime.objects.update(status="CANCELED", price_version=None)
    assert "M </" not in feed_of(show, kind).text and "M &lt;" not in feed_of(show, kind).text


def test_the_calendar_has_moments_and_the_night_they_belong_to(show):
    [entry] = Calendar.from_ical(feed_of(show, "ics").content).walk("VEVENT")
    assert entry["dtstart"].dt.isoformat() == "2099-10-25T04:30:00+00:00"
    assert "Saturday night" in entry["description"] and entry["status"] == "CONFIRMED"


def test_the_feed_is_atom(show):
    root = ElementTree.fromstring(feed_of(show, "atom").content)
    assert root.tag == f"{ATOM}feed"
    for part in (root, root.find(f"{ATOM}entry")):
        assert all(part.find(f"{ATOM}{name}") is not None for name in ("id", "title", "updated"))
    assert "(Saturday night), 12:30" in root.find(f"{ATOM}entry/{ATOM}title").text


def test_the_json_has_offset_day_night_and_price(show):
    [line] = feed_of(show, "json").json()["showtimes"]
    facts = {name: line[name] for name in ("starts_at", "day", "night", "status", "price_from", "currency", "format")}
    assert facts == {
        "starts_at": "2099-10-25T00:30:00-04:00", "day": "2099-10-24", "night": "Saturday night", "status": "scheduled",
        "price_from": "14.50", "currency": "USD", "format": "35 mm",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["ics", "atom", "json"])
def test_a_theater_that_is_not_there(show, kind):
    assert Client().get(f"/theaters/nowhere/showtimes.{kind}").status_code == 404


def test_the_sitemap_names_program_theaters_and_movies_in_every_language(show):
    make_movie(slug="not-on")
    root = ElementTree.fromstring(Client().get("/sitemap.xml").content)
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    theater = show.auditorium.theater
    assert [place.text for place in root.findall("s:url/s:loc", spaces)] == [
        f"{SITE}/", f"{SITE}{theater.get_absolute_url()}", f"{SITE}/coming-soon/", f"{SITE}/pages/terms/", f"{SITE}/movies/m/",
    ]  # fmt: skip
    assert f"{SITE}/movies/m/?hl=de" in [link.get("href") for link in root.findall("s:url/x:link", spaces)]
    cancel(show)
    assert "/movies/m/" not in Client().get("/sitemap.xml").text


def test_pages_name_their_own_address_and_those_in_other_languages(show):
    text = Client().get("/movies/m/?theater=&utm_source=x").text
    assert f'<link rel="canonical" href="{SITE}/movies/m/">' in text
    assert f'<link rel="alternate" hreflang="de" href="{SITE}/movies/m/?hl=de">' in text
    german = Client().get("/movies/m/?hl=de", headers={"Accept-Language": "en"}).text
    assert '<html lang="de"' in german and f'<link rel="canonical" href="{SITE}/movies/m/?hl=de">' in german
    assert '<html lang="en"' in Client().get("/movies/m/?hl=xx").text
    filtered = Client().get(f"/?theater={show.auditorium.theater.slug}&day=2099-10-24&format=3d").text
    assert f'<link rel="canonical" href="{SITE}/?theater={show.auditorium.theater.slug}">' in filtered


def test_private_pages_are_kept_by_no_search_engine(show):
    for path in (
        f"/showtimes/{show.pk}/",
        f"/checkout/{show.pk}/",
        "/accounts/login/",
        "/bookings/",
        "/find-booking/",
        "/no/",
    ):
        answer = Client().get(path)
        assert answer.headers["X-Robots-Tag"] == "noindex", path
    for path in ("/", "/movies/m/", show.auditorium.theater.get_absolute_url()):
        answer = Client().get(path)
        assert "X-Robots-Tag" not in answer.headers and "noindex" not in answer.text, path
    robots = Client().get("/robots.txt").text
    assert f"Sitemap: {SITE}/sitemap.xml" in robots and "Disallow: /bookings/" in robots


def test_search_engines_are_told_not_to_ask_for_links_with_secrets():
    robots = Client().get("/robots.txt").text
    # The page of a showtime is public and says noindex itself; developers' tools are not in production.
    parts = {f"/{route.split('/')[1]}/" for _entry, route in secret_routes()} - {"/showtimes/", "/dev/"}
    assert {"/tickets/", "/groups/", "/waiting/"} <= parts
    assert [part for part in parts if f"Disallow: {part}\n" not in robots] == []


def test_the_site_can_be_an_app(show):
    answer = Client().get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in answer.json()["icons"]}
    assert '<link rel="manifest" href="/manifest.webmanifest">' in Client().get("/").text


def test_a_link_to_a_movie_has_a_picture(show):
    text = Client().get("/movies/m/").text
    assert f'<meta property="og:image" content="{SITE}/movies/m/share.png">' in text
    assert '<meta property="og:title" content="M &lt;/script&gt;&lt;b&gt;&amp; (1931)">' in text
    picture = Client().get("/movies/m/share.png")
    assert (picture.headers["Content-Type"], Image.open(BytesIO(picture.content)).size) == ("image/png", (1200, 630))


def test_a_movie_and_a_theater_that_say_nothing_of_themselves_have_no_empty_description(show):
    Movie.objects.update(synopsis="", tagline="")
    Theater.objects.update(about="")
    for page in ("/movies/m/", f"/theaters/{show.auditorium.theater.slug}/"):
        assert 'escription" content' not in Client().get(page).text
    Movie.objects.update(synopsis="A city looks for a murderer.")
    text = Client().get("/movies/m/").text
    assert text.count('escription" content="A city looks for a murderer."') == 2


def test_a_theater_without_showtimes_has_empty_feeds(db):
    theater: Theater = make_theater()
    assert Client().get(f"/theaters/{theater.slug}/showtimes.json").json()["showtimes"] == []


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [("https://cinema.example", "https://cinema.example"), ("https://evil.example", None), ("null", None)],
)
def test_the_data_is_for_sites_on_the_list(show, settings, origin, allowed):
    settings.WIDGET_ORIGINS = ["https://cinema.example"]
    address = f"/theaters/{show.auditorium.theater.slug}/showtimes.json"
    answer = Client().get(address, headers={"Origin": origin})
    assert answer.headers.get("Access-Control-Allow-Origin") == allowed
    assert "Origin" in answer.headers["Vary"] and "Access-Control-Allow-Credentials" not in answer.headers


def test_other_sites_may_load_the_widget_and_it_is_small(db):
    answer = Client().get("/widget.js")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert len(gzip.compress(answer.content)) <= 8 * 1024
