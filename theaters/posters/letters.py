"""Letters as outlines.

A poster is shown through <img>, where no webfont can be loaded, so its letters travel as shapes: every glyph a
poster needs is defined once and placed as often as it is used. Where the outlines come from: letters-LICENSE.txt.
"""

import json
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

type Weight = Literal["bold", "medium"]

EM = 1000
CAP = 0.7
SQUARE_ADVANCE = 960  # of Japanese, Chinese and Korean characters
FALLBACK_ADVANCE = 560
FALLBACK_FACES = "Futura, 'Hiragino Sans', 'Yu Gothic', 'Noto Sans CJK JP', 'Noto Sans', Arial, sans-serif"
FALLBACK_LOOK = f'font-family="{FALLBACK_FACES}" font-weight="700"'


class Glyph(NamedTuple):
    """A letter in thousandths of an em: its advance, where its ink begins and ends, and its outline."""

    advance: int
    begins: int
    ends: int
    outline: str


@dataclass(frozen=True, slots=True)
class Font:
    initial: str
    glyphs: dict[str, Glyph]
    kerning: dict[str, dict[str, int]]

    def glyph(self, character: str) -> Glyph:
        """The glyph, or a guess at its measure where the reader's own fonts must help."""
        if glyph := self.glyphs.get(character):
            return glyph
        advance = SQUARE_ADVANCE if is_square(character) else FALLBACK_ADVANCE
        if not character.isprintable() or unicodedata.combining(character):
            advance = 0
        return Glyph(advance, 0, advance, "")

    def kern(self, left: str, right: str) -> int:
        return self.kerning.get(left, {}).get(right, 0)


def is_square(character: str) -> bool:
    """Whether it is a character like those of Japanese, which stand side by side and look the same everywhere."""
    return unicodedata.east_asian_width(character) in {"W", "F"}


@cache
def font(weight: Weight) -> Font:
    data = json.loads((Path(__file__).parent / f"letters-{weight}.json").read_text(encoding="utf-8"))
    glyphs = {character: Glyph(*measures) for character, measures in data["glyphs"].items()}
    return Font(initial=weight[0], glyphs=glyphs, kerning=data["kerning"])


def must_be_set_whole(text: str) -> bool:
    """Whether letters of the line may join or run from right to left, as Arabic ones do, so that only a font with its own
    rules can set them.
    """
    known = font("bold").glyphs
    return any(character not in known and not is_square(character) for character in text)


@dataclass(slots=True)
class Case:
    """The letters one poster uses, like a printer's case."""

    used: dict[str, str] = field(default_factory=dict)

    def line(self, text: str, x: float, y: float, size: float, *, weight: Weight = "bold", tracking: float = 0) -> str:
        """One line on the baseline y whose ink begins exactly at x."""
        face, text = font(weight), text.strip()
        if must_be_set_whole(text):
            return _line_of_the_reader(text, x, y, size, width(text, weight=weight, tracking=tracking) * size)
        pen = -face.glyph(text[0]).begins if text else 0
        placed = []
        for left, right in pairwise(text + " "):
            if not left.isspace():
                placed.append(self._letter(weight, left, pen))
            pen += face.glyph(left).advance + face.kern(left, right) + round(tracking * EM)
        return f'<g transform="translate({number(x)} {number(y)}) scale({size / EM:.4g})">{"".join(placed)}</g>'

    def leaning(self, character: str, x: float, y: float, size: float, turn: float) -> str:
        """One bold letter, turned about the foot of its left edge."""
        place = f"translate({number(x)} {number(y)}) rotate({number(turn)}) scale({size / EM:.4g})"
        return f'<g transform="{place}">{self._letter("bold", character, 0)}</g>'

    def _letter(self, weight: Weight, character: str, x: int) -> str:
        face = font(weight)
        if character not in face.glyphs:
            return f'<text x="{x}" font-size="{EM}" {FALLBACK_LOOK}>{escape(character)}</text>'
        name = f"{face.initial}{ord(character):x}"
        self.used[name] = face.glyphs[character].outline
        return f'<use href="#{name}" x="{x}"/>'

    def definitions(self) -> str:
        shapes = "".join(f'<path id="{name}" d="{outline}"/>' for name, outline in sorted(self.used.items()))
        return f"<defs>{shapes}</defs>" if shapes else ""


def _line_of_the_reader(text: str, x: float, y: float, size: float, space: float) -> str:
    """A line set by the reader's own fonts, as wide as was reckoned with."""
    place = f'x="{number(x)}" y="{number(y)}" font-size="{number(size)}"'
    fit = f'textLength="{number(space)}" lengthAdjust="spacingAndGlyphs"'
    return f"<text {place} {fit} {FALLBACK_LOOK}>{escape(text)}</text>"


def width(text: str, *, weight: Weight = "bold", tracking: float = 0) -> float:
    """How wide the ink of a line is, in em."""
    face, text = font(weight), text.strip()
    if not text:
        return 0
    units = sum(face.glyph(character).advance for character in text)
    units += sum(face.kern(left, right) for left, right in pairwise(text))
    first, last = face.glyph(text[0]), face.glyph(text[-1])
    units -= first.begins + last.advance - last.ends
    return units / EM + tracking * (len(text) - 1)


def number(value: float) -> str:
    """A coordinate without useless digits."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
