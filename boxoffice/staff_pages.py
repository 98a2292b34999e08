"""The decorator of staff pages outside the admin: they need a sign-in or an enrolled device, and a right."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from staff.access import may_somewhere
from staff.acting import acting_in
from staff.device_requests import answer_to_device, is_of_device
from staff.reauth import require_fresh_sign_in_to_write

View = Callable[..., HttpResponseBase]


def staff_page(*permissions: str) -> Callable[[View], View]:
    """Decorate a staff page: 403 without one of the permissions at any theater. The view checks the theater itself.

    A device enters the counter or the door with its operator, everybody else by sign-in, second factor and pause as in
    the office. Inside `acting_in(request)` says who acts.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(may_somewhere(acting_in(request), permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        by_account = admin.site.admin_view(inner)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not is_of_device(request):
                return by_account(request, *args, **kwargs)

            def by_operator() -> HttpResponseBase:
                require_fresh_sign_in_to_write(request)
                return inner(request, *args, **kwargs)

            return answer_to_device(request, by_operator, now=timezone.now())

        guarded.takes_devices = True  # type: ignore[attr-defined]
        return guarded

    return guard
