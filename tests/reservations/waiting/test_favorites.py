""" "Tell me when it is on sale": people ask, prove their address, are told once, end it with one click, and are forgotten."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.clock import from_now
from houses.models import House
from payments.privacy.account_erasure import erase_account
from payments.privacy.personal_data import data_of_account
from reservations.models import Favorite, FavoriteMail
from reservations.opening.showtime_opening import open_for_sale
from reservations.waiting import favorite_emails, favorites
from reservations.waiting.favorite_mails import send_due_favorite_mail
from reservations.waiting.favorites import FavoriteSubject, tell_of_sales
from sales.services.opening import Customer
from tests.factories import PASS_PHRASE, make_draft, make_favorite, make_movie, make_showtime, make_theater
from tests.hostile import TEXT, probes_in, shows_the_text
from tests.house_with_terms import make_house
from tests.signing_in import signed_in
from theaters.models import Movie, ProgramItem, Series, Showtime
from theaters.schedule.sales_pauses import pause_sales

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


@pytest.fixture
def theater():
    return make_theater()


@pytest.fixture
def movie(theater):
    return make_movie(title="The Third Man", coming_season="In spring")


@pytest.fixture
def series(theater):
    return Series.objects.create(house_id=theater.house_id, name="Silents", slug="silents")


@pytest.fixture
def ada():
    ada = User.objects.create_user("ada@example.com", PASS_PHRASE)
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    return ada


def ask(thing, email="bea@example.com", client=None, **fields):
    return (client or Client()).post(f"{thing.get_absolute_url()}tell-me/", {"email": email, **fields})


def mails(mailoutbox):
    send_due_favorite_mail(now=timezone.now())
    return mailoutbox


def link_in(mail) -> str:
    return re.search(r"https?://[^/]+(/favorites/[\w-]+/)", mail.body)[1]


def waits(movie, mailoutbox, email="bea@example.com", **fields) -> str:
    """A favorite that a guest asked for and confirmed; returns the link."""
    ask(movie, email, **fields)
    link = link_in(mails(mailoutbox)[-1])
    Client().post(link)
    mailoutbox.clear()
    return link


def told(mailoutbox) -> list[str]:
    tell_of_sales()
    return [mail.to[0] for mail in mails(mailoutbox)]


def publish(theater, movie, **columns):
    showtime = make_showtime(theater=theater, movie=movie)
    Showtime.objects.filter(pk=showtime.pk).update(**columns)
    return showtime


class TestAGuest:
    def test_from_the_page_of_the_movie_to_the_mail(self, theater, movie, mailoutbox):
        path = f"/movies/{movie.slug}/tell-me/"
        assert f'href="{path}"' in Client().get(movie.get_absolute_url()).text
        assert Client().get(path).status_code == 200
        assert "Check your e-mail" in ask(movie).text
        (question,) = mails(mailoutbox)
        link = link_in(question)
        assert (question.to, "Shall we tell you" in Client().get(link).text) == (["bea@example.com"], True)
        publish(theater, movie)
        assert told(mailoutbox) == ["bea@example.com"]  # opening the link does not confirm it
        Client().post(link)
        assert told(mailoutbox)[1:] == ["bea@example.com"]
        news = mailoutbox[-1]
        assert news.subject == "On sale now: The Third Man"
        assert f"http://testserver{movie.get_absolute_url()}" in news.body and theater.name in news.body
        assert "We have told you" in Client().get(link).text

    def test_nobody_is_told_twice(self, theater, movie, mailoutbox):
        waits(movie, mailoutbox)
        publish(theater, movie)
        publish(theater, movie)
        assert told(mailoutbox) == told(mailoutbox) == ["bea@example.com"]
        favorite = Favorite.objects.get()
        favorites.tell_of_sales()
        assert FavoriteMail.objects.filter(kind="ON_SALE").count() == 1
        assert None not in {favorite.told_at, favorite.ended_at}

    def test_asking_twice_is_one_favorite_and_one_mail(self, theater, movie, mailoutbox):
        waits(movie, mailoutbox)
        assert "Check your e-mail" in ask(movie, "Bea+cinema@example.com").text
        assert (Favorite.objects.count(), mails(mailoutbox)) == (1, [])

    def test_a_stranger_who_knows_the_address_changes_and_mails_nothing(self, theater, movie, mailoutbox):
        waits(movie, mailoutbox)
        FavoriteMail.objects.update(created_at=from_now(-3700))
        assert "Check your e-mail" in ask(movie, theater=theater.slug).text
        assert (Favorite.objects.get().theater, mails(mailoutbox)) == (None, [])

    def test_each_house_has_favorites_of_its_own(self, theater, movie):
        bea, houses = Customer("bea@example.com"), [theater.house_id, make_house("Roxy Pictures").pk]
        for house_id in houses:
            favorites.ask_to_hear(subject=FavoriteSubject(house_id, movie=movie), customer=bea, language="en")
        assert sorted(Favorite.objects.values_list("house", flat=True)) == sorted(houses)

    def test_one_click_without_a_page_of_ours_ends_it_and_forgets_the_address(self, theater, movie, mailoutbox):
        ask(movie)
        (mail,) = mails(mailoutbox)
        leave = re.search(r"http://testserver(/favorites/[\w-]+/leave/)", mail.extra_headers["List-Unsubscribe"])[1]
        assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        machine = Client(enforce_csrf_checks=True)
        assert machine.post(leave, {"List-Unsubscribe": "One-Click"}).status_code == 302
        favorite = Favorite.objects.get()
        assert (favorite.ended_at is None, favorite.contact.email, favorite.contact.customer) == (False, "", "")
        assert Client().post(link_in(mail)).status_code == 409
        assert machine.post(leave).status_code == 302
        publish(theater, movie)
        assert told(mailoutbox) == ["bea@example.com"]  # only the question to confirm

    @pytest.mark.parametrize("email", ["", "bea", "bea@example.com\nCc: x@example.com", "b" * 250 + "@example.com"])
    def test_what_is_no_address_is_refused_at_its_field(self, theater, movie, email):
        answer = ask(movie, email)
        assert (answer.status_code, 'id="email-error"' in answer.text, Favorite.objects.count()) == (422, True, 0)


class TestWhatCounts:
    def test_a_movie_on_sale_needs_no_mail(self, theater, movie):
        publish(theater, movie)
        answer = ask(movie)
        assert (answer.status_code, "on sale already" in answer.text, Favorite.objects.count()) == (409, True, 0)

    @pytest.mark.parametrize(
        "columns", [{"status": "DRAFT"}, {"access_code": "secret"}, {"sales_close_at": from_now(-60)}]
    )
    def test_only_what_everybody_can_buy(self, theater, movie, mailoutbox, columns):
        waits(movie, mailoutbox)
        publish(theater, movie, **columns)
        assert told(mailoutbox) == []

    def test_opening_a_draft_for_sale_tells(self, theater, movie, mailoutbox):
        waits(movie, mailoutbox)
        draft = make_draft(theater=theater, movie=movie)
        assert told(mailoutbox) == []
        open_for_sale(showtime_id=draft.pk, actor="test")
        assert told(mailoutbox) == ["bea@example.com"]

    def test_a_movie_that_is_part_of_a_program(self, theater, movie, mailoutbox):
        waits(movie, mailoutbox)
        ProgramItem.objects.create(
            showtime=publish(theater, make_movie(title="Shorts")), movie=movie, position=1, minutes=90
        )
        assert told(mailoutbox) == ["bea@example.com"]

    def test_the_theater_that_was_chosen(self, theater, movie, mailoutbox):
        other = make_theater(house=theater.house)
        waits(movie, mailoutbox, theater=theater.slug)
        waits(movie, mailoutbox, "cleo@example.com")
        publish(other, movie)
        assert told(mailoutbox) == ["cleo@example.com"]
        assert ask(movie, "dan@example.com", theater=other.slug).status_code == 409
        publish(theater, movie)
        assert told(mailoutbox) == ["cleo@example.com", "bea@example.com"]

    def test_the_page_keeps_the_theater_that_its_link_or_a_refused_form_names(self, theater, movie, client):
        make_theater(house=theater.house)
        page = client.get(f"{movie.get_absolute_url()}tell-me/", {"theater": theater.slug})
        assert page.context["theater"] == theater
        refused = ask(movie, "no address", theater=theater.slug)
        assert (refused.status_code, refused.context["theater"]) == (422, theater)

    def test_another_house_tells_nobody_here(self, theater, movie, mailoutbox):
        favorite = make_favorite(theater, movie, confirmed_at=timezone.now())
        publish(make_theater(house=House.objects.create(name="Lumen", slug="lumen")), movie)
        assert told(mailoutbox) == [] and Favorite.objects.get() == favorite

    def test_a_series_tells_of_the_next_new_showtime(self, theater, movie, series, mailoutbox):
        publish(theater, make_movie(title="Sunrise"), series=series)
        assert "/series/silents/tell-me/" in Client().get("/series/silents/").text
        waits(series, mailoutbox)
        assert told(mailoutbox) == []
        publish(theater, movie, series=series)
        assert told(mailoutbox) == ["bea@example.com"]
        assert "The Third Man" in mailoutbox[0].body and mailoutbox[0].subject == "On sale now: Silents"

    def test_while_sales_are_paused_nobody_is_told(self, theater, movie, mailoutbox):
        waits(movie, mailoutbox)
        publish(theater, movie)
        pause_sales(why="A test", actor="test")
        assert told(mailoutbox) == []


class TestAnAccount:
    def test_counts_at_once_and_stands_in_my_bookings(self, theater, movie, ada, mailoutbox):
        client = signed_in(ada)
        answer = ask(movie, ada.email, client=client)
        assert "We will tell you" in client.get(answer.url).text
        mine = client.get("/bookings/").text
        assert "The Third Man" in mine and f"{answer.url}leave/" in mine
        publish(theater, movie)
        assert told(mailoutbox) == ["ada@example.com"]
        assert "The Third Man" not in client.get("/bookings/").text

    def test_another_address_is_proven_first(self, theater, movie, ada, mailoutbox):
        assert "Check your e-mail" in ask(movie, "bea@example.com", client=signed_in(ada)).text
        assert Favorite.objects.get().user is None

    def test_nobody_fills_the_table_by_hand(self, theater, movie, ada, monkeypatch):
        monkeypatch.setattr(favorites, "MOST_OF_A_PERSON", 1)
        make_favorite(theater, make_movie(title="Sunrise"), email=ada.email, confirmed_at=timezone.now())
        answer = ask(movie, ada.email, client=signed_in(ada))
        assert answer.status_code == 409 and "many favorites" in answer.text
        assert Favorite.objects.count() == 1

    def test_is_in_the_export_and_goes_with_the_account(self, theater, movie, ada, mailoutbox):
        ask(movie, ada.email, client=signed_in(ada))
        make_favorite(theater, make_movie(title="Sunrise"), email=ada.email)
        (entry,) = data_of_account(ada)["favorites"]
        assert (entry["movie"], entry["email"], entry["told_at"]) == ("The Third Man", "ada@example.com", None)
        erase_account(user_id=ada.pk, now=timezone.now())
        assert [(one.user, one.contact.email, one.ended_at is None) for one in Favorite.objects.all()] == [
            (None, "", False), (None, "", False),
        ]  # fmt: skip


class TestAbuse:
    def test_a_mailbox_gets_three_questions_an_hour(self, theater, mailoutbox):
        for number in range(5):
            ask(make_movie(title=f"Part {number}"))
        assert len(mails(mailoutbox)) == 3
        FavoriteMail.objects.update(created_at=from_now(-3700))
        ask(Movie.objects.get(title="Part 4"))
        assert len(mails(mailoutbox)) == 4

    def test_a_browser_asks_ten_times_an_hour(self, theater, movie):
        client = Client()
        client.cookies["holder"] = "a-cookie-of-128-random-bits"
        answers = [ask(movie, f"a{number}@example.com", client=client) for number in range(11)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0


class TestHowLong:
    @pytest.mark.parametrize(
        ("columns", "is_live", "has_address"),
        [
            ({"created_at": from_now(-2 * DAY)}, True, True),
            ({"created_at": from_now(-4 * DAY)}, False, False),
            ({"confirmed_at": from_now(-364 * DAY)}, True, True),
            ({"confirmed_at": from_now(-366 * DAY)}, False, True),
            ({"confirmed_at": from_now(-40 * DAY), "ended_at": from_now(-29 * DAY)}, False, True),
            ({"confirmed_at": from_now(-40 * DAY), "ended_at": from_now(-31 * DAY)}, False, False),
        ],
    )
    def test_what_is_over_ends_and_is_forgotten(self, theater, movie, columns, is_live, has_address):
        favorite = make_favorite(theater, movie)
        Favorite.objects.update(**columns)
        tell_of_sales()
        favorite.refresh_from_db()
        assert (favorite.ended_at is None, favorite.contact.email != "") == (is_live, has_address)


@pytest.mark.parametrize("columns", [{"movie": None}, {"told_at": from_now(0)}])
def test_the_database_refuses_what_cannot_be(theater, movie, columns):
    make_favorite(theater, movie)
    with pytest.raises(IntegrityError), transaction.atomic():
        Favorite.objects.update(**columns)


@pytest.mark.parametrize("kind", ["CONFIRM", "ON_SALE"])
def test_mails_are_safe_and_speak_german(theater, movie, kind):
    make_favorite(theater, movie)
    publish(theater, movie)
    Movie.objects.update(title=TEXT[:80])
    mail = FavoriteMail(kind=kind, favorite=Favorite.objects.get(), message_key="0" * 32)
    english = favorite_emails.compose(mail, now=timezone.now())
    mail.favorite.language = "de"
    german = favorite_emails.compose(mail, now=timezone.now())
    assert english.subject != german.subject
    html = german.alternatives[0].content
    assert probes_in(html) == [] and shows_the_text(html)
