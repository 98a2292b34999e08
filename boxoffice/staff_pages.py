"""Pages of staff beside the admin: behind the office's own door, and for those with the right alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from staff.access import may_somewhere
from staff.acting import acting_in

View = Callable[..., HttpResponseBase]


def staff_page(*permissions: str) -> Callable[[View], View]:
    """Sign-in, second factor and pause as in the office; 403 without one of the permissions at any theater.

    Which theater is the view's own question.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(may_somewhere(acting_in(request), permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return admin.site.admin_view(inner)

    return guard
