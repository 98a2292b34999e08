"""Eight typical auditoriums to begin with: as text, as docs/plans.md describes it. Each can be redrawn in the editor."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from django.utils.translation import gettext

from core.texts.lazy_text import gettext_lazy as _


@dataclass(frozen=True)
class TypicalPlan:
    """A ready-made plan: `slug` is its value in forms, `text` the drawing."""

    slug: str
    name: str
    text: str

    @property
    def name_with_seats(self) -> str:
        return gettext("%(plan)s, %(seats)s seats") % {"plan": self.name, "seats": self.seats}

    @property
    def seats(self) -> int:
        rows = [line.split(maxsplit=1)[1] for line in self.text.splitlines() if line and line[0] in ascii_uppercase]
        return sum(sign in "opswct" for row in rows for sign in row)


def _rows(*rows: str) -> str:
    """Join rows, named A, B … from the screen."""
    return "\n".join(f"{name} {row}" for name, row in zip(ascii_uppercase, rows, strict=False)) + "\n"


def _blocks(width: int, count: int, sign: str = "o") -> list[str]:
    """Rows of two blocks with an aisle between them."""
    half = sign * (width // 2)
    return [f"{half}.{half}"] * count


# Two wheelchair spaces with their companions, in the middle of a row of this width.
def _accessible(width: int) -> str:
    half = "o" * (width // 2 - 2)
    return f"{half}cw.wc{half}"


PLANS = (
    TypicalPlan("lounge", _("Lounge: sofas for two"), _rows("ss.ss.ss", "ss.ss.ss", "ss.ss.ss", "oo.wc.oo")),
    TypicalPlan("studio", _("Studio: small, without an aisle"), _rows(*["oooooooo"] * 5, "ooocwooo")),
    TypicalPlan("club", _("Club: two blocks, premium at the back"), _rows(
        _accessible(10), *_blocks(10, 6), *_blocks(10, 2, "p"),
    )),
    TypicalPlan("arthouse", _("Arthouse: long rows, one aisle"), _rows(_accessible(12), *_blocks(12, 9))),
    TypicalPlan("medium", _("Medium: two blocks, premium in the middle"), _rows(
        _accessible(16), *_blocks(16, 5), *_blocks(16, 3, "p"), *_blocks(16, 2),
    )),
    TypicalPlan("large", _("Large: three blocks, two aisles"), _rows(
        "oooo.ooocwwcooo.oooo", *["oooo.oooooooooo.oooo"] * 8, *["oooo.pppppppppp.oooo"] * 4,
    )),
    TypicalPlan("premium", _("Premium: recliners far apart, sofas at the back"), _rows(
        "p.p.cw.wc.p.p".replace(".", ""), *["pp.pp.pp.pp"] * 5, "ss.ss.ss.ss",
    )),
    TypicalPlan("hall", _("Hall: twenty rows for big evenings"), _rows(
        _accessible(24), *_blocks(24, 11), *_blocks(24, 4, "p"), *_blocks(24, 4),
    )),
)  # fmt: skip
BY_SLUG = {plan.slug: plan for plan in PLANS}
# What `plan_of_rows` can draw; more is drawn in the editor.
MOST_ROWS, LONGEST_ROW = len(ascii_uppercase), 60


def plan_of_rows(seats_in_rows: Sequence[int]) -> str:
    """A plan of ordinary seats from how many each row has, from the screen back. Shorter rows stand in the middle."""
    longest = max(seats_in_rows)
    # A column is one seat wide; a colon is half a seat of air.
    return _rows(
        *["." * ((longest - seats) // 2) + ":" * ((longest - seats) % 2) + "o" * seats for seats in seats_in_rows]
    )
