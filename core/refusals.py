"""A refusal is a page: what happened in one sentence, and a way on."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from core.clock import minutes_text

SECONDS_ARE_SAID_UP_TO = 90


def refuse(
    request: HttpRequest,
    *,
    status: int,
    title: str,
    sentence: str,
    next_url: str = "/",
    next_label: str = "See what's on",
    retry_after: int | None = None,
) -> HttpResponse:
    context = {
        "title": title,
        "sentence": sentence,
        "next_url": next_url,
        "next_label": next_label,
        "wait": _wait_text(retry_after),
    }
    response = render(request, "errors/refusal.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return with_retry_after(response, retry_after)


def _wait_text(seconds: int | None) -> str:
    if not seconds:
        return ""
    return (
        minutes_text(seconds) if seconds > SECONDS_ARE_SAID_UP_TO else f"{seconds} second{'' if seconds == 1 else 's'}"
    )


def with_retry_after[R: HttpResponseBase](response: R, seconds: int | None) -> R:
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response
