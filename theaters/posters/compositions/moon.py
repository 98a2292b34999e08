"""A moon that has been hit."""

from theaters.posters.kit import HEIGHT, MARGIN, WIDTH, Sheet, circle_shape, mix
from theaters.posters.setting import Box, Style

MOON = (188.0, 250.0)
RADIUS = 166.0


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    shade = mix(inks.figure, inks.ground, 0.24)
    sheet.fill(inks.ground)
    _stars(sheet)
    sheet.disc(MOON, RADIUS + 16, mix(inks.ground, inks.figure, 0.22))
    sheet.disc(MOON, RADIUS, inks.figure)
    sheet.begin_clip(circle_shape(MOON, RADIUS))
    sheet.path("M60 80Q10 250 120 420H0V60Z", shade)
    for x, y, radius in ((90, 330, 24), (252, 372, 30), (160, 128, 20), (288, 300, 13), (110, 190, 11)):
        sheet.disc((x, y), radius, shade)
    sheet.end()
    sheet.path("M108 236q28 -26 56 0q-28 16 -56 0Z", inks.ground)
    sheet.disc((136, 236), 7, inks.figure)
    sheet.stroke("M126 324q52 40 104 4", inks.ground, 9, cap="round")
    _capsule(sheet)
    title = Box(MARGIN, 446, WIDTH - 2 * MARGIN, 96)
    sheet.set_title(title, inks.title_on(inks.ground, inks.light), Style(most=62, lines=4, rise="bottom", leading=0.95))
    sheet.credits(inks.words_on(inks.ground, inks.figure))


def _stars(sheet: Sheet) -> None:
    for _ in range(34):
        x, y = sheet.chance.uniform(10, WIDTH - 10), sheet.chance.uniform(10, HEIGHT - 180)
        sheet.disc((x, y), sheet.chance.choice((1.1, 1.1, 1.6, 2.2)), sheet.inks.light)


def _capsule(sheet: Sheet) -> None:
    """Stuck in the right eye, and a tear."""
    inks = sheet.inks
    sheet.disc((232, 226), 34, mix(inks.figure, inks.ground, 0.5))
    sheet.begin("translate(232 226) rotate(38)")
    sheet.path("M-19 14V-66Q-19 -78 0 -78T19 -66V14Q0 22 -19 14Z", inks.light)
    sheet.rect(-19, -60, 38, 7, inks.ground)
    sheet.rect(-19, -18, 38, 7, inks.ground)
    sheet.end()
    sheet.path("M222 262q-9 22 4 24t8 -20Z", inks.light)
