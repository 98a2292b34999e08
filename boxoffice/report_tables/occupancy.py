"""How auditoriums fill: by auditorium and by showtime, seat by seat, and how early people buy."""

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from boxoffice import charts
from boxoffice.report_tables import Link, Percent, ReportOptions, ReportTable, Row
from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.occupancy import (
    AuditoriumFigures,
    HeatMap,
    SeatUse,
    ShowtimeOccupancy,
    by_auditorium,
    heat_map_of,
    occupancy_by_showtime,
    sales_curve,
    seat_states,
)
from core.texts.lazy_text import gettext_lazy as _
from theaters.models import Showtime
from theaters.seat_labels import is_place

HEAD = (_("Paid for"), _("Occupancy %"), _("Comps"), _("Came"))


@dataclass(frozen=True)
class Words:
    """What the tables call that which is sold: seats have numbers, places have none."""

    capacity: str
    of_comps: str
    of_showtimes: str


def _words(have_numbers: set[bool]) -> Words:
    """`have_numbers`: whether the newest plan of each auditorium has numbered seats."""
    if have_numbers == {True}:
        comps, leads = (
            gettext("Comps fill seats, but do not count as paid for."),
            gettext("Each showtime leads to its seats."),
        )
        return Words(gettext("Seats"), comps, leads)
    comps, leads = (
        gettext("Comps take places, but do not count as paid for."),
        gettext("Each showtime leads to its places."),
    )
    return Words(gettext("Places") if have_numbers == {False} else gettext("Seats or places"), comps, leads)


def occupancy_tables(options: ReportOptions) -> list[ReportTable]:
    shown = occupancy_by_showtime(options.span)
    if not shown:
        return []
    found = by_auditorium(shown)
    heats = [heat_map_of(options.span, figures) for figures in found]
    words = _words({bool(heat.seats) for heat in heats})
    return [
        _by_auditorium(found, words),
        _by_showtime(shown, options.span, words),
        _curve(options.span),
        *(_seats(heat) for heat in heats if heat.seats),
    ]


def _by_auditorium(found: list[AuditoriumFigures], words: Words) -> ReportTable:
    points = [(figures.name, figures.percent, f"{figures.percent}%") for figures in found]
    return ReportTable(
        key="auditoriums",
        title=gettext("By auditorium"),
        head=(gettext("Auditorium"), gettext("Showtimes"), words.capacity, *HEAD),
        rows=[
            (
                auditorium.name,
                auditorium.showtimes,
                auditorium.seats,
                auditorium.paid,
                Percent(auditorium.percent),
                auditorium.comps,
                auditorium.came,
            )
            for auditorium in found
        ],
        charts=(charts.bars(points, label=gettext("Paid occupancy by auditorium, in percent")),),
        explained=words.of_comps,
    )


def _by_showtime(shown: list[ShowtimeOccupancy], span: DayRange, words: Words) -> ReportTable:
    points = [(_when(showtime, span), showtime.percent, f"{showtime.percent}%") for showtime in shown]
    return ReportTable(
        key="showtimes",
        title=gettext("By showtime"),
        head=(gettext("Showtime"), gettext("Movie"), gettext("Auditorium"), words.capacity, *HEAD),
        rows=[_showtime_row(showtime, span) for showtime in shown],
        charts=(charts.bars(points, label=gettext("Paid occupancy by showtime, in percent")),),
        explained=words.of_showtimes,
    )


def _showtime_row(one: ShowtimeOccupancy, span: DayRange) -> Row:
    name = Link(_when(one, span), reverse("admin:report_showtime", args=[one.showtime_id]))
    return name, one.movie, one.auditorium, one.seats, one.paid, Percent(one.percent), one.comps, one.came


def _when(one: ShowtimeOccupancy, span: DayRange) -> str:
    return f"{one.starts_at.astimezone(span.theater.zone):%a %d %b, %H:%M}"


def _curve(span: DayRange) -> ReportTable:
    points = sales_curve(span)
    return ReportTable(
        key="curve",
        title=gettext("How early people buy"),
        head=(gettext("Days before the start"), gettext("Tickets"), gettext("Share %")),
        rows=[(point.days_before, point.tickets, Percent(point.percent)) for point in points],
        charts=(charts.curve(points, label=gettext("Share of the tickets, by days before the start")),),
        explained=gettext("Of all tickets, the share that was bought by a number of days before the start."),
        is_folded=True,
    )


def _seats(found: HeatMap) -> ReportTable:
    times = f"{found.showtimes} showtime" + ("" if found.showtimes == 1 else "s")
    return ReportTable(
        key=f"seats-{found.auditorium.pk}",
        title=gettext("Which seats sell: %(name)s, %(times)s") % {"name": found.auditorium.name, "times": times},
        head=(gettext("Seat"), gettext("Sold"), gettext("Showtimes")),
        rows=[(seat.label, seat.sold, found.showtimes) for seat in found.seats],
        charts=(charts.heat_map(found),),
        is_folded=True,
    )


def showtime_tables(showtime: Showtime) -> list[ReportTable]:
    """The tables of one showtime: how many seats and places are sold, and the seats one by one where they have numbers."""
    everything = seat_states(showtime)
    seats = [seat for seat in everything if not is_place(seat.label)]
    if not seats:
        return [_states(everything, gettext("Places that are"))]
    picture = charts.seat_map(seats, label=gettext("The seats of %(showtime)s") % {"showtime": showtime})
    one_by_one = ReportTable(
        key="seats",
        title=gettext("Seat by seat"),
        head=(gettext("Seat"), gettext("Is")),
        rows=[(seat.label, charts.SEAT_STATES[seat.state]) for seat in seats],
        is_folded=True,
    )
    has_both = len(seats) < len(everything)
    counted = gettext("Seats and places that are") if has_both else gettext("Seats that are")
    return [_states(everything, counted, picture), one_by_one]


def _states(seats: list[SeatUse], heading: str, *pictures: charts.Chart) -> ReportTable:
    counted = Counter(seat.state for seat in seats)
    words = {state: charts.state_words(state, [seat.label for seat in seats]) for state in charts.SEAT_STATES}
    return ReportTable(
        key="states",
        title=gettext("In numbers"),
        head=(heading, gettext("Number"), gettext("Share %")),
        rows=[
            (text, counted[state], Percent(round(100 * counted[state] / len(seats)) if seats else 0))
            for state, text in words.items()
        ],
        charts=pictures,
    )
