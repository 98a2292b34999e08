"""Filter of the audit log by a range of each theater's business days."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from houses.business_days import business_day, day_bounds
from houses.models import Theater
from staff.access import theaters_of

UTC = ZoneInfo("UTC")
VIEW = "staff.view_auditentry"
NAMES = ("first", "last")
FIRST_YEAR, LAST_YEAR = 2000, 2199
UNREADABLE = "Write days as 2026-11-28."
REVERSED = "The last day lies before the first."


class DaysFilter(admin.ListFilter):
    """Two days, either of which may be left out. Entries of no theater have the days of UTC, as they are shown."""

    title = "day"
    template = "admin/staff/auditentry/days.html"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        typed = {name: str(params.pop(name)[-1]).strip() for name in NAMES if name in params}
        self.typed = {name: text for name, text in typed.items() if text}
        self.used_parameters = dict(self.typed)
        self.theaters = list(theaters_of(request.user, VIEW))
        self.error = ""
        self.first, self.last = self._day("first"), self._day("last")
        if self.first and self.last and self.last < self.first:
            self.error = REVERSED

    def expected_parameters(self) -> list[str | None]:
        return [*NAMES]

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """Links for usual spans; the form beside them takes any span, and keeps the other filters."""
        left_out = {*NAMES, "p"}
        self.kept = [(name, value) for name, value in changelist.params.items() if name not in left_out]
        today = min((business_day(theater, timezone.now()) for theater in self.theaters), default=timezone.now().date())
        spans = [("Any day", None, None), ("Today", today, today), ("Last 7 days", today - timedelta(days=6), today)]
        for words, first, last in spans:
            chosen = {name: day.isoformat() for name, day in (("first", first), ("last", last)) if day}
            query = changelist.get_query_string(chosen, remove=[*NAMES, "p"])
            yield {"selected": self.typed == chosen, "query_string": query, "display": words}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.error:
            return queryset.none()
        if not (self.first or self.last):
            return queryset
        wanted = Q(theater=None) & self._between(*self._bounds(None))
        for theater in self.theaters:
            wanted |= Q(theater=theater) & self._between(*self._bounds(theater))
        return queryset.filter(wanted)

    def _bounds(self, theater: Theater | None) -> tuple[datetime | None, datetime | None]:
        return (
            _begins(theater, self.first) if self.first else None,
            _begins(theater, self.last + timedelta(days=1)) if self.last else None,
        )

    @staticmethod
    def _between(start: datetime | None, end: datetime | None) -> Q:
        return (Q(at__gte=start) if start else Q()) & (Q(at__lt=end) if end else Q())

    def _day(self, name: str) -> date | None:
        text = self.typed.get(name)
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.error = UNREADABLE
            return None
        return day


def _begins(theater: Theater | None, day: date) -> datetime:
    return day_bounds(theater, day)[0] if theater else datetime.combine(day, time(), tzinfo=UTC)
