"""Our mails in Debian's Thunderbird: the QR codes are visible, and nothing asks to be loaded from a server.

Only `make try-mail` runs these tests: they need programs that pip does not install. Look at the pictures as well; they
are kept in test-results/mail/.
"""

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.letters.outbox import send_due_mail
from reservations.selling.bookings import write_mail
from reservations.states import CancelCause, MailKind
from tests.factories import PASS_PHRASE, buy, make_auditorium, make_movie, make_showtime, make_theater
from tests.letters import letters
from tests.thunderbird.screen import has_bar_about_remote_content, require_programs, rows_of_qr_codes, show

pytestmark = pytest.mark.django_db
PICTURES = Path(settings.BASE_DIR) / "test-results" / "mail"
ROOM = "[Stalls]\nA oooo\n[Balcony]\nA oooo\n"


@pytest.fixture(scope="module", autouse=True)
def programs():
    require_programs()
    PICTURES.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def look(tmp_path):
    """The picture of a mail, by the name under which it is kept."""

    def see(name: str, message: EmailMessage):
        path = tmp_path / f"{name}.eml"
        path.write_bytes(message.as_bytes())
        return show(path, picture=PICTURES / f"{name}.png")

    return see


@pytest.fixture
def booking(sandbox, my_browser):
    movie = make_movie(title="The Umbrellas of Cherbourg")
    theater = make_theater()
    theater.reply_to = "box-office@example.com"
    theater.save()
    return buy(
        sandbox,
        make_showtime(movie=movie, auditorium=make_auditorium(theater, ROOM)),
        my_browser,
        "Stalls A1",
        "Balcony A1",
    )


def sent() -> EmailMessage:
    """The newest mail."""
    send_due_mail(now=timezone.now())
    return mail.outbox[-1].message()


def test_remote_pictures_are_noticed(look):
    """Control: this bar must not appear for any of our mails."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "A picture from a server", "a@example.com", "b@example.com"
    message.set_content("<h1>Hello</h1><p><img src='https://example.com/x.png' width=90 height=90></p>", subtype="html")
    screen = look("control", message)
    assert has_bar_about_remote_content(screen)
    assert rows_of_qr_codes(screen) == 0


def test_the_confirmation_shows_its_qr_codes(look, booking):
    message = sent()
    assert [part.get_content_type() for part in message.iter_attachments()] == ["text/calendar"]
    screen = look("confirmation", message)
    assert not has_bar_about_remote_content(screen)
    assert rows_of_qr_codes(screen) >= 20


def test_cancellation_and_refund(look, booking):
    sent()
    tickets = list(booking.tickets.filter(seat__label="Balcony A1").values_list("pk", flat=True))
    origin = CancellationOrigin(CancelCause.STAFF, "staff:1", "The projector broke.")
    cancel_and_refund(booking_id=booking.pk, ticket_ids=tickets, origin=origin)
    canceled = sent()
    write_mail(booking, MailKind.REFUND, about=1, method="STRIPE", amount="14.50", currency="GBP")
    refunded = sent()
    assert canceled["Subject"] != refunded["Subject"]
    for name, message in {"cancellation": canceled, "refund": refunded}.items():
        assert not has_bar_about_remote_content(look(name, message))


def test_the_mails_of_an_account(look, client: Client):
    client.post("/accounts/signup/", {"email": "grace@example.com", "password1": PASS_PHRASE})
    client.post("/accounts/password/reset/", {"email": "grace@example.com"})
    for name, message in zip(("sign-up", "password"), letters(), strict=False):
        assert not has_bar_about_remote_content(look(name, message.message()))
