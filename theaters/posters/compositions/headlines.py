"""The morning edition, and two people who talk at once."""

from theaters.posters.kit import MARGIN, WIDTH, Point, Sheet, circle_shape, mix, overprint, pen
from theaters.posters.letters import width
from theaters.posters.setting import Box, Style

LOUD, QUICK = (146.0, 398.0), (262.0, 440.0)


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    ink = inks.words_on(inks.ground, inks.light)
    sheet.rect(MARGIN, MARGIN, WIDTH - 2 * MARGIN, 5, ink)
    title = Box(MARGIN, MARGIN + 18, WIDTH - 2 * MARGIN, 226)
    set_at = sheet.set_title(title, ink, Style(block=True, lines=3, most=170))
    below = set_at.y + set_at.height + 14
    sheet.rect(MARGIN, below, WIDTH - 2 * MARGIN, 2, ink)
    _columns(sheet, below + 16)
    _balloons(sheet)
    sheet.credits(ink)


def _columns(sheet: Sheet, top: float) -> None:
    lines = ""
    for column in range(4):
        x, y = MARGIN + column * 88, top
        while y < 544:
            last = sheet.chance.random() < 0.14
            lines += pen("M", x, y, "h", 80 * (sheet.chance.uniform(0.3, 0.8) if last else 1))
            y += 17 if last else 9
    sheet.stroke(lines, mix(sheet.inks.ground, sheet.inks.light, 0.26), 3)


def _balloons(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.polygon([(84, 440), (150, 470), (70, 520)], inks.figure)
    sheet.disc(LOUD, 92, inks.figure)
    sheet.polygon([(286, 490), (322, 462), (336, 536)], inks.light)
    sheet.disc(QUICK, 72, inks.light)
    sheet.begin_clip(circle_shape(LOUD, 92))
    sheet.disc(QUICK, 72, overprint(inks.figure, inks.light))
    sheet.end()
    _mark(sheet, "!", LOUD, 120, inks.words_on(inks.figure, inks.ground))
    _mark(sheet, "?", (QUICK[0] + 12, QUICK[1]), 92, inks.words_on(inks.light, inks.ground))


def _mark(sheet: Sheet, sign: str, middle: Point, size: float, color: str) -> None:
    at = (middle[0] - width(sign) * size / 2, middle[1] + 0.35 * size)
    sheet.words(sign, at, size, color, weight="bold")
