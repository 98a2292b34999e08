"""The address of a movie, from its title: readable Latin letters, whatever script the title is written in."""

import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass

from anyascii import anyascii
from django.utils.text import slugify

LONGEST = 80
# These characters separate words or numbers: Face/Off, $9.99, 3:10 to Yuma.
# The number is not called as the letter in a Greek word is.
_PI = re.compile(r"(?<!\w)π(?!\w)", re.IGNORECASE)
_KANA = re.compile(r"[\u3041-\u30ff\uff66-\uff9d]")
_CHINESE = re.compile(r"[\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_PARTS = re.compile(r"[/:_+·]|(?<=\d)[.,](?=\d)")


def address_of(title: str, *, is_japanese: bool = False) -> str:
    """8½ becomes 8-1-2, Æon Flux aeon-flux, 기생충 gisaengchung; "" where a title has no letter and no digit.

    Also "" for Chinese signs in a Japanese title: how they are read there is known to dictionaries alone, and their Chinese
    reading would be wrong. Kana are read: となりのトトロ becomes tonarinototoro.
    """
    if (is_japanese or _KANA.search(title)) and _CHINESE.search(title):
        return ""
    text = "".join(map(_latin, _PI.sub("pi", title)))
    return _cut(slugify(_PARTS.sub("-", text)).replace("_", "-").strip("-"))


@dataclass(frozen=True)
class AddressFacts:
    """What the address of a movie is made from; its original title serves where the title cannot be read."""

    title: str
    # None for an event without one.
    year: int | None
    original: str = ""
    countries: tuple[str, ...] = ()


def free_address(movie: AddressFacts, *, taken: Container[str]) -> str:
    """The first address for this movie that no other movie has: halloween, halloween-2018, halloween-2018-2."""
    return next(address for address in addresses(movie) if address not in taken)


def addresses(movie: AddressFacts) -> Iterator[str]:
    """The addresses that this movie may have, the best first: movie-1953 where no title can be read."""
    year, is_japanese = movie.year, "JP" in movie.countries
    read = (address_of(title, is_japanese=is_japanese) for title in (movie.title, movie.original))
    base = next(filter(None, read), "movie")
    dated = base if year is None else f"{_cut(base, LONGEST - 5)}-{year}"
    if base != "movie":
        yield base
    if dated != base or base == "movie":
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
