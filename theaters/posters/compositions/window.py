"""A window that was boarded up too late."""

from theaters.posters.kit import BLACK, MARGIN, WIDTH, Point, Sheet, mix
from theaters.posters.letters import number
from theaters.posters.setting import Box, Style

LEFT, TOP, RIGHT, BOTTOM = 62, 176, 338, 520


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    sheet.rect(LEFT - 12, TOP - 12, RIGHT - LEFT + 24, BOTTOM - TOP + 24, mix(inks.ground, inks.figure, 0.35))
    pane = f'<rect x="{LEFT}" y="{TOP}" width="{RIGHT - LEFT}" height="{BOTTOM - TOP}"/>'
    sheet.begin_clip(pane)
    sheet.rect(LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP, inks.light)
    sheet.disc((286, 226), 34, mix(inks.light, "#ffffff", 0.6))
    _visitor(sheet, (122, 372), 34, mix(inks.light, inks.figure, 0.75), lean=-8)
    _visitor(sheet, (290, 360), 36, mix(inks.light, inks.figure, 0.75), lean=10)
    _visitor(sheet, (206, 336), 44, inks.ground, lean=5)
    sheet.end()
    _hand(sheet, 108, 330)
    _hand(sheet, 300, 420)
    for y, lean in ((236, -5), (398, 7), (474, -3)):
        _board(sheet, y, lean)
    title = Box(MARGIN, MARGIN, WIDTH - 2 * MARGIN, 116)
    sheet.set_title(title, inks.title_on(inks.ground, inks.light), Style(most=66, lines=3, block=True))
    sheet.credits(inks.words_on(inks.ground, inks.light))


def _visitor(sheet: Sheet, place: Point, size: float, color: str, *, lean: float) -> None:
    """A head on shoulders, drawn in heads."""
    sheet.begin(f"translate({number(place[0])} {number(place[1])}) rotate({number(lean)}) scale({number(size)})")
    sheet.path("M-2 8V2.3Q-1.9 1.3 0 1.2Q1.9 1.3 2 2.3V8Z", color)
    sheet.path("M-.8-.2C-.8-1.4.8-1.4.8-.2C.8.6.4 1.1.3 1.6H-.3C-.4 1.1-.8.6-.8-.2Z", color)
    sheet.end()


def _hand(sheet: Sheet, x: float, y: float) -> None:
    ink = sheet.inks.ground
    sheet.segment((x, y + 120), (x, y + 30), ink, 22, cap="round")
    sheet.disc((x, y + 22), 17, ink)
    for finger, (reach, lean) in enumerate(((30, -15), (44, -7), (46, 3), (36, 13))):
        start = (x - 12 + finger * 8, y + 16)
        sheet.segment(start, (start[0] + lean, y + 14 - reach), ink, 7, cap="round")
    sheet.segment((x + 12, y + 26), (x + 32, y + 6), ink, 7, cap="round")


def _board(sheet: Sheet, y: float, lean: float) -> None:
    wood = sheet.inks.figure
    sheet.begin(f"translate(200 {number(y)}) rotate({number(lean)})")
    sheet.rect(-184, -19, 368, 38, mix(wood, BLACK, 0.25))
    sheet.rect(-184, -19, 368, 31, wood)
    for x in (-164, 164):
        for nail in (-9, 5):
            sheet.disc((x, nail), 2.6, sheet.inks.ground)
    sheet.end()
