"""Which passwords are accepted, and how much work their hash takes."""

import hashlib
import io
import threading

import pytest
from argon2 import extract_parameters
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import password_hashing, password_rules
from accounts.models import User
from accounts.password_hashing import BoundedArgon2Hasher, TooManyAtOnce
from accounts.password_rules import GuessingValidator

GOOD = "lantern gravel seventeen umbrella"
BOUNDED = ["accounts.password_hashing.BoundedArgon2Hasher"]


def test_a_hash_has_the_values_that_were_asked_for():
    found = extract_parameters(BoundedArgon2Hasher().encode(GOOD, "0123456789abcdef").removeprefix("argon2"))
    assert (found.type.name, found.memory_cost, found.time_cost, found.parallelism) == ("ID", 19 * 1024, 2, 1)


def test_an_old_hash_still_works_and_is_replaced(settings):
    settings.PASSWORD_HASHERS = BOUNDED
    old = Argon2PasswordHasher().encode(GOOD, "0123456789abcdef0123456789abcdef")
    renewed = []
    assert check_password(GOOD, old, setter=renewed.append)
    assert renewed == [GOOD]
    assert not check_password("something else", old)


def test_at_most_two_hashes_at_once(monkeypatch):
    running, most, lock, go_on = [0], [0], threading.Lock(), threading.Event()

    def slow(self, password, salt):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
            if running[0] == 2:
                full.set()
        go_on.wait(10)
        with lock:
            running[0] -= 1
        return "hash"

    full = threading.Event()
    monkeypatch.setattr(Argon2PasswordHasher, "encode", slow)
    threads = [threading.Thread(target=BoundedArgon2Hasher().encode, args=(GOOD, "salt")) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert full.wait(10)
    monkeypatch.setattr(password_hashing, "WAIT_SECONDS", 0)
    with pytest.raises(TooManyAtOnce):
        BoundedArgon2Hasher().encode(GOOD, "salt")
    with pytest.raises(TooManyAtOnce):
        BoundedArgon2Hasher().verify(GOOD, "argon2$x")
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert most == [2]


def test_a_sign_in_without_a_turn_is_told_to_come_back(db, settings, monkeypatch):
    User.objects.create_user("ada@example.com", GOOD)
    settings.PASSWORD_HASHERS = BOUNDED
    monkeypatch.setattr(password_hashing, "WAIT_SECONDS", 0)
    monkeypatch.setattr(password_hashing, "_turns", threading.BoundedSemaphore(1))
    with password_hashing._Turn():
        answer = Client().post("/accounts/login/", {"login": "eve@example.com", "password": GOOD})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "could not check your password" in answer.content.decode()


def test_signing_up_hashes_once_for_known_and_unknown_addresses(db, settings, monkeypatch):
    settings.PASSWORD_HASHERS = BOUNDED
    hashed = []
    monkeypatch.setattr(BoundedArgon2Hasher, "encode", lambda self, password, salt: hashed.append(1) or "argon2$x")
    counts = []
    for _ in ("unknown", "known"):
        hashed.clear()
        assert Client().post("/accounts/signup/", {"email": "ada@example.com", "password1": GOOD}).status_code == 302
        counts.append(len(hashed))
    assert counts == [1, 1]


@pytest.mark.parametrize(
    "password", ["elevenchars", "a1b2a1b2a1b2a1b2", "aaaaaaaaaaaaaaaa", "Password12345!", "qwertyuiop1234", "x" * 257]
)
def test_weak_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(email="ada@example.com"))


@pytest.mark.parametrize("name", ["email", "first_name", "last_name"])
def test_a_password_made_of_ones_own_name_is_easy_to_guess(name):
    GuessingValidator().validate("Verhoevenstein1", User())
    with pytest.raises(ValidationError, match="easy to guess"):
        GuessingValidator().validate("Verhoevenstein1", User(**{name: "verhoevenstein@example.com"}))


def test_good_and_long_passwords_are_accepted():
    for password in (GOOD, (GOOD * 8)[:200] + "!"):
        validate_password(password, User(email="ada@example.com"))


class TestBreach:
    @pytest.fixture(autouse=True)
    def asked(self, settings, monkeypatch):
        settings.PASSWORD_BREACH_URL = "https://breach.example/range"
        self.urls = []
        digest = hashlib.sha1(GOOD.encode()).hexdigest().upper()
        self.answer = f"0000000000000000000000000000000000A:3\r\n{digest[5:]}:12\r\n".encode()
        self.prefix = digest[:5]

        def urlopen(request, timeout):
            self.urls.append((request.full_url, timeout))
            if isinstance(self.answer, Exception):
                raise self.answer
            return io.BytesIO(self.answer)

        monkeypatch.setattr(password_rules.urllib.request, "urlopen", urlopen)

    def test_only_the_beginning_of_the_hash_is_sent(self):
        with pytest.raises(ValidationError, match="stolen from another website"):
            password_rules.BreachValidator().validate(GOOD)
        assert self.urls == [(f"https://breach.example/range/{self.prefix}", 2)]

    def test_a_padded_line_counts_for_nothing(self):
        self.answer = self.answer.replace(b":12", b":0")
        password_rules.BreachValidator().validate(GOOD)

    def test_a_service_that_is_away_refuses_nobody(self):
        self.answer = TimeoutError()
        password_rules.BreachValidator().validate(GOOD)
        assert len(self.urls) == 1

    def test_it_is_off_unless_set(self, settings):
        settings.PASSWORD_BREACH_URL = ""
        password_rules.BreachValidator().validate(GOOD)
        assert self.urls == []
