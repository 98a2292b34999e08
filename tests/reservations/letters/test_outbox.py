"""Mails wait in an outbox: each is written once, with the event it tells of, sent once, and never lost."""

import socket
from datetime import timedelta
from decimal import Decimal
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.db import connection
from django.db.models import F
from django.utils import timezone

from core.letters.outbox import MOST_ATTEMPTS
from reservations import tasks
from reservations.access import booking_secret
from reservations.letters import emails
from reservations.letters.outbox import send_due_mail, send_mail
from reservations.models import OutgoingMail
from reservations.selling.bookings import write_mail
from reservations.states import MailKind
from sales.models import Contact, Sale
from tests.factories import begin_paying, make_movie, make_price_list, make_showtime, make_theater
from tests.ledger import broken_invariants, nothing_changes
from theaters.models import Showtime

MAILER = "django.core.mail.backends.locmem.EmailBackend.send_messages"

pytestmark = pytest.mark.django_db


def free_booking(browser, *labels, **showtime):
    theater = make_theater()
    nothing = make_price_list(theater, {"ADULT": Decimal(0), "CHILD": Decimal(0)}, premium=Decimal(0))
    return begin_paying(make_showtime(theater=theater, price_list=nothing, **showtime), browser, *labels)


@pytest.fixture
def booking(my_browser):
    return free_booking(my_browser, "A1", "A2")


@pytest.fixture
def letter(booking):
    return OutgoingMail.objects.get()


def send(letter):
    return send_mail(mail_id=letter.pk, now=timezone.now())


def due_again():
    OutgoingMail.objects.update(try_at=F("try_at") - timedelta(days=1))


def fails_with(error):
    def send_messages(self, messages):
        raise error

    return send_messages


def test_a_mail_goes_out_once(letter):
    assert (send(letter), send(letter), send_due_mail(now=timezone.now())) == (True, False, 0)
    letter.refresh_from_db()
    assert (len(mail.outbox), letter.attempts, letter.sent_at is not None) == (1, 1, True)


def test_the_same_purpose_is_written_once(booking, letter):
    with nothing_changes():
        write_mail(booking, MailKind.CONFIRMATION)
    assert letter.purpose == f"confirmation:{booking.pk}"


def test_a_leased_mail_is_left_to_the_one_who_has_it(letter):
    OutgoingMail.objects.update(try_at=F("try_at") + timedelta(seconds=60))
    with nothing_changes():
        assert send(letter) is False
    assert mail.outbox == []


def test_the_lease_of_a_killed_worker_runs_out_within_a_minute(letter, monkeypatch):
    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(emails, "compose", killed)
    with pytest.raises(KeyboardInterrupt):
        send(letter)
    monkeypatch.undo()
    assert (send(letter), mail.outbox) == (False, [])
    OutgoingMail.objects.update(try_at=F("try_at") - timedelta(seconds=60))
    assert send(letter) is True


def test_a_mail_that_cannot_be_sent_is_tried_again_later_and_later(letter, monkeypatch):
    monkeypatch.setattr(MAILER, fails_with(SMTPDataError(451, b"try again later")))
    pauses = []
    for _ in range(3):
        due_again()
        assert send(letter) is False
        letter.refresh_from_db()
        pauses.append(round((letter.try_at - timezone.now()).total_seconds()))
    assert (pauses, letter.last_error) == ([10, 20, 40], "SMTPDataError: (451, b'try again later')")


def test_the_pause_never_passes_an_hour_and_after_forty_tries_a_person_is_needed(letter, monkeypatch):
    monkeypatch.setattr(MAILER, fails_with(SMTPDataError(451, b"try again later")))
    OutgoingMail.objects.update(attempts=MOST_ATTEMPTS - 1)
    send(letter)
    letter.refresh_from_db()
    assert 3500 < (letter.try_at - timezone.now()).total_seconds() <= 3600
    due_again()
    assert (letter.gave_up_at is not None, send(letter)) == (True, False)


def test_a_mail_that_cannot_be_made_does_not_stop_the_others(letter, my_browser, monkeypatch):
    free_booking(my_browser, "A1")
    original = emails.compose

    def one_is_broken(one, **where):
        if one.pk == letter.pk:
            raise ValueError("cannot be made")
        return original(one, **where)

    monkeypatch.setattr(emails, "compose", one_is_broken)
    assert (send_due_mail(now=timezone.now()), len(mail.outbox)) == (1, 1)


def test_a_server_that_takes_no_connection_costs_no_mail_a_try_and_ends_the_batch(letter, my_browser, monkeypatch):
    free_booking(my_browser, "A1")
    asked = []

    def nobody_answers(self):
        asked.append(self)
        raise ConnectionRefusedError("nobody answers")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", nobody_answers)
    assert (send_due_mail(now=timezone.now()), len(asked)) == (0, 1)
    assert sorted(OutgoingMail.objects.values_list("attempts", "last_error")) == [
        (0, ""),
        (0, "ConnectionRefusedError: nobody answers"),
    ]


def test_a_conversation_that_breaks_off_ends_the_batch(letter, my_browser, monkeypatch):
    free_booking(my_browser, "A1")
    monkeypatch.setattr(MAILER, fails_with(SMTPServerDisconnected("gone")))
    send_due_mail(now=timezone.now())
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 1]


@pytest.mark.parametrize(
    "error",
    [
        SMTPRecipientsRefused({"ada@example.com": (550, b"no such user")}),
        SMTPDataError(554, b"message refused"),
        ValueError("Invalid address"),
    ],
)
def test_a_refusal_for_good_ends_the_mail_and_is_no_contradiction(letter, monkeypatch, error, client):
    monkeypatch.setattr(MAILER, fails_with(error))
    assert send(letter) is False
    letter.refresh_from_db()
    assert (letter.is_refused, letter.gave_up_at is not None, letter.attempts) == (True, True, 1)
    due_again()
    assert send(letter) is False and broken_invariants() == []


def test_a_refusal_for_now_is_tried_again(letter, monkeypatch):
    monkeypatch.setattr(MAILER, fails_with(SMTPRecipientsRefused({"ada@example.com": (450, b"greylisted")})))
    send(letter)
    letter.refresh_from_db()
    assert (letter.is_refused, letter.gave_up_at) == (False, None)
    monkeypatch.undo()
    due_again()
    assert send(letter) is True


def test_a_mail_that_was_given_up_is_a_contradiction_until_the_show_is_over(letter):
    OutgoingMail.objects.update(gave_up_at=timezone.now(), attempts=MOST_ATTEMPTS)
    assert broken_invariants() == ["mail_goes_out"]
    Showtime.objects.update(starts_at=F("starts_at") - timedelta(days=90), ends_at=F("ends_at") - timedelta(days=90))
    assert "mail_goes_out" not in broken_invariants()


def test_the_time_limit_of_the_task_ends_the_batch(letter, my_browser, monkeypatch):
    """The time limit is no error of the mail. If it were swallowed, the task would be killed in the middle of the next mail."""
    free_booking(my_browser, "A1")
    monkeypatch.setattr(MAILER, fails_with(SoftTimeLimitExceeded()))
    with pytest.raises(SoftTimeLimitExceeded):
        send_due_mail(now=timezone.now())
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 1]


def test_a_server_that_takes_the_connection_and_never_answers_ends_the_batch(letter, my_browser, settings):
    free_booking(my_browser, "A1")
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": hanging.getsockname()[1], "timeout": 0.2},
            }
        }
        hanging.settimeout(5)
        assert send_due_mail(now=timezone.now()) == 0
        hanging.accept()[0].close()
        hanging.setblocking(False)
        with pytest.raises(BlockingIOError):  # the mail server was asked once, not once for each mail
            hanging.accept()
    assert list(OutgoingMail.objects.values_list("attempts", flat=True)) == [0, 0]


def test_the_task_sends_what_is_due(letter):
    tasks.send_due_mail(invented=True)
    assert len(mail.outbox) == 1


# What it says.


@pytest.fixture
def sent(booking):
    send_due_mail(now=timezone.now())
    return mail.outbox[0]


def test_the_confirmation_has_the_secret_link_in_text_and_html(booking, sent):
    link = f"http://testserver/bookings/{booking.reference}/{booking_secret(booking)}/"
    html = sent.alternatives[0].content
    assert (sent.to, link in sent.body, link in html) == (["ada@example.com"], True, True)


def test_the_confirmation_shows_one_qr_code_per_ticket_inside(booking, sent):
    html = sent.alternatives[0].content
    codes = list(booking.tickets.values_list("code", flat=True))
    assert len(codes) == 2 and all(f'src="cid:{code}@tickets"' in html for code in codes)
    images = [part for part in sent.message().walk() if part.get_content_type() == "image/png"]
    assert sorted(part["Content-ID"] for part in images) == sorted(f"<{code}@tickets>" for code in codes)


def shape(part):
    inside = [shape(one) for one in part.iter_parts()] if part.is_multipart() else []
    return (part.get_content_type(), *inside)


def test_pictures_belong_to_the_html_and_files_stand_around_both(booking, sent):
    """As Thunderbird shows them: the QR codes in their places, and the calendar file below."""
    assert shape(sent.message()) == (
        "multipart/mixed",
        (
            "multipart/alternative",
            ("text/plain",),
            ("multipart/related", ("text/html",), ("image/png",), ("image/png",)),
        ),
        ("text/calendar",),
    )
    images = [part for part in sent.message().walk() if part.get_content_type() == "image/png"]
    assert {part.get_content_disposition() for part in images} == {"inline"}


def test_a_mail_without_files_is_an_alternative(booking):
    write_mail(booking, MailKind.APOLOGY)
    send_due_mail(now=timezone.now())
    [apology] = [one for one in mail.outbox if "on its way back" in one.subject]
    assert shape(apology.message()) == ("multipart/alternative", ("text/plain",), ("text/html",))


def test_answers_go_to_the_theater(booking):
    booking.showtime.auditorium.theater.__class__.objects.update(reply_to="desk@lantern.example")
    for kind in (MailKind.APOLOGY, MailKind.MONEY_ALERT):
        write_mail(booking, kind)
    send_due_mail(now=timezone.now())
    answers = {one.reply_to[0] if one.reply_to else "" for one in mail.outbox if "needs a person" not in one.subject}
    assert answers == {"desk@lantern.example"}


def test_no_other_mail_has_its_message_id_not_even_one_with_the_same_purpose_after_a_restore(letter):
    """Rows written without Python, as the release before may do, have message ids of their own too."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO reservations_outgoingmail (purpose, kind, booking_id, contact_id, attempts, last_error)
               SELECT 'test:' || n, kind, booking_id, contact_id, 0, ''
                 FROM reservations_outgoingmail, generate_series(1, 3) AS n"""
        )
    keys = list(OutgoingMail.objects.values_list("message_key", flat=True))
    assert len(keys) == len(set(keys)) == 4 and {len(key) for key in keys} == {32}
    again = OutgoingMail(purpose=letter.purpose, kind=letter.kind, booking=letter.booking, contact=letter.contact)
    ids = [
        emails.compose(one, now=timezone.now(), site_url="https://x.example").extra_headers["Message-ID"]
        for one in (letter, again)
    ]
    assert ids[0] != ids[1] and letter.message_key in ids[0]


def test_a_repeat_of_a_mail_has_the_same_message_id(letter):
    first, second = (emails.compose(letter, now=timezone.now(), site_url="http://testserver") for _ in range(2))
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_line_break_in_a_title_does_not_become_a_header(my_browser):
    free_booking(my_browser, "A1", movie=make_movie(title="Metropolis\r\nBcc: all@example.com"))
    send_due_mail(now=timezone.now())
    message = mail.outbox[0].message()
    assert message["Bcc"] is None and "\n" not in mail.outbox[0].subject


def test_a_line_break_in_an_address_is_refused(letter):
    Contact.objects.update(email="ada@example.com\r\nBcc: all@example.com")
    letter.refresh_from_db()
    with pytest.raises(ValueError):
        emails.compose(letter, now=timezone.now(), site_url="http://testserver").message()


def test_the_apology_says_what_goes_back(booking):
    write_mail(booking, MailKind.APOLOGY)
    Sale.objects.update(total=Decimal("29.00"), refund_due=Decimal("29.00"))
    send_due_mail(now=timezone.now())
    [apology] = [one for one in mail.outbox if "on its way back" in one.subject]
    assert booking.reference in apology.subject and "£29.00" in apology.body and not apology.attachments
