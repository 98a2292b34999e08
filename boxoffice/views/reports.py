"""Figures with a chart, a table beside it, and the same as CSV."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from boxoffice import charts
from boxoffice.forms.reports import ReportForm
from boxoffice.selectors.occupancy import heat, rooms, sales_curve
from boxoffice.selectors.reports import Basis, Group, Line, ledger, sales, total
from boxoffice.views.office import page, theater_for, theaters_for
from core.money import format_money
from core.spreadsheets import csv_answer
from theaters.days import business_day

VIEW = "boxoffice.view_reports"
HEADER = ("admissions", "comps", "canceled", "gross", "refunded", "kept", "of it fees", "of it tax", "net", "currency")


@require_safe
def sales_report(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    context: dict[str, Any] = {"title": "Sales", "form": form}
    if form.is_valid():
        span, group, basis = form.span(), Group(form.cleaned_data["group"]), Basis(form.cleaned_data["basis"])
        lines = sales(span=span, group=group, basis=basis)
        context |= {
            "span": span,
            "group": group,
            "lines": lines,
            "total": total(lines),
            "ledger": ledger(span=span, basis=basis),
            "chart": _bars(lines, span.theater.currency, group) if lines else "",
            "query": request.GET.urlencode(),
        }
    return page(request, "admin/reports/sales.html", context, status=200 if form.is_valid() else 422)


@require_safe
def sales_csv(request: HttpRequest) -> HttpResponseBase:
    form = _form(request)
    if not form.is_valid():
        return page(request, "admin/reports/sales.html", {"title": "Sales", "form": form}, status=422)
    span, group = form.span(), Group(form.cleaned_data["group"])
    lines = sales(span=span, group=group, basis=Basis(form.cleaned_data["basis"]))
    name = f"sales-{span.theater.slug}-{span.first}-{span.last}-by-{group}"
    rows = ((line.label, *_cells(line), span.theater.currency) for line in [*lines, total(lines)])
    return csv_answer(name, (group.label.lower(), *HEADER), rows)


@require_safe
def occupancy_report(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    context: dict[str, Any] = {"title": "Occupancy", "form": form}
    if form.is_valid():
        span = form.span()
        found, points = rooms(span), sales_curve(span)
        maps = [heat(span, room) for room in found]
        context |= {
            "span": span,
            "rooms": [(room, one, charts.heat_map(one)) for room, one in zip(found, maps, strict=True)],
            "points": points,
            "curve": charts.curve(points, label="Share of the tickets bought so many days before the start"),
        }
    return page(request, "admin/reports/occupancy.html", context, status=200 if form.is_valid() else 422)


def _form(request: HttpRequest) -> ReportForm:
    """Raises PermissionDenied without the right, Http404 for a theater of others."""
    chosen = theater_for(request, VIEW, request.GET.get("theater"))
    today = business_day(chosen, timezone.now()) if chosen else timezone.now().date()
    return ReportForm(request.GET, theaters=theaters_for(request, VIEW), today=today)


def _bars(lines: list[Line], currency: str, group: Group) -> str:
    points = [(line.label, line.kept, format_money(line.kept, currency)) for line in lines]
    return charts.bars(points, label=f"Money kept by {group.label.lower()}")


def _cells(line: Line) -> tuple[Any, ...]:
    return (
        line.admissions, line.comps, line.canceled, line.gross, line.refunded, line.kept, line.fees, line.tax, line.net,
    )  # fmt: skip
