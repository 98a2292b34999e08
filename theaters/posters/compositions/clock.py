"""A clock high above a street, and someone who is late."""

from theaters.posters.kit import MARGIN, WIDTH, Sheet, mix, polar
from theaters.posters.setting import Box, Style

CENTER = (236.0, 342.0)
RADIUS = 196.0


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    sheet.disc((CENTER[0] + 12, CENTER[1] + 12), RADIUS, mix(inks.ground, inks.figure, 0.22))
    sheet.disc(CENTER, RADIUS, inks.figure)
    sheet.disc(CENTER, RADIUS - 14, inks.light)
    for hour in range(12):
        long = 30 if hour % 3 == 0 else 17
        start, end = polar(CENTER, RADIUS - 28, hour * 30), polar(CENTER, RADIUS - 28 - long, hour * 30)
        sheet.segment(start, end, inks.figure, 11 if hour % 3 == 0 else 6)
    sheet.segment(polar(CENTER, 24, 262), polar(CENTER, 92, 82), inks.figure, 13)
    tip = polar(CENTER, 172, 262)
    sheet.segment(polar(CENTER, 34, 82), tip, inks.figure, 9)
    sheet.disc(CENTER, 13, inks.figure)
    _hanging_man(sheet, tip[0] + 18, tip[1] + 4)
    title = Box(MARGIN, MARGIN + 2, WIDTH - 2 * MARGIN, 96)
    sheet.set_title(title, inks.title_on(inks.ground, inks.figure), Style(most=100, lines=4, leading=0.86))
    sheet.credits(inks.words_on(inks.ground, inks.figure))


def _hanging_man(sheet: Sheet, x: float, y: float) -> None:
    ink = sheet.inks.figure
    sheet.segment((x - 7, y), (x - 6, y + 34), ink, 5, cap="round")
    sheet.segment((x + 9, y + 1), (x + 7, y + 34), ink, 5, cap="round")
    sheet.disc((x + 1, y + 24), 8, ink)
    sheet.rect(x - 12, y + 15, 26, 3.5, sheet.inks.light)
    sheet.rect(x - 8, y + 9, 18, 7, sheet.inks.light)
    sheet.rect(x - 12, y + 15, 26, 3, ink)
    sheet.polygon([(x - 9, y + 33), (x + 11, y + 33), (x + 8, y + 68), (x - 5, y + 68)], ink)
    sheet.segment((x - 1, y + 66), (x - 12, y + 104), ink, 6.5, cap="round")
    sheet.segment((x + 5, y + 66), (x + 12, y + 84), ink, 6.5, cap="round")
    sheet.segment((x + 12, y + 84), (x + 3, y + 104), ink, 6, cap="round")
