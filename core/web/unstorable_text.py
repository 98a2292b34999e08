"""Text that PostgreSQL cannot store, and text that no language has. Python and HTTP let both through.

Every query with the first would end in an error. The second is accents on accents: to put them in order (as every comparison of
addresses and names does) takes Python a time that grows with the square of their number, minutes for one form of 1 MB.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote, unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError

LARGEST_ID = 2**63 - 1  # of a bigint column
# Python makes no number of more digits, and says so with an error that readers of JSON do not expect.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]|\d{4301}")
# Finds the escapes of a JSON text from left to right, so that an escaped backslash begins none.
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
# Twice the 30 accents in a row that Unicode's "stream-safe" text (UAX 15) allows.
MOST_ACCENTS = 60
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


def has_unstorable_text(request: HttpRequest) -> bool:
    """Looks at everything that a view may hand to the database. Forms are parsed here; Django keeps the result."""
    return (
        is_unstorable(request.path)
        or b"\0" in unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        or _is_heap_of_accents(unquote(request.META.get("QUERY_STRING", "")))
        or any(map(is_unstorable, request.COOKIES.values()))
        or (request.method not in {"GET", "HEAD", "OPTIONS"} and _has_unstorable_body(request))
    )


def is_unstorable(text: str) -> bool:
    return _UNSTORABLE.search(text) is not None or _is_heap_of_accents(text)


def _is_heap_of_accents(text: str) -> bool:
    """Whether more accents follow one another than any real letter has."""
    if len(text) <= MOST_ACCENTS or text.isascii():
        return False
    in_a_row = 0
    for sign in text:
        in_a_row = in_a_row + 1 if not sign.isascii() and _is_accent(sign) else 0
        if in_a_row > MOST_ACCENTS:
            return True
    return False


@lru_cache(maxsize=4096)
def _is_accent(sign: str) -> bool:
    """Whether a character is an accent, or decomposes into accents only."""
    return unicodedata.combining(unicodedata.normalize("NFKD", sign)[0]) > 0


def _has_unstorable_body(request: HttpRequest) -> bool:
    try:
        if request.content_type not in FORMS:
            return b"\0" in request.body or _has_unstorable_escape(request.body)
        _keep_raw_body(request)
        texts = [text for name, values in request.POST.lists() for text in (name, *values)]
        uploads = [
            text for field, upload in request.FILES.items() for text in (field, getattr(upload, "name", "") or "")
        ]
    except UnreadablePostError:
        return False  # the client has gone; the code that reads the body finds out
    return any(map(is_unstorable, [*texts, *uploads]))


def _keep_raw_body(request: HttpRequest) -> None:
    """A form is parsed from the stream, after which a view could not read the body as it came (the webhook does)."""
    if int(request.META.get("CONTENT_LENGTH") or 0) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        assert request.body is not None


def _has_unstorable_escape(body: bytes) -> bool:
    r"""JSON may write NUL as \u0000, and one half of a pair of surrogates without the other."""
    half_ends_at = -1  # where the first half of a pair ended
    for escape in _ESCAPE.finditer(body):
        number = int(escape[1], 16) if escape[1] else -1
        is_second_half = 0xDC00 <= number <= 0xDFFF
        is_pair = is_second_half and escape.start() == half_ends_at
        if number == 0 or (is_second_half and not is_pair) or (half_ends_at >= 0 and not is_pair):
            return True
        half_ends_at = escape.end() if 0xD800 <= number <= 0xDBFF else -1
    return half_ends_at >= 0
