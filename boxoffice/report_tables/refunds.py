"""Report on refunds: decided, arrived and under way, by currency."""

from itertools import groupby

from django.utils.translation import gettext

from boxoffice import charts
from boxoffice.report_tables import ReportOptions, ReportTable, Verdict
from boxoffice.selectors.refund_figures import Decided, ReturnGroup, arrived, decided, under_way
from core.money import format_money

DECIDED = (
    "Tickets canceled and goodwill given on these days, whether or not the money has arrived; as in the sales book."
)
ARRIVED = Verdict("green", "As in the money book of the export for accounting: on the day it arrived, or came back.")


def refund_tables(options: ReportOptions) -> list[ReportTable]:
    group = ReturnGroup(options.group)
    lines = decided(span=options.span, group=group)
    return [
        *(_decided(list(same), group) for _, same in groupby(lines, key=lambda line: line.currency)),
        *_arrived(options),
        *_under_way(options),
    ]


def _decided(lines: list[Decided], group: ReturnGroup) -> ReportTable:
    currency = lines[0].currency
    points = [(line.label, line.back, format_money(line.back, currency)) for line in lines]
    return ReportTable(
        key=f"by-{group}-{currency.lower()}",
        title=gettext("Decided, by %(group)s") % {"group": group.label.lower()},
        head=(group.label, gettext("Times"), gettext("Tickets"), gettext("Goes back"), gettext("Kept as fees")),
        rows=[(line.label, line.times, line.tickets, line.back, line.kept) for line in lines],
        foot=("Total", sum(line.times for line in lines), sum(line.tickets for line in lines),
              sum(line.back for line in lines), sum(line.kept for line in lines)),
        currency=currency,
        charts=(charts.bars(points, label=gettext("Money that goes back by %(group)s") % {"group": group.label.lower()}),),
        explained=DECIDED,
    )  # fmt: skip


def _arrived(options: ReportOptions) -> list[ReportTable]:
    return [
        ReportTable(
            key=f"arrived-{currency.lower()}",
            title=gettext("Arrived"),
            head=(
                gettext("Paid back as"),
                gettext("Refunds"),
                gettext("Amount"),
                gettext("Sent back by banks"),
                gettext("Stayed there"),
            ),
            rows=[(line.method, line.refunds, line.amount, line.returned, line.stayed) for line in same],
            foot=("Total", sum(arrived.refunds for arrived in same), sum(arrived.amount for arrived in same),
                  sum(arrived.returned for arrived in same), sum(arrived.stayed for arrived in same)),
            currency=currency,
            verdict=ARRIVED,
        )
        for currency, same in (
            (currency, list(lines)) for currency, lines in groupby(arrived(options.span), key=lambda line: line.currency)
        )
    ]  # fmt: skip


def _under_way(options: ReportOptions) -> list[ReportTable]:
    return [
        ReportTable(
            key=f"under-way-{currency.lower()}",
            title=gettext("Under way now"),
            head=(gettext("State"), gettext("Back as"), gettext("Refunds"), gettext("Amount")),
            rows=[(str(line.status.label), line.method, line.refunds, line.amount) for line in lines],
            currency=currency,
            explained=gettext("Whatever days are chosen above: decided, and neither arrived nor failed."),
        )
        for currency, lines in groupby(under_way(options.span), key=lambda line: line.currency)
    ]
