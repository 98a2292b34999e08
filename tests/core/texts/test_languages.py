"""The language in which a visitor reads, the headers that name it, and how days, times and amounts are written in it."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from core.checks import catalogs_are_compiled
from core.clock import in_zone
from core.money import CURRENCIES, format_money
from core.texts.catalogs import ROOT
from core.texts.languages import speaking
from core.texts.local_formats import and_list, format_clock, format_day, format_moment, format_percent

NOW = datetime(2026, 11, 27, 19, 30, tzinfo=ZoneInfo("UTC"))


def at(zone: str) -> datetime:
    return in_zone(NOW.replace(tzinfo=ZoneInfo(zone)), ZoneInfo(zone))


class TestChoice:
    pytestmark = pytest.mark.django_db

    @pytest.mark.parametrize(
        ("cookie", "header", "language"),
        [
            ("", "", "en"),
            ("", "de-AT,de;q=0.9,en;q=0.5", "de"),
            ("", "fr,it;q=0.5", "en"),
            ("en", "de", "en"),
            ("de", "en-US", "de"),
            ("no such language", "de", "de"),
        ],
    )
    def test_the_switch_counts_before_the_browser_and_english_is_last(self, client, cookie, header, language):
        if cookie:
            client.cookies["language"] = cookie
        answer = client.get("/find-booking/", headers={"Accept-Language": header} if header else {})
        assert f'<html lang="{language}" dir="ltr">' in answer.text
        assert answer.headers["Content-Language"] == language
        assert {"Accept-Language", "Cookie"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
        assert translation.get_language() == "en"

    def test_the_switch_leads_back_to_the_page_and_is_remembered(self, client):
        page = client.get("/find-booking/?a=1&b=2")
        assert 'name="next" value="/find-booking/?a=1&amp;b=2"' in page.text
        answer = client.post("/language/", {"language": "de", "next": "/find-booking/?a=1&b=2"})
        assert (answer.status_code, answer.url) == (302, "/find-booking/?a=1&b=2")
        cookie = answer.cookies["language"]
        assert (cookie.value, cookie["samesite"], bool(cookie["httponly"])) == ("de", "Lax", True)
        assert '<html lang="de"' in client.get(answer.url).text

    @pytest.mark.parametrize(
        "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
    )
    def test_it_leads_to_no_other_site(self, client, target):
        assert client.post("/language/", {"language": "de", "next": target}).url == "/"

    def test_an_unknown_language_changes_nothing(self, client):
        assert "language" not in client.post("/language/", {"language": "tlh", "next": "/"}).cookies

    def test_it_is_a_post(self, client):
        assert client.get("/language/?language=de").status_code == 405

    def test_after_a_form_that_was_refused_it_leads_to_the_form(self, client):
        answer = client.post("/find-booking/", {}, headers={"Referer": "http://testserver/find-booking/?x=1"})
        assert 'name="next" value="/find-booking/?x=1"' in answer.text

    def test_the_office_stays_in_english_until_it_is_translated(self, client):
        assert client.get("/admin/", headers={"Accept-Language": "de"}).headers["Content-Language"] == "en"

    def test_a_kept_page_is_kept_per_language(self, client, settings, showtime):
        settings.KEPT_PAGE_SECONDS = 5
        shown = [client.get("/", headers={"Accept-Language": language}).text for language in ("en", "de", "en", "de")]
        assert ['<html lang="de"' in page for page in shown] == [False, True, False, True]

    def test_pictures_do_not_depend_on_the_language(self, client, showtime):
        answer = client.get(f"/movies/{showtime.movie.slug}/poster.svg", headers={"Accept-Language": "de"})
        assert "Content-Language" not in answer.headers


def test_what_is_not_compiled_must_not_go_live(monkeypatch):
    assert catalogs_are_compiled(None) == []
    monkeypatch.setattr("core.texts.catalogs.stale_files", lambda: [ROOT / "pages/de/LC_MESSAGES/django.po"])
    (error,) = catalogs_are_compiled(None)
    assert error.id == "marquee.E014" and "pages/de" in error.msg


class TestWriting:
    @pytest.mark.parametrize(
        ("language", "zone", "text"),
        [
            ("en", "Europe/London", "Friday 27 November 2026, 19:30"),
            ("en", "America/New_York", "Friday, November 27, 2026, 7:30\N{NO-BREAK SPACE}PM"),
            ("en", "Asia/Tokyo", "Friday 27 November 2026, 19:30"),
            ("en", "UTC", "Friday 27 November 2026, 19:30"),
            ("de", "Europe/Berlin", "Freitag, 27. November 2026, 19:30"),
            ("de", "America/New_York", "Freitag, 27. November 2026, 19:30"),
        ],
    )
    def test_a_moment_by_the_customs_of_the_country(self, language, zone, text):
        with speaking(language):
            assert format_moment(at(zone)) == text

    def test_short_days(self):
        assert [format_day(at("Europe/London"), style) for style in ("short_day", "date", "short_date", "weekday")] == [
            "Fri 27 Nov", "27 November 2026", "27 Nov 2026", "Friday",
        ]  # fmt: skip
        with speaking("de"):
            assert format_day(at("Europe/Berlin"), "short_day") == "Fr., 27. Nov."
            assert format_day(at("Europe/Berlin").date(), "weekday") == "Freitag"

    def test_midnight_and_noon_of_twelve_hours(self):
        times = [
            in_zone(datetime(2026, 7, 1, hour, 5, tzinfo=ZoneInfo("America/New_York")), ZoneInfo("America/New_York"))
            for hour in (0, 12)
        ]
        assert [format_clock(moment) for moment in times] == ["12:05\N{NO-BREAK SPACE}AM", "12:05\N{NO-BREAK SPACE}PM"]

    def test_lists(self):
        assert and_list(["C7", "C8", "C9"]) == "C7, C8 and C9"
        with speaking("de"):
            assert [and_list(["C7", "C8"]), and_list(["C7"]), and_list([])] == ["C7 und C8", "C7", ""]

    def test_money(self):
        with speaking("de"):
            assert format_money(Decimal("1234.5"), "EUR") == "1.234,50\N{NO-BREAK SPACE}€"
            assert format_money(Decimal(-3), "GBP") == "−3,00\N{NO-BREAK SPACE}£"
            assert format_money(Decimal(1900), "JPY") == "1.900\N{NO-BREAK SPACE}¥"

    def test_the_same_digits_in_every_language(self):
        digits = lambda text: "".join(sign for sign in text if sign.isdigit())
        for currency in CURRENCIES:
            english = digits(format_money(Decimal("98765.4"), currency))
            with speaking("de"):
                assert digits(format_money(Decimal("98765.4"), currency)) == english, currency

    def test_what_is_not_offered_is_english(self):
        with speaking("tlh"):
            assert translation.get_language() == "en"
        with speaking(""):
            assert translation.get_language() == "en"


@pytest.mark.parametrize(
    ("language", "written"), [("en", ["20%", "8.1%"]), ("de", ["20\N{NO-BREAK SPACE}%", "8,1\N{NO-BREAK SPACE}%"])]
)
def test_percentages_are_written_as_in_the_language(language, written):
    with speaking(language):
        assert [format_percent(Decimal(rate)) for rate in ("0.2000", "0.0810")] == written
