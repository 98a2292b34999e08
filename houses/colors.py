"""Colors of a house: their contrast by WCAG 2.2, and the stylesheet that sets them."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

HEX = re.compile(r"#[0-9a-f]{6}")
# The ink of our pages on light and on dark surfaces (static/css/base.css, --ink).
INK = ("#1f1812", "#f1ebdf")
# Their quiet ink and the color of errors, as they are where a house leaves the colors to us.
QUIET, DANGER = ("#564a41", "#bcb3a5"), ("#ac1a1c", "#fb8e80")
# What text on a surface needs, and links and marks beside it (WCAG 2.2, 1.4.3 and 1.4.6).
INK_CONTRAST, ACCENT_CONTRAST = 7.0, 4.5
QUIET_CONTRAST = 4.5
# How much white or black is in what stands out of the surface or lies below it, in the light and in the dark theme.
RAISED, SUNKEN = (0.55, 0.06), (0.04, 0.28)
BLACK, WHITE = "#000000", "#ffffff"


@dataclass(frozen=True)
class Palette:
    """Accent and surface colors as #rrggbb, each for the light and the dark theme."""

    accent: tuple[str, str]
    surface: tuple[str, str]


def luminance(color: str) -> float:
    """The relative luminance of a color, from 0 to 1."""
    red, green, blue = _linear(color)
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


def mixed_in_oklab(color: str, other: str, share: float) -> str:
    """What `color-mix(in oklab, …)` of CSS makes of a color with a share of another, from 0 to 1, as #rrggbb."""
    pairs = zip(_oklab(color), _oklab(other), strict=True)
    return _from_oklab(*(one + (two - one) * share for one, two in pairs))


def _oklab(color: str) -> tuple[float, float, float]:
    """Lightness, green to red, blue to yellow (CSS Color Module Level 4, sample code for conversions)."""
    red, green, blue = _linear(color)
    long, middle, short = (
        (of_red * red + of_green * green + of_blue * blue) ** (1 / 3)
        for of_red, of_green, of_blue in (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        )
    )
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, green_red: float, blue_yellow: float) -> str:
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    middle = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _encoded(part)):02x}" for part in linear)


def _linear(color: str) -> tuple[float, ...]:
    """Red, green and blue as amounts of light, from 0 to 1."""
    parts = (part / 255 for part in _parts(color))
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def _encoded(light: float) -> float:
    light = min(1.0, max(0.0, light))
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


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


def grounds(surface: str, *, is_light: bool) -> dict[str, str]:
    """What text stands on in a theme: the surface, what is raised above it and what is sunken below it."""
    theme = 0 if is_light else 1
    return {
        "surface": surface,
        "raised": mixed_in_oklab(surface, WHITE, RAISED[theme]),
        "sunken": mixed_in_oklab(surface, BLACK, SUNKEN[theme]),
    }


def least_contrast(color: str, on_grounds: Iterable[str]) -> float:
    return min(contrast(color, ground) for ground in on_grounds)


def readable(color: str, ink: str, on_grounds: Collection[str]) -> str:
    """The color with as little ink as it takes to be read on all of these grounds."""
    shades = (mixed(color, ink, tenths / 10) for tenths in range(11))
    return next((shade for shade in shades if least_contrast(shade, on_grounds) >= QUIET_CONTRAST), ink)


def problems_of(palette: Palette) -> dict[str, str]:
    """By field, why these colors are hard to read; {} when all are fine."""
    found: dict[str, str] = {}
    for theme, accent, surface, ink in zip(("light", "dark"), palette.accent, palette.surface, INK, strict=True):
        if (given := contrast(ink, surface)) < INK_CONTRAST:
            kind = "lighter" if theme == "light" else "darker"
            found[f"surface_{theme}"] = (
                f"Text on {surface} has a contrast of {given:.1f} to 1, and needs {INK_CONTRAST:.0f}: choose a {kind} surface."
            )
            continue
        here = grounds(surface, is_light=theme == "light")
        ground = min(here.values(), key=lambda one: contrast(accent, one))
        if (given := contrast(accent, ground)) < ACCENT_CONTRAST:
            kind = "darker" if theme == "light" else "lighter"
            where = surface if ground == surface else f"{ground}, which is used beside the surface,"
            found[f"accent_{theme}"] = (
                f"{accent} on {where} has a contrast of {given:.1f} to 1, and links need {ACCENT_CONTRAST}: "
                f"choose a {kind} accent."
            )
    return found


def stylesheet(palette: Palette) -> str:
    """The roles of base.css that colors of a house change; it stands outside the layers, so it wins."""
    (light, dark), (day, night) = palette.surface, palette.accent
    by_day, by_night = grounds(light, is_light=True), grounds(dark, is_light=False)
    quiet, danger = (
        [readable(color, ink, here.values()) for color, ink, here in zip(colors, INK, (by_day, by_night), strict=True)]
        for colors in (QUIET, DANGER)
    )
    roles = {
        **{name: f"light-dark({by_day[name]},{by_night[name]})" for name in by_day},
        "ink-quiet": f"light-dark({quiet[0]},{quiet[1]})",
        "danger": f"light-dark({danger[0]},{danger[1]})",
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
