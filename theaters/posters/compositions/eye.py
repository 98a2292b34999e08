"""An eye on a tripod."""

from theaters.posters.kit import MARGIN, WIDTH, Sheet, mix, pen, polar
from theaters.posters.setting import Box, Style

CENTER = (200.0, 212.0)


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    for start, end in (((200, 260), (84, 640)), ((200, 260), (316, 640)), ((200, 260), (206, 640))):
        sheet.segment(start, end, inks.figure, 11)
    sheet.disc((200, 316), 17, inks.figure)
    _lashes(sheet)
    sheet.path("M16 212Q200 24 384 212Q200 400 16 212Z", inks.figure)
    sheet.path("M38 212Q200 50 362 212Q200 374 38 212Z", inks.light)
    sheet.disc(CENTER, 84, inks.figure)
    _aperture(sheet)
    sheet.disc((228, 184), 11, inks.light)
    title = Box(MARGIN, 414, WIDTH - 2 * MARGIN, 128)
    sheet.set_title(title, inks.title_on(inks.ground, inks.light), Style(block=True, lines=3, rise="bottom", most=120))
    sheet.credits(inks.words_on(inks.ground, inks.light))


def _lashes(sheet: Sheet) -> None:
    for turn in range(-48, 49, 16):
        sheet.segment(polar(CENTER, 112, turn), polar(CENTER, 158 - abs(turn) * 0.3, turn), sheet.inks.figure, 8)


def _aperture(sheet: Sheet) -> None:
    """The blades of a diaphragm, half closed."""
    inks = sheet.inks
    blades, turn = 7, sheet.chance.uniform(0, 50)
    for blade in range(blades):
        angle = turn + blade * 360 / blades
        outer, inner = polar(CENTER, 76, angle), polar(CENTER, 31, angle + 62)
        following = polar(CENTER, 76, angle + 360 / blades - 5)
        shape = pen("M", *outer, "A", 76, 76, 0, 0, 1, *following, "L", *inner, "Z")
        sheet.path(shape, inks.ground if blade % 2 else mix(inks.ground, inks.figure, 0.28))
    sheet.disc(CENTER, 27, inks.figure)
