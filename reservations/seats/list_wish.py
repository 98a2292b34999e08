"""What is asked of the list of seats, and its address. Pure."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict

from core.texts.lazy_text import gettext_lazy as _
from reservations.seats.fact_words import ARMREST_LIFTS, HEARING_LOOP, STEPS
from theaters.seat_categories import CODE
from theaters.seat_facts import KnownFacts

LIST, LIST_AND_MAP = "list", "both"
TICKS = {
    "aisle": "aisle",
    "exit": "near_exit",
    "stepfree": "step_free",
    "loop": "hearing_loop",
    "armrest": "armrest_lifts",
}
FIELDS = {"count", "category", "sort", *TICKS}
MOST_PEOPLE = 20
LONGEST_NUMBER = 2
SORTS: dict[str, str] = {
    "needs": _("What you need first"),
    "row": _("From the screen"),
    "best": _("Best seats first"),
    "price": _("Lowest price first"),
    "screen": _("Largest view of the screen first"),
    "aisle": _("Beside an aisle first"),
    "exit": _("Nearest to an exit first"),
    "steps": _("Fewest steps first"),
    "loop": _("Hearing loop first"),
    "armrest": _("Armrest that lifts first"),
}
# The fact by which each sort orders the seats.
FACT_OF_SORT = {"steps": STEPS, "loop": HEARING_LOOP, "armrest": ARMREST_LIFTS}


@dataclass(frozen=True)
class ListWish:
    """The settings of the list: number of people side by side, category ("" is any), order.

    `aisle`: only what has a seat beside an aisle; `near_exit`: only in rows near an exit; `step_free`, `hearing_loop`:
    only where that is known of all its seats; `armrest_lifts`: of one of them. `has_map`: the map stands below the
    list, for a browser without scripts.
    """

    count: int = 1
    category: str = ""
    sort: str = "row"
    aisle: bool = False
    near_exit: bool = False
    step_free: bool = False
    hearing_loop: bool = False
    armrest_lifts: bool = False
    has_map: bool = False
    is_typed: bool = field(default=False, compare=False)  # sent by the form of the list, so saved needs do not apply

    @property
    def view(self) -> str:
        return LIST_AND_MAP if self.has_map else LIST

    @property
    def is_narrowed(self) -> bool:
        return bool(self.category) or any(getattr(self, name) for name in TICKS.values())

    @property
    def asked(self) -> set[str]:
        """The facts of seats that it filters or orders by."""
        ticked = {STEPS: self.step_free, HEARING_LOOP: self.hearing_loop, ARMREST_LIFTS: self.armrest_lifts}
        return {name for name, is_ticked in ticked.items() if is_ticked or FACT_OF_SORT.get(self.sort) == name}

    def as_known(self, known: KnownFacts) -> "ListWish":
        """The wish without facts that the plan does not know, because they would hide every seat."""
        return replace(
            self,
            step_free=self.step_free and known.steps,
            hearing_loop=self.hearing_loop and known.hearing_loop,
            armrest_lifts=self.armrest_lifts and known.armrest_lifts,
        )

    @property
    def query(self) -> str:
        """The query string of this list's address."""
        fields = {"view": self.view, "count": self.count, "category": self.category, "sort": self.sort}
        fields |= {tick: "yes" if getattr(self, name) else "" for tick, name in TICKS.items()}
        usual = {"count": None if self.is_typed else 1, "category": "", "sort": "row", **dict.fromkeys(TICKS, "")}
        return urlencode({name: value for name, value in fields.items() if value != usual.get(name)})


def list_wish_of(asked: QueryDict, usual: ListWish | None = None) -> ListWish | None:
    """Read the wish from the address; None if the map is asked for.

    Unknown values are ignored. `usual` is where the list begins for somebody with saved needs, until they use its
    form.
    """
    if asked.get("view") not in {LIST, LIST_AND_MAP}:
        return None
    has_map = asked["view"] == LIST_AND_MAP
    if usual is not None and not FIELDS & asked.keys():
        return replace(usual, has_map=has_map)
    raw, category, sort = asked.get("count", ""), asked.get("category", ""), asked.get("sort", "")
    is_number = raw.isascii() and raw.isdecimal() and len(raw) <= LONGEST_NUMBER
    return ListWish(
        count=min(max(int(raw), 1), MOST_PEOPLE) if is_number else 1,
        category=category.lower() if CODE.fullmatch(category.upper()) else "",
        sort=sort if sort in SORTS else "row",
        **{name: tick in asked for tick, name in TICKS.items()},
        has_map=has_map,
        is_typed="count" in asked,
    )
