"""Trying payments and mail on the first day: errors are explained in words that help, and the page can be sent again."""

import re
import socket
from html import unescape
from threading import Thread

import pytest
from django.db.models import Exists
from django.test import Client
from django.utils import timezone

from houses.models import Theater
from payments.providers.stripe.provider import StripeProvider
from tests.factories import make_auditorium, make_showtime, make_staff, make_theater
from theaters.opening.first_steps import steps_to_first_day, steps_to_first_sale

pytestmark = pytest.mark.django_db
# Answers of a mail server by verb; every other verb is accepted.
FINE: dict[str, str] = {}
NOBODY = Exists(Theater.objects.none())
LOGIN = {"EHLO": "250-mail\r\n250 AUTH PLAIN", "AUTH": "535 wrong password"}


@pytest.fixture
def tried(sandbox, settings):
    """A function: press the button as the owner, with a mail server at this port; returns what the page says."""
    theater = make_theater()
    owner = Client()
    owner.force_login(make_staff("OWNER", theater, email="owner@example.com"))

    def press(port, **options):
        known = {
            "host": "127.0.0.1",
            "port": port,
            "username": "",
            "password": "",
            "use_ssl": False,
            "use_tls": False,
            "timeout": 2,
        }
        backend = "django.core.mail.backends.smtp.EmailBackend"
        settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": known | options}}
        page = owner.post(f"/admin/first-day/{theater.pk}/try/")
        assert page.status_code == 200 and "Try both now" in page.text
        return [" ".join(unescape(said).split()) for said in re.findall(r'(?s)role="status">(.*?)</p>', page.text)]

    return press


@pytest.fixture
def server():
    """A function: start a mail server that gives these answers; returns its port."""
    listening = []

    def start(replies):
        listening.append(socket.create_server(("127.0.0.1", 0)))
        Thread(target=serve, args=(listening[-1], replies), daemon=True).start()
        return listening[-1].getsockname()[1]

    yield start
    for one in listening:
        one.close()


def serve(listening, replies):
    try:
        browser, _ = listening.accept()
        with browser, browser.makefile("rb") as lines:
            browser.sendall(b"220 mail\r\n")
            in_mail = False
            for line in lines:
                in_mail = in_mail and line.strip() != b"."
                if in_mail:
                    continue
                verb = line[:4].decode(errors="replace").strip().upper()
                in_mail = verb == "DATA"
                answer = replies.get(verb, "354 go on" if in_mail else "250 fine")
                browser.sendall(f"{answer}\r\n".encode())
                if verb == "QUIT":
                    return
    except OSError:
        return  # closed at the end of the test, or by the client


def test_both_work(tried, server):
    assert tried(server(FINE)) == [
        "Payments: the key works, with all rights that are needed. It is a key for tests: nobody pays real money yet.",
        "Mail: sent to owner@example.com. Look whether it arrives.",
    ]


def test_what_worked_is_done_and_what_did_not_is_not(tried, server):
    theater = Theater.objects.get()

    def is_done() -> bool:
        steps = steps_to_first_sale(theater, now=timezone.now())
        return next(step.is_done for step in steps if step.words.startswith("Try"))

    tried(server({"RCPT": "550 no such mailbox"}))
    assert not is_done()
    tried(server(FINE))
    assert is_done()
    another = make_theater(house=theater.house)
    assert next(step for step in steps_to_first_sale(another, now=timezone.now()) if "Try" in step.words).is_done
    make_showtime(auditorium=make_auditorium(theater))
    (advice,) = [
        step for step in steps_to_first_day(theater, bought=NOBODY, now=timezone.now()) if "mail" in step.words
    ]
    assert advice.is_done


def test_a_live_key_is_called_a_live_key(tried, server, settings, monkeypatch):
    monkeypatch.setattr(StripeProvider, "is_live", True)
    assert tried(server(FINE))[0].endswith("It is a live key: customers pay real money.")


@pytest.mark.parametrize(
    ("replies", "options", "said"),
    [
        ({"RCPT": "550 no such mailbox"}, {}, "takes no mail for owner@example.com. It says: 550 no such mailbox"),
        (
            {"MAIL": "553 not yours"},
            {},
            "Change the sender of the house or ask who runs the mail server. It says: 553 not yours",
        ),
        ({"DATA": "451 later"}, {}, "Mail: the mail server says: 451 later"),
        (
            LOGIN,
            {"username": "u", "password": "p"},
            "does not accept the name and password in EMAIL_URL. It says: 535 wrong password",
        ),
        (FINE, {"username": "u", "password": "p"}, "but not in the way that EMAIL_URL asks for"),
        (FINE, {"use_tls": True}, "but not in the way that EMAIL_URL asks for"),
    ],
)
def test_a_mail_server_that_says_no(tried, server, replies, options, said):
    mail = tried(server(replies), **options)[1]
    assert mail.startswith("Mail: the mail server") and said in mail
    assert not {"{", "b'", "Errno"} & {part for part in ("{", "b'", "Errno") if part in mail}


def test_a_mail_server_that_is_not_there(tried):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert tried(port)[1].startswith("Mail: no mail server answers at the address in EMAIL_URL. Look at host and port")


def test_a_mail_leaves_as_those_of_the_house_do(sandbox, mailoutbox):
    theater = make_theater()
    theater.house.sender_name, theater.house.sender_address = "Lantern", "box@lantern.example"
    theater.house.save()
    owner = Client()
    owner.force_login(make_staff("OWNER", theater))
    owner.post(f"/admin/first-day/{theater.pk}/try/")
    assert [mail.from_email for mail in mailoutbox] == ["Lantern <box@lantern.example>"]


def test_a_wrong_key(tried, server, settings):
    settings.STRIPE_SECRET_KEY = "sk_test_wrong"
    said = tried(server(FINE))[0]
    assert said.startswith("Payments: ") and "does not accept our secret key" in said and "STRIPE_SECRET_KEY" in said


def test_a_provider_that_is_away(tried, server, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"
    said = tried(server(FINE))[0]
    assert "The payment provider does not answer" in said and "Try again in a minute" in said
