"""The pages on which a signed-in person reads, downloads and erases the data of their account."""

import time
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.services.session_sign_ins import last_proof_at
from core.monitoring.security_log import SecurityEvent, write_security_event
from core.refusals import Refusal
from core.web.refusal_pages import answers_refusals
from payments.privacy.account_erasure import erase_account, require_erasable_account
from payments.privacy.personal_data import data_of_account
from payments.views.data_answers import as_file, erased, note_export, why_not_yet


def require_recent_proof(request: HttpRequest) -> None:
    """Raise ReauthenticationRequired, which allauth's middleware handles, five minutes after the last proof."""
    proven_at = last_proof_at(request)
    if proven_at is None or time.time() - proven_at >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        raise ReauthenticationRequired


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account_data(request: HttpRequest) -> HttpResponse:
    """The page of the account's data. It also says why erasing is not possible yet. POST shows the data (`read`) or
    sends it as JSON (`file`).
    """
    user: Any = request.user
    if (wanted := request.POST.get("action")) not in {"read", "file"}:
        why_not = why_not_yet(lambda: require_erasable_account(user, now=timezone.now()))
        return render(request, "privacy/account.html", {"why_not": why_not})
    require_recent_proof(request)
    data = data_of_account(user)
    note_export(user.email, actor=user.pk)
    return as_file(data, name="my-data") if wanted == "file" else render(request, "privacy/data.html", data)


def draw_form(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    return render(request, "privacy/erase_account.html", {"refusal": refusal})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@answers_refusals(draw_form)
def erase_my_account(request: HttpRequest) -> HttpResponseBase:
    """Erase the account. The form says what is deleted and what stays; the answer signs the person out."""
    require_recent_proof(request)
    user: Any = request.user
    if request.method != "POST":
        require_erasable_account(user, now=timezone.now())
        return draw_form(request)
    number = user.pk
    if erase_account(user_id=number, now=timezone.now()):
        write_security_event(SecurityEvent.DATA_ERASED, actor=number)
    logout(request)
    return erased(request)
