"""Turning rings that never quite close."""

import math

from theaters.posters.kit import HEIGHT, MARGIN, WIDTH, Sheet, mix, polar
from theaters.posters.letters import number
from theaters.posters.setting import Box, Style

CENTER = (200.0, 226.0)
FLOOR = 446


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    colors = (inks.figure, inks.light, mix(inks.figure, inks.ground, 0.5))
    turn = sheet.chance.randrange(360)
    for step in range(12):
        radius = 26 + step * 25
        turn += 43
        sweep = 190 + sheet.chance.randrange(0, 110)
        sheet.stroke(_arc(radius, turn, sweep), colors[step % 3], 17)
        rest = 360 - sweep - math.degrees(34 / radius)
        if rest > 24:
            sheet.stroke(_arc(radius, turn + sweep + math.degrees(17 / radius), rest), colors[(step + 1) % 3], 17)
    sheet.disc(CENTER, 11, inks.light)
    sheet.rect(0, FLOOR, WIDTH, HEIGHT - FLOOR, inks.ground)
    title = Box(MARGIN, FLOOR + 22, WIDTH - 2 * MARGIN, 72)
    sheet.set_title(title, inks.title_on(inks.ground, inks.light), Style(most=92, lines=4, rise="middle"))
    sheet.credits(inks.words_on(inks.ground, inks.figure))


def _arc(radius: float, start: float, sweep: float) -> str:
    (x1, y1), (x2, y2) = polar(CENTER, radius, start), polar(CENTER, radius, start + sweep)
    large = 1 if sweep > 180 else 0
    return f"M{number(x1)} {number(y1)}A{number(radius)} {number(radius)} 0 {large} 1 {number(x2)} {number(y2)}"
