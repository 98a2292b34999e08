"""Names of theaters, auditoriums, sections and areas, and a house’s footer, are in the reader's language wherever they
are read.
"""

import json
from contextlib import contextmanager

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from core.house_facts import speaking_for
from core.texts.languages import speaking
from houses.business_days import business_day
from houses.models import House, Theater
from houses.selectors import forget_houses, main_house_facts
from reservations.changes.change_requests import ChangeRequest, values_of
from reservations.letters.outbox import send_due_mail
from reservations.letters.papers import receipt_of
from reservations.pdf.papers import paper_pdf
from reservations.seats.map_markup import prepared_map
from reservations.selectors.change_offers import side_text
from reservations.selectors.door import ticket_at_door
from tests.factories import buy, make_auditorium, make_showtime, make_staff, make_theater
from tests.pdfs import text_of
from tests.theaters.test_movie_texts import page
from theaters.models import Auditorium
from theaters.seat_labels import label_in_words, labels_in_words
from theaters.section_names import section_names_of
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db


@contextmanager
def german_house():
    """A house that uses German on its pages and in its mails."""
    with speaking("de"), speaking_for(main_house_facts()):
        yield


PLAN = "[Stalls]\nA ooo\nB ooo\n[Balcony]\nA ooo\n[Lawn]\nunreserved 6\n"
GERMAN = {
    "theater": "Lichtspielhaus Süd",
    "city": "Köln am Rhein",
    "room": "Großer Saal",
    "sections": ["Parkett", "Rang", "Wiese"],
}
ENGLISH = {"theater": "South Palace", "city": "Cologne", "room": "The Grand", "sections": ["Stalls", "Balcony", "Lawn"]}


@pytest.fixture
def theater():
    theater = make_theater()
    theater.name, theater.city = ENGLISH["theater"], ENGLISH["city"]
    theater.translations = {"de": {"name": GERMAN["theater"], "city": GERMAN["city"]}}
    theater.save()
    sections = dict(zip(ENGLISH["sections"], GERMAN["sections"], strict=True))
    House.objects.update(
        languages=["en", "de"], section_names={"de": sections}, footer_text="Since 1921",
        translations={"de": {"footer_text": "Seit 1921"}},
    )  # fmt: skip
    forget_houses()
    return theater


@pytest.fixture
def show(theater):
    auditorium = make_auditorium(theater, PLAN)
    Auditorium.objects.update(name=ENGLISH["room"], translations={"de": {"name": GERMAN["room"]}})
    auditorium.refresh_from_db()
    return make_showtime(auditorium=auditorium)


@pytest.fixture
def german(show, sandbox, my_browser):
    with german_house():
        return buy(sandbox, show, my_browser, "Balcony A1", "B2", "Lawn 0001")


def names(of, *kinds):
    return [name for kind in kinds for name in ([of[kind]] if isinstance(of[kind], str) else of[kind])]


@pytest.mark.parametrize(("language", "said", "not_said"), [("en", ENGLISH, GERMAN), ("de", GERMAN, ENGLISH)])
class TestPages:
    def test_map_and_list(self, show, language, said, not_said):
        for path in (f"/showtimes/{show.pk}/", f"/showtimes/{show.pk}/?view=list"):
            shown = page(path, language)
            for name in names(said, "theater", "room", "sections"):
                assert f">{name}" in shown or f" {name}" in shown, (path, name)
            for name in names(not_said, "theater", "room", "sections"):
                # Forms and scripts use the plan's own names of seats and areas.
                assert f">{name}" not in shown and f'aria-label="{name}' not in shown, (path, name)

    def test_lists_and_the_theater(self, show, language, said, not_said):
        for path in (
            "/",
            f"{show.movie.get_absolute_url()}",
            show.auditorium.theater.get_absolute_url(),
            "/search/?q=film",
        ):
            shown = page(path, language)
            assert said["theater"] in shown and not_said["theater"] not in shown, path
            assert ("Seit 1921" in shown) == (language == "de") and ("Since 1921" in shown) == (language == "en")

    def test_what_machines_read(self, show, language, said, not_said):
        address = show.auditorium.theater.get_absolute_url() + "showtimes"
        read = Client().get(f"{address}.json", {"hl": language}).json()
        assert (read["theater"]["name"], read["showtimes"][0]["auditorium"]) == (said["theater"], said["room"])
        [event] = Calendar.from_ical(Client().get(f"{address}.ics", {"hl": language}).content).events
        assert (
            str(event["location"]).startswith(f"{said['theater']}, {said['room']}, ")
            and said["city"] in event["location"]
        )
        feed = Client().get(f"{address}.atom", {"hl": language}).content.decode()
        assert said["theater"] in feed and not_said["room"] not in feed
        assert f'"addressLocality":"{said["city"]}"' in page(show.auditorium.theater.get_absolute_url(), language)


def test_who_holds_seats_reads_them_in_their_language(show, my_browser):
    browser = Client(headers={"accept-language": "de"})
    browser.post(f"/showtimes/{show.pk}/seats/", {"take": ["Balcony A1"]})
    shown = browser.get(f"/showtimes/{show.pk}/").content.decode()
    assert "<b>Rang A1</b>" in shown and 'value="Balcony A1"' in shown and "Rang, Reihe A, Platz 1" in shown
    checkout = browser.get(f"/checkout/{show.pk}/").content.decode()
    assert "Rang, " in checkout and GERMAN["room"] in checkout and ">Balcony" not in checkout


def test_tickets_mails_papers_and_the_door(client, german):
    ticket = german.tickets.get(seat__label="Balcony A1")
    send_due_mail(now=timezone.now())
    [message] = [one for one in mail.outbox if german.reference in one.subject]
    with german_house():
        receipt = paper_pdf(receipt_of(booking_id=german.pk))
    papers = receipt, client.get(f"/tickets/{ticket.code}.pdf").content
    told = [
        message.body,
        message.alternatives[0].content,
        page(f"/tickets/{ticket.code}/", "de"),
        *map(text_of, papers),
    ]
    for text in told:
        words = " ".join(text.split())
        assert "Rang" in words and GERMAN["room"] in words and "Balcony" not in words and "The Grand" not in words
    assert "Wiese" in message.body and "Wiese (1" in labels_of(german)
    assert GERMAN["theater"] in message.body and GERMAN["city"] in message.body
    assert "Rang" in json.dumps(german.sale.payments.get().request, ensure_ascii=False)
    entry = client.get(f"/tickets/{ticket.code}.ics").content.decode().replace("\r\n ", "")
    assert "Rang\\, Reihe A\\, Platz 1" in entry and GERMAN["room"] in entry
    with german_house():
        at_door = ticket_at_door(ticket.pk)
    assert (at_door.section, at_door.auditorium) == ("Rang", GERMAN["room"])


def labels_of(booking):
    with german_house():
        return labels_in_words(ticket.seat.label for ticket in booking.tickets.all())


def test_a_move_to_another_auditorium_is_told_in_the_readers_language(show):
    other = make_auditorium(show.auditorium.theater)
    Auditorium.objects.filter(pk=other.pk).update(translations={"de": {"name": "Studio"}})
    other.refresh_from_db()
    before, after = values_of(show, ChangeRequest(ChangeKind.MOVE, moves_to=other.plans.get()))
    zone = show.auditorium.theater.zone
    with german_house():
        assert [side_text(ChangeKind.MOVE, side, zone) for side in (before, after)] == [GERMAN["room"], "Studio"]
        assert side_text(ChangeKind.MOVE, {"text": "Room 9"}, zone) == "Room 9"
    assert side_text(ChangeKind.MOVE, before, zone) == ENGLISH["room"]


def test_a_map_is_rendered_again_when_names_of_the_house_change(show):
    theater = show.auditorium.theater
    kept = {"plan_id": show.plan_id, "version_id": None, "currency": theater.currency, "theater_id": theater.pk}
    asked = {**kept, "on": business_day(theater, show.starts_at)}
    with german_house():
        assert "Rang" in prepared_map(**asked).render("f" * 9)
    House.objects.update(section_names={"de": {"Balcony": "Empore"}})
    forget_houses()
    with german_house():
        drawn = prepared_map(**asked).render("f" * 9)
    assert "Empore" in drawn and "Rang" not in drawn and ">Stalls<" in drawn
    assert "Empore" not in prepared_map(**asked).render("f" * 9)


def test_a_name_that_is_not_translated_stays(theater):
    with german_house():
        assert (label_in_words("Terrace C7"), label_in_words("Balcony C7"), label_in_words("C7")) == (
            "Terrace C7",
            "Rang C7",
            "C7",
        )


class TestOffice:
    @pytest.fixture
    def office(self, show):
        office = Client()
        office.force_login(make_staff("OWNER", show.auditorium.theater))
        return office

    def sent(self, answer, **changes):
        form = answer.context["adminform"].form
        values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
        values = {name: value for name, value in values.items() if value and not isinstance(value, dict)}
        lists = {name: ",".join(value) for name, value in values.items() if isinstance(value, list)}
        return values | lists | changes

    def test_sections_and_the_footer_are_said_on_the_houses_page(self, office, show):
        house = show.auditorium.theater.house
        House.objects.update(section_names={"de": {"Gone": "Weg", "Balcony": "Rang"}})
        address = f"/admin/houses/house/{house.pk}/change/"
        asked = office.get(address)
        assert asked.content.decode().count('class="section-name"') == len(section_names_of(house.pk)) == 3
        names = {"section_names_de-Balcony": " Empore ", "section_names_de-Stalls": "", "section_names_de-Lawn": "Gras"}
        answer = office.post(address, self.sent(asked, footer_text_de="Seit 1921", **names))
        assert answer.status_code == 302, answer.context["errors"]
        house.refresh_from_db()
        # A name that no current plan has is kept for the plans that had it.
        assert house.section_names == {"de": {"Gone": "Weg", "Balcony": "Empore", "Lawn": "Gras"}}
        assert house.translations == {"de": {"footer_text": "Seit 1921"}}
        refused = office.post(address, self.sent(asked, **names | {"section_names_de-Stalls": "Gras"}))
        assert "section_names_de" in refused.context["adminform"].form.errors

    def test_sections_of_different_auditoriums_may_be_called_alike(self, office, show):
        make_showtime(auditorium=make_auditorium(show.auditorium.theater, "[Orchestra]\nA ooo\n[Box]\nA oo\n"))
        address = f"/admin/houses/house/{show.auditorium.theater.house_id}/change/"
        asked = office.get(address)
        alike = {"section_names_de-Stalls": "Parkett", "section_names_de-Orchestra": "Parkett"}
        assert office.post(address, self.sent(asked, **alike)).status_code == 302
        refused = office.post(address, self.sent(asked, **alike | {"section_names_de-Box": "Parkett"}))
        assert "“Parkett”" in str(refused.context["adminform"].form.errors["section_names_de"])

    def test_an_auditoriums_name(self, office, show):
        address = f"/admin/theaters/auditorium/{show.auditorium_id}/change/"
        answer = office.post(address, self.sent(office.get(address), name_de="Saal 7"))
        assert answer.status_code == 302
        assert Auditorium.objects.get().translations == {"de": {"name": "Saal 7"}}

    def test_a_theaters_name_is_as_long_as_its_column(self, office, show):
        address = f"/admin/houses/theater/{show.auditorium.theater_id}/change/"
        form = office.get(address).context["adminform"].form
        assert (form.fields["name_de"].max_length, form.fields["city_de"].max_length) == (80, 80)
        assert form.initial["name_de"] == GERMAN["theater"]

    def test_a_translation_of_news_is_whole(self, office, show):
        house = show.auditorium.theater.house
        facts = {"house": house.pk, "title": "New seats", "slug": "new", "language": "en", "text": "Softer."}
        half = office.post("/admin/houses/post/add/", facts | {"title_de": "Neue Sessel"})
        assert "text_de" in half.context["adminform"].form.errors
        twice = office.post("/admin/houses/post/add/", facts | {"language": "de", "title_de": "x", "text_de": "y"})
        assert "language" in twice.context["adminform"].form.errors
        whole = office.post("/admin/houses/post/add/", facts | {"title_de": "Neue Sessel", "text_de": "Weicher."})
        assert whole.status_code == 302
        assert house.posts.get().translations == {"de": {"title": "Neue Sessel", "text": "Weicher."}}


class TestNotesOfSeats:
    """ "Behind a pillar" for a seat in row A, and a note on an area."""

    PLAN = "[Stalls]\nseats 2: note Behind a pillar\nA oo\nB oo\n[Lawn]\nnote Wet grass\nunreserved 6\n"
    SAID = {"de": {"Behind a pillar": "Hinter einer Säule"}}

    @pytest.fixture
    def show(self, theater):
        return make_showtime(auditorium=make_auditorium(theater, self.PLAN))

    @pytest.fixture
    def said(self, show):
        House.objects.update(seat_notes=self.SAID)
        forget_houses()
        return show

    @pytest.mark.parametrize(("language", "words"), [("en", "Behind a pillar"), ("de", "Hinter einer Säule")])
    def test_list_tip_and_areas_say_them_in_the_readers_language(self, said, client, language, words):
        other = {"Behind a pillar": "Hinter einer Säule", "Hinter einer Säule": "Behind a pillar"}[words]
        page = client.get(f"/showtimes/{said.pk}/?view=list&hl={language}")
        tips = client.get(page.context["facts_url"], {"hl": language})
        for text in (page.text, tips.text):
            assert words in text and other not in text
        assert "Wet grass" in client.get(f"/showtimes/{said.pk}/?hl={language}").text  # this note is not translated

    def test_a_corrected_translation_is_another_file_at_once(self, said, client):
        before = client.get(f"/showtimes/{said.pk}/?hl=de").context["facts_url"]
        english = client.get(f"/showtimes/{said.pk}/?hl=en").context["facts_url"]
        House.objects.update(seat_notes={"de": {"Behind a pillar": "Sicht verstellt"}})
        forget_houses()
        after = client.get(f"/showtimes/{said.pk}/?hl=de").context["facts_url"]
        assert after != before and "Sicht verstellt" in client.get(after, {"hl": "en"}).text
        assert client.get(f"/showtimes/{said.pk}/?hl=en").context["facts_url"] == english

    def test_they_are_written_on_the_houses_page_and_missing_ones_are_listed(self, show):
        house, office = show.auditorium.theater.house, Client()
        office.force_login(make_staff("OWNER", show.auditorium.theater))
        address = f"/admin/houses/house/{house.pk}/change/"
        asked = office.get(address)
        missing = dict(asked.context["untranslated"])["Texts of seats"]
        assert [(row.name, row.missing) for row in missing] == [
            ("Behind a pillar", "German"),
            ("Wet grass", "German"),
        ]
        assert 'name="seat_notes_de-Behind a pillar"' in asked.text
        typed = TestOffice().sent(asked, **{"seat_notes_de-Behind a pillar": " Hinter  einer Säule "})
        assert office.post(address, typed).status_code == 302
        house.refresh_from_db()
        assert house.seat_notes == self.SAID
        left = dict(office.get(address).context["untranslated"])["Texts of seats"]
        assert [row.name for row in left] == ["Wet grass"]
        refused = office.post(address, typed | {"seat_notes_de-Wet grass": "x" * 81})
        assert "seat_notes_de" in refused.context["adminform"].form.errors


def test_what_is_missing_is_listed(show):
    office = Client()
    office.force_login(make_staff("MANAGER", show.auditorium.theater))
    House.objects.update(section_names={"de": {"Balcony": "Rang"}}, translations={})
    Auditorium.objects.update(translations={})
    Theater.objects.update(translations={})
    house = show.auditorium.theater.house
    house.posts.create(title="Neu", slug="neu", text="x", language="de", published_at=timezone.now())
    house.posts.create(title="Draft", slug="draft", text="x")
    listed = dict(office.get(f"/admin/houses/house/{house.pk}/change/").context["untranslated"])
    found = {kind: [(row.name, row.missing) for row in rows] for kind, rows in listed.items()}
    assert found["House"] == [(house.name, "German: footer text")]
    assert found["Auditoriums"] == [(f"{ENGLISH['theater']}: {ENGLISH['room']}", "German: name")]
    assert found["Sections and areas"] == [("Lawn", "German"), ("Stalls", "German")]
    assert found["News"] == [("Neu", "English: title, text")]
    assert found["Theaters"][0][1].startswith("German: name, city")
