"""Price rules as they are pinned with the prices of showtimes on sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.languages import current_language
from theaters.models import PriceRule
from theaters.states import PriceRuleKind

ORDER = list(PriceRuleKind)


@dataclass(frozen=True)
class PinnedRule:
    """What a price rule says. It has an amount or a percentage; no ticket types: all."""

    kind: PriceRuleKind
    name: str
    amount: Decimal | None = None
    percent: Decimal | None = None
    hours_before: int = 0
    ticket_types: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()  # by language

    @property
    def shown_name(self) -> str:
        """In the reader's language; the name itself where it has no translation."""
        return dict(self.names).get(current_language()) or self.name

    def is_for(self, code: str) -> bool:
        return not self.ticket_types or code in self.ticket_types


def pinned(rule: PriceRule) -> PinnedRule:
    names = {language: texts.get("name", "") for language, texts in rule.translations.items()}
    return PinnedRule(
        kind=PriceRuleKind(rule.kind),
        name=rule.name,
        amount=rule.amount,
        percent=rule.percent,
        hours_before=rule.hours_before,
        ticket_types=tuple(sorted(rule.ticket_types)),
        names=tuple(sorted(names.items())),
    )


def in_order(rules: list[PriceRule]) -> list[PinnedRule]:
    """As they change a price; of a kind the lowest position first, of early birds the earliest."""
    key = lambda rule: (ORDER.index(PriceRuleKind(rule.kind)), -rule.hours_before, rule.position, rule.pk)  # noqa: E731
    return [pinned(rule) for rule in sorted(rules, key=key)]


def stored(rules: Sequence[PinnedRule]) -> list[dict[str, Any]]:
    """For the column of a price version; amounts are written as text."""
    return [
        {
            "kind": rule.kind.value,
            "name": rule.name,
            "amount": _written(rule.amount),
            "percent": _written(rule.percent),
            "hours_before": rule.hours_before,
            "ticket_types": list(rule.ticket_types),
            "names": dict(rule.names),
        }
        for rule in rules
    ]


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
        )
        for item in column
    )


def _written(number: Decimal | None) -> str | None:
    """The same text for 2 and 2.00."""
    return None if number is None else f"{number.normalize():f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
