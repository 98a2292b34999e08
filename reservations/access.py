"""Who may see a booking: its browser, its signed-in owner, or the holder of the secret link from the mail."""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from reservations.models import Booking, BookingAccess
from reservations.models.bookings import BookingQuerySet
from sales.models import Sale

HOLDER_AGE = 180 * 24 * 3600
_FRESH = "_fresh_holder"
# A browser gets its cookie with the answer to its first click, and that answer may be lost. Until an answer has
# arrived, the script sends a random value with each request, which becomes the cookie (static/js/seats.js).
PROPOSED = "Proposed-Cookie"
_PROPOSAL = re.compile(r"[A-Za-z0-9_-]{22}")


def holder_of(request: HttpRequest) -> str:
    """Return the hash of this browser's cookie, or of the value that its script proposes; '' without either."""
    cookie = _cookie_of(request) or _proposed(request)
    return _hashed(cookie) if cookie else ""


def ensure_holder(request: HttpRequest) -> str:
    """Return the hash of this browser's cookie, of a new one if needed; call remember_holder on the answer."""
    if cookie := _cookie_of(request):
        return _hashed(cookie)
    fresh: str = getattr(request, _FRESH, "") or _proposed(request) or secrets.token_urlsafe(16)
    setattr(request, _FRESH, fresh)
    return _hashed(fresh)


def _cookie_of(request: HttpRequest) -> str:
    cookie = request.COOKIES.get(settings.HOLDER_COOKIE_NAME, "")
    return cookie if _is_well_formed(cookie) else ""


def _proposed(request: HttpRequest) -> str:
    proposed = request.headers.get(PROPOSED, "")
    return proposed if _PROPOSAL.fullmatch(proposed) else ""


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


def gives_holder_cookie(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate the view of a page on which a browser without the cookie may act: the cookie comes with the page.

    If the cookie came with the answer to the act and that answer were lost, nobody would own the seats or the ticket.
    """

    @wraps(view)
    def with_cookie(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        ensure_holder(request)
        return remember_holder(request, response)

    return with_cookie


def user_id_of(request: HttpRequest) -> int | None:
    return request.user.pk if request.user.is_authenticated else None


def bookings_of(request: HttpRequest) -> BookingQuerySet:
    """The bookings that this browser or signed-in person may see. Every page about a booking starts here."""
    return Booking.objects.visible_to(holder=holder_of(request), user_id=user_id_of(request))


def bookings_ever_opened(request: HttpRequest) -> BookingQuerySet:
    """The bookings that this browser opened by their present link, even if the time of the link is over."""
    return Booking.objects.opened_by_link(holder_of(request))


def booking_secret(booking: Booking) -> str:
    """The secret of the link in the mail: an HMAC, never stored; a new link version makes the old one worthless."""
    return _link_secret(booking, settings.SECRET_KEY)


def is_secret_of(booking: Booking | None, secret: str) -> bool:
    """Whether this is the booking's secret, made with the present or an earlier key. Takes the same time without a
    booking.
    """
    compared = Booking(sale=Sale(pk=0, link_nonce="")) if booking is None else booking
    matches = [constant_time_compare(_link_secret(compared, key), secret) for key in _keys()]
    return any(matches) and booking is not None


def mailbox_code(access: BookingAccess) -> str:
    """Six digits, never stored: the code of the newest mail to the mailbox of a booking, for one browser."""
    return _mailbox_code(access, settings.SECRET_KEY)


def is_mailbox_code(access: BookingAccess, code: str) -> bool:
    return any(constant_time_compare(_mailbox_code(access, key), code) for key in _keys())


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _link_secret(booking: Booking, key: str) -> str:
    value = f"{booking.sale_id}:{booking.sale.link_version}:{booking.sale.link_nonce}"
    digest = salted_hmac("marquee.booking-link", value, secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _mailbox_code(access: BookingAccess, key: str) -> str:
    value = f"{access.booking.sale.link_nonce}:{access.pk}:{access.codes_sent}"
    digest = salted_hmac("marquee.mailbox-code", value, secret=key, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06}"


def _hashed(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _is_well_formed(cookie: str) -> bool:
    return 20 <= len(cookie) <= 64 and cookie.isascii()
