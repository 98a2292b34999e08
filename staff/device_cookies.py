"""The cookie that makes a browser an enrolled device."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# Browsers keep no cookie longer than 400 days; it is renewed whenever somebody chooses their name on the device.
KEPT_SECONDS = 400 * 24 * 3600


def device_cookie(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.WORKPLACE_COOKIE_NAME, "")


def set_device_cookie(response: HttpResponseBase, cookie: str) -> None:
    response.set_cookie(
        settings.WORKPLACE_COOKIE_NAME, cookie, max_age=KEPT_SECONDS, secure=settings.SESSION_COOKIE_SECURE,
        httponly=True, samesite="Lax",
    )  # fmt: skip


def forget_device_cookie(response: HttpResponseBase) -> None:
    response.delete_cookie(settings.WORKPLACE_COOKIE_NAME, samesite="Lax")
