"""PDF documents keep the letters of every name, stay on their page with the longest names, and can be read aloud."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
import time_machine
from django.db import connection
from django.test import Client
from fontTools.ttLib import TTFont

from core.pdf import engine
from core.pdf.letters import FONTS, MISSING, lacks_letters, printable
from houses.models import Theater
from reservations.letters.papers import receipt_of
from reservations.models import Paper, Ticket
from reservations.pdf import papers, tickets
from sales.models import Sale
from tests.aging import unguarded
from tests.factories import begin_paying, buy, make_browser
from tests.pdfs import clashes_in, faults_of, left_edge_of, lines_of, outside, pages_of, side_of, tags_of, text_of
from theaters.models import Auditorium, Movie

pytestmark = pytest.mark.django_db
TITLES = [
    "Kış Uykusu", "기생충", "Ταξίδι στα Κύθηρα, ὦ ἄνθρωπε", "Mùi đu đủ xanh: Việt ộ", "ลุงบุญมีระลึกชาติ", "وجدة", "ואלס עם באשיר",
    "पथेर पांचाली", "Don’t Look Now — “1973”…", "東京物語", "花样年华", "花樣年華", "Сталкер", "Հայաստան", "მონანიება",
    "পথের পাঁচালী", "காதல்",
    "Amélie ★ ½ №", "Ştefan și Țara",
]  # fmt: skip
HOSTILE = "#eval(\"1+1\") $x^2$ @ref \\ *b* _c_ `d` <e> // /* = h #let x = 1 [y] {z} ~ -- 'q'"
EDGE = 9 / 25.4 * 72  # the margin of a ticket
WIDE_WORD = "Wundersamgeschichtenerzähler" * 10


@pytest.fixture
def booking(showtime, my_browser, sandbox):
    return buy(sandbox, showtime, my_browser, "A1", "B1")


@pytest.fixture
def me(booking, django_user_model):
    ada = django_user_model.objects.create_user("ada@example.com", "x")
    Sale.objects.filter(pk=booking.sale_id).update(user=ada)
    client = Client()
    client.force_login(ada)
    return client


def ticket_file(client, booking) -> bytes:
    answer = client.get(f"/tickets/{booking.tickets.first().code}.pdf")
    assert answer.status_code == 200
    return answer.content


def title(text) -> None:
    Movie.objects.update(title=text)


def test_a_title_from_right_to_left_leaves_the_date_behind_it(booking):
    title("وجدة")
    document = papers.paper_pdf(receipt_of(booking_id=booking.pk))
    assert left_edge_of(document, "وجدة") < left_edge_of(document, "2 December") < left_edge_of(document, "20:00")


def fonts(pattern):
    for path in FONTS.glob(pattern):
        with TTFont(path, lazy=True) as font:
            yield font


# Letters.


@pytest.mark.long
def test_a_ticket_keeps_the_letters_of_every_name(me, booking):
    for text in TITLES:
        title(text)
        document = ticket_file(me, booking)
        said = text_of(document)
        # Where letters join or run from right to left, a program may read them in another order.
        assert set(text) - {" "} <= set(said), text
        assert MISSING not in said and faults_of(document) == [], text
    title("Don’t Look Now")
    assert "Don’t Look Now" in text_of(ticket_file(me, booking))


def test_a_receipt_keeps_them_too(me, booking):
    title("Kış Uykusu 기생충")
    Theater.objects.update(company="Κινηματογράφος")
    document = me.post(f"/bookings/{booking.reference}/receipt.pdf", follow=True).content
    assert "Kış Uykusu 기생충" in text_of(document) and "Κινηματογράφος" in text_of(document)
    assert faults_of(document) == []


def test_a_name_without_letters_in_print_is_said_on_paper_and_page(me, booking):
    ticket = booking.tickets.first()
    pages = (f"/tickets/{ticket.code}/", f"/bookings/{booking.reference}/")
    assert not any("shows boxes" in me.get(page).text for page in pages)
    title("བོད་ 🎬")
    document = ticket_file(me, booking)
    assert MISSING in text_of(document) and "Your ticket on the screen shows all of them" in text_of(document)
    assert faults_of(document) == []
    assert all("shows boxes" in me.get(page).text and "བོད་ 🎬" in me.get(page).text for page in pages)
    receipt = text_of(me.post(f"/bookings/{booking.reference}/receipt.pdf", follow=True).content)
    assert MISSING in receipt and "The page of the booking shows all of them" in receipt


def test_a_letter_with_a_mark_of_another_font_still_gives_a_ticket(me, booking):
    title("x\u0e31 \u05d0\u0941 ok")
    assert "Booking" in text_of(ticket_file(me, booking))


def test_the_list_of_letters_is_that_of_the_fonts():
    had = {code for font in fonts("*.?tf") for code in font.getBestCmap()}
    runs = [line.split() for line in (FONTS / "letters.txt").read_text().splitlines()]
    listed = {code for first, last in runs for code in range(int(first, 16), int(last, 16) + 1)}
    assert listed == had


def test_every_font_has_its_place_in_the_templates():
    frame = tickets.TEMPLATE.with_name("frame.typ").read_text()
    families = {font["name"].getBestFamilyName() for font in fonts("Noto*")}
    assert {family for family in families if f'"{family}"' not in frame} == set()


def test_signs_that_turn_or_end_lines_are_left_out():
    assert printable("a\u202eb\u2066c\x00d\ne\tf\u2028g") == "abcd e f g"
    assert printable({"x": ["e\u0301", 7]}) == {"x": ["é", 7]}
    assert lacks_letters(["a", {"b": "\U0001f3ac"}]) and not lacks_letters(["a \u200d", 7, "क्\u200dष □"])
    assert printable("\u2068וואלס\u2069, C7") == "\u2068וואלס\u2069, C7"


# Texts cannot act.


def test_markup_in_a_name_is_printed_as_it_stands(me, booking):
    title(HOSTILE)
    Theater.objects.update(name=HOSTILE[:80], company=HOSTILE)
    for path in (f"/tickets/{booking.tickets.first().code}.pdf", f"/bookings/{booking.reference}/receipt.pdf"):
        document = (me.post if path.endswith("receipt.pdf") else me.get)(path, follow=True).content
        squeezed = "".join(text_of(document).split())
        assert "".join(HOSTILE.split()) in squeezed and faults_of(document) == []


def test_templates_evaluate_nothing_and_read_nothing():
    forbidden = re.compile(r"\beval\(|\bread\(|\bplugin\(|@preview|@local|\bcsv\(|\byaml\(|\btoml\(|\bxml\(")
    sources = {path.name: path.read_text() for path in tickets.TEMPLATE.parent.glob("*.typ")}
    assert len(sources) == 4
    assert {name for name, source in sources.items() if forbidden.search(source)} == set()
    imports = re.findall(r'#(?:import|include) "([^"]*)"', " ".join(sources.values()))
    assert set(imports) == {"frame.typ"}


# The longest names.


@pytest.mark.long
@pytest.mark.parametrize(
    "text", ["W" * 400, "東京物語" * 100, WIDE_WORD * 2, "Long words in a row " * 20, "ภาษาไทย" * 60]
)
def test_nothing_leaves_its_page_or_lies_on_anything(me, booking, text):
    with unguarded():
        Ticket.objects.update(type_name=text[:40], price=Decimal("99999999.99"))
        booking.showtime.plan.seats.update(section=text[:40])
    title(text[:160])
    Theater.objects.update(name=text[:80], street=text[:120], city=text[80:160], company=text[:120])
    Auditorium.objects.update(name=text[:60])
    document = me.get(f"/bookings/{booking.reference}/tickets.pdf").content
    assert (outside(document, margin=EDGE), clashes_in(document)) == ([], [])
    assert pages_of(document) == 2
    receipt = me.post(f"/bookings/{booking.reference}/receipt.pdf", follow=True).content
    assert outside(receipt, margin=22 / 25.4 * 72) == []
    # A line with more letters than the page is wide means that a word was not broken.
    assert [line for made in (document, receipt) for line in lines_of(made) if len(line) > 130] == []


# Structure, date, and author.


def test_a_ticket_and_a_receipt_are_tagged(me, booking):
    tags = tags_of(ticket_file(me, booking))
    assert tags.count("/H1") == 1 and tags.count("/Figure") == 1 and tags.index("/H1") < tags.index("/Figure")
    tags = tags_of(me.post(f"/bookings/{booking.reference}/receipt.pdf", follow=True).content)
    assert tags.count("/Table") == 2 and "/TH" in tags and tags.index("/H1") < tags.index("/Table")


def test_a_document_bears_its_true_date_and_title(me, booking):
    with time_machine.travel(datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC), tick=False):
        first, second = (
            engine.make_pdf(tickets.TEMPLATE, facts, at=datetime.now(UTC)) for facts in [sample(booking)] * 2
        )
    assert first == second
    with pikepdf.open(BytesIO(first)) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20310506070809")
        assert str(pdf.docinfo["/Title"]) == "Metropolis, row A, seat 1"
    issued = Paper.objects.get(pk=receipt_of(booking_id=booking.pk).pk).issued_at
    with pikepdf.open(BytesIO(me.post(f"/bookings/{booking.reference}/receipt.pdf", follow=True).content)) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith(f"D:{issued.astimezone(UTC):%Y%m%d%H%M%S}")


def sample(booking):
    page = dict.fromkeys(
        ("version", "discount", "note", "address", "contact", "theater", "kind", "day", "code", "price-text"), ""
    )
    words = dict.fromkeys(("room", "row", "seat", "booking", "qr"), "x")
    page |= {"movie": "Metropolis", "time": "19:30", "room": "1", "price": "1", "words": words}
    page |= {"place": [["Row", "A"], ["Seat", "1"]]}
    page |= {"reference": booking.reference, "qr": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>"}
    page |= {"colors": ["#000000", "#111111", "#222222"]}
    return {
        "title": "Metropolis, row A, seat 1",
        "author": "x",
        "lang": "en",
        "is-rtl": False,
        "copy": "",
        "house": {"name": "Roxy", "logo": "", "ratio": 1},
        "tickets": [page],
    }


@pytest.mark.parametrize(("language", "begins_at"), [("en", "left"), ("dv", "right")])
def test_a_document_begins_lines_where_its_language_does(me, booking, language, begins_at):
    """From right to left, theater and title stand at the right edge and amounts at the left, and nothing leaves the page."""
    title("Metropolis")
    Sale.objects.filter(pk=booking.sale_id).update(language=language)
    receipt = Paper.objects.get(pk=receipt_of(booking_id=booking.pk).pk)
    theater = booking.showtime.auditorium.theater.name
    files = [
        ticket_file(me, booking),
        papers.paper_pdf(receipt),
        papers.paper_pdf(receipt, template=papers.ROLL),
    ]
    for document in files:
        assert outside(document, margin=0) == []
        assert side_of(document, theater) == begins_at
        assert side_of(document, "14.50") != begins_at
    assert side_of(files[0], "Metropolis") == side_of(files[0], "Room") == begins_at


def test_no_transaction_waits_for_a_document(me, booking, monkeypatch):
    depths = []

    def watched(*args, **kwargs):
        depths.append(len(connection.savepoint_ids))
        return engine.make_pdf(*args, **kwargs)

    monkeypatch.setattr(tickets, "make_pdf", watched)
    monkeypatch.setattr(papers, "make_pdf", watched)
    ticket_file(me, booking)
    assert me.get(f"/bookings/{booking.reference}/tickets.pdf").status_code == 200
    assert me.post(f"/bookings/{booking.reference}/receipt.pdf", follow=True).status_code == 200
    assert depths == [0, 0, 0]


# One file for a booking.


def test_all_tickets_of_a_booking_are_one_file(me, booking):
    address = f"/bookings/{booking.reference}/tickets.pdf"
    assert address in me.get(f"/bookings/{booking.reference}/").text
    answer = me.get(address)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert pages_of(answer.content) == 2
    assert all(ticket.code in "".join(text_of(answer.content).split()) for ticket in booking.tickets.all())
    booking.tickets.filter(seat__label="A1").update(status="VOID")
    assert pages_of(me.get(address).content) == 1
    booking.tickets.update(status="VOID")
    assert me.get(address).status_code == 409
    assert address not in me.get(f"/bookings/{booking.reference}/").text
    assert Client().get(address).status_code == 404


def test_a_booking_that_is_not_paid_has_no_file_of_tickets(me, showtime, django_user_model):
    waiting = begin_paying(showtime, make_browser(3), "A2")
    Sale.objects.filter(pk=waiting.sale_id).update(user=django_user_model.objects.get(email="ada@example.com"))
    assert me.get(f"/bookings/{waiting.reference}/tickets.pdf").status_code == 409
