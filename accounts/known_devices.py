"""Devices on which a person signed in before: strangers who type wrong passwords for the account do not lock them out.

A device is known by a signed cookie with a random name of the device, the account, and a fingerprint of its stored
password: a new password ends it. The cookie signs nobody in; it gives its device a count of wrong passwords of its own.
"""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from core.letters.mailboxes import same_mailbox

KNOWN_FOR_SECONDS = 365 * 24 * 3600
# People who share a browser: the newest sign-ins are kept.
MOST_ACCOUNTS = 4
_SALT = "accounts.known_devices"


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Remember the device after a full sign-in. It keeps its name, so that its count of wrong passwords continues."""
    entries = _entries(request)
    device = next((name for name, _, _ in entries if name), None) or secrets.token_urlsafe(12)
    others = [entry for entry in entries if entry[1] != user.pk]
    kept = [[device, user.pk, _fingerprint(user)], *others][:MOST_ACCOUNTS]
    response.set_cookie(
        settings.KNOWN_DEVICE_COOKIE_NAME,
        signing.dumps(kept, salt=_SALT, compress=True),
        max_age=KNOWN_FOR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def known_device(request: HttpRequest, email: str) -> str | None:
    """The key of this device and the account of `email` for counts; None when nobody signed in to that account here
    before.
    """
    for device, user_id, fingerprint in _entries(request):
        user = User.objects.filter(pk=user_id).first()
        if user and _is_theirs(user, email) and constant_time_compare(fingerprint, _fingerprint(user)):
            return f"{device}:{user_id}"
    return None


def _entries(request: HttpRequest) -> list[Any]:
    """Name of the device, number of the account, fingerprint of its password. Empty for a cookie that is not ours."""
    cookie = request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE_NAME, "")
    try:
        return list(signing.loads(cookie, salt=_SALT, max_age=KNOWN_FOR_SECONDS)) if cookie else []
    except (signing.BadSignature, ValueError):
        return []


def _is_theirs(user: User, email: str) -> bool:
    wanted = same_mailbox(email)
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    return user.email == wanted or addresses.filter(email__iexact=wanted).exists()


def _fingerprint(user: User) -> str:
    return salted_hmac(_SALT, f"{user.pk}:{user.password}", algorithm="sha256").hexdigest()[:32]
