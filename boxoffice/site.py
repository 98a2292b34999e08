"""The office with its first page, the dashboard."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from boxoffice.selectors.dashboard import dashboard
from staff.site import Office


class BoxOffice(Office):
    def get_urls(self) -> list[Any]:
        # Its pages need this site: they are known once it is there.
        from boxoffice.admin.first_day import first_day_urls  # noqa: PLC0415

        return [*first_day_urls(self), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        board = dashboard(request.user, now=timezone.now())
        return super().index(request, {"board": board, "title": "Today", **(extra_context or {})})
