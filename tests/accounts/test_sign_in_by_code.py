"""A code from the mailbox signs customers in. It opens no office, wrong guesses are limited, and no answer shows who is known."""

import re

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import AccountMail, User
from accounts.sign_in_codes import code_text, is_code_of
from tests.letters import last_letter_to, letters
from tests.totp_codes import code_of

pytestmark = pytest.mark.django_db
PASSWORD = "lantern gravel seventeen umbrella"
ASK, TYPE = "/accounts/login/code/", "/accounts/login/code/confirm/"
ELSEWHERE = "198.51.100.7"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2027-03-01T12:00:00Z", tick=False)
    return time_machine


def make_person(email="ada@example.com", *, verified=True, **fields) -> User:
    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


@pytest.fixture
def ada():
    return make_person()


def ask(client, email="ada@example.com", **fields):
    return client.post(ASK, {"email": email, **fields})


def code_to(email="ada@example.com") -> str:
    return re.search(r"\d{4} \d{4}", last_letter_to(email).body)[0]


def type_code(client, code, **fields):
    return client.post(TYPE, {"code": code, **fields})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


class TestTheWay:
    def test_from_the_sign_in_page_to_my_bookings(self, ada):
        client = Client()
        assert f'href="{ASK}"' in client.get("/accounts/login/").text
        assert ask(client).url == TYPE
        assert "ada@example.com" in client.get(TYPE).text
        answer = type_code(client, code_to())
        assert (answer.status_code, answer.url, is_signed_in(client)) == (302, "/bookings/", True)
        assert [record["method"] for record in client.session[AUTHENTICATION_METHODS_SESSION_KEY]] == ["code"]

    @pytest.mark.parametrize("typed", ["{0}{1}", " {0}-{1} ", "{0}\u00a0{1}"])
    def test_the_code_may_be_typed_as_people_do(self, ada, typed):
        client = Client()
        ask(client)
        assert type_code(client, typed.format(*code_to().split())).url == "/bookings/"

    def test_it_goes_on_where_the_person_was(self, ada):
        client = Client()
        answer = ask(client, next="/search/?q=harold")
        page = client.get(answer.url).text
        assert 'name="next" value="/search/?q=harold"' in page
        assert type_code(client, code_to(), next="/search/?q=harold").url == "/search/?q=harold"

    def test_who_typed_another_address_or_knows_the_password_is_not_kept_waiting(self, ada):
        client = Client()
        ask(client, "adda@example.com")
        assert client.get(ASK).status_code == client.get("/accounts/login/").status_code == 200
        assert client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD}).url == "/bookings/"

    def test_the_mail_is_the_houses_and_the_code_stands_in_no_table(self, ada):
        client = Client()
        ask(client)
        rows = " ".join(str(row) for row in [*AccountMail.objects.values(), *Session.objects.values()])
        session = str(dict(client.session))
        letter, code = last_letter_to(ada.email), code_to()
        assert letter.subject == f"{code} is your code to sign in at Marquee"
        assert code not in rows + session and code.replace(" ", "") not in rows + session

    def test_it_outlives_a_new_secret_key(self, ada, settings):
        client = Client()
        ask(client)
        code = code_to()
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 5
        assert type_code(client, code).status_code == 302


class TestItOpensNothingElse:
    def test_without_having_asked(self, ada):
        assert type_code(Client(), "1234 5678").url == ASK

    def test_an_empty_code_never_matches(self):
        assert not is_code_of("", code_text(""))

    def test_in_another_browser(self, ada):
        asked, other = Client(), Client()
        ask(asked)
        code = code_to()
        ask(other)
        assert type_code(other, code).status_code == 200
        assert not is_signed_in(other)

    def test_an_older_code_of_the_same_browser(self, ada):
        client = Client()
        ask(client)
        old = code_to()
        ask(client)
        assert (type_code(client, old).status_code, is_signed_in(client)) == (200, False)
        assert type_code(client, code_to()).status_code == 302

    @pytest.mark.parametrize(("seconds", "url"), [(899, "/bookings/"), (901, ASK)])
    def test_after_fifteen_minutes(self, ada, clock, seconds, url):
        client = Client()
        ask(client)
        code = code_to()
        clock.shift(seconds)
        assert type_code(client, code).url == url

    def test_an_account_whose_address_nobody_confirmed(self):
        """A stranger may have made the account with a password of their own, which proving the mailbox would make valid."""
        make_person(verified=False)
        client = Client()
        ask(client)
        assert "We have no account with this address" in last_letter_to("ada@example.com").body
        assert not EmailAddress.objects.get().verified

    def test_a_closed_account(self):
        make_person(is_active=False)
        ask(Client())
        assert "We have no account" in last_letter_to("ada@example.com").body


class TestTheOffice:
    @pytest.fixture(autouse=True)
    def second_factor(self, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = True

    @pytest.fixture
    def boss(self):
        return make_person("boss@example.com", is_staff=True, is_superuser=True)

    def come(self):
        client = Client()
        ask(client, "boss@example.com")
        return client, type_code(client, code_to("boss@example.com"))

    def test_a_code_is_only_the_first_step_of_staff(self, boss):
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(boss, secret)
        client, answer = self.come()
        assert answer.url.startswith("/accounts/2fa/authenticate/")
        assert client.get("/admin/").url.startswith("/accounts/login/")
        client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
        assert client.get("/admin/").status_code == 200

    @pytest.mark.parametrize("path", ["/admin/", "/counter/", "/door/"])
    def test_stays_closed_to_a_code_alone(self, boss, path):
        client, answer = self.come()
        assert answer.status_code == 302 and is_signed_in(client)
        assert client.get(path).url == "/accounts/2fa/"

    @pytest.mark.parametrize("path", ["totp/activate/", "webauthn/add/"])
    def test_a_code_alone_adds_no_second_factor(self, boss, path):
        client, _ = self.come()
        assert client.get(f"/accounts/2fa/{path}").url.startswith("/accounts/reauthenticate/")

    def test_a_factor_added_elsewhere_does_not_open_it_either(self, boss):
        client, _ = self.come()
        totp.TOTP.activate(boss, totp.generate_totp_secret())
        assert client.get("/admin/").status_code == 302


class TestWhoIsKnown:
    def test_an_unknown_address_gets_the_same_answers(self, ada):
        def without_tokens(text):
            return re.sub(r"[A-Za-z0-9+/=_-]{20,}", "", text)

        pages = []
        for email in ("ada@example.com", "new@example.com"):
            client = Client()
            first = ask(client, email)
            page = client.get(TYPE)
            wrong = [type_code(client, "0000 0000") for _ in range(5)]
            texts = [answer.text.replace(email, "…") for answer in (first, page, *wrong)]
            pages.append([without_tokens(text) for text in texts])
            pages.append([answer.status_code for answer in (first, page, *wrong)])
        assert pages[0] == pages[2] and pages[1] == pages[3] == [302, 200, 200, 200, 200, 200, 302]
        assert len(letters()) == 2


class TestWhatCounts:
    """With limits of one or two, the next try shows whether those before were counted."""

    @pytest.fixture
    def limited_to(self, settings):
        def limit(**limits):
            settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, **limits}

        return limit

    def test_a_right_code_is_not_counted(self, ada, limited_to):
        limited_to(wrong_codes="1/300s/key", wrong_codes_of_account="1/h/key")
        for _ in range(2):
            client = Client()
            ask(client)
            assert type_code(client, code_to()).status_code == 302

    TWICE = [("ada@example.com", "ADA@example.com"), ("ada@bücher.example", "ada@xn--bcher-kva.example")]

    @pytest.mark.parametrize(("email", "other"), TWICE)
    def test_a_mailbox_is_one_however_its_address_is_written(self, limited_to, email, other):
        limited_to(code_mails_to_mailbox="1/h/key")
        assert (ask(Client(), email).status_code, ask(Client(), other).status_code) == (302, 429)

    @pytest.mark.parametrize(("email", "other"), TWICE)
    def test_wrong_codes_of_a_mailbox_are_counted_together_however_it_is_written(self, limited_to, email, other):
        limited_to(wrong_codes="1/300s/key")
        one, two = Client(), Client()
        ask(one, email)
        ask(two, other)
        assert type_code(one, "0000 0000").status_code == 200
        assert type_code(two, "0000 0000").status_code == 429

    def test_mails_that_an_address_is_refused_do_not_fill_the_limit_of_the_mailbox(self, ada, limited_to):
        """Without this rule an address over its own limit would keep everybody from getting a code."""
        limited_to(code_mails_by_address="1/m/ip", code_mails_to_mailbox="1/h/key")
        ask(Client(), "somebody@example.com")
        assert ask(Client()).status_code == 429
        assert ask(Client(REMOTE_ADDR=ELSEWHERE)).status_code == 302


@pytest.mark.long
class TestLimits:
    def guess(self, address, times=5):
        client = Client(REMOTE_ADDR=address)
        ask(client)
        return [type_code(client, "0000 0000").status_code for _ in range(times)]

    def test_five_wrong_codes_end_it(self, ada):
        client = Client()
        ask(client)
        code = code_to()
        answers = [type_code(client, "0000 0000") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 4 + [302]
        assert "ask for a new one" in client.get(ASK).text
        assert type_code(client, code).url == ASK

    @pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
    def test_wrong_codes_of_a_mailbox_and_address(self, ada, clock, email):
        client = Client()
        ask(client, email)
        for _ in range(5):
            type_code(client, "0000 0000")
        ask(client, email)
        clock.shift(30)
        answer = type_code(client, "0000 0000")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "270")
        assert "Too many wrong codes were entered from your internet connection." in answer.text

    def test_wrong_codes_of_a_mailbox_from_everywhere(self, ada, clock):
        for number in range(4):
            self.guess(f"203.0.113.{number}")
        assert self.guess("203.0.113.9", times=1) == [429]
        clock.shift(3600)
        client = Client(REMOTE_ADDR=ELSEWHERE)
        ask(client)
        assert type_code(client, code_to()).status_code == 302

    def test_many_tries_with_one_cookie_are_counted_outside_of_the_session(self, ada):
        """Copies of a session do not know of each other's wrong tries."""
        client = Client()
        ask(client)
        key = client.session.session_key
        kept = Session.objects.get(pk=key).session_data
        answers = []
        for _ in range(7):
            Session.objects.filter(pk=key).update(session_data=kept)
            answers.append(type_code(client, "0000 0000").status_code)
        assert answers == [200] * 5 + [429] * 2

    def test_mails_to_a_mailbox(self, clock):
        assert [ask(Client(), "New@example.com").status_code for _ in range(5)] == [302] * 5
        clock.shift(600)
        answer = ask(Client(REMOTE_ADDR=ELSEWHERE), "new@example.com")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3000")
        assert "Too many codes were sent to this e-mail address." in answer.text
        assert AccountMail.objects.count() == 5

    def test_mails_of_an_address(self):
        answers = [ask(Client(), f"a{number}@example.com").status_code for number in range(21)]
        assert answers == [302] * 20 + [429]
        assert ask(Client(REMOTE_ADDR=ELSEWHERE), "b@example.com").status_code == 302

    def test_strangers_do_not_keep_a_known_device_out(self, ada):
        known = Client()
        known.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
        known.post("/accounts/logout/")
        for number in range(5):
            self.guess(f"203.0.113.{number}", times=5)
        assert ask(Client()).status_code == 429
        assert ask(known).status_code == 302
        assert type_code(known, code_to()).status_code == 302

    def test_right_codes_are_not_counted(self, ada, clock):
        for _ in range(4):
            client = Client()
            ask(client)
            type_code(client, code_to())
        assert self.guess("203.0.113.9", times=4) == [200] * 4
