"""The office with its first page, which shows what this day needs."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from boxoffice.selectors.dashboard import dashboard
from staff.site import Office


class BoxOffice(Office):
    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        board = dashboard(request.user, now=timezone.now())
        return super().index(request, {"board": board, "title": "Today", **(extra_context or {})})
