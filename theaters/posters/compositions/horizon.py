"""Two people, a sun and its image in the water."""

import math

from theaters.posters.kit import HEIGHT, MARGIN, WIDTH, Sheet, circle_shape, mix
from theaters.posters.setting import Box, Style

SEA = 392.0
RADIUS = 124.0


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sun = (sheet.chance.uniform(184, 216), SEA - 34)
    sheet.fill(inks.ground)
    for step, radius in enumerate((350, 292, 238, 186)):
        sheet.disc(sun, radius, mix(inks.ground, inks.figure, 0.16 + 0.28 * step))
    sheet.disc(sun, RADIUS, inks.light)
    sea = mix(inks.ground, "#000000", 0.34)
    sheet.rect(0, SEA, WIDTH, HEIGHT - SEA, sea)
    _image_in_the_water(sheet, (sun[0], SEA + 34))
    dark = mix(inks.ground, "#000000", 0.72)
    sheet.path(f"M0 {SEA + 3}Q{sun[0]:.0f} {SEA - 10} 400 {SEA + 3}Z", dark)
    _person(sheet, sun[0] - 10, 60, dark)
    _person(sheet, sun[0] + 13, 54, dark)
    title = Box(MARGIN, MARGIN + 2, WIDTH - 2 * MARGIN, 104)
    sheet.set_title(title, inks.title_on(inks.ground, inks.light), Style(most=92, lines=4))
    sheet.credits(inks.words_on(sea, inks.light))


def _image_in_the_water(sheet: Sheet, center: tuple[float, float]) -> None:
    """The disc again, in strips that thin out toward us."""
    sheet.begin_clip(circle_shape(center, RADIUS))
    y, strip = SEA, 13.0
    while strip > 2:
        shift = sheet.chance.uniform(-9, 9)
        half = math.sqrt(max(RADIUS**2 - (y - center[1]) ** 2, 0)) * sheet.chance.uniform(0.8, 1.1)
        sheet.rect(center[0] - half + shift, y, 2 * half, strip, sheet.inks.light if strip > 8 else sheet.inks.figure)
        y += strip + 5.5
        strip -= 1.15
    sheet.end()


def _person(sheet: Sheet, x: float, tall: float, color: str) -> None:
    foot = SEA - 4
    sheet.disc((x, foot - tall + 7), 7, color)
    shoulder = foot - tall + 17
    sheet.path(
        f"M{x - 10:.1f} {shoulder + 8:.1f}Q{x - 9:.1f} {shoulder - 1:.1f} {x:.1f} {shoulder - 1:.1f}"
        f"Q{x + 9:.1f} {shoulder - 1:.1f} {x + 10:.1f} {shoulder + 8:.1f}L{x + 7:.1f} {foot}H{x - 7:.1f}Z",
        color,
    )
