"""Shows mails in the browser that would have been sent. Development only: anybody may read every mail here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from dev.mail import box

# Nothing of a mail may run here, load from anywhere, or pass for a page of ours; its links open in a tab of their own.
FRAME = "allow-popups allow-popups-to-escape-sandbox"
MAIL_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
    "sandbox": FRAME.split(),
}
HEAD = re.compile(r"(<head\b[^>]*>|\A(?!.*<head\b))", re.IGNORECASE | re.DOTALL)
PAGE_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}


@require_safe
@never_cache
@csp_override(PAGE_POLICY)
def mails(request: HttpRequest) -> HttpResponse:
    folder = _folder()
    found = [] if folder is None else box.newest_first(folder)
    return render(request, "dev/mails.html", {"mails": found, "folder": folder})


@require_safe
@never_cache
@csp_override(PAGE_POLICY)
def mail(request: HttpRequest, key: str) -> HttpResponse:
    return render(request, "dev/mail.html", {"mail": _mail(key), "frame": FRAME})


@require_safe
@never_cache
@xframe_options_sameorigin
@csp_override(MAIL_POLICY)
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse(HEAD.sub(r'\1<base target="_blank">', _mail(key).html, count=1))


def _mail(key: str) -> box.Mail:
    folder = _folder()
    found = None if folder is None else box.one(folder, key)
    if found is None:
        raise Http404("There is no such mail.")
    return found


def _folder() -> Path | None:
    """Where mails are written; None when they are really sent."""
    mailers: Any = settings.MAILERS
    options = mailers["default"].get("OPTIONS", {})
    return Path(options["file_path"]) if "file_path" in options else None
