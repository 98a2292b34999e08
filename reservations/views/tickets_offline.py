"""The script that keeps opened ticket pages on a device, so that they open without a network."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=0)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of tickets, which controls only addresses below its own.

    Browsers fetch it anew at each visit, because an older one might store pages that it must not store any more.
    """
    script = (Path(settings.BASE_DIR) / "static/js/ticket-worker.js").read_bytes()
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")
