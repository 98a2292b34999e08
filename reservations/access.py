"""Who may see a booking: its browser, its signed-in owner, or whoever holds the secret link of the mail."""

import base64
import hashlib
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from reservations.models import Booking

HOLDER_AGE = 180 * 24 * 3600
_FRESH = "_fresh_holder"


def holder_of(request: HttpRequest) -> str:
    """The hash of this browser's cookie; '' when it has none yet."""
    cookie = request.COOKIES.get(settings.HOLDER_COOKIE_NAME, "")
    return _hashed(cookie) if _is_well_formed(cookie) else ""


def ensure_holder(request: HttpRequest) -> str:
    """The same, making a new browser known; call remember_holder on the answer."""
    known = holder_of(request)
    if known:
        return known
    fresh: str = getattr(request, _FRESH, "") or secrets.token_urlsafe(16)
    setattr(request, _FRESH, fresh)
    return _hashed(fresh)


def remember_holder[R: HttpResponseBase](request: HttpRequest, response: R) -> R:
    if fresh := getattr(request, _FRESH, ""):
        response.set_cookie(
            settings.HOLDER_COOKIE_NAME,
            fresh,
            max_age=HOLDER_AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def booking_secret(booking: Booking) -> str:
    """The secret of the link in the mail: an HMAC, never stored; a new link version makes the old one worthless."""
    digest = salted_hmac("marquee.booking-link", f"{booking.pk}:{booking.link_version}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def mailbox_code(*, access_id: int, number: int) -> str:
    """Six digits, never stored: the code of one mail to the mailbox of a booking, for one browser."""
    digest = salted_hmac("marquee.mailbox-code", f"{access_id}:{number}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06}"


def is_secret_of(booking: Booking | None, secret: str) -> bool:
    """Compares in the same time whether or not the booking exists."""
    expected = booking_secret(booking) if booking is not None else secrets.token_urlsafe(32)
    return constant_time_compare(expected, secret) and booking is not None


def _hashed(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _is_well_formed(cookie: str) -> bool:
    return 20 <= len(cookie) <= 64 and cookie.isascii()
