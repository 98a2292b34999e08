"""A hand that is longer than a hand should be, on a lit wall."""

import math
from itertools import pairwise

from theaters.posters.kit import HEIGHT, MARGIN, WIDTH, Point, Sheet, mix, polar
from theaters.posters.setting import Box, Style

# Where a finger leaves the palm, which way its bones point (0 is up), how long they are, how thick it begins.
FINGERS = (
    ((128, 352), (-42, -20, 4), (78, 78, 84), 15),
    ((160, 322), (-16, 2, 20), (96, 92, 92), 16),
    ((194, 318), (8, 24, 44), (98, 90, 92), 16),
    ((224, 338), (30, 46, 68), (82, 78, 80), 15),
    ((118, 404), (-78, -52, -28), (56, 52, 54), 15),
)


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    sheet.polygon([(64, 0), (400, 0), (400, 430), (28, 462)], mix(inks.ground, inks.figure, 0.55))
    sheet.polygon([(92, 0), (372, 0), (372, 402), (60, 428)], inks.light)
    for bar in (0.34, 0.67):
        sheet.segment((92 + 280 * bar, 0), (60 + 312 * bar, 428), mix(inks.light, inks.figure, 0.55), 5)
    sheet.segment((82, 140), (372, 132), mix(inks.light, inks.figure, 0.55), 5)
    _hand(sheet)
    sheet.rect(0, 462, WIDTH, HEIGHT - 462, inks.ground)
    title = Box(MARGIN, 474, WIDTH - 2 * MARGIN, 70)
    sheet.set_title(title, inks.title_on(inks.ground, inks.light), Style(most=96, lines=4, rise="middle"))
    sheet.credits(inks.words_on(inks.ground, inks.figure))


def _hand(sheet: Sheet) -> None:
    ink = sheet.inks.ground
    sheet.path(
        "M100 470C124 446 118 420 104 400Q112 350 150 324Q190 302 222 326Q250 356 234 396C222 424 222 448 236 470Z", ink
    )
    for start, turns, lengths, thickness in FINGERS:
        joints: list[Point] = [start]
        for turn, length in zip(turns, lengths, strict=True):
            joints.append(polar(joints[-1], length, turn))
        _finger(sheet, joints, thickness)


def _finger(sheet: Sheet, joints: list[Point], thickness: float) -> None:
    """Thick at the palm, knotted at each joint, a needle at the end."""
    waists = (thickness, thickness * 0.62, thickness * 0.46, 0.6)
    for (start, end), (wide, narrow) in zip(pairwise(joints), pairwise(waists), strict=True):
        along = math.dist(start, end)
        across = ((end[1] - start[1]) / along, (start[0] - end[0]) / along)
        left, right = ([_aside(start, across, side * wide), _aside(end, across, side * narrow)] for side in (1, -1))
        sheet.polygon([*left, *reversed(right)], sheet.inks.ground)
        sheet.disc(start, wide * 1.08, sheet.inks.ground)


def _aside(point: Point, across: Point, by: float) -> Point:
    return point[0] + across[0] * by, point[1] + across[1] * by
