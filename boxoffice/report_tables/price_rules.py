"""Report on price rules: how many tickets each one changed, and by how much."""

from itertools import groupby

from django.utils.translation import gettext

from boxoffice import charts
from boxoffice.report_tables import ReportOptions, ReportTable, Row
from boxoffice.report_tables.sales import IN_THE_BOOKS, compared
from boxoffice.selectors.price_rule_figures import PricePart, PricePartRow, kept_in_all, price_parts_sold
from boxoffice.selectors.sales_figures import Basis, LedgerTotals, ledger
from core.money import format_money
from core.texts.lazy_text import gettext_lazy as _

HEAD = (
    _("Price rule"),
    _("Kind"),
    _("Tickets"),
    _("In their prices"),
    _("Canceled"),
    _("In those prices"),
    _("Effect"),
)
EXPLAINED = _(
    "Rules by the names under which they were sold. The prices of the list, the rules and discounts add up to the money kept."
)
RULES = (PricePart.DAY_RATE, PricePart.SURCHARGE, PricePart.EARLY)


def price_rule_tables(options: ReportOptions) -> list[ReportTable]:
    lines = price_parts_sold(span=options.span, basis=options.basis)
    paid = {} if options.basis == Basis.BOOK else ledger(span=options.span, basis=options.basis)
    return [
        _table(list(same), paid.get(currency, LedgerTotals.nothing(currency)), options)
        for currency, same in groupby(lines, key=lambda line: line.currency)
    ]


def _table(lines: list[PricePartRow], paid: LedgerTotals, options: ReportOptions) -> ReportTable:
    currency, kept = lines[0].currency, kept_in_all(lines)
    rules = [line for line in lines if line.part in RULES]
    points = [(line.label, line.kept, format_money(line.kept, currency)) for line in rules]
    return ReportTable(
        key=f"price-rules-{currency.lower()}",
        title=gettext("By price rule"),
        head=HEAD,
        rows=[_row(line) for line in lines],
        foot=(gettext("Total"), "", "", sum(line.gross for line in lines), "",
              sum(line.taken_back for line in lines), kept),
        currency=currency,
        charts=(charts.bars(points, label=gettext("What price rules came to")),) if points else (),
        explained=str(EXPLAINED),
        verdict=IN_THE_BOOKS if options.basis == Basis.BOOK else compared(kept, paid),
    )  # fmt: skip


def _row(line: PricePartRow) -> Row:
    counts = (None, None) if line.part in (PricePart.GOODWILL, PricePart.FEES) else (line.sold, line.canceled)
    return (line.label, str(line.part.label), counts[0], line.gross, counts[1], line.taken_back, line.kept)
