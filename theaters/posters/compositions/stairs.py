"""A line of men at the head of the stairs, and their shadows, which arrive first."""

from theaters.posters.kit import HEIGHT, MARGIN, WIDTH, Sheet, mix
from theaters.posters.setting import Box, Style

HEAD = 176.0


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    _steps(sheet)
    for place in range(7):
        _soldier(sheet, 48 + place * 50)
    _fallen(sheet)
    title = Box(MARGIN, 470, WIDTH - 2 * MARGIN, 78)
    sheet.rect(0, 452, WIDTH, HEIGHT - 452, inks.figure)
    sheet.set_title(title, inks.title_on(inks.figure, inks.ground), Style(block=True, lines=3, rise="top", most=80))
    sheet.credits(inks.words_on(inks.figure, inks.ground))


def _steps(sheet: Sheet) -> None:
    y, tread = HEAD, 13.0
    while y < 452:
        sheet.rect(0, y, WIDTH, tread * 0.34, mix(sheet.inks.ground, sheet.inks.figure, 0.34))
        y += tread
        tread *= 1.09


def _soldier(sheet: Sheet, x: float) -> None:
    ink = sheet.inks.figure
    sheet.polygon([(x - 11, HEAD), (x + 11, HEAD), (x - 62, 452), (x - 106, 452)], mix(sheet.inks.ground, ink, 0.72))
    sheet.rect(x - 11, 92, 22, 50, ink)
    sheet.rect(x - 10, 140, 8, 37, ink)
    sheet.rect(x + 2, 140, 8, 37, ink)
    sheet.disc((x, 80), 9, ink)
    sheet.rect(x - 10, 70, 20, 6, ink)
    sheet.segment((x - 15, 142), (x + 24, 46), ink, 3.5)


def _fallen(sheet: Sheet) -> None:
    """The one spot of color: a carriage on its way down."""
    red = sheet.inks.light
    sheet.begin("translate(292 372) rotate(17)")
    sheet.path("M-34 -22H30Q30 18 -2 18T-34 -22Z", red)
    sheet.path("M4 -22Q6 -52 36 -44L30 -22Z", red)
    for x in (-18, 16):
        sheet.ring((x, 28), 10, red, 4)
    sheet.segment((-34, -22), (-52, -38), red, 4, cap="round")
    sheet.end()
