"""The tools every composition works with: a sheet of paper, three inks and the words."""

import hashlib
import math
import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from theaters.posters import letters
from theaters.posters.letters import Case, Weight, number
from theaters.posters.setting import Box, Style, fitted, set_in_box

WIDTH, HEIGHT, MARGIN = 400, 600, 28
IVORY, BLACK = "#f6efe0", "#151312"
# Contrast, as WCAG measures it.
SMALL_WORDS_NEED, LARGE_WORDS_NEED = 4.5, 3.0

type Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Inks:
    """The movie's three colors: what the paper is, what stands on it, what shines."""

    ground: str
    figure: str
    light: str

    def words_on(self, surface: str, preferred: str | None = None) -> str:
        """A color for small words: the wished one if it can be read, else the best there is."""
        return self._legible(surface, preferred, SMALL_WORDS_NEED)

    def title_on(self, surface: str, preferred: str) -> str:
        """A color for a title: as words_on, but a title is large and may have less contrast."""
        return self._legible(surface, preferred, LARGE_WORDS_NEED)

    def _legible(self, surface: str, preferred: str | None, least: float) -> str:
        if preferred and contrast(preferred, surface) >= least:
            return preferred
        for choice in ((self.ground, self.figure, self.light), (IVORY, BLACK)):
            best = max(choice, key=lambda ink: contrast(ink, surface))
            if contrast(best, surface) >= least:
                return best
        # One of these two can be read on any color.
        return max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, surface))


def channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mix(one: str, other: str, share: float) -> str:
    """One color with a share of the other stirred in."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def overprint(one: str, other: str) -> str:
    """The color of two transparent inks on each other."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(a * b / 255):02x}" for a, b in pairs)


def luminance(color: str) -> float:
    shares = [value / 255 for value in channels(color)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def polar(center: Point, radius: float, degrees: float) -> Point:
    """A point on a circle; 0 degrees is up, then clockwise."""
    angle = math.radians(degrees)
    return center[0] + radius * math.sin(angle), center[1] - radius * math.cos(angle)


@dataclass(slots=True)
class Sheet:
    """Collects the shapes of one poster, from the back to the front."""

    title: str
    director: str
    year: str
    inks: Inks
    shapes: list[str] = field(default_factory=list)
    case: Case = field(default_factory=Case)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        # The movie's own dice: the same movie always throws the same numbers.
        self.chance = random.Random(hashlib.sha256(self.title.encode()).digest())  # noqa: S311

    def fill(self, color: str) -> None:
        self.rect(0, 0, WIDTH, HEIGHT, color)

    def rect(self, x: float, y: float, width: float, height: float, color: str) -> None:
        box = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        self.shapes.append(f'<rect {box} fill="{color}"/>')

    def disc(self, center: Point, radius: float, color: str) -> None:
        at = f'cx="{number(center[0])}" cy="{number(center[1])}" r="{number(radius)}"'
        self.shapes.append(f'<circle {at} fill="{color}"/>')

    def ring(self, center: Point, radius: float, color: str, thickness: float) -> None:
        at = f'cx="{number(center[0])}" cy="{number(center[1])}" r="{number(radius)}"'
        self.shapes.append(f'<circle {at} fill="none" stroke="{color}" stroke-width="{number(thickness)}"/>')

    def polygon(self, points: Iterable[Point], color: str) -> None:
        corners = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        self.shapes.append(f'<polygon points="{corners}" fill="{color}"/>')

    def path(self, commands: str, color: str) -> None:
        self.shapes.append(f'<path d="{commands}" fill="{color}"/>')

    def stroke(self, commands: str, color: str, thickness: float, *, cap: str = "butt") -> None:
        style = f'fill="none" stroke="{color}" stroke-width="{number(thickness)}" stroke-linecap="{cap}"'
        self.shapes.append(f'<path d="{commands}" {style} stroke-linejoin="round"/>')

    def segment(self, start: Point, end: Point, color: str, thickness: float, *, cap: str = "butt") -> None:
        self.stroke(line_to(start, end), color, thickness, cap=cap)

    def begin(self, transform: str) -> None:
        self.shapes.append(f'<g transform="{transform}">')

    def begin_clip(self, shape: str) -> None:
        """What follows shows only inside the shape."""
        # Named after what it is, so that two posters on one page cannot take each other's.
        name = "c" + hashlib.sha256(shape.encode()).hexdigest()[:8]
        self.shapes.append(f'<clipPath id="{name}">{shape}</clipPath><g clip-path="url(#{name})">')

    def end(self) -> None:
        self.shapes.append("</g>")

    def words(
        self, text: str, at: Point, size: float, color: str, *, weight: Weight = "medium", tracking: float = 0
    ) -> None:
        placed = self.case.line(text, *at, size, weight=weight, tracking=tracking)
        self.shapes.append(f'<g fill="{color}">{placed}</g>')

    def set_title(self, box: Box, color: str, style: Style) -> Box:
        """Set the title into a box and tell where it really stands."""
        lines = set_in_box(self.title, box, style)
        placed = (self.case.line(row.text, row.x, row.y, row.size, tracking=style.tracking) for row in lines)
        self.shapes.append(f'<g fill="{color}">{"".join(placed)}</g>')
        top = lines[0].y - letters.CAP * lines[0].size
        left = min(row.x for row in lines)
        return Box(left, top, max(row.width for row in lines), lines[-1].y - top)

    def credits(self, color: str, y: float = HEIGHT - MARGIN, size: float = 13) -> None:
        """The director at the left margin, the year at the right one."""
        year_width = letters.width(self.year, weight="medium", tracking=0.04) * size
        self.words(self.year, (WIDTH - MARGIN - year_width, y), size, color, tracking=0.04)
        space = WIDTH - 2 * MARGIN - year_width - 18
        self.words(self.director, (MARGIN, y), fitted(self.director, space, size, tracking=0.04), color, tracking=0.04)


def line_to(start: Point, *others: Point) -> str:
    return f"M{number(start[0])} {number(start[1])}" + "".join(f"L{number(x)} {number(y)}" for x, y in others)


def pen(*steps: str | float) -> str:
    """A path out of commands and coordinates: pen("M", 0, 10, "Q", 5, 5, 10, 10, "Z")."""
    path, after_number = "", False
    for step in steps:
        word = step if isinstance(step, str) else number(step)
        is_number = not isinstance(step, str)
        path += f" {word}" if after_number and is_number and not word.startswith("-") else word
        after_number = is_number
    return path


def circle_shape(center: Point, radius: float) -> str:
    return f'<circle cx="{number(center[0])}" cy="{number(center[1])}" r="{number(radius)}"/>'
