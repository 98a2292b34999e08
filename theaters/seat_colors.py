"""Colors and signs that a theater gives its seat categories: contrast, and the stylesheet of its maps and plans. Pure."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from houses.colors import contrast
from theaters.seat_categories import CategoryFacts

# The color is that of a seat's edge and number; its cushion is a tint of it. What each needs: WCAG 2.2, 1.4.3 and 1.4.11.
NUMBER_CONTRAST, EDGE_CONTRAST = 4.5, 3.0
TINT = 0.2


def problems_of_colors(colors: Sequence[str], surfaces: Sequence[str]) -> dict[str, str]:
    """By theme, why seats in these colors are hard to see. Both lists: light, then dark."""
    found: dict[str, str] = {}
    for theme, color, surface in zip(("light", "dark"), colors, surfaces, strict=True):
        number, edge = contrast(color, tint(color, surface)), contrast(color, surface)
        way = "darker" if theme == "light" else "lighter"
        if number < NUMBER_CONTRAST:
            found[theme] = (
                f"Numbers in {color} have a contrast of {number:.1f} to 1 on their seats, and need {NUMBER_CONTRAST}: "
                f"choose a {way} color."
            )
        elif edge < EDGE_CONTRAST:
            found[theme] = (
                f"{color} has a contrast of {edge:.1f} to 1 to the page, and needs {EDGE_CONTRAST}: choose a {way} color."
            )
    return found


def tint(color: str, surface: str) -> str:
    """The color of the cushion: one fifth of the color on the surface."""
    pairs = ((int(color[at : at + 2], 16), int(surface[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(own * TINT + below * (1 - TINT)):02x}" for own, below in pairs)


def stylesheet(categories: Iterable[CategoryFacts]) -> str:
    """CSS of the theater's own colors, '' without any. It comes after seats.css, in its layer and equally specific."""
    categories = list(categories)
    rules = [rule for one in categories for rule in _rules(one)]
    return f"@layer page{{{''.join(rules)}}}{_pictures(categories)}" if rules else ""


def stylesheet_version(css: str) -> str:
    return sha256(css.encode()).hexdigest()[:12]


def _rules(category: CategoryFacts) -> list[str]:
    here = f':where(.seat,.sample)[data-category="{category.code.lower()}"]'
    rules = []
    if all(category.colors):
        own = _both(category)
        rules.append(
            f"{here}{{--cushion:color-mix(in srgb,{own} {TINT:.0%},var(--surface));--edge:{own};--mark:{own}}}"
        )
    if category.sign:
        # Written as a CSS escape by its number, so that the character cannot end the string around it.
        rules.append(
            f'{here}::before{{content:"\\{ord(category.sign):x} ";display:block;text-align:center;font-size:.8em}}'
        )
    return rules


def _pictures(categories: Iterable[CategoryFacts]) -> str:
    """CSS for the same colors in the office's pictures of plans."""
    return "".join(
        f".plan .chair.{one.code.lower()} rect{{fill:{_both(one)}}}"
        f".plan-legend.{one.code.lower()}::before{{background:{_both(one)}}}"
        for one in categories
        if all(one.colors)
    )


def _both(category: CategoryFacts) -> str:
    day, night = category.colors
    return f"light-dark({day},{night})"
