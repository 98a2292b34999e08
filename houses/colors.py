"""Colors of a house: their contrast by WCAG 2.2, and the stylesheet that sets them."""

import re
from dataclasses import dataclass

HEX = re.compile(r"#[0-9a-f]{6}")
# The ink of our pages on light and on dark surfaces (static/css/base.css, --ink).
INK = ("#1f1812", "#f1ebdf")
# What text on a surface needs, and links and marks beside it (WCAG 2.2, 1.4.3 and 1.4.6).
INK_CONTRAST, ACCENT_CONTRAST = 7.0, 4.5
QUIET_CONTRAST = 4.5
BLACK, WHITE = "#000000", "#ffffff"


@dataclass(frozen=True)
class Palette:
    """Accent and surface colors as #rrggbb, each for the light and the dark theme."""

    accent: tuple[str, str]
    surface: tuple[str, str]


def luminance(color: str) -> float:
    """The relative luminance of a color, from 0 to 1."""
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """The contrast of two colors, from 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def on(color: str) -> str:
    """Black or white, whichever is easier to read on this color: at least 4.5 to 1."""
    return max(BLACK, WHITE, key=lambda ink: contrast(ink, color))


def mixed(color: str, other: str, share: float) -> str:
    """A color with a share of another, from 0 to 1, as #rrggbb: mail programs know no color-mix."""
    pairs = zip(_parts(color), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mail_colors(palette: Palette) -> dict[str, str]:
    """The colors of templates/mail and what a house has in their place. Mails are light: dark programs change them alone.

    Ink, and the button that is drawn in it, stay. Quiet text is as quiet as it can be read on the surface.
    """
    surface, accent = palette.surface[0], palette.accent[0]
    shares = (0.3, 0.2, 0.1, 0.0)
    quiet = (mixed(INK[0], surface, share) for share in shares)
    return {
        "#f3ede2": surface,
        "#fffdf8": mixed(surface, WHITE, 0.7),
        "#d9cdb9": mixed(surface, BLACK, 0.14),
        "#b4690e": accent,
        "#6a5d4e": next(color for color in quiet if contrast(color, surface) >= QUIET_CONTRAST),
    }


def problems_of(palette: Palette) -> dict[str, str]:
    """By field, why these colors are hard to read; {} when all are fine."""
    found: dict[str, str] = {}
    for theme, accent, surface, ink in zip(("light", "dark"), palette.accent, palette.surface, INK, strict=True):
        if (given := contrast(ink, surface)) < INK_CONTRAST:
            kind = "lighter" if theme == "light" else "darker"
            found[f"surface_{theme}"] = (
                f"Text on {surface} has a contrast of {given:.1f} to 1, and needs {INK_CONTRAST:.0f}: choose a {kind} surface."
            )
        elif (given := contrast(accent, surface)) < ACCENT_CONTRAST:
            kind = "darker" if theme == "light" else "lighter"
            found[f"accent_{theme}"] = (
                f"{accent} on {surface} has a contrast of {given:.1f} to 1, and links need {ACCENT_CONTRAST}: "
                f"choose a {kind} accent."
            )
    return found


def stylesheet(palette: Palette) -> str:
    """The roles of base.css that colors of a house change; it stands outside the layers, so it wins."""
    (light, dark), (day, night) = palette.surface, palette.accent
    roles = {
        "surface": f"light-dark({light},{dark})",
        "raised": f"light-dark(color-mix(in oklab,{light},#fff 55%),color-mix(in oklab,{dark},#fff 6%))",
        "sunken": f"light-dark(color-mix(in oklab,{light},#000 4%),color-mix(in oklab,{dark},#000 28%))",
        "line": f"light-dark(color-mix(in oklab,{light},#000 14%),color-mix(in oklab,{dark},#fff 17%))",
        "line-strong": f"light-dark(color-mix(in oklab,{light},#000 52%),color-mix(in oklab,{dark},#fff 45%))",
        "accent": f"light-dark({day},{night})",
        "accent-ink": f"light-dark({day},{night})",
        "on-accent": f"light-dark({on(day)},{on(night)})",
        "house-room": f"light-dark(color-mix(in oklab,{light},#000 5%),color-mix(in oklab,{dark},#000 35%))",
        "house-cushion": f"light-dark(color-mix(in oklab,{light},#fff 70%),color-mix(in oklab,{dark},#fff 11%))",
        "screen-glow": f"light-dark({day},{night})",
        "screen-beam": f"light-dark(color-mix(in oklab,{day},#fff 45%),color-mix(in oklab,{night},#fff 30%))",
        "mine-edge": f"light-dark(color-mix(in oklab,{day},#000 25%),{night})",
        "board": f"light-dark(color-mix(in oklab,{day},#000 62%),color-mix(in oklab,{night},#fff 82%))",
        "on-board": "light-dark(#fff,#141009)",
    }
    return ":root{" + "".join(f"--{name}:{value};" for name, value in roles.items()) + "}"
