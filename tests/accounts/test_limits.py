"""Wrong passwords and codes are limited, strangers cannot lock anybody out of a known device, and a 429 says how long to wait."""

from types import SimpleNamespace

import pytest
import redis
from allauth.account import app_settings as account_limits
from allauth.account.models import EmailAddress
from allauth.mfa import app_settings as mfa_limits
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver

from accounts.models import User
from accounts.page_limits import ACCOUNT, LIMITS_OF_PAGES, MFA
from core.caches import cache as forgiving
from core.caches.fallback_counts import local_counts
from tests.signing_in import signed_in
from tests.totp_codes import code_of

pytestmark = pytest.mark.django_db
PASSWORD = "lantern gravel seventeen umbrella"
ELSEWHERE = "198.51.100.7"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2027-03-01T12:00:00Z", tick=False)
    return time_machine


def make_customer(email="ada@example.com") -> User:
    user = User.objects.create_user(email, PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.fixture
def ada():
    return make_customer()


@pytest.fixture
def known(ada) -> Client:
    """A browser in which Ada has signed in and out."""
    client = Client()
    assert sign_in(client).status_code == 302
    client.post("/accounts/logout/")
    return client


def sign_in(client, password=PASSWORD, email="ada@example.com", **how):
    return client.post("/accounts/login/", {"login": email, "password": password}, **how)


def type_wrong_passwords(client=None, times=5, **how):
    return [sign_in(client or Client(), "wrong", **how).status_code for _ in range(times)]


def fill_the_limit_of_the_address():
    """Lock Ada's account, and everybody at this address."""
    type_wrong_passwords()
    for number in range(5):
        type_wrong_passwords(times=1, email=f"a{number}@example.com")
    assert sign_in(Client(), email="another@example.com").status_code == 429


class TestKnownDevice:
    def test_the_cookie_is_out_of_reach_of_scripts_and_lasts_a_year(self, ada, settings):
        settings.SESSION_COOKIE_SECURE = True
        cookie = sign_in(Client()).cookies["device"]
        assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
        assert cookie["max-age"] == 365 * 24 * 3600

    def test_a_stranger_locks_the_account_but_not_the_known_device(self, known):
        assert type_wrong_passwords() == [200] * 5
        assert sign_in(Client()).status_code == 429
        assert sign_in(known).status_code == 302

    def test_many_strangers_at_the_same_address_do_not_lock_it_either(self, known):
        fill_the_limit_of_the_address()
        assert sign_in(known).status_code == 302

    def test_forty_tries_within_a_minute_do_not_lock_a_known_device(self, known):
        assert set(type_wrong_passwords(times=40)) == {200, 429}
        assert sign_in(known).status_code == 302

    def test_a_known_device_has_a_limit_of_its_own_and_locks_nobody_else(self, known):
        assert type_wrong_passwords(known) == [200] * 5
        assert sign_in(known).status_code == 429
        assert sign_in(Client()).status_code == 302

    def test_wrong_passwords_before_the_sign_in_do_not_make_a_device_known(self, ada):
        client = Client()
        assert type_wrong_passwords(client) == [200] * 5
        assert "device" not in client.cookies

    def test_it_is_known_for_its_own_account_alone(self, known):
        make_customer("bob@example.com")
        type_wrong_passwords(email="bob@example.com")
        assert sign_in(known, email="bob@example.com").status_code == 429

    def test_it_is_not_known_for_an_address_that_its_account_has_not_confirmed(self, known, ada):
        EmailAddress.objects.create(user=ada, email="bob@example.com", verified=False)
        make_customer("bob@example.com")
        type_wrong_passwords(email="bob@example.com")
        assert sign_in(known, email="bob@example.com").status_code == 429

    def test_two_people_who_share_a_browser_are_both_known(self, known):
        make_customer("bob@example.com")
        sign_in(known, email="bob@example.com")
        known.post("/accounts/logout/")
        for email in ("ada@example.com", "bob@example.com"):
            type_wrong_passwords(email=email, REMOTE_ADDR=ELSEWHERE)
            assert sign_in(known, email=email).status_code == 302
            known.post("/accounts/logout/")

    def test_a_new_password_ends_it(self, known, ada):
        ada.set_password("seventeen umbrella lantern gravel")
        ada.save()
        type_wrong_passwords()
        assert sign_in(known, "seventeen umbrella lantern gravel").status_code == 429

    @pytest.mark.parametrize("change", [lambda text: text[:-3] + "abc", lambda text: "x", lambda text: ""])
    def test_a_forged_cookie_is_no_known_device(self, known, change):
        known.cookies["device"] = change(known.cookies["device"].value)
        type_wrong_passwords()
        assert sign_in(known).status_code == 429

    def test_an_old_cookie_is_no_known_device(self, known, clock):
        clock.shift(366 * 24 * 3600)
        type_wrong_passwords()
        assert sign_in(known).status_code == 429

    def test_half_a_sign_in_makes_no_device_known(self, ada):
        totp.TOTP.activate(ada, totp.generate_totp_secret())
        client = Client()
        assert sign_in(client).url.startswith("/accounts/2fa/authenticate/")
        assert "device" not in client.cookies

    def test_strangers_do_not_lock_somebody_who_is_asked_again(self, ada):
        client = Client()
        sign_in(client)
        del client.cookies["device"]
        type_wrong_passwords()
        assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302

    def test_somebody_who_is_asked_again_has_a_limit_too(self, ada):
        client = Client()
        sign_in(client)
        wrong = [client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code for _ in range(6)]
        assert wrong == [200] * 5 + [429]
        assert sign_in(Client()).status_code == 302


def test_a_passkey_is_not_locked_by_wrong_passwords(ada, monkeypatch):
    passkey = Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data={"name": "key"})
    flow = "allauth.mfa.webauthn.internal.auth"
    monkeypatch.setattr(f"{flow}.parse_authentication_response", lambda credential: None)
    monkeypatch.setattr(f"{flow}.extract_user_from_response", lambda credential: ada)
    monkeypatch.setattr(f"{flow}.complete_authentication", lambda user, credential: passkey)
    fill_the_limit_of_the_address()
    answer = Client().post("/accounts/2fa/webauthn/login/", {"credential": '{"id": "x"}'})
    assert (answer.status_code, answer.url) == (302, "/bookings/")


def test_the_second_factor_is_not_locked_by_wrong_passwords_at_the_same_address(ada, known):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(ada, secret)
    fill_the_limit_of_the_address()
    sign_in(known)
    code = code_of(secret)
    assert known.post("/accounts/2fa/authenticate/", {"code": code}).url == "/bookings/"


CODE_PAGE = "/accounts/2fa/authenticate/"


@pytest.fixture
def secret(ada):
    """The secret from which Ada's authenticator app makes its codes."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(ada, secret)
    return secret


@pytest.mark.long
class TestWrongCodes:
    """Wrong codes from somebody who knows the password but not the code."""

    def type_codes(self, address, *, times=5, client=None, code="000000"):
        client = client or Client(REMOTE_ADDR=address)
        sign_in(client)
        return [client.post(CODE_PAGE, {"code": code}).status_code for _ in range(times)]

    def test_from_one_address_do_not_lock_the_account_elsewhere(self, secret):
        assert self.type_codes(ELSEWHERE, times=6) == [200] * 5 + [429]
        assert self.type_codes(ELSEWHERE, times=1) == [429]
        assert self.type_codes("203.0.113.9", times=1, code=code_of(secret)) == [302]

    def test_from_many_addresses_lock_strangers_out_and_neither_the_known_device_nor_a_passkey(
        self, known, secret, monkeypatch
    ):
        """Starting again every five minutes does not help: the account allows twenty tries an hour."""
        answers = [status for number in range(5) for status in self.type_codes(f"203.0.113.{number}")]
        assert answers == [200] * 20 + [429] * 5
        assert self.type_codes("203.0.113.99", times=1, code=code_of(secret)) == [429]
        test_a_passkey_is_not_locked_by_wrong_passwords(User.objects.get(), monkeypatch)
        assert self.type_codes(None, times=1, client=known, code=code_of(secret)) == [302]

    def test_a_known_device_has_a_limit_of_its_own_and_locks_nobody_else(self, known, secret):
        assert self.type_codes(None, times=6, client=known) == [200] * 5 + [429]
        assert self.type_codes(ELSEWHERE, times=1, code=code_of(secret)) == [302]

    def test_tries_that_an_address_is_refused_do_not_fill_the_limit_of_the_account(self, secret):
        self.type_codes(ELSEWHERE, times=30)
        assert self.type_codes("203.0.113.9", times=1, code=code_of(secret)) == [302]

    def test_the_limit_of_the_account_says_when_it_ends(self, secret, clock):
        for number in range(4):
            self.type_codes(f"203.0.113.{number}")
        client = Client(REMOTE_ADDR="203.0.113.9")
        sign_in(client)
        answer = client.post(CODE_PAGE, {"code": "000000"})
        assert answer.headers["Retry-After"] == "3600"
        assert "for this account" in answer.text and "with a passkey" in answer.text
        clock.shift(3600)
        sign_in(client)
        assert client.post(CODE_PAGE, {"code": code_of(secret)}).status_code == 302

    def test_of_strangers_do_not_lock_a_session_that_asks_again(self, ada, secret):
        factor = Authenticator.objects.get()
        client = signed_in(ada, factor=factor)
        for number in range(5):
            self.type_codes(f"203.0.113.{number}")
        answer = client.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret)})
        assert answer.status_code == 302


@pytest.fixture
def limited_to(settings):
    """Set limits of account pages: `limited_to(wrong_codes="1/300s/key")`."""

    def limit(**limits):
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, **limits}

    return limit


class TestWhatCounts:
    """With limits of one, the second try shows whether the first one was counted."""

    def type_code(self, code, address="127.0.0.1"):
        client = Client(REMOTE_ADDR=address)
        sign_in(client)
        return client.post(CODE_PAGE, {"code": code}).status_code

    def test_a_right_code_is_not_counted(self, secret, clock, limited_to):
        limited_to(wrong_codes="1/300s/key", wrong_codes_of_account="1/h/key")
        assert self.type_code(code_of(secret)) == 302
        clock.shift(60)  # a code works only once
        assert self.type_code(code_of(secret)) == 302

    def test_a_code_that_the_wider_limit_refuses_does_not_fill_the_narrower_one(self, secret, clock, limited_to):
        limited_to(wrong_codes="1/h/key", wrong_codes_of_account="1/60s/key")
        assert self.type_code("000000", ELSEWHERE) == 200
        assert self.type_code("000000") == 429
        clock.shift(61)
        assert self.type_code(code_of(secret)) == 302


def test_another_port_in_the_host_header_is_no_new_start(ada):
    for port in range(5):
        type_wrong_passwords(times=1, HTTP_HOST=f"localhost:{8000 + port}")
    assert sign_in(Client(), HTTP_HOST="localhost:9000").status_code == 429


class TestHowLong:
    """After the time that the answer names, people get in; a second earlier they do not."""

    def test_a_locked_account(self, ada, clock):
        type_wrong_passwords(times=2)
        clock.shift(100)
        type_wrong_passwords(times=3)
        answer = sign_in(Client())
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "200")
        assert "Please wait 4 minutes" in answer.content.decode()
        clock.shift(199)
        assert sign_in(Client()).headers["Retry-After"] == "1"
        clock.shift(1)
        assert sign_in(Client()).status_code == 302

    def test_an_address(self, clock):
        for number in range(10):
            type_wrong_passwords(times=1, email=f"a{number}@example.com")
        clock.shift(20)
        answer = sign_in(Client(), email="other@example.com")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "40")
        assert "from your internet connection" in answer.content.decode()

    def test_sign_ins_with_right_passwords_are_limited_by_address_too(self, ada, clock):
        assert [sign_in(Client()).status_code for _ in range(30)] == [302] * 30
        clock.shift(20)
        answer = sign_in(Client())
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "40")
        assert sign_in(Client(REMOTE_ADDR=ELSEWHERE)).status_code == 302

    def test_a_refused_try_does_not_count(self, ada, clock):
        type_wrong_passwords(times=5)
        clock.shift(290)
        type_wrong_passwords(times=20)
        clock.shift(10)
        assert sign_in(Client()).status_code == 302

    def test_wrong_codes(self, ada, clock):
        totp.TOTP.activate(ada, totp.generate_totp_secret())
        client = Client()
        sign_in(client)
        for _ in range(5):
            assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
        clock.shift(30)
        answer = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "270")

    def test_wrong_codes_of_an_app_that_is_being_added(self, ada, clock):
        client = Client()
        sign_in(client)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        client.get("/accounts/2fa/totp/activate/")
        answers = [client.post("/accounts/2fa/totp/activate/", {"code": "000000"}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert answers[-1].headers["Retry-After"] == "300"

    @pytest.mark.parametrize(
        ("path", "fields", "times", "seconds"),
        [
            ("/accounts/signup/", {}, 20, 50),
            ("/accounts/password/reset/", {"email": "ada@example.com"}, 5, 50),
            ("/accounts/password/reset/key/1-abc/", {}, 10, 50),
            ("/accounts/2fa/webauthn/login/", {}, 10, 50),
        ],
    )
    @pytest.mark.usefixtures("windows_of_the_wall_clock")
    def test_pages_for_everybody(self, clock, path, fields, times, seconds):
        self.try_until_it_is_too_often(Client(), clock, path, fields, times, seconds)

    @pytest.mark.parametrize(
        ("path", "fields", "times", "seconds"),
        [
            ("/accounts/password/change/", {}, 5, 50),
            ("/accounts/email/", {"action_primary": "", "email": "x@example.com"}, 10, 50),
            ("/accounts/reauthenticate/", {}, 10, 50),
            ("/accounts/2fa/reauthenticate/", {}, 10, 50),
        ],
    )
    def test_pages_of_a_signed_in_person(self, ada, clock, path, fields, times, seconds):
        totp.TOTP.activate(ada, totp.generate_totp_secret())
        client = signed_in(ada)
        self.try_until_it_is_too_often(client, clock, path, fields, times, seconds)

    def try_until_it_is_too_often(self, client, clock, path, fields, times, seconds):
        for _ in range(times):
            assert client.post(path, fields).status_code != 429
        clock.shift(10)
        answer = client.post(path, fields)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(seconds))
        assert "Please wait a minute" in answer.content.decode()
        clock.shift(seconds)
        assert client.post(path, fields).status_code != 429


def test_every_limit_of_allauth_is_known():
    """If a new release of allauth brings a limit, this test fails, so that no answer makes up a number of seconds."""
    limits = {(ACCOUNT, name) for name in account_limits.RATE_LIMITS} | {(MFA, name) for name in mfa_limits.RATE_LIMITS}
    by_the_adapter = {
        "login_failed_of_account", "login_failed_by_address", "login_failed_on_known_device", "sign_in_by_address",
        "wrong_codes", "wrong_codes_of_account", "wrong_codes_on_known_device",
        "code_mails_by_address", "code_mails_to_mailbox", "code_mails_on_known_device",
    }  # fmt: skip
    # Pages that are off, and mails that are silently left out while an earlier link still works.
    never_answer = {"login", "login_failed", "change_phone", "verify_phone", "request_login_code", "confirm_email"}
    others = {(ACCOUNT, name) for name in by_the_adapter | never_answer}
    assert limits == set(LIMITS_OF_PAGES.values()) | others
    names = get_resolver().reverse_dict
    assert all(name in names for name in LIMITS_OF_PAGES)


def test_without_redis_each_process_counts_wrong_passwords(ada, monkeypatch):
    class Dead(type(cache._cache)):
        def get_client(self, *args, **kwargs):
            raise redis.ConnectionError

    monkeypatch.setattr(cache, "_cache", Dead(["redis://127.0.0.1:1/0"]), raising=False)
    monkeypatch.setattr(forgiving.ForgivingClient, "_quiet_until", 0.0)
    monkeypatch.setattr(forgiving, "time", SimpleNamespace(monotonic=lambda: 1.0))
    local_counts.clear()
    assert type_wrong_passwords(times=6) == [200] * 5 + [429]
    assert sign_in(Client(REMOTE_ADDR=ELSEWHERE)).headers["Retry-After"] == "300"
    local_counts.clear()
