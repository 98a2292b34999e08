"""The security headers of every answer, added last: to pages, static files, live maps and refusals of the web server alike."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from django.conf import settings

Send = Callable[[dict[str, Any]], Awaitable[None]]
POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
# A Content-Security-Policy on a script file would apply to web workers that run it.
WITHOUT_POLICY = (b"text/javascript", b"application/javascript")


@lru_cache(maxsize=1)
def default_headers() -> tuple[tuple[bytes, bytes], ...]:
    """The default headers, with names in lower case for ASGI."""
    headers = {
        "x-content-type-options": "nosniff",
        "x-frame-options": settings.X_FRAME_OPTIONS,
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
    }
    if settings.SECURE_HSTS_SECONDS:
        subdomains = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
        headers["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}{subdomains}"
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


def with_default_headers(send: Send) -> Send:
    """Wrap an ASGI `send` so that it adds missing default headers."""

    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": complete(message.get("headers", ()))}
        await send(message)

    return sending


def complete(headers: Any) -> list[tuple[bytes, bytes]]:
    given = [(bytes(name).lower(), bytes(value)) for name, value in headers]
    names = dict(given)
    wanted = default_headers()
    if not names.get(b"content-type", b"").startswith(WITHOUT_POLICY):
        wanted = (*wanted, POLICY)
    return [*given, *((name, value) for name, value in wanted if name not in names)]
