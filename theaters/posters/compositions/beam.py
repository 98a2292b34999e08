"""A picture house: the lit screen, the heads before it, and one who walks into the picture."""

from theaters.posters.kit import BLACK, HEIGHT, WIDTH, Sheet, mix
from theaters.posters.setting import Box, Style

LEFT, TOP, RIGHT, BOTTOM = 44, 58, 356, 330


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    glow = [(LEFT, TOP), (RIGHT, TOP), (RIGHT, BOTTOM), (216, 640), (184, 640), (LEFT, BOTTOM)]
    sheet.polygon(glow, mix(inks.ground, inks.figure, 0.3))
    sheet.polygon([(LEFT, BOTTOM), (RIGHT, BOTTOM), (216, 640), (184, 640)], mix(inks.ground, inks.figure, 0.42))
    sheet.rect(LEFT - 9, TOP - 9, RIGHT - LEFT + 18, BOTTOM - TOP + 18, inks.figure)
    sheet.rect(LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP, inks.light)
    title = Box(LEFT + 20, TOP + 22, RIGHT - LEFT - 40, 130)
    sheet.set_title(title, inks.title_on(inks.light, inks.ground), Style(most=66, lines=4))
    _walker(sheet)
    _audience(sheet)
    sheet.credits(inks.words_on(mix(inks.ground, BLACK, 0.55), inks.figure))


def _walker(sheet: Sheet) -> None:
    """A flat hat, a long stride: one foot is in the picture already."""
    ink = sheet.inks.ground
    x, y = 262, 250
    sheet.rect(x - 24, y - 42, 48, 6, ink)
    sheet.rect(x - 14, y - 54, 28, 13, ink)
    sheet.disc((x, y - 26), 13, ink)
    sheet.polygon([(x - 17, y - 10), (x + 17, y - 10), (x + 13, y + 42), (x - 13, y + 42)], ink)
    sheet.segment((x + 12, y - 4), (x + 38, y + 26), ink, 9, cap="round")
    sheet.segment((x - 12, y - 4), (x - 30, y + 30), ink, 9, cap="round")
    sheet.segment((x - 4, y + 38), (x - 30, y + 98), ink, 12, cap="round")
    sheet.segment((x + 4, y + 38), (x + 24, y + 78), ink, 12, cap="round")
    sheet.segment((x + 24, y + 78), (x + 36, y + 78), ink, 9, cap="round")
    sheet.segment((x - 30, y + 98), (x - 16, y + 99), ink, 9, cap="round")


def _audience(sheet: Sheet) -> None:
    deep = mix(sheet.inks.ground, BLACK, 0.55)
    for row, (y, size, step, color) in enumerate(
        ((446, 21, 62, mix(sheet.inks.ground, BLACK, 0.25)), (506, 27, 78, deep)),
    ):
        x = -20 + row * 26
        while x < WIDTH + 40:
            tall = sheet.chance.randrange(-8, 9)
            sheet.disc((x, y + tall), size, color)
            sheet.rect(x - size * 1.25, y + tall + size * 1.4, size * 2.5, 120, color)
            sheet.disc((x, y + tall + size * 1.7), size * 1.25, color)
            x += step
    sheet.rect(0, 548, WIDTH, HEIGHT - 548, deep)
