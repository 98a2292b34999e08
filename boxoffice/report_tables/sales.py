"""The sales report: sold, given back and kept, by currency, because currencies are never added up."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext

from boxoffice import charts
from boxoffice.report_tables import Link, ReportOptions, ReportTable, Row, Verdict
from boxoffice.selectors.sales_figures import Basis, LedgerTotals, SalesGroup, SalesRow, ledger, sales, total
from core.money import format_money
from core.texts.lazy_text import gettext_lazy as _

HEAD = (
    _("Admissions"),
    _("of them comps"),
    _("Canceled"),
    _("Gross"),
    _("Refunded"),
    _("Goodwill"),
    _("Kept"),
    _("of it fees"),
    _("of it tax"),
    _("Net"),
)
IN_THE_BOOKS = Verdict(
    "green", "As in the sales book of the export for accounting: every sale, cancellation and goodwill on its own day."
)


def sales_tables(options: ReportOptions) -> list[ReportTable]:
    group = SalesGroup(options.group)
    lines = sales(span=options.span, group=group, basis=options.basis)
    paid = {} if options.basis == Basis.BOOK else ledger(span=options.span, basis=options.basis)
    return [
        _table(list(same), group, paid.get(currency, LedgerTotals.nothing(currency)), options)
        for currency, same in groupby(lines, key=lambda line: line.currency)
    ]


def _table(lines: list[SalesRow], group: SalesGroup, paid: LedgerTotals, options: ReportOptions) -> ReportTable:
    currency, summed = lines[0].currency, total(lines)
    return ReportTable(
        key=f"by-{group}-{currency.lower()}",
        title=gettext("By %(group)s") % {"group": group.label.lower()},
        head=(group.label, *HEAD),
        rows=[_row(line, group) for line in lines],
        foot=_row(summed, None),
        currency=currency,
        charts=(_money_chart(lines, group), _people_chart(lines, group)),
        verdict=IN_THE_BOOKS if options.basis == Basis.BOOK else compared(summed.kept, paid),
    )


def _row(line: SalesRow, group: SalesGroup | None) -> Row:
    return (
        _name(line, group), line.admissions, line.comps, line.canceled, line.gross, line.refunded, line.goodwill,
        line.kept, line.fees, line.tax, line.net,
    )  # fmt: skip


def _name(line: SalesRow, group: SalesGroup | None) -> str | Link:
    if group != SalesGroup.SHOWTIME:
        return line.label
    return Link(line.label, reverse("admin:report_showtime", args=[str(line.key).rpartition(" ")[2]]))


def _money_chart(lines: Sequence[SalesRow], group: SalesGroup) -> charts.Chart:
    points = [(line.label, line.kept, format_money(line.kept, line.currency)) for line in lines]
    return charts.bars(points, label=gettext("Money kept by %(group)s") % {"group": group.label.lower()})


def _people_chart(lines: Sequence[SalesRow], group: SalesGroup) -> charts.Chart:
    points = [(line.label, line.admissions, f"{line.admissions:,}") for line in lines]
    return charts.bars(points, label=gettext("Admissions by %(group)s") % {"group": group.label.lower()})


def compared(reported: Decimal, paid: LedgerTotals) -> Verdict:
    """Whether the money a report counts as kept agrees with the payments."""
    captured, owed, kept = (
        format_money(amount, paid.currency) for amount in (paid.captured, paid.owed_back, paid.kept)
    )
    if reported == paid.kept:
        text = f"The ledger says the same: {captured} captured, {owed} given back or owed, {kept} kept."
        return Verdict("green", text)
    text = f"The ledger says {kept} kept ({captured} captured, {owed} given back or owed)."
    return Verdict("red", f"{text} The two must be equal: look at the checks.")
