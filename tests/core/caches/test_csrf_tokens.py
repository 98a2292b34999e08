"""A page put together from cached parts has a CSRF token that Django accepts."""

from collections import Counter

import pytest
from django.http import HttpResponse
from django.middleware import csrf
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CsrfViewMiddleware
from django.test import RequestFactory

from core.caches import csrf_tokens
from core.caches.csrf_tokens import csrf_token

SECRET = "aJl8wFk0dLJuMT0vu3nhmh2UBGrfVffH"


def request_with(secret):
    request = RequestFactory().get("/")
    if secret:
        request.META["CSRF_COOKIE"] = secret
    return request


@pytest.mark.parametrize("secret", [SECRET, CSRF_ALLOWED_CHARS[:32], CSRF_ALLOWED_CHARS[-1] * 32, ""])
def test_django_takes_the_token(secret):
    request = request_with(secret)
    token = csrf_token(request)
    kept = request.META["CSRF_COOKIE"]
    assert kept == secret or not secret
    posted = RequestFactory().post("/", {"csrfmiddlewaretoken": token})
    posted.COOKIES["csrftoken"] = kept
    assert CsrfViewMiddleware(lambda _: HttpResponse()).process_view(posted, HttpResponse, (), {}) is None
    assert (csrf._unmask_cipher_token(token) if kept == secret else token) == kept


def test_a_secret_of_the_first_visit_has_no_mask_and_later_ones_have():
    first = request_with(None)
    token = csrf_token(first)
    assert len(token) == 32 and first.META["CSRF_COOKIE"] == token and first.META["CSRF_COOKIE_NEEDS_UPDATE"] is True
    assert csrf_token(first) != token and len(csrf_token(request_with(token))) == 64


def test_each_first_visit_has_a_secret_of_its_own():
    """Somebody who could make a browser ask again and again sees another secret each time, so the length of the page
    shows nothing.
    """
    assert len({csrf_token(request_with(None)) for _ in range(100)}) == 100


def test_the_cookie_is_sent_again_as_for_a_token_of_django():
    request = request_with(SECRET)
    csrf_token(request)
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"] is True


def test_each_answer_has_a_mask_of_its_own():
    tokens = {csrf_token(request_with(SECRET)) for _ in range(100)}
    assert len({token[:32] for token in tokens}) == len({token[32:] for token in tokens}) == 100


def test_each_sign_has_the_same_chance(monkeypatch):
    """All possible bytes, once each, give each letter exactly four times."""
    every_byte = iter([bytes(range(128)), bytes(range(128, 256))])
    monkeypatch.setattr(csrf_tokens.secrets, "token_bytes", lambda _: next(every_byte))
    drawn = Counter(csrf_tokens._drawn(4 * len(CSRF_ALLOWED_CHARS)))
    assert set(drawn.values()) == {4} and len(drawn) == len(CSRF_ALLOWED_CHARS)


def test_too_few_fair_bytes_are_not_enough(monkeypatch):
    bytes_drawn = iter([b"\xff" * 60 + b"\0" * 4, bytes([1]) * 64])
    monkeypatch.setattr(csrf_tokens.secrets, "token_bytes", lambda _: next(bytes_drawn))
    assert csrf_tokens._drawn(6) == [0, 0, 0, 0, 1, 1]
