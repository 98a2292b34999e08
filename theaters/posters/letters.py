"""Letters as outlines.

A poster is shown through <img>, where no webfont can be loaded, so its letters travel as shapes: every glyph a
poster needs is defined once and placed as often as it is used. Where the outlines come from: letters-LICENSE.txt.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

type Weight = Literal["bold", "medium"]

EM = 1000
CAP = 0.7
FALLBACK_ADVANCE = 960
FALLBACK_FACES = "Futura, 'Hiragino Sans', 'Yu Gothic', 'Noto Sans CJK JP', 'Noto Sans', Arial, sans-serif"


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
        advance = FALLBACK_ADVANCE if character.isprintable() else 0
        return self.glyphs.get(character) or Glyph(advance, 0, advance, "")

    def kern(self, left: str, right: str) -> int:
        return self.kerning.get(left, {}).get(right, 0)


@cache
def font(weight: Weight) -> Font:
    data = json.loads((Path(__file__).parent / f"letters-{weight}.json").read_text(encoding="utf-8"))
    glyphs = {character: Glyph(*measures) for character, measures in data["glyphs"].items()}
    return Font(initial=weight[0], glyphs=glyphs, kerning=data["kerning"])


@dataclass(slots=True)
class Case:
    """The letters one poster uses, like a printer's case."""

    used: dict[str, str] = field(default_factory=dict)

    def line(self, text: str, x: float, y: float, size: float, *, weight: Weight = "bold", tracking: float = 0) -> str:
        """One line on the baseline y whose ink begins exactly at x."""
        face, text = font(weight), text.strip()
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
            look = f'font-size="{EM}" font-family="{FALLBACK_FACES}" font-weight="700"'
            return f'<text x="{x}" {look}>{escape(character)}</text>'
        name = f"{face.initial}{ord(character):x}"
        self.used[name] = face.glyphs[character].outline
        return f'<use href="#{name}" x="{x}"/>'

    def definitions(self) -> str:
        shapes = "".join(f'<path id="{name}" d="{outline}"/>' for name, outline in sorted(self.used.items()))
        return f"<defs>{shapes}</defs>" if shapes else ""


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
