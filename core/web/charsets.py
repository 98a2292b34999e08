"""Queries and forms are read as UTF-8, as browsers send them, whatever charset a client names.

Django would read them in that charset, and Python has codecs that are none for text, such as "hex": with one of them Django
fails before any of its middleware runs.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

_CHARSET = re.compile(r";\s*charset\*?\s*=[^;]*", re.IGNORECASE)
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def reading_utf_8(application: Application) -> Application:
    """A WSGI application that never hears of a charset."""

    def call(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = without_charset(environ.get("CONTENT_TYPE") or "")
        return application(environ, start_response)

    return call


def without_charset(content_type: str) -> str:
    return _CHARSET.sub("", content_type)
