"""A town without a right angle, its title cut out with scissors."""

from theaters.posters.kit import HEIGHT, MARGIN, WIDTH, Sheet, mix
from theaters.posters.letters import EM, font, must_be_set_whole
from theaters.posters.setting import Box, Style, set_in_box


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    sheet.polygon([(0, 0), (250, 0), (96, 470), (0, 400)], mix(inks.ground, inks.figure, 0.24))
    sheet.polygon([(260, 0), (400, 0), (400, 430), (318, 470)], mix(inks.ground, inks.figure, 0.4))
    sheet.polygon([(214, 40), (276, 110), (236, 470), (150, 470), (176, 130)], inks.light)
    for spike in (
        [(0, 70), (168, 190), (0, 226)],
        [(400, 20), (268, 214), (400, 250)],
        [(0, 270), (120, 356), (0, 392)],
    ):
        sheet.polygon(spike, inks.figure)
    _houses(sheet)
    sheet.polygon(
        [
            (150, 470),
            (232, 470),
            (186, 410),
            (222, 352),
            (192, 300),
            (212, 256),
            (196, 256),
            (174, 304),
            (200, 352),
            (158, 410),
        ],
        mix(inks.light, inks.figure, 0.3),
    )
    _sleepwalker(sheet)
    sheet.polygon([(0, 452), (150, 424), (260, 462), (400, 432), (400, HEIGHT), (0, HEIGHT)], inks.figure)
    _cut_title(sheet, inks.title_on(inks.figure, inks.light))
    sheet.credits(inks.words_on(inks.figure, inks.ground))


def _houses(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.polygon([(18, 470), (44, 250), (80, 196), (132, 268), (112, 470)], inks.figure)
    sheet.polygon([(278, 470), (262, 286), (330, 178), (384, 300), (372, 470)], inks.figure)
    for window in (
        [(56, 276), (82, 262), (88, 306), (52, 312)],
        [(66, 352), (98, 344), (92, 388), (70, 392)],
        [(296, 290), (330, 276), (334, 322), (290, 326)],
        [(312, 366), (348, 360), (344, 404), (318, 410)],
    ):
        sheet.polygon(window, inks.light)


def _sleepwalker(sheet: Sheet) -> None:
    ink = sheet.inks.figure
    sheet.polygon([(196, 308), (212, 306), (222, 402), (208, 404), (203, 360), (198, 406), (184, 404)], ink)
    sheet.disc((205, 294), 11, ink)
    sheet.segment((208, 318), (250, 300), ink, 6, cap="round")


def _cut_title(sheet: Sheet, color: str) -> None:
    """Every letter leans a little, as paper letters do."""
    style = Style(most=60, lines=4, leading=1.0, tracking=0.02)
    face = font("bold")
    cut = []
    for row in set_in_box(sheet.title, Box(MARGIN, 468, WIDTH - 2 * MARGIN - 8, 78), style):
        if must_be_set_whole(row.text):
            cut.append(sheet.case.line(row.text, row.x, row.y, row.size, tracking=style.tracking))
            continue
        x = row.x
        for letter in row.text:
            if not letter.isspace():
                lean, drop = sheet.chance.uniform(-6, 6), sheet.chance.uniform(-0.03, 0.03) * row.size
                cut.append(sheet.case.leaning(letter, x, row.y + drop, row.size, lean))
            x += (face.glyph(letter).advance / EM + style.tracking) * row.size
    sheet.shapes.append(f'<g fill="{color}">{"".join(cut)}</g>')
