"""Pages of rows that several theaters use: only a person with the right at every theater that uses a row may change it."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from staff.office import SHARED, OfficeAdmin
from staff.scope import RefusedWithReason


class SharedAdmin(OfficeAdmin):
    """Shows a row read-only, with the reason, to people who have the right at some of its theaters. Says `theaters_using`."""

    theater_path = SHARED

    def refusal(self, obj: Any, theater_ids: frozenset[int]) -> str:
        """Why a person with the right at these theaters alone may not change this object, as a sentence; "" if they may."""
        raise NotImplementedError

    def why_not(self, request: HttpRequest, verb: str, obj: Any) -> str:
        """Why other theaters prevent this; '' too for people without the right anywhere."""
        theater_ids = self.keys(request, verb)
        return self.refusal(obj, theater_ids) if theater_ids else ""

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        obj = self.get_object(request, object_id)
        why = self.why_not(request, "change", obj) if obj is not None else ""
        if why and request.method == "POST":
            raise RefusedWithReason(why)
        return super().change_view(request, object_id, form_url, {"why_read_only": why, **(extra_context or {})})

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is not None and (why := self.why_not(request, "delete", obj)):
            raise RefusedWithReason(why)
        answer: HttpResponse = super().delete_view(request, object_id, extra_context)
        return answer
