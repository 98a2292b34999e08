"""Export of sales and money as a file for accounting."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from boxoffice.forms.ledger import LedgerForm
from boxoffice.views.page_frame import page, theaters_for
from core.spreadsheets import csv_answer
from houses.business_days import business_day
from payments.books.ledger_export import HEADER, ledger_rows
from staff.access import staff_actor
from staff.services.audit import record

PERMISSION = "payments.export_ledger"


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Show the form; with its fields in the address, send the file."""
    theaters = theaters_for(request, PERMISSION)
    theater = theaters.first()
    if theater is None or not request.GET:
        yesterday = business_day(theater, timezone.now()) - timedelta(days=1) if theater else None
        form = LedgerForm(theaters=theaters, initial={"theater": theater, "first": yesterday, "last": yesterday})
        return page(request, "admin/ledger.html", {"form": form, "title": "Export for accounting"})
    form = LedgerForm(request.GET, theaters=theaters)
    if not form.is_valid():
        return page(request, "admin/ledger.html", {"form": form, "title": "Export for accounting"}, status=422)
    chosen, first, last = (form.cleaned_data[name] for name in ("theater", "first", "last"))
    days = {"first": first.isoformat(), "last": last.isoformat()}
    record(actor=staff_actor(request.user), action="export ledger", thing=chosen, theater=chosen, after=days)
    name = f"ledger-{chosen.slug}-{first.isoformat()}-{last.isoformat()}"
    file: Any = csv_answer(request, name, HEADER, ledger_rows(theater=chosen, first=first, last=last))
    return file
