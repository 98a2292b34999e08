"""A locomotive, head on."""

from theaters.posters.kit import HEIGHT, MARGIN, WIDTH, Sheet, mix, overprint
from theaters.posters.setting import Box, Style

FACE = (200.0, 352.0)
GROUND_LINE = 540


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    _smoke(sheet)
    title = Box(MARGIN, MARGIN + 2, WIDTH - 2 * MARGIN, 104)
    sheet.set_title(title, inks.title_on(inks.ground, inks.figure), Style(block=True, lines=3, most=110))
    _engine(sheet)
    sheet.rect(0, GROUND_LINE, WIDTH, HEIGHT - GROUND_LINE, inks.figure)
    sheet.credits(inks.words_on(inks.figure, inks.ground))


def _smoke(sheet: Sheet) -> None:
    pale = mix(sheet.inks.ground, sheet.inks.figure, 0.13)
    puffs = ((214, 190, 34), (256, 168, 46), (310, 172, 52), (366, 150, 62), (420, 176, 70), (330, 214, 40))
    for x, y, radius in puffs:
        sheet.disc((x, y), radius, pale)


def _engine(sheet: Sheet) -> None:
    inks = sheet.inks
    body = inks.figure
    sheet.polygon([(172, 176), (228, 176), (218, 262), (182, 262)], body)
    sheet.rect(164, 166, 72, 14, body)
    sheet.rect(70, 430, 260, 42, body)
    for x in (84, 286):
        sheet.rect(x, 380, 30, 60, body)
        sheet.disc((x + 15, 380), 15, body)
    sheet.disc(FACE, 108, body)
    sheet.ring(FACE, 92, inks.ground, 3)
    sheet.disc(FACE, 66, inks.light)
    sheet.disc(FACE, 52, overprint(inks.light, mix(inks.light, inks.figure, 0.35)))
    for x, y in ((200, 300), (200, 404), (148, 352), (252, 352)):
        sheet.disc((x, y), 4, inks.ground)
    sheet.disc(FACE, 15, inks.ground)
    sheet.disc(FACE, 7, body)
    sheet.disc((200, 252), 29, body)
    sheet.disc((200, 252), 19, inks.light)
    sheet.disc((200, 252), 9, inks.ground)
    for x in (104, 296):
        sheet.disc((x, 451), 9, inks.light)
    sheet.polygon([(112, 472), (288, 472), (330, GROUND_LINE), (70, GROUND_LINE)], body)
    for slat in range(-4, 5):
        top, bottom = 200 + slat * 19, 200 + slat * 29
        sheet.segment((top, 480), (bottom, GROUND_LINE), inks.ground, 5)
