"""Towers seen from the street, a light behind them."""

from theaters.posters.kit import HEIGHT, MARGIN, WIDTH, Sheet, mix, polar
from theaters.posters.setting import Box, Style

SOURCE = (200.0, 205.0)
STREET = 452


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    for turn in range(0, 360, 20):
        ray = [SOURCE, polar(SOURCE, 520, turn), polar(SOURCE, 520, turn + 10)]
        sheet.polygon(ray, mix(inks.ground, inks.figure, 0.16))
    for radius, share in ((150, 0.3), (112, 0.5), (74, 1.0)):
        sheet.disc(SOURCE, radius, mix(inks.ground, inks.light if share == 1 else inks.figure, share))
    _side_towers(sheet)
    _great_tower(sheet)
    sheet.rect(0, STREET, WIDTH, HEIGHT - STREET, inks.ground)
    box = Box(MARGIN, STREET + 20, WIDTH - 2 * MARGIN, 70)
    sheet.set_title(box, inks.title_on(inks.ground, inks.light), Style(block=True, most=90, lines=3, rise="middle"))
    sheet.credits(inks.words_on(inks.ground, inks.figure))


def _side_towers(sheet: Sheet) -> None:
    x = -6.0
    while x < 138:
        width = sheet.chance.choice((26, 32, 38))
        top = 330 - x * 1.1 + sheet.chance.randrange(-34, 34) if x < 100 else 240
        _tower(sheet, Box(x, top, width, STREET - top), lit_from=0.6)
        _tower(sheet, Box(WIDTH - x - width, top, width, STREET - top), lit_from=0)
        x += width + 3


def _tower(sheet: Sheet, box: Box, *, lit_from: float) -> None:
    """Dark, with a lit side toward the middle of the sheet."""
    bright, dark = (mix(sheet.inks.ground, sheet.inks.figure, share) for share in (0.62, 0.34))
    sheet.rect(box.x, box.y, box.width, box.height, dark)
    sheet.rect(box.x + box.width * lit_from, box.y, box.width * 0.4, box.height, bright)
    sheet.rect(box.x + box.width * 0.34, box.y - 12, box.width * 0.32, 12, dark)


def _great_tower(sheet: Sheet) -> None:
    inks = sheet.inks
    shade = mix(inks.figure, inks.ground, 0.45)
    for half, top in ((9, 66), (20, 96), (34, 150), (50, 226), (68, 318)):
        sheet.rect(200 - half, top, half, STREET - top, shade)
        sheet.rect(200, top, half, STREET - top, inks.figure)
    for half, top in ((34, 150), (50, 226), (68, 318)):
        for step in range(6, half - 3, 9):
            sheet.rect(200 + step, top + 8, 2, STREET - top, shade)
            sheet.rect(200 - step - 2, top + 8, 2, STREET - top, inks.ground)
