"""Money actions ask for the second factor again when it was last shown more than five minutes ago."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


def fresh_sign_in_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For a view that moves money; for a method of an admin page inside `method_decorator`.

    Who was away is sent to show the second factor and comes back to what was asked for; a posted form is kept meanwhile.
    Off where the second factor is off.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_fresh_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def require_fresh_sign_in(request: HttpRequest) -> None:
    """The same within a view: raises what allauth's middleware turns into the question."""
    if settings.STAFF_SECOND_FACTOR_REQUIRED and not _is_fresh(request):
        raise ReauthenticationRequired


def _is_fresh(request: HttpRequest) -> bool:
    shown = [record["at"] for record in get_authentication_records(request, request.user) if record["method"] == "mfa"]
    return bool(shown) and time.time() - max(shown) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
