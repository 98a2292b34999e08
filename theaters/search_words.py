"""The normal form of words for searching movies and people: small Latin letters and digits, whatever the script,
without accents.

Stored texts and searches are both converted, so "Сталкер" finds Stalker, "amelie" finds Amélie and "七人の侍" finds itself.
"""

import re
from collections.abc import Iterable

from anyascii import anyascii

LONGEST_QUERY = 80
MOST_WORDS = 8
_WORD = re.compile(r"[a-z0-9]+")
# "8 1/2" finds 8½, whose words are 81 and 2.
_FRACTION = re.compile(r"(?<=\d)\s+(?=\d\s*[/\u2044]\s*\d)")


def search_words(text: str) -> list[str]:
    return _WORD.findall(anyascii(text).casefold().replace("'", ""))


def query_words(query: str) -> list[str]:
    """The words of a search; very long searches are cut."""
    return search_words(_FRACTION.sub("", query[:LONGEST_QUERY]))[:MOST_WORDS]


def search_text(*, titles: Iterable[str], people: Iterable[str]) -> str:
    """Each word has a blank before it. A title stands in one word too, so that "walle" finds Wall·E."""
    words = [search_words(title) for title in titles if title]
    parts = [*(word for title in words for word in title), *("".join(title) for title in words if len(title) > 1)]
    parts += [word for name in people for word in search_words(name)]
    return "".join(f" {part}" for part in parts)
