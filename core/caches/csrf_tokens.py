"""The CSRF token of a page that is put together from cached parts."""

import secrets

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token

# Bytes from this number on are thrown away, so that each character is equally likely.
_FAIR = 256 - 256 % len(CSRF_ALLOWED_CHARS)
_PLACES = {sign: place for place, sign in enumerate(CSRF_ALLOWED_CHARS)}


def csrf_token(request: HttpRequest) -> str:
    """Return what Django's `get_token` does, the browser's secret under a new mask, but draw all of the mask at once.

    A mask hides the secret from those who guess it by the lengths of many compressed answers (BREACH). A secret that is made for
    this very answer stands in no other one without a mask: it is its own token, which Django takes as well, and half as long.
    """
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        get_token(request)
        made: str = request.META["CSRF_COOKIE"]
        return made
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    mask, signs = _drawn(len(secret)), len(CSRF_ALLOWED_CHARS)
    hidden = [(_PLACES[sign] + place) % signs for sign, place in zip(secret, mask, strict=True)]
    return "".join([CSRF_ALLOWED_CHARS[place] for place in (*mask, *hidden)])


def _drawn(length: int) -> list[int]:
    """Draw random positions in CSRF_ALLOWED_CHARS, each equally likely."""
    places: list[int] = []
    while len(places) < length:
        places += [
            byte % len(CSRF_ALLOWED_CHARS) for byte in secrets.token_bytes(2 * CSRF_SECRET_LENGTH) if byte < _FAIR
        ]
    return places[:length]
