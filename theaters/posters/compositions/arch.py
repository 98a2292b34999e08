"""Gates within gates, cut from paper, and a night behind the last one."""

from theaters.posters.kit import HEIGHT, MARGIN, WIDTH, Sheet, mix, pen, polar
from theaters.posters.setting import Box, Style

FLOOR = 452


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.figure)
    steps = (
        (178, 30, inks.ground),
        (152, 66, mix(inks.ground, inks.figure, 0.32)),
        (128, 100, inks.light),
        (104, 134, inks.figure),
    )
    for half, top, color in steps:
        sheet.path(_gate(half, top), color)
    for turn in range(-80, 81, 16):
        sheet.disc(polar((200, 208), 146, turn), 5, inks.figure)
    _night(sheet)
    sheet.rect(0, FLOOR, WIDTH, HEIGHT - FLOOR, inks.figure)
    title = Box(MARGIN, FLOOR + 20, WIDTH - 2 * MARGIN, 78)
    sheet.set_title(
        title, inks.words_on(inks.figure, inks.light), Style(most=60, lines=4, rise="middle", align="center")
    )
    sheet.credits(inks.words_on(inks.figure, inks.ground))


def _gate(half: float, top: float) -> str:
    """An onion arch: straight walls, a wide belly, a point."""
    left, right, spring = 200 - half, 200 + half, top + half * 1.15
    belly = half * 0.16
    left_side = ("V", spring, "C", left - belly, spring - half * 0.62, 200 - half * 0.34, top + half * 0.42, 200, top)
    right_side = ("C", 200 + half * 0.34, top + half * 0.42, right + belly, spring - half * 0.62, right, spring)
    return pen("M", left, FLOOR, *left_side, *right_side, "V", FLOOR, "Z")


def _night(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.disc((228, 262), 40, inks.light)
    sheet.disc((212, 252), 36, inks.figure)
    for _ in range(14):
        sheet.disc(
            (sheet.chance.uniform(120, 280), sheet.chance.uniform(210, 380)),
            sheet.chance.choice((1.2, 1.8)),
            inks.light,
        )
    for x, top, half in ((128, 352, 6), (272, 338, 6), (164, 392, 20), (236, 380, 24)):
        sheet.rect(x - half, top, half * 2, FLOOR - top, inks.ground)
        bulge, swell, tip = half * 1.3, top - half * 1.1, top - half * 2.4
        dome = pen("M", x - half, top, "Q", x - bulge, swell, x, tip, "Q", x + bulge, swell, x + half, top, "Z")
        sheet.path(dome, inks.ground)
