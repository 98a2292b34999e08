"""Posters drawn from a movie's own facts: one generator, a series of modernist compositions, no file to upload."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from core.texts.control_characters import without_control_characters
from theaters.posters.compositions import COMPOSITIONS, FOR_ANY_MOVIE
from theaters.posters.kit import HEIGHT, WIDTH, Inks, Sheet

COLOR = re.compile(r"#[0-9a-fA-F]{6}")
HOUSE_PALETTE = ("#1c1a17", "#c8963e", "#efe3c8")


@dataclass(frozen=True, slots=True)
class PosterFacts:
    title: str
    year: int | str
    director: str
    palette: tuple[str, str, str]
    layout: str


def layouts() -> tuple[str, ...]:
    """The names of all compositions."""
    return tuple(COMPOSITIONS)


def layout_for(title: str) -> str:
    """A composition that suits any movie; the same title always gets the same."""
    return FOR_ANY_MOVIE[hashlib.sha256(title.encode()).digest()[0] % len(FOR_ANY_MOVIE)]


def poster_svg(facts: PosterFacts) -> str:
    """The poster as an SVG document; equal facts give equal bytes."""
    title, director = _clean(facts.title), _clean(facts.director)
    sheet = Sheet(title=title, director=director, year=_clean(str(facts.year)), inks=_inks(facts.palette))
    _composition(facts.layout, title)(sheet)
    label = ", ".join(part for part in (title, director, sheet.year) if part)
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return f"{head}<title>{escape(label)}</title>{sheet.case.definitions()}{''.join(sheet.shapes)}</svg>"


def _composition(layout: str, title: str) -> Callable[[Sheet], None]:
    return COMPOSITIONS.get(layout) or COMPOSITIONS[layout_for(title)]


def _inks(palette: tuple[str, str, str]) -> Inks:
    """The movie's colors, or the house's when the movie has no three."""
    whole = len(palette) == 3 and all(COLOR.fullmatch(color) for color in palette)
    return Inks(*(color.lower() for color in (palette if whole else HOUSE_PALETTE)))


def _clean(text: str) -> str:
    return " ".join(without_control_characters(text).split())
