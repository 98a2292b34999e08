"""How price rules changed the price of a ticket: stored when it is sold and never computed again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from core.money import format_money
from core.rows.known_values import known
from core.texts.directions import side_by_side
from core.texts.languages import current_language
from theaters.states import PriceRuleKind

KINDS: list[str] = list(PriceRuleKind)


@dataclass(frozen=True)
class PriceChange:
    """The amount that a price rule adds or takes off; `name` as it was called at the sale, `names` by language.

    `kind` is a `PriceRuleKind`, or a kind of another release.
    """

    kind: str
    name: str
    amount: Decimal
    names: tuple[tuple[str, str], ...] = ()

    @property
    def shown_name(self) -> str:
        return dict(self.names).get(current_language()) or self.name


def written(changes: Iterable[PriceChange]) -> list[dict[str, Any]]:
    """Return price changes as the JSON that a ticket stores; amounts are text."""
    return [
        {"kind": str(change.kind), "name": change.name, "amount": f"{change.amount:f}", "names": dict(change.names)}
        for change in changes
    ]


def read(column: Iterable[dict[str, Any]]) -> tuple[PriceChange, ...]:
    return tuple(
        PriceChange(
            known(PriceRuleKind, item["kind"]) or item["kind"],
            item["name"],
            Decimal(item["amount"]),
            tuple(sorted(item["names"].items())),
        )
        for item in column
    )


def summed(changes: Iterable[PriceChange]) -> list[PriceChange]:
    """Sum up the changes by rule, in the order of rules; sums of zero are left out."""
    sums: dict[tuple[str, str], PriceChange] = {}
    for change in changes:
        key = (change.kind, change.name)
        before = sums[key].amount if key in sums else Decimal(0)
        sums[key] = replace(change, amount=before + change.amount)
    return [change for change in sorted(sums.values(), key=lambda change: _place(change.kind)) if change.amount]


def _place(kind: str) -> int:
    """The position of a kind of rule among the others; kinds of a later release come last."""
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def in_words(list_price: Decimal, changes: Iterable[PriceChange], discount: Decimal, currency: str) -> str:
    """How a price came about. Each part has its sign: they add up to the price."""
    parts = [(gettext("List price"), list_price), *((change.shown_name, change.amount) for change in changes)]
    if discount:
        parts.append((gettext("Discount"), -discount))
    return side_by_side((side_by_side((name, format_money(amount, currency)), " ") for name, amount in parts), "; ")
