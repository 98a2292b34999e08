"""Reports on no-shows and on comps."""

from django.urls import reverse
from django.utils.translation import gettext

from boxoffice import charts
from boxoffice.report_tables import Link, Percent, ReportOptions, ReportTable, Row
from boxoffice.selectors.comps import CompGroup, comps
from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.no_shows import Attendance, NoShowGroup, NoShows, attendance, everybody, no_shows, title_of

NOT_SCANNED = "Nobody was scanned at these showtimes, so nobody can say who came: they are in no figure above."


def no_show_tables(options: ReportOptions) -> list[ReportTable]:
    """The tables of no-shows, for showtimes that are over."""
    group = NoShowGroup(options.group)
    shown = attendance(options.span)
    lines = no_shows(shown, span=options.span, group=group)
    unseen = [showtime for showtime in shown if not showtime.was_scanned]
    return [*([_no_shows(lines, group)] if lines else []), *([_unseen(unseen, options.span)] if unseen else [])]


def _no_shows(lines: list[NoShows], group: NoShowGroup) -> ReportTable:
    points = [(line.label, line.stayed_away, f"{line.stayed_away:,} of {line.tickets:,}") for line in lines]
    return ReportTable(
        key=f"by-{group}",
        title=gettext("By %(group)s") % {"group": group.label.lower()},
        head=(
            group.label,
            gettext("Showtimes"),
            gettext("Tickets"),
            gettext("Came"),
            gettext("No-shows"),
            gettext("of them comps"),
            gettext("No-shows %"),
        ),
        rows=[_row(line) for line in lines],
        foot=_row(everybody(lines)),
        charts=(
            charts.bars(
                points, label=gettext("Tickets that nobody came with, by %(group)s") % {"group": group.label.lower()}
            ),
        ),
        explained=gettext("Tickets that were valid when the show was over and had not been scanned."),
    )


def _row(line: NoShows) -> Row:
    name = (
        Link(line.label, reverse("admin:report_showtime", args=[line.showtime_id])) if line.showtime_id else line.label
    )
    return (
        name, line.showtimes, line.tickets, line.came, line.stayed_away, line.of_them_comps, Percent(line.percent),
    )  # fmt: skip


def _unseen(shown: list[Attendance], span: DayRange) -> ReportTable:
    return ReportTable(
        key="not-scanned",
        title=gettext("Nobody scanned there"),
        head=(gettext("Showtime"), gettext("Tickets"), gettext("of them comps")),
        rows=[
            (
                Link(title_of(showtime, span), reverse("admin:report_showtime", args=[showtime.showtime_id])),
                showtime.tickets,
                showtime.comps,
            )
            for showtime in shown
        ],
        foot=("Total", sum(showtime.tickets for showtime in shown), sum(showtime.comps for showtime in shown)),
        explained=NOT_SCANNED,
    )


def comp_tables(options: ReportOptions) -> list[ReportTable]:
    group = CompGroup(options.group)
    lines = comps(span=options.span, group=group)
    if not lines:
        return []
    points = [(line.label, line.stand, f"{line.stand:,}") for line in lines]
    names = ("bookings", "given", "taken_back", "stand", "came")
    figures = [tuple(getattr(line, name) for name in names) for line in lines]
    return [
        ReportTable(
            key=f"by-{group}",
            title=gettext("By %(group)s") % {"group": group.label.lower()},
            head=(
                group.label,
                gettext("Bookings"),
                gettext("Given"),
                gettext("Taken back"),
                gettext("Stand"),
                gettext("Came"),
            ),
            rows=[(line.label, *counted) for line, counted in zip(lines, figures, strict=True)],
            foot=("Total", *(sum(column) for column in zip(*figures, strict=True))),
            charts=(
                charts.bars(points, label=gettext("Tickets given away, by %(group)s") % {"group": group.label.lower()}),
            ),
            explained=gettext(
                "For the showtimes of these days. Comps are admissions, but no sales and no paid occupancy."
            ),
        )
    ]
