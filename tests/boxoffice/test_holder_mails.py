"""One mail to everybody who holds tickets for a showtime: staff read it first, it is sent once and noted in the log."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from houses.models import Theater
from reservations.letters.holder_mails import OthersToWriteTo, Words, recipients_of
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, Move, OutgoingMail, Ticket
from sales.models import Contact, Sale
from staff.models import AuditEntry
from tests.aging import unguarded
from tests.boxoffice.actions import act, look, said
from tests.boxoffice.scenes import book
from tests.factories import make_staff
from tests.ledger import nothing_changes
from tests.signing_in import give_factor, signed_in
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
WORDS = Words("The bar is closed", "Please bring water.\n\nYour box office")
TYPED = {"subject": WORDS.subject, "text": "Please bring water.\r\n\r\nYour box office", "reason": "A burst pipe"}
HOSTILE = {
    "subject": "Free <b>tickets</b>\r\nBcc: all@example.com",
    "text": '<script>alert(1)</script> <a href="https://evil.example">here</a> {{ booking.link }} {% load tz %}',
    "reason": "A test",
}


def page_of(showtime, name=""):
    return reverse(f"admin:theaters_showtime_write{name}", args=[showtime.pk])


def messages():
    return OutgoingMail.objects.filter(kind="MESSAGE")


def sent():
    mail.outbox.clear()
    send_due_mail(now=timezone.now())
    return [letter for letter in mail.outbox if letter.subject.startswith(("The bar", "Free"))]


def without_address(booking, person):
    with unguarded():
        Contact.objects.filter(sale=booking.sale).update(email="")
        Sale.objects.filter(pk=booking.sale_id).update(channel="COUNTER", operator=person)


@pytest.fixture
def holders(showtime, manager):
    """Ada has two bookings, our mail to Bob bounced, and a third booking has no address."""
    bookings = {
        "ada": book(showtime, "A1", email="Ada@example.com", number=1),
        "ada again": book(showtime, "A2", "A3", email="ada@example.com", number=2),
        "bob": book(showtime, "A5", email="bob@example.com", number=3),
        "silent": book(showtime, "B1", email="nobody@example.com", number=4),
    }
    without_address(bookings["silent"], manager)
    OutgoingMail.objects.filter(booking=bookings["bob"]).update(gave_up_at=timezone.now(), is_refused=True)
    return bookings


def test_the_preview_is_the_mail_and_names_who_hears_nothing(office, showtime, holders):
    page, _ = look(office, page_of(showtime), **TYPED)
    assert "2 people get one mail each, for 3 bookings." in page
    assert f"nobody can write to them (1): {holders['silent'].reference}." in page
    assert f"it is tried again (1): {holders['bob'].reference}." in page
    shown = re.search(r'<pre class="mail-text"[^>]*>(.*?)</pre>', page, re.DOTALL).group(1)
    act(office, page_of(showtime), **TYPED)
    first = next(letter for letter in sent() if letter.to == ["Ada@example.com"])
    assert shown.strip() == first.body.strip().replace("&", "&amp;").replace("'", "&#x27;")
    assert f"Booking {holders['ada'].reference}, seat A1" in first.body
    assert f"Booking {holders['ada again'].reference}, seats A2, A3" in first.body


def test_every_mailbox_gets_one_and_pressing_twice_sends_nothing_more(office, showtime, holders):
    _, mark = look(office, page_of(showtime), **TYPED)
    press = {**TYPED, "mark": mark, "_do": "yes"}
    assert "2 mails are on the way." in said(office, office.post(page_of(showtime), press))
    with nothing_changes():
        again = office.post(page_of(showtime), press)
    assert again.status_code == 409 and "Nothing was sent twice." in again.content.decode()
    assert sorted(letter.to[0] for letter in sent()) == ["Ada@example.com", "bob@example.com"]


def test_who_bought_since_gets_it_with_the_same_words(office, showtime, holders):
    act(office, page_of(showtime), **TYPED)
    book(showtime, "B5", email="eve@example.com", number=9)
    page, _ = look(office, page_of(showtime), **TYPED)
    assert "1 person gets one mail, for 1 booking." in page and "2 have exactly this mail already" in page
    act(office, page_of(showtime), **TYPED)
    assert sorted(messages().values_list("contact__email", flat=True)) == [
        "Ada@example.com",
        "bob@example.com",
        "eve@example.com",
    ]


def test_other_recipients_than_shown_are_shown_again(office, showtime, holders):
    _, mark = look(office, page_of(showtime), **TYPED)
    book(showtime, "B5", email="eve@example.com", number=9)
    with nothing_changes():
        answer = office.post(page_of(showtime), {**TYPED, "mark": mark, "_do": "yes"})
    assert answer.status_code == 409 and str(OthersToWriteTo.sentence) in answer.content.decode()


def test_only_holders_of_live_tickets(showtime, holders):
    Ticket.objects.filter(booking=holders["bob"]).update(status="VOID")
    Ticket.objects.filter(booking=holders["ada again"]).update(status="USED")
    found = recipients_of(showtime, WORDS)
    assert [[one.reference for one in recipient.bookings] for recipient in found.to_write] == [
        [holders["ada"].reference, holders["ada again"].reference]
    ]
    Booking.objects.filter(pk=holders["ada"].pk).update(status="CANCELED", ended_at=timezone.now())
    assert [one.reference for one in recipients_of(showtime, WORDS).to_write[0].bookings] == [
        holders["ada again"].reference
    ]


def test_it_stands_in_the_history_of_the_showtime_and_of_each_booking(office, showtime, manager, holders):
    act(office, page_of(showtime), **TYPED)
    entry = AuditEntry.objects.about(showtime).get(action="write to all holders")
    assert (entry.user, entry.reason, entry.theater) == (manager, "A burst pipe", showtime.auditorium.theater)
    assert entry.after == {
        "subject": WORDS.subject, "text": WORDS.text, "mails": 2,
        "bookings without an address": [holders["silent"].reference],
    }  # fmt: skip
    history = office.get(f"/admin/theaters/showtime/{showtime.pk}/history/").content.decode()
    assert "write to all holders" in history and "A burst pipe" in history
    for name, words in [("ada", "this showtime."), ("ada again", "this showtime."), ("silent", "has no address.")]:
        story = office.get(f"/admin/reservations/booking/{holders[name].pk}/change/").content.decode()
        assert "Staff wrote to everybody with tickets for this showtime" in story and words in story
        assert "The bar is closed: A burst pipe" in story
    assert Move.objects.filter(what="message").count() == 4


def test_hostile_words_stay_words(office, showtime):
    book(showtime, "A1")
    act(office, page_of(showtime), **HOSTILE)
    (letter,) = sent()
    html = letter.alternatives[0].content
    assert letter.subject == "Free <b>tickets</b> Bcc: all@example.com"
    assert letter.to == ["ada@example.com"] and letter.bcc == [] and "Bcc" not in letter.message()
    assert "<script" not in html and 'evil.example"' not in html and "<b>tickets" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and "{{ booking.link }}" in html
    assert HOSTILE["text"] in letter.body
    page, _ = look(office, page_of(showtime), **HOSTILE | {"subject": "Free 2"})
    assert "<script>alert" not in page


def test_the_html_part_is_shown_as_it_is_and_can_do_nothing(office, showtime, holders):
    answer = office.post(page_of(showtime, "_html"), TYPED)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.split("; ") == ["default-src 'none'", "style-src 'unsafe-inline'", "sandbox"]
    act(office, page_of(showtime), **TYPED)
    first = next(letter for letter in sent() if letter.to == ["Ada@example.com"])
    assert answer.content.decode() == first.alternatives[0].content
    assert office.post(page_of(showtime, "_html"), {}).status_code == 422


def test_answers_go_to_the_theater_and_no_secret_link_is_shown_to_staff(office, showtime, holders):
    Theater.objects.update(reply_to="hello@marquee.example")
    page, _ = look(office, page_of(showtime), **TYPED)
    assert "hello@marquee.example" in page
    act(office, page_of(showtime), **TYPED)
    letter = sent()[0]
    assert letter.reply_to == ["hello@marquee.example"]
    assert set(re.findall(r"/bookings/[^\s<\"]+", letter.body)) == {
        f"/bookings/{holders[name].reference}/" for name in ("ada", "ada again")
    }


@pytest.mark.parametrize("missing", ["subject", "text", "reason"])
def test_nothing_goes_without_words_and_a_reason(office, showtime, holders, missing):
    with nothing_changes():
        answer = office.post(page_of(showtime), {**TYPED, missing: " ", "_do": "yes", "mark": "-"})
    assert answer.status_code == 422


def test_nobody_to_write_to_is_said(office, showtime, manager):
    booking = book(showtime, "A1")
    without_address(booking, manager)
    with nothing_changes():
        answer = office.post(page_of(showtime), TYPED)
    assert answer.status_code == 409 and "Nobody with an e-mail address" in answer.content.decode()


def test_a_draft_has_nobody_to_write_to(office, showtime):
    Showtime.objects.filter(pk=showtime.pk).update(status="DRAFT")
    assert office.get(page_of(showtime)).status_code == 403


def test_it_asks_for_the_second_factor_again_and_for_the_right(settings, time_machine, showtime):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    time_machine.move_to("2027-03-01T12:00:00Z", tick=False)
    person = make_staff("MANAGER", showtime.auditorium.theater)
    client = signed_in(person, factor=give_factor(person))
    assert "Write to all holders" in client.get(f"/admin/theaters/showtime/{showtime.pk}/change/").content.decode()
    time_machine.shift(301)
    answer = client.post(page_of(showtime), TYPED)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("mfa_reauthenticate"))
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    clerk = Client()
    clerk.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
    assert clerk.post(page_of(showtime), TYPED).status_code == 403
    assert "Write to all holders" not in clerk.get(f"/admin/theaters/showtime/{showtime.pk}/change/").content.decode()
