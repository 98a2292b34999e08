"""The pages of reports, with charts and tables, and the same tables as CSV."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from boxoffice.forms.reports import ReportForm
from boxoffice.report_tables import ReportOptions, ReportTable
from boxoffice.report_tables.occupancy import occupancy_tables, showtime_tables
from boxoffice.report_tables.price_rules import price_rule_tables
from boxoffice.report_tables.refunds import refund_tables
from boxoffice.report_tables.sales import sales_tables
from boxoffice.report_tables.visitors import comp_tables, no_show_tables
from boxoffice.selectors.comps import CompGroup
from boxoffice.selectors.no_shows import NoShowGroup
from boxoffice.selectors.refund_figures import ReturnGroup
from boxoffice.selectors.sales_figures import SalesGroup
from boxoffice.views.page_frame import page, showtime_for, theater_for, theaters_for
from core.spreadsheets import csv_answer
from core.texts.lazy_text import gettext_lazy as _
from houses.business_days import business_day

VIEW = "boxoffice.view_reports"
PAGE = "admin/reports/report.html"


@dataclass(frozen=True)
class Report:
    """A report: the fields of its form, and the function that makes its tables."""

    title: str
    tables: Callable[[ReportOptions], list[ReportTable]]
    groups: Sequence[tuple[str, str]] = ()
    has_basis: bool = False
    nothing: str = _("Nothing was sold for these days.")


REPORTS = {
    "sales": Report("Sales", sales_tables, SalesGroup.choices, has_basis=True),
    "price_rules": Report("Price rules", price_rule_tables, has_basis=True),
    "occupancy": Report("Occupancy", occupancy_tables, nothing=_("Nothing was shown on these days.")),
    "no_shows": Report(
        "No-shows", no_show_tables, NoShowGroup.choices, nothing=_("No show with tickets ended on these days.")
    ),
    "refunds": Report("Refunds", refund_tables, ReturnGroup.choices, nothing=_("Nothing went back on these days.")),
    "comps": Report("Comps", comp_tables, CompGroup.choices, nothing=_("Nothing was given away for these days.")),
}


@require_safe
def report(request: HttpRequest, which: str) -> HttpResponse:
    form = _form(request, which)
    context = {"title": REPORTS[which].title, "which": which, "form": form, "report": REPORTS[which], "ways": ways()}
    if not form.is_valid():
        return page(request, PAGE, context, status=422)
    options = form.options()
    context |= {"span": options.span, "tables": REPORTS[which].tables(options), "query": request.GET.urlencode()}
    return page(request, PAGE, context | {"csv_url": reverse(f"admin:report_{which}_csv")})


@require_safe
def report_csv(request: HttpRequest, which: str) -> HttpResponseBase:
    """The wanted table as CSV, or the first one; only a heading when there is none."""
    form = _form(request, which)
    if not form.is_valid():
        context = {"title": REPORTS[which].title, "which": which, "form": form, "ways": ways()}
        return page(request, PAGE, context, status=422)
    span = form.options().span
    return _as_csv(
        request, REPORTS[which].tables(form.options()), f"{which}-{span.theater.slug}-{span.first}-{span.last}"
    )


@require_safe
def showtime_report(request: HttpRequest, showtime_id: int) -> HttpResponse:
    showtime = showtime_for(request, VIEW, showtime_id)
    theater, day = showtime.auditorium.theater, business_day(showtime.auditorium.theater, showtime.starts_at)
    context = {
        "title": str(showtime), "which": "occupancy", "ways": ways(), "showtime": showtime, "query": "",
        "tables": showtime_tables(showtime), "csv_url": reverse("admin:report_showtime_csv", args=[showtime.pk]),
        "back": f"?theater={theater.pk}&first={day - timedelta(days=6)}&last={day}",
    }  # fmt: skip
    return page(request, "admin/reports/showtime.html", context)


@require_safe
def showtime_csv(request: HttpRequest, showtime_id: int) -> HttpResponseBase:
    return _as_csv(request, showtime_tables(showtime_for(request, VIEW, showtime_id)), f"showtime-{showtime_id}")


def ways() -> list[tuple[str, str, str]]:
    """The list of reports: key, title and address."""
    return [(which, one.title, reverse(f"admin:report_{which}")) for which, one in REPORTS.items()]


def _as_csv(request: HttpRequest, tables: list[ReportTable], name: str) -> HttpResponseBase:
    key = request.GET.get("table")
    table = next((table for table in tables if table.key == key), None) if key else next(iter(tables), None)
    if table is None and key:
        raise Http404("There is no such table.")
    if table is None:
        return csv_answer(request, name, (), ())
    return csv_answer(request, f"{name}-{table.key}", *table.exported())


def _form(request: HttpRequest, which: str) -> ReportForm:
    """The form of a report. Raises PermissionDenied without the right, Http404 for another theater."""
    chosen = theater_for(request, VIEW, request.GET.get("theater"))
    today = business_day(chosen, timezone.now()) if chosen else timezone.now().date()
    asked = REPORTS[which]
    return ReportForm(
        request.GET, theaters=theaters_for(request, VIEW), today=today, groups=asked.groups, has_basis=asked.has_basis
    )
