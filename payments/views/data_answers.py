"""Helpers of the personal data pages of bookings and accounts."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.monitoring.security_log import SecurityEvent, write_security_event
from core.refusals import Refusal
from payments.privacy.data_mails import mail_of_export

AS_JSON = {"indent": 2, "ensure_ascii": False}


def why_not_yet(check: Callable[[], None]) -> str:
    """Return the sentence of the refusal that the check raises; '' when it raises none."""
    try:
        check()
    except Refusal as refusal:
        return refusal.sentence
    return ""


def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/erased.html", {})


def as_file(data: dict[str, Any], *, name: str) -> JsonResponse:
    answer = JsonResponse(data, json_dumps_params=AS_JSON)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer


def note_export(to: str, *, booking: str = "", **facts: object) -> None:
    """Mail the person whose data was exported, and write a line in the security log. `booking`: its reference, of a guest."""
    mail_of_export(to, reference=booking)
    write_security_event(SecurityEvent.DATA_EXPORTED, **(facts | ({"booking": booking} if booking else {})))
