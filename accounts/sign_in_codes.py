"""Codes that sign in: eight digits that go to a mailbox once, good for 15 minutes in the browser that asked.

A session keeps a random text, never the code: the code is an HMAC of that text. So a stolen table of sessions signs nobody in.
"""

import secrets

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

DIGITS = 8


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


def code_text(nonce: str) -> str:
    """The code as the mail shows it: 1234 5678."""
    digits = _digits(nonce, settings.SECRET_KEY)
    return f"{digits[:4]} {digits[4:]}"


def is_code_of(nonce: str, typed: str) -> bool:
    """Whether this is the code, by the present or an earlier key.

    Without a nonce none is right, and comparing takes as long.
    """
    digits = "".join(sign for sign in typed if sign not in " -\u00a0\u202f\t")
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    matches = [constant_time_compare(_digits(nonce, key), digits) for key in keys]
    return any(matches) and bool(nonce)


def _digits(nonce: str, key: str) -> str:
    digest = salted_hmac("marquee.sign-in-code", nonce, secret=key, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}}"
