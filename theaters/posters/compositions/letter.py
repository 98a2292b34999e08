"""One letter, as large as the paper, with a disc printed over it."""

from theaters.posters.kit import MARGIN, WIDTH, Sheet, circle_shape, overprint
from theaters.posters.letters import CAP, width
from theaters.posters.setting import TIED_TO_THE_NEXT, Box, Style

TOP, TALL = 112, 428


def draw(sheet: Sheet) -> None:
    inks = sheet.inks
    sheet.fill(inks.ground)
    letter = _initial(sheet.title)
    size = min(TALL / CAP, 424 / width(letter))
    at = ((WIDTH - width(letter) * size) / 2 - 26, TOP + (TALL + CAP * size) / 2)
    disc = (sheet.chance.uniform(270, 312), sheet.chance.uniform(300, 390))
    sheet.disc(disc, 96, inks.light)
    sheet.words(letter, at, size, inks.figure, weight="bold")
    sheet.begin_clip(circle_shape(disc, 96))
    sheet.words(letter, at, size, overprint(inks.figure, inks.light), weight="bold")
    sheet.end()
    title = Box(MARGIN, MARGIN + 2, WIDTH - 2 * MARGIN, 60)
    sheet.set_title(title, inks.title_on(inks.ground, inks.figure), Style(most=76, lines=4))
    sheet.credits(inks.words_on(inks.ground, inks.figure))


def _initial(title: str) -> str:
    """The first letter that counts: of The Kid it is K."""
    words = [word for word in title.split() if word.lower() not in TIED_TO_THE_NEXT] or title.split()
    letters = (letter for word in words for letter in word if letter.isalnum())
    return next(letters, "M").upper()[:1]
