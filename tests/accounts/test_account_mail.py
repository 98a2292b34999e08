"""Mails of the account pages wait in an outbox: no request waits for a mail server, and no answer shows who has an account."""

import re
from collections import Counter
from smtplib import SMTPRecipientsRefused

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.mail import mailers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountMail, User
from accounts.services import account_mail
from accounts.services.account_mail import MailText, queue_mail, send_due_mail
from core.clock import from_now
from core.models import PauseKind
from tests.letters import last_letter_to, letters
from theaters.schedule.sales_pauses import pause_sales

pytestmark = pytest.mark.django_db
PASSWORD = "lantern gravel seventeen umbrella"
LETTER = MailText(kind="test", to="ada@example.com", subject="Hello", body="A secret link", html="<p>A secret link</p>")


@pytest.fixture
def ada():
    user = User.objects.create_user("ada@example.com", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_up(email, **how):
    return Client(**how).post("/accounts/signup/", {"email": email, "password1": PASSWORD})


def forget(email, **how):
    return Client(**how).post("/accounts/password/reset/", {"email": email})


def ask_for_code(email, **how):
    return Client(**how).post("/accounts/login/code/", {"email": email})


class TestNoRequestSends:
    @pytest.fixture(autouse=True)
    def hanging_server(self, monkeypatch):
        def connect(*args, **kwargs):
            raise AssertionError("a request talked to the mail server")

        monkeypatch.setattr(type(mailers.default), "open", connect)
        monkeypatch.setattr(type(mailers.default), "send_messages", connect)

    @pytest.mark.parametrize("ask", [sign_up, forget, ask_for_code])
    @pytest.mark.parametrize("email", ["ada@example.com", "new@example.com"])
    def test_signing_up_and_forgotten_passwords(self, ada, ask, email):
        assert ask(email).status_code == 302
        assert AccountMail.objects.get().to == email

    def test_another_address_and_a_new_password(self, ada):
        client = Client()
        client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        client.post("/accounts/email/", {"action_add": "", "email": "ada@example.org"})
        fields = {"oldpassword": PASSWORD, "password1": "seventeen umbrellas of gravel"}
        client.post("/accounts/password/change/", fields | {"password2": fields["password1"]})
        assert Counter(AccountMail.objects.values_list("kind", flat=True)) == {
            "account/email/email_confirmation": 1, "account/email/password_changed": 1,
        }  # fmt: skip


class TestWhoIsKnown:
    """These tests count the work (password hashes, mails, queries) instead of timing it."""

    @pytest.fixture
    def hashed(self, monkeypatch):
        counted = []
        encode = MD5PasswordHasher.encode
        monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: counted.append(1) or encode(*args))
        return counted

    @pytest.mark.parametrize(("ask", "hashes"), [(sign_up, 1), (forget, 0), (ask_for_code, 0)])
    def test_known_and_unknown_addresses_cost_the_same_work(self, ada, hashed, ask, hashes):
        asked = {}
        for email in ("new@example.com", "ada@example.com"):
            hashed.clear()
            with CaptureQueriesContext(connection) as queries:
                assert ask(email).status_code == 302
            assert len(hashed) == hashes
            statements = [query["sql"].split()[0] for query in queries]
            asked[email] = {kind: statements.count(kind) for kind in ("INSERT", "UPDATE", "DELETE")}
            assert len(AccountMail.objects.filter(to=email)) == 1
        assert asked["new@example.com"] == asked["ada@example.com"]

    def test_a_rehearsal_leaves_nothing_behind(self, ada):
        sign_up(ada.email)
        assert User.objects.get() == ada
        assert EmailAddress.objects.get().user == ada
        assert AccountMail.objects.get().kind == "account/email/account_already_exists"


class TestWhatWaits:
    def test_it_is_sent_once_with_its_text(self):
        queue_mail(LETTER)
        assert (send_due_mail(), send_due_mail()) == (1, 0)
        (message,) = letters()
        assert (message.to, message.subject, message.body) == (["ada@example.com"], "Hello", "A secret link")
        assert message.alternatives == [("<p>A secret link</p>", "text/html")]
        assert AccountMail.objects.get().message_key in message.extra_headers["Message-ID"]

    def test_a_stolen_database_opens_no_account(self):
        queue_mail(LETTER)
        row = str(AccountMail.objects.values().get())
        assert "secret" not in row.lower().replace("message_key", "")

    def test_the_text_of_a_sent_mail_is_not_kept(self):
        queue_mail(LETTER)
        send_due_mail()
        assert AccountMail.objects.get().sealed == ""

    def test_nor_is_that_of_a_mail_that_was_given_up(self, monkeypatch):
        def refuse(self, messages):
            raise SMTPRecipientsRefused({"ada@example.com": (550, b"no such mailbox")})

        monkeypatch.setattr(type(mailers.default), "send_messages", refuse)
        queue_mail(LETTER)
        send_due_mail()
        mail = AccountMail.objects.get()
        assert (mail.sealed, mail.is_refused, mail.gave_up_at is None) == ("", True, False)

    def test_a_mail_whose_link_is_over_is_not_sent(self):
        queue_mail(LETTER)
        AccountMail.objects.update(created_at=from_now(-account_mail.KEPT_SECONDS - 60))
        assert letters() == []
        assert (AccountMail.objects.get().sealed, AccountMail.objects.get().gave_up_at is None) == ("", False)

    def test_it_outlives_a_new_secret_key(self, settings):
        queue_mail(LETTER)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 5
        assert [message.body for message in letters()] == ["A secret link"]

    def test_old_rows_go(self):
        queue_mail(LETTER)
        send_due_mail()
        AccountMail.objects.update(created_at=from_now(-account_mail.ROWS_KEPT_SECONDS - 60))
        send_due_mail()
        assert not AccountMail.objects.exists()

    def test_after_a_restore_it_waits(self):
        queue_mail(LETTER)
        pause_sales(why="A test", actor="test", kind=PauseKind.AFTER_RESTORE, known_until=None)
        assert letters() == []


def test_the_link_of_the_mail_works(ada):
    forget(ada.email)
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", last_letter_to(ada.email).body)[1]
    client = Client()
    page = client.get(link, follow=True)
    fields = {"password1": "seventeen umbrellas of gravel", "password2": "seventeen umbrellas of gravel"}
    client.post(page.redirect_chain[-1][0], fields)
    ada.refresh_from_db()
    assert ada.check_password("seventeen umbrellas of gravel")


@pytest.mark.parametrize(
    ("ask", "email"), [(sign_up, "new@example.com"), (sign_up, "ada@example.com"), (forget, "ada@example.com")]
)
def test_links_lead_to_our_site_whatever_host_the_request_names(ada, settings, ask, email):
    settings.SITE_URL = "https://tickets.example.com"
    ask(email, HTTP_HOST="localhost:6666")
    body = last_letter_to(email).body
    assert "https://tickets.example.com/accounts/" in body and "6666" not in body


def test_the_office_tells_superusers_whether_it_went_and_not_what_it_says(client):
    mail = queue_mail(LETTER)
    client.force_login(User.objects.create_superuser("boss@example.com", PASSWORD))
    for path in ("/admin/accounts/accountmail/?q=ada", f"/admin/accounts/accountmail/{mail.pk}/change/"):
        page = client.get(path).content.decode()
        assert "ada@example.com" in page and "Waiting" in page
        assert "secret link" not in page and mail.sealed not in page
