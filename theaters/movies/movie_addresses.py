"""The address of a movie, from its title: readable Latin letters, whatever script the title is written in."""

import re
import unicodedata
from collections.abc import Container, Iterator

from anyascii import anyascii
from django.utils.text import slugify

LONGEST = 80
# These characters separate words or numbers: Face/Off, $9.99, 3:10 to Yuma.
# The number is not called as the letter in a Greek word is.
_PI = re.compile(r"(?<!\w)π(?!\w)", re.IGNORECASE)
_PARTS = re.compile(r"[/:_+·]|(?<=\d)[.,](?=\d)")


def address_of(title: str) -> str:
    """8½ becomes 8-1-2, Æon Flux aeon-flux, 기생충 gisaengchung; "" where a title has no letter and no digit."""
    text = "".join(map(_latin, _PI.sub("pi", title)))
    return _cut(slugify(_PARTS.sub("-", text)).replace("_", "-").strip("-"))


def free_address(*, title: str, year: int, taken: Container[str]) -> str:
    """The first address for this movie that no other movie has: halloween, halloween-2018, halloween-2018-2."""
    return next(address for address in addresses(title, year) if address not in taken)


def addresses(title: str, year: int) -> Iterator[str]:
    """The addresses that this movie may have, the best first."""
    base = address_of(title) or "movie"
    yield base if base != "movie" else f"movie-{year}"
    dated = f"{_cut(base, LONGEST - 5)}-{year}"
    yield dated
    for number in range(2, 1000):
        yield f"{_cut(dated, LONGEST - 4)}-{number}"


def _latin(sign: str) -> str:
    if unicodedata.decomposition(sign).startswith("<fraction>"):
        return "-" + unicodedata.normalize("NFKC", sign).replace("\u2044", "-")
    return anyascii(sign)


def _cut(address: str, most: int = LONGEST) -> str:
    """Shorten an address to `most` characters, between words where possible."""
    if len(address) <= most:
        return address
    return (address[: most + 1].rpartition("-")[0] or address[:most])[:most].strip("-")
