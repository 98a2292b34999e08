"""Sales: what was sold, what came back, what stays; by currency, because amounts in two are never added up."""

from collections.abc import Sequence
from itertools import groupby

from django.urls import reverse

from boxoffice import charts
from boxoffice.selectors.sales_figures import Basis, Group, Ledger, Line, ledger, sales, total
from boxoffice.sheets import Link, Row, Sheet, Verdict, Wish
from core.money import format_money

HEAD = (
    "Admissions",
    "of them comps",
    "Canceled",
    "Gross",
    "Refunded",
    "Goodwill",
    "Kept",
    "of it fees",
    "of it tax",
    "Net",
)
IN_THE_BOOKS = Verdict(
    "green", "As in the sales book of the export for accounting: every sale, cancellation and goodwill on its own day."
)


def sales_sheets(wish: Wish) -> list[Sheet]:
    group = Group(wish.group)
    lines = sales(span=wish.span, group=group, basis=wish.basis)
    paid = {} if wish.basis == Basis.BOOK else ledger(span=wish.span, basis=wish.basis)
    return [
        _sheet(list(same), group, paid.get(currency, Ledger.nothing(currency)), wish)
        for currency, same in groupby(lines, key=lambda line: line.currency)
    ]


def _sheet(lines: list[Line], group: Group, paid: Ledger, wish: Wish) -> Sheet:
    currency, summed = lines[0].currency, total(lines)
    return Sheet(
        key=f"by-{group}-{currency.lower()}",
        title=f"By {group.label.lower()}",
        head=(group.label, *HEAD),
        rows=[_row(line, group) for line in lines],
        foot=_row(summed, None),
        currency=currency,
        charts=(_money_chart(lines, group), _people_chart(lines, group)),
        verdict=IN_THE_BOOKS if wish.basis == Basis.BOOK else _compared(summed, paid),
    )


def _row(line: Line, group: Group | None) -> Row:
    return (
        _name(line, group), line.admissions, line.comps, line.canceled, line.gross, line.refunded, line.goodwill,
        line.kept, line.fees, line.tax, line.net,
    )  # fmt: skip


def _name(line: Line, group: Group | None) -> str | Link:
    if group != Group.SHOWTIME:
        return line.label
    return Link(line.label, reverse("admin:report_showtime", args=[str(line.key).rpartition(" ")[2]]))


def _money_chart(lines: Sequence[Line], group: Group) -> charts.Chart:
    points = [(line.label, line.kept, format_money(line.kept, line.currency)) for line in lines]
    return charts.bars(points, label=f"Money kept by {group.label.lower()}")


def _people_chart(lines: Sequence[Line], group: Group) -> charts.Chart:
    points = [(line.label, line.admissions, f"{line.admissions:,}") for line in lines]
    return charts.bars(points, label=f"Admissions by {group.label.lower()}")


def _compared(summed: Line, paid: Ledger) -> Verdict:
    captured, owed, kept = (format_money(one, paid.currency) for one in (paid.captured, paid.owed_back, paid.kept))
    if summed.kept == paid.kept:
        text = f"The ledger says the same: {captured} captured, {owed} given back or owed, {kept} kept."
        return Verdict("green", text)
    text = f"The ledger says {kept} kept ({captured} captured, {owed} given back or owed)."
    return Verdict("red", f"{text} The two must be equal: look at the checks.")
