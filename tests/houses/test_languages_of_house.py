"""A house uses only its own languages, and an account keeps its person's choice. Mails that no page asked for are in the
language of the customer's account, else in the house's first one.
"""

from dataclasses import replace
from datetime import date, datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from accounts.selectors import account_data
from accounts.services.account_erasure import empty_account
from core.texts.languages import speaking
from houses.selectors import forget_houses, house_facts
from reservations.letters.calendar_files import booking_visit, calendar_file
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking
from reservations.moving_in.lost_bookings import sold_booking, write_lost_booking
from reservations.selectors.bookings import booking_page
from reservations.selling.comps import Comp, give_comp
from tests.boxoffice.test_counter import at, hold, sale, seller
from tests.factories import PASS_PHRASE, begin_paying, make_browser
from tests.moving_in.old_files import old_line
from tests.moving_in.test_moving_in import move

pytestmark = pytest.mark.django_db


def offer(showtime, *languages):
    house = showtime.auditorium.theater.house
    house.languages = list(languages)
    house.save()
    forget_houses()


def language_of(answer) -> str:
    assert f'<html lang="{answer.headers["Content-Language"]}"' in answer.text
    return answer.headers["Content-Language"]


def make_person(email="ada@example.com", language=""):
    person = User.objects.create_user(email, PASS_PHRASE, language=language)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def browser_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


class TestHouse:
    @pytest.mark.parametrize(
        ("offered", "browser", "cookie", "address", "language"),
        [
            (["de"], "fr", "", "", "de"),
            (["de"], "", "", "", "de"),
            (["de"], "en", "en", "?hl=en", "de"),
            (["de", "en"], "ar", "", "", "de"),
            (["de", "en"], "en-GB,de;q=0.5", "", "", "en"),
            (["de", "en"], "fr,de-AT;q=0.5", "", "?hl=fr", "de"),
            (["de", "en"], "de", "en", "", "en"),
            (["de", "en"], "de", "de", "?hl=en", "en"),
            (["en"], "de", "de", "?hl=de", "en"),
            (["fr"], "fr", "", "", "en"),  # a language that the installation does not have
            ([], "fr", "", "", "en"),
            ([], "de", "", "", "de"),
        ],
    )
    def test_only_its_languages_are_read_and_its_first_is_the_last_resort(
        self, client, showtime, offered, browser, cookie, address, language
    ):
        offer(showtime, *offered)
        if cookie:
            client.cookies["language"] = cookie
        answer = client.get(f"/find-booking/{address}", headers={"Accept-Language": browser} if browser else {})
        assert language_of(answer) == language

    @pytest.mark.parametrize("offered", [["de"], ["de", "en"]])
    def test_the_switch_links_and_the_sitemap_name_its_languages_alone(self, client, showtime, settings, offered):
        offer(showtime, *offered)
        page = client.get("/").text
        assert [code for code in ("de", "en", "dv") if f'name="language" value="{code}"' in page] == offered * (
            len(offered) > 1
        )
        assert [code for code in ("de", "en", "dv") if f'hreflang="{code}"' in page] == offered
        links = ElementTree.fromstring(client.get("/sitemap.xml").content).iter("{http://www.w3.org/1999/xhtml}link")
        assert {link.get("hreflang") for link in links} == {*offered, "x-default"}
        assert f'<link rel="canonical" href="{settings.SITE_URL}/">' in client.get("/?hl=dv").text

    def test_people_at_work_may_read_another_language(self, showtime):
        offer(showtime, "de")
        clerk = seller(showtime.auditorium.theater)
        assert language_of(clerk.get("/counter/", headers={"Accept-Language": "en"})) == "en"
        assert language_of(clerk.get("/counter/", headers={"Accept-Language": "fr"})) == "de"

    def test_a_kept_page_is_kept_for_the_language_that_is_read(self, client, settings, showtime):
        settings.KEPT_PAGE_SECONDS = 5
        offer(showtime, "de", "en")
        read = [language_of(client.get("/", headers={"Accept-Language": code})) for code in ("fr", "en", "fr", "en")]
        assert read == ["de", "en", "de", "en"]
        vary = client.get("/").headers["Vary"]
        assert "Accept-Language" in vary and "Cookie" in vary


class TestAccount:
    def test_a_new_browser_gets_what_was_switched_while_signed_in(self, showtime):
        ada = make_person()
        old = browser_of(ada)
        old.post("/language/", {"language": "de", "next": "/"})
        assert User.objects.get(pk=ada.pk).language == "de"
        new = Client()
        new.post("/accounts/login/", {"login": ada.email, "password": PASS_PHRASE}, headers={"Accept-Language": "en"})
        assert new.cookies["language"].value == "de" and new.cookies["language"]["httponly"]
        assert language_of(new.get("/", headers={"Accept-Language": "en"})) == "de"

    def test_it_counts_after_address_and_switch_and_before_the_browser(self, showtime):
        ada = browser_of(make_person(language="de"))
        assert language_of(ada.get("/?hl=en")) == "en"
        assert language_of(browser_of(User.objects.get()).get("/", headers={"Accept-Language": "en"})) == "de"
        ada.cookies["language"] = "en"
        assert language_of(ada.get("/")) == "en" and User.objects.get().language == "de"

    def test_a_house_that_lacks_it_answers_in_its_own(self, showtime):
        offer(showtime, "en")
        assert language_of(browser_of(make_person(language="de")).get("/find-booking/")) == "en"

    def test_what_was_switched_before_is_kept_at_the_first_sign_in(self, client, showtime):
        ada = make_person()
        client.cookies["language"] = "de"
        client.post("/accounts/login/", {"login": ada.email, "password": PASS_PHRASE})
        assert User.objects.get().language == "de"

    def test_strangers_ask_nothing_of_the_database_for_it_and_pages_read_the_person_once(
        self, client, showtime, django_assert_num_queries
    ):
        with django_assert_num_queries(0):
            client.post("/language/", {"language": "de", "next": "/"})
        ada = browser_of(make_person(language="de"))
        with django_assert_num_queries(2):  # the session and the person
            ada.post("/language/", {"language": "de", "next": "/"})

    def test_while_the_person_cannot_be_read_the_page_speaks_for_itself(self, showtime, monkeypatch):
        ada = browser_of(make_person(language="de"))

        def broken(request):
            raise OperationalError("gone")

        with monkeypatch.context() as patch:
            patch.setattr("django.contrib.auth.middleware.get_user", broken)
            assert ada.get("/robots.txt").status_code == 200

    def test_it_is_in_the_data_of_the_person_and_goes_with_them(self):
        ada = make_person(language="de")
        assert account_data(ada)["language"] == "de"
        empty_account(ada)
        assert User.objects.get().language == ""


@pytest.mark.parametrize(
    ("offered", "account", "language"),
    [
        (["de"], "", "de"),
        (["de", "en"], "", "de"),
        (["de", "en"], "en", "en"),
        (["de"], "en", "de"),
        ([], "", "en"),
        ([], "de", "de"),
    ],
)
class TestLetters:
    @pytest.fixture(autouse=True)
    def house(self, showtime, offered, account):
        offer(showtime, *offered)
        make_person("ada@example.com", account)

    def test_of_the_counter(self, showtime, language):
        clerk = seller(showtime.auditorium.theater)
        hold(clerk, showtime, "A1")
        clerk.post(at(showtime), sale("A1", email="ada@example.com", tendered="20"), headers={"Accept-Language": "en"})
        sold = Booking.objects.get().sale
        assert (sold.language, sold.terms.startswith("Sie können")) == (language, language == "de")

    def test_of_a_gift(self, showtime, language):
        comp = Comp(labels=["A1"], email="Ada@Example.com", reason="Press")
        given = give_comp(showtime_id=showtime.pk, comp=comp, actor="test", now=timezone.now())
        assert given.sale.language == language
        send_due_mail(now=timezone.now())
        [letter] = mail.outbox
        assert letter.subject.startswith({"de": "Ihre Tickets: ", "en": "Your tickets: "}[language])

    def test_of_what_was_moved_in(self, showtime, language):
        move(showtime, old_line(showtime, "1", "A3", email="ada@example.com"), old_line(showtime, "2", "A4", order="2"))
        languages = dict(Booking.objects.values_list("sale__contact__email", "sale__language"))
        assert languages == {"ada@example.com": language, "": house_of(showtime).offered_languages[0]}
        terms = Booking.objects.get(sale__contact__email="ada@example.com").sale.terms
        assert terms.startswith("These tickets were bought") == (language == "en")

    def test_of_what_a_restore_lost(self, showtime, sandbox, language):
        pending = begin_paying(showtime, make_browser(1), "A1")
        lost = replace(sold_booking(pending, list(pending.tickets.select_related("seat"))), reference="KX7M-4QPD")
        written = write_lost_booking(lost, email="ada@example.com", bought_at=timezone.now())
        assert written.sale.language == language
        assert written.sale.terms.startswith("Sie können") == (language == "de")


def house_of(showtime):
    return house_facts(showtime.auditorium.theater.house_id)


def test_the_calendar_entry_of_one_seat_late_at_night(showtime):
    comp = Comp(labels=["A1"], email="ada@example.com", reason="Press")
    given = give_comp(showtime_id=showtime.pk, comp=comp, actor="test", now=timezone.now())
    booking = Booking.objects.with_names().with_tickets().get(pk=given.pk)
    starts = datetime(2099, 10, 25, 0, 30, tzinfo=ZoneInfo("Europe/London"))
    said = []
    for language in ("en", "de"):
        with speaking(language):
            visit = booking_visit(booking, booking_page(booking, now=timezone.now()), site_url="https://a.example")
            late = replace(visit.showtime, starts_at=starts, on=date(2099, 10, 24))
            [entry] = Calendar.from_ical(calendar_file(replace(visit, showtime=late))).walk("VEVENT")
            said.append((visit.seats, str(entry["DESCRIPTION"]).partition(". ")[0]))
    assert said == [("seat A1", "Saturday night"), ("Platz A1", "Nacht nach Samstag")]
