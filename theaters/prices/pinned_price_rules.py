"""Price rules as they are stored with the prices of showtimes on sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.texts.languages import current_language
from theaters.early_ends import LAST_MINUTE, EarlyEnd, until_clock
from theaters.models import PriceRule
from theaters.states import PriceRuleKind

ORDER = list(PriceRuleKind)


@dataclass(frozen=True)
class PinnedRule:
    """A stored price rule, with an amount or a percentage. No ticket types means all of them."""

    kind: PriceRuleKind
    name: str
    amount: Decimal | None = None
    percent: Decimal | None = None
    hours_before: int = 0
    ticket_types: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()  # by language
    ends_at: datetime | None = None

    @property
    def shown_name(self) -> str:
        """The name in the reader's language, else the name itself."""
        return dict(self.names).get(current_language()) or self.name

    @property
    def end(self) -> EarlyEnd:
        """When the early bird ends. Only for early birds."""
        return EarlyEnd(at=self.ends_at) if self.ends_at is not None else EarlyEnd(self.hours_before)

    def is_for(self, code: str) -> bool:
        return not self.ticket_types or code in self.ticket_types


@dataclass(frozen=True)
class Start:
    """The start of a showtime: moment, zone and business day. Early birds end before it."""

    at: datetime
    zone: ZoneInfo
    on: date


def pinned(rule: PriceRule, start: Start) -> PinnedRule:
    ends_at = _ends_at(rule, start)
    names = {language: texts.get("name", "") for language, texts in rule.translations.items()}
    return PinnedRule(
        kind=PriceRuleKind(rule.kind),
        name=rule.name,
        amount=rule.amount,
        percent=rule.percent,
        hours_before=rule.hours_before if ends_at is None else 0,
        ticket_types=tuple(sorted(rule.ticket_types)),
        names=tuple(sorted(names.items())),
        ends_at=ends_at,
    )


def _ends_at(rule: PriceRule, start: Start) -> datetime | None:
    """The moment of an early bird that ends at a time of day or on a date; None for one that ends some time before the
    start, because that moves with the start.
    """
    if rule.until_day is not None:
        return until_clock(rule.until_day, rule.until_clock or LAST_MINUTE, start.zone)
    if rule.until_clock is not None:
        return until_clock(start.on - timedelta(days=rule.hours_before // 24), rule.until_clock, start.zone)
    return None


def in_order(rules: list[PriceRule], start: Start) -> list[PinnedRule]:
    """Sort rules as they apply: by kind, then by lowest position, early birds by their end."""

    def key(pair: tuple[PriceRule, PinnedRule]) -> tuple[int, datetime, int, int]:
        rule, made = pair
        kind = PriceRuleKind(rule.kind)
        ends_at = made.end.moment(start.at, start.zone) if kind == PriceRuleKind.EARLY else start.at
        return (ORDER.index(kind), ends_at, rule.position, rule.pk)

    return [made for _, made in sorted(((rule, pinned(rule, start)) for rule in rules), key=key)]


def stored(rules: Sequence[PinnedRule]) -> list[dict[str, Any]]:
    """Return the rules as JSON for a price version; amounts are text."""
    return [
        {
            "kind": rule.kind.value,
            "name": rule.name,
            "amount": _written(rule.amount),
            "percent": _written(rule.percent),
            "hours_before": rule.hours_before,
            "ticket_types": list(rule.ticket_types),
            "names": dict(rule.names),
            **({"ends_at": rule.ends_at.isoformat()} if rule.ends_at else {}),
        }
        for rule in rules
    ]


def knows_all(column: list[dict[str, Any]]) -> bool:
    """Whether this release knows the kinds of all rules. If not, it cannot compute a price, and sells nothing."""
    return all(item["kind"] in PriceRuleKind for item in column)


def read(column: list[dict[str, Any]]) -> tuple[PinnedRule, ...]:
    return tuple(
        PinnedRule(
            kind=PriceRuleKind(item["kind"]),
            name=item["name"],
            amount=_number(item["amount"]),
            percent=_number(item["percent"]),
            hours_before=item["hours_before"],
            ticket_types=tuple(item["ticket_types"]),
            names=tuple(sorted(item["names"].items())),
            ends_at=datetime.fromisoformat(item["ends_at"]) if "ends_at" in item else None,
        )
        for item in column
    )


def _written(number: Decimal | None) -> str | None:
    """Return a number as text, the same for 2 and 2.00."""
    return None if number is None else f"{number.normalize():f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
