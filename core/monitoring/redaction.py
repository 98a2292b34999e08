"""Removes secrets from text that is about to be logged or sent to Sentry.

The secret parts of our own addresses are found in the URL configuration: every argument that is not a number is secret
unless its name is in PUBLIC_ARGUMENTS. A new address with a token in its path is therefore covered without a change here.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver, get_resolver, resolve
from django.urls.converters import IntConverter

REDACTED = "[redacted]"
# Arguments of addresses that open nothing by themselves.
PUBLIC_ARGUMENTS = frozenset(
    {"slug", "version", "language", "reference", "pk", "object_id", "kind", "app_label", "path", "url"}
)
# Parameters of a query whose values may be logged; all others are cut out: searches name people, `next` holds addresses.
PUBLIC_PARAMETERS = frozenset(
    {"day", "date", "theater", "showtime", "auditorium", "movie", "first", "last", "status", "p", "o"}
)
SECRET_NAMES = re.compile(
    r"password|passphrase|secret|token|authorization|cookie|api_?key|signature|session_?key|dsn", re.IGNORECASE
)

_REST_OF_PATH = r"[^\s\"'<>?#,;)\]}]*"
_QUERY = re.compile(r"(?<=[\w/\])])\?([^\s\"'<>#]*=[^\s\"'<>#]*)")
_WORD = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{20,}(?![A-Za-z0-9_-])")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Ids of objects at payment providers: they open nothing, and support asks for them.
_PROVIDER_ID = re.compile(r"(evt|cs|pi|re|ch|dp|du|py|pyr|txn|req|cus|acct)_")
# Random text changes between small and capital letters, digits and signs all the time; names and words do not.
_KIND_CHANGES_OF_A_TOKEN = 7
# Codes of tickets and hexadecimal keys have small letters and digits alone: fewer changes, but no word has digits in its middle.
_KIND_CHANGES_OF_A_CODE = 3


def redact(text: str) -> str:
    """The text without secret parts of addresses, values of queries, and words that look like random tokens."""
    if "%2F" in text or "%2f" in text:
        decoded = unquote(text)
        text = decoded if _redact_addresses(decoded) != decoded else text
    return _WORD.sub(_redact_token, _redact_addresses(text))


def redact_value(value: Any, *, name: str = "") -> Any:
    """Redact everything inside dictionaries and lists; an entry named like a secret loses its whole value."""
    if value is None or isinstance(value, bool | int | float | date | Decimal | UUID):
        return value
    if SECRET_NAMES.search(name):
        return REDACTED
    if isinstance(value, dict):
        return {key: redact_value(entry, name=str(key)) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact_value(entry) for entry in value]
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return _redact_query(text) if name == "query_string" else redact(text)


def has_secret_argument(match: ResolverMatch | None) -> bool:
    """Whether the requested address has a secret part."""
    # The arguments from the path, without those that the URL configuration adds itself.
    arguments: dict[str, Any] = getattr(match, "captured_kwargs", {})
    return any(isinstance(value, str) and name not in PUBLIC_ARGUMENTS for name, value in arguments.items())


def secret_routes() -> list[tuple[URLPattern, str]]:
    """Every address with a secret part, with the regular expression of its whole path."""
    return [(entry, route) for entry, route in all_routes() if any(_secret_groups(entry, re.compile(route)))]


def all_routes() -> list[tuple[URLPattern, str]]:
    """Every address of the site with the regular expression of its whole path."""
    return list(_routes(get_resolver(), "/"))


def _routes(resolver: URLResolver, prefix: str) -> Iterator[tuple[URLPattern, str]]:
    for entry in resolver.url_patterns:
        route = prefix + entry.pattern.regex.pattern.removeprefix("^").removesuffix("$").removesuffix(
            r"\Z"
        ).removesuffix(r"\z")
        if isinstance(entry, URLResolver):
            yield from _routes(entry, route)
        else:
            yield entry, route


def _secret_groups(entry: URLPattern, route: re.Pattern[str]) -> Iterator[str]:
    converters = getattr(entry.pattern, "converters", {})
    for name in route.groupindex:
        if name not in PUBLIC_ARGUMENTS and not isinstance(converters.get(name), IntConverter):
            yield name


@lru_cache(maxsize=1)
def _secret_paths() -> tuple[re.Pattern[str], list[tuple[re.Pattern[str], list[str]]]]:
    """The prefixes of addresses with a secret part, and each such address with the names of its secret groups."""
    prefixes, whole = [], []
    for entry, route in secret_routes():
        pattern = re.compile(route)
        names = list(_secret_groups(entry, pattern))
        first = min(route.index(f"(?P<{name}>") for name in names)
        prefixes.append(re.sub(r"\(\?P<\w+>[^()]*\)", r"[^/\\s]+", route[:first]))
        whole.append((pattern, names))
    return re.compile(f"(?P<before>{'|'.join(dict.fromkeys(prefixes))})(?P<rest>{_REST_OF_PATH})"), whole


def _redact_addresses(text: str) -> str:
    if "/" not in text:
        return text
    text = _QUERY.sub(lambda found: f"?{_redact_query(found[1])}", text)
    return _secret_paths()[0].sub(_redact_path, text)


def _redact_path(found: re.Match[str]) -> str:
    """Closed by default: a path below such a prefix that leads nowhere is cut, too: it may be a link with a typing error."""
    path = found["before"] + found["rest"]
    for pattern, names in _secret_paths()[1]:
        if match := pattern.fullmatch(path):
            if not has_secret_argument(_resolved(path)):
                return path
            first, last = min(match.start(name) for name in names), max(match.end(name) for name in names)
            return path[:first] + REDACTED + path[last:]
    return path if _resolved(path) is not None or not found["rest"] else found["before"] + REDACTED


def _resolved(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _redact_query(query: str) -> str:
    parts = [part.partition("=") for part in query.split("&")]
    return "&".join(
        f"{name}={value if name in PUBLIC_PARAMETERS else REDACTED}" if equals else name
        for name, equals, value in parts
    )


def _redact_token(found: re.Match[str]) -> str:
    word = found[0]
    if _UUID.fullmatch(word) or _PROVIDER_ID.match(word):
        return word
    kinds = [_kind(letter) for letter in word]
    changes = sum(before != after for before, after in pairwise(kinds))
    is_code = set(kinds) == {"small", "digit"}
    return REDACTED if changes >= (_KIND_CHANGES_OF_A_CODE if is_code else _KIND_CHANGES_OF_A_TOKEN) else word


def _kind(letter: str) -> str:
    return "digit" if letter.isdigit() else "capital" if letter.isupper() else "small" if letter.islower() else "sign"
