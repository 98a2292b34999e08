"""Snow, a low sun and a hut that stands where no hut should."""

from theaters.posters.kit import BLACK, HEIGHT, MARGIN, WIDTH, Sheet, mix
from theaters.posters.setting import Box, Style


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    deep = mix(inks.ground, BLACK, 0.66)
    shade = mix(inks.ground, inks.figure, 0.42)
    sheet.fill(inks.ground)
    sheet.disc((104, 206), 66, inks.light)
    sheet.polygon([(-70, 480), (64, 250), (200, 480)], mix(inks.ground, inks.figure, 0.3))
    sheet.polygon([(64, 250), (200, 480), (84, 480), (98, 380), (72, 330)], mix(inks.ground, deep, 0.2))
    sheet.polygon([(10, 500), (214, 138), (252, 204), (420, 290), (420, 500)], inks.figure)
    sheet.polygon(
        [(214, 138), (252, 204), (268, 212), (244, 300), (272, 360), (236, 500), (176, 500), (216, 330), (192, 250)],
        shade,
    )
    sheet.polygon([(420, 290), (252, 204), (268, 212), (330, 320), (316, 392), (372, 500), (420, 500)], shade)
    _hut(sheet, deep)
    sheet.path(f"M0 470Q90 424 210 462T400 470V{HEIGHT}H0Z", mix(inks.figure, inks.ground, 0.12))
    sheet.path(f"M0 536Q150 486 400 548V{HEIGHT}H0Z", inks.figure)
    for step in range(11):
        along = step / 10
        at = (34 + 190 * along, 520 - 96 * along - 26 * along * (1 - along) + (step % 2) * (6 - 4 * along))
        sheet.disc(at, 3.2 - 1.6 * along, mix(inks.figure, deep, 0.6))
    title = Box(MARGIN, MARGIN + 2, WIDTH - 2 * MARGIN, 84)
    sheet.set_title(
        title, inks.title_on(inks.ground, mix(inks.ground, BLACK, 0.85)), Style(block=True, most=120, lines=3)
    )
    sheet.credits(inks.words_on(inks.figure, deep))


def _hut(sheet: Sheet, ink: str) -> None:
    sheet.begin("translate(330 243) rotate(33)")
    sheet.rect(-36, -46, 76, 46, ink)
    sheet.polygon([(-50, -44), (2, -84), (54, -44)], ink)
    sheet.polygon([(-50, -44), (2, -84), (54, -44), (44, -44), (2, -74), (-40, -44)], sheet.inks.figure)
    sheet.rect(24, -88, 10, 28, ink)
    sheet.rect(-9, -34, 20, 20, sheet.inks.light)
    sheet.end()
