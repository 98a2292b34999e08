"""Seat categories: the meaning of their codes. The categories of a theater and their names are rows
(models/seat_categories.py).

A code says how seats of the category are sold, wherever it stands: in a plan, a price, a file. S-, W- and C- begin the
codes of sofas, wheelchair spaces and companion seats; the usual five are older than that rule. So an edit in the office
never changes how a seat is sold, and asking costs no query (docs/adr/0061).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.text import slugify

from theaters.states import SeatBehavior, UsualCategory

CODE_LENGTH, LONGEST_NAME = 10, 40
# A search for seats asks these questions some thousand times.
KNOWN_CODES = 1000
CODE = re.compile(r"[A-Z][A-Z0-9-]{1,9}")
is_code = RegexValidator(rf"\A{CODE.pattern}\Z")
STANDARD = UsualCategory.STANDARD.value
_OF_USUAL = {
    "SOFA": SeatBehavior.UNIT, "WHEELCHAIR": SeatBehavior.WHEELCHAIR, "COMPANION": SeatBehavior.COMPANION,
}  # fmt: skip
PREFIXES = {SeatBehavior.UNIT: "S-", SeatBehavior.WHEELCHAIR: "W-", SeatBehavior.COMPANION: "C-"}
_BY_PREFIX = {prefix: behavior for behavior, prefix in PREFIXES.items()}


def behavior_of(code: str) -> SeatBehavior:
    """How seats of this category are sold."""
    return _OF_USUAL.get(code) or _BY_PREFIX.get(code[:2], SeatBehavior.ORDINARY)


def is_sofa(code: str) -> bool:
    return behavior_of(code) == SeatBehavior.UNIT


@lru_cache(maxsize=KNOWN_CODES)
def is_wheelchair(code: str) -> bool:
    return behavior_of(code) == SeatBehavior.WHEELCHAIR


@lru_cache(maxsize=KNOWN_CODES)
def is_companion(code: str) -> bool:
    return behavior_of(code) == SeatBehavior.COMPANION


@lru_cache(maxsize=KNOWN_CODES)
def is_for_some(code: str) -> bool:
    """Whether the category is for wheelchair users and their companions."""
    return is_wheelchair(code) or is_companion(code)


def looks_of(code: str) -> str:
    """Classes of a seat's picture: its own, and that of the usual category which is sold as it is."""
    alike = next((usual for usual, found in _OF_USUAL.items() if found == behavior_of(code)), code)
    return " ".join(dict.fromkeys((code.lower(), alike.lower())))


def with_behavior(*behaviors: SeatBehavior, field: str = "category") -> Q:
    """A database filter for seats with one of these behaviors, except ordinary ones."""
    condition = Q()
    for behavior in behaviors:
        usual = [code for code, found in _OF_USUAL.items() if found == behavior]
        condition |= Q(**{f"{field}__in": usual}) | Q(**{f"{field}__startswith": PREFIXES[behavior]})
    return condition


def usual_name(code: str) -> str:
    """The usual name of a category, for theaters without a name of their own; the code if it is none of the usual ones."""
    return str(UsualCategory(code).label) if code in UsualCategory else code


@dataclass(frozen=True)
class CategoryFacts:
    """A category. `name` is in the reader's language; `own_name` the theater's own, or ''."""

    code: str
    name: str
    own_name: str = ""
    note: str = ""
    sign: str = ""
    colors: tuple[str, str] = ("", "")
    is_archived: bool = False


@dataclass(frozen=True)
class Categories:
    """The list of one theater, the lowest first. `css_url` has its colors and signs; "" where it has chosen none."""

    facts: tuple[CategoryFacts, ...] = ()
    css_url: str = ""

    @cached_property
    def _by_code(self) -> dict[str, CategoryFacts]:
        return {one.code: one for one in self.facts}

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Ranks by code, from 0: later categories in the list count as better."""
        return {one.code: rank for rank, one in enumerate(self.facts)}

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def of(self, code: str) -> CategoryFacts:
        return self._by_code.get(code) or CategoryFacts(code, usual_name(code))

    def name(self, code: str) -> str:
        return self.of(code).name

    def in_order(self, codes: Iterable[str]) -> list[CategoryFacts]:
        """The categories of these codes, each once, in the theater's order."""
        last = len(self.facts)
        return [self.of(code) for code in sorted(set(codes), key=lambda code: (self.ranks.get(code, last), code))]

    def with_more(self, names: Mapping[str, str]) -> "Categories":
        """These categories and those of a file, by code, as they would look here."""
        return replace(self, facts=(*self.facts, *(CategoryFacts(code, name, name) for code, name in names.items())))

    def in_use(self) -> list[CategoryFacts]:
        """The categories that new plans and prices may use."""
        return [one for one in self.facts if not one.is_archived]


def code_for(name: str, behavior: SeatBehavior, *, taken: Collection[str]) -> str:
    """A free code that reads like the name: LOGE, S-KUSCHEL, SEAT2 for a name without Latin letters."""
    prefix = PREFIXES.get(behavior, "")
    word = re.sub(r"[^A-Z0-9]", "", slugify(name).upper()).lstrip("0123456789")
    word = word if len(word) > 1 else f"SEAT{word}"
    for number in range(1, 10_000):
        ending = "" if number == 1 else str(number)
        code = f"{prefix}{word[: CODE_LENGTH - len(prefix) - len(ending)]}{ending}"
        if code not in taken and code not in UsualCategory:
            return code
    raise AssertionError("A theater has fewer than ten thousand seat categories.")
