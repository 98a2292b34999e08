from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from core.monitoring.health import readiness
from core.monitoring.metrics import exposition
from core.texts.script_sentences import sentences_script


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    state = readiness()
    return JsonResponse({"ready": state.is_ready, **state.parts}, status=200 if state.is_ready else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, with a bearer token; 404 without METRICS_TOKEN."""
    said = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(said, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a vulnerability (RFC 9116); 404 unless the operator names a contact."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = timezone.now().replace(microsecond=0) + timedelta(days=180)
    lines = [f"Contact: {settings.SECURITY_CONTACT}", f"Expires: {expires.isoformat()}", "Preferred-Languages: en"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def script_sentences(request: HttpRequest, language: str, version: str) -> HttpResponse:
    """The sentences of scripts, at an address that changes with them. An address of another release gets ours too,
    cached for a minute.
    """
    script = sentences_script(language)
    answer = HttpResponse(script.text, content_type="text/javascript; charset=utf-8")
    keep = {"max_age": 31_536_000, "immutable": True} if version == script.version else {"max_age": 60}
    patch_cache_control(answer, public=True, **keep)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
