"""A large hat and a small cap."""

from theaters.posters.kit import MARGIN, Sheet, mix
from theaters.posters.setting import Box, Style


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    sheet.disc((158, 214), 130, mix(inks.ground, inks.figure, 0.1))
    sheet.stroke("M336 548V168a30 30 0 0 0 -60 0v14", inks.figure, 9, cap="round")
    _bowler(sheet)
    _cap(sheet)
    title = Box(MARGIN, 444, 260, 96)
    sheet.set_title(title, inks.title_on(inks.ground, inks.figure), Style(most=84, lines=4, rise="bottom"))
    sheet.credits(inks.words_on(inks.ground, inks.figure))


def _bowler(sheet: Sheet) -> None:
    ink = sheet.inks.figure
    sheet.path("M74 176C74 84 104 58 158 58S242 84 242 176Z", ink)
    sheet.path("M30 172Q158 204 286 172Q290 200 254 204Q158 222 62 204Q26 200 30 172Z", ink)
    sheet.path("M74 150Q158 176 242 150L242 174Q158 200 74 174Z", sheet.inks.light)
    sheet.polygon([(138, 262), (178, 262), (186, 292), (130, 292)], ink)


def _cap(sheet: Sheet) -> None:
    light, ink = sheet.inks.light, sheet.inks.figure
    sheet.path("M146 400C140 352 176 326 224 328S296 362 288 400Q220 384 146 400Z", light)
    sheet.path("M146 398Q220 380 288 398Q300 402 310 416Q230 396 150 414Q142 406 146 398Z", ink)
    sheet.disc((222, 328), 7, ink)
