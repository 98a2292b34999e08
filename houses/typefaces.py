"""The three typefaces a house can choose; all are served by us."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.templatetags.static import static

_EXTENDED = (
    "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,"
    "U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF"
)
_FALLBACK = '"Hiragino Sans","Noto Sans CJK JP","Noto Sans JP","Yu Gothic",system-ui'


class Typeface(models.TextChoices):
    ARCHIVO = "ARCHIVO", "Archivo: narrow capitals, as on a board over the door"
    FRAUNCES = "FRAUNCES", "Fraunces: a warm serif"
    FIGTREE = "FIGTREE", "Figtree: round and plain"


@dataclass(frozen=True)
class _Files:
    family: str
    name: str
    generic: str
    weights: str


# An unknown one, of the next release, looks like Archivo.
_OTHERS: Mapping[str, _Files] = {
    Typeface.FRAUNCES: _Files("Fraunces", "fraunces", "serif", "100 900"),
    Typeface.FIGTREE: _Files("Figtree", "figtree", "sans-serif", "300 900"),
}


def file_of(typeface: str) -> str:
    """The font file that a page loads first, below static/."""
    files = _OTHERS.get(typeface)
    return f"fonts/{files.name if files else 'archivo'}.woff2"


def stylesheet(typeface: str) -> str:
    """The CSS of a typeface; '' for Archivo, which base.css has. Wide letters get smaller titles."""
    files = _OTHERS.get(typeface)
    if files is None:
        return ""
    faces = "".join(
        f'@font-face{{font-family:{files.family};src:url("{static(f"fonts/{files.name}{part}.woff2")}") format("woff2");'
        f"font-weight:{files.weights};font-display:swap;{span}}}"
        for part, span in (("", ""), ("-ext", f"unicode-range:{_EXTENDED};"))
    )
    titles = (
        "--narrow:100%;--title-small:clamp(1.25rem,1.15rem + 0.5vw,1.5rem);--title:clamp(1.625rem,1.4rem + 1.1vw,2.25rem);"
        "--title-large:clamp(2rem,1.5rem + 2.6vw,3.5rem);"
    )
    return f"{faces}:root{{--font:{files.family},{_FALLBACK},{files.generic};{titles}}}h1,.sign{{text-transform:none;}}"
