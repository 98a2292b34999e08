"""A wheel and its ghost."""

from theaters.posters.kit import HEIGHT, MARGIN, WIDTH, Point, Sheet, mix, polar
from theaters.posters.setting import Box, Style


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    for step in range(7):
        y = 150 + step * 44
        sheet.rect(0, y, WIDTH, 10 + step * 3, mix(inks.ground, inks.figure, 0.06 + 0.025 * step))
    _wheel(sheet, (268, 338), 192, mix(inks.ground, inks.figure, 0.55), 14)
    _wheel(sheet, (228, 322), 192, inks.light, 5)
    sheet.path(f"M0 500Q120 478 230 498T400 488V{HEIGHT}H0Z", inks.ground)
    title = Box(MARGIN, MARGIN + 2, WIDTH - 2 * MARGIN, 112)
    sheet.set_title(title, inks.title_on(inks.ground, inks.light), Style(most=60, lines=4, leading=0.95))
    sheet.credits(inks.words_on(inks.ground, inks.figure))


def _wheel(sheet: Sheet, center: Point, radius: float, color: str, thickness: float) -> None:
    turn = sheet.chance.uniform(0, 30)
    sheet.ring(center, radius, color, thickness * 1.5)
    sheet.ring(center, radius * 0.88, color, thickness * 0.5)
    for spoke in range(12):
        angle = turn + spoke * 30
        sheet.segment(polar(center, 30, angle), polar(center, radius * 0.9, angle), color, thickness)
    sheet.ring(center, 30, color, thickness)
    sheet.disc(center, 11, color)
