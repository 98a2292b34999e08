"""A road at night that does not go where it should."""

from theaters.posters.kit import BLACK, MARGIN, WIDTH, Sheet, mix
from theaters.posters.letters import number
from theaters.posters.setting import Box, Style

HORIZON = 268.0
LEFT_EDGE = "M-70 600C60 486 322 482 300 408C284 356 146 372 156 318C162 288 216 284 233 268"
RIGHT_EDGE = "H243C238 290 198 298 206 320C218 354 382 346 390 420C396 512 360 520 380 600Z"
MIDDLE = "M150 600C214 512 366 494 345 414C330 352 170 362 181 319C187 296 228 286 239 270"


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    night = mix(inks.ground, BLACK, 0.35)
    sheet.fill(inks.ground)
    sheet.disc((112, HORIZON), 96, inks.light)
    sheet.path("M0 268V236L62 206L128 240L206 190L276 244L334 214L400 246V268Z", mix(inks.ground, inks.figure, 0.5))
    sheet.rect(0, HORIZON, WIDTH, 340, inks.figure)
    sheet.path(LEFT_EDGE + RIGHT_EDGE, night)
    dashes = f'fill="none" stroke="{inks.light}" stroke-width="5" stroke-dasharray="30 22"'
    sheet.shapes.append(f'<path d="{MIDDLE}" {dashes}/>')
    for x, foot, tall in ((52, 520, 300), (104, 424, 194), (139, 366, 128), (164, 332, 86), (182, 310, 58)):
        _pole(sheet, x, foot, tall, night)
    title = Box(MARGIN, MARGIN + 2, WIDTH - 2 * MARGIN, 100)
    sheet.set_title(title, inks.title_on(inks.ground, inks.light), Style(most=112, lines=4))
    sheet.credits(inks.words_on(night, inks.light))


def _pole(sheet: Sheet, x: float, foot: float, tall: float, color: str) -> None:
    top, arm = foot - tall, tall * 0.13
    sheet.segment((x, foot), (x, top), color, max(1.4, tall * 0.028))
    for down in (0.06, 0.15):
        y = top + tall * down
        sheet.stroke(f"M{number(x - arm)} {number(y)}H{number(x + arm)}", color, max(1.2, tall * 0.02))
