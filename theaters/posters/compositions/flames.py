"""A horned head before a fire."""

from theaters.posters.kit import HEIGHT, MARGIN, WIDTH, Sheet, mix, pen
from theaters.posters.setting import Box, Style

MOON = (200.0, 250.0)


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    sheet.disc(MOON, 176, mix(inks.ground, inks.figure, 0.45))
    sheet.disc(MOON, 140, inks.light)
    _head(sheet)
    _fire(sheet, 460, 92, inks.figure)
    _fire(sheet, 506, 64, inks.light)
    sheet.path(f"M0 548Q200 520 400 548V{HEIGHT}H0Z", inks.ground)
    title = Box(MARGIN, MARGIN + 2, WIDTH - 2 * MARGIN, 64)
    sheet.set_title(title, inks.title_on(inks.ground, inks.light), Style(most=96, lines=4, align="center"))
    sheet.credits(inks.words_on(inks.ground, inks.light))


def _head(sheet: Sheet) -> None:
    ink = sheet.inks.ground
    sheet.path("M178 256C120 250 84 206 92 132C110 180 146 200 188 210Z", ink)
    sheet.path("M222 256C280 250 316 206 308 132C290 180 254 200 212 210Z", ink)
    sheet.path("M154 236L96 262L158 282Z", ink)
    sheet.path("M246 236L304 262L242 282Z", ink)
    sheet.path("M148 240Q200 176 252 240Q262 320 224 372L200 412L176 372Q138 320 148 240Z", ink)
    sheet.path("M80 520Q96 372 176 356H224Q304 372 320 520Z", ink)
    for side in (-1, 1):
        corners = [(200 + side * 16, 296), (200 + side * 40, 278), (200 + side * 34, 298)]
        sheet.polygon(corners, sheet.inks.figure)


def _fire(sheet: Sheet, top: float, step: float, color: str) -> None:
    x = -step / 2 - sheet.chance.uniform(0, step / 2)
    commands = pen("M", x, HEIGHT, "V", top + 40)
    while x < WIDTH + step:
        tip = top - sheet.chance.uniform(0, 66)
        lean = sheet.chance.uniform(-0.1, 0.5) * step
        commands += pen("C", x, top, x + lean, top - 20, x + step / 2 + lean, tip)
        commands += pen("C", x + step / 2, top, x + step, top + 10, x + step, top + 46)
        x += step
    sheet.path(commands + pen("V", HEIGHT, "Z"), color)
