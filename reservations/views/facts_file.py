"""The facts of a plan's seats, fetched by a browser that asks what a seat is like and how the screen is seen from it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from core.texts.languages import current_language, speaking
from reservations.seats.facts_file import facts_file, language_of


@require_safe
def seat_facts(request: HttpRequest, plan_id: int, version: str) -> HttpResponse:
    """The facts of the seats, at an address that changes with them and the language.

    A page that is some seconds older gets today's in the visitor's language, and nobody keeps it.
    """
    language = language_of(plan_id, version)
    with speaking(language or current_language()):
        text = facts_file(plan_id)
    if not text:
        raise Http404("There is no seating plan at this address.")
    answer = HttpResponse(text, content_type="application/json")
    if language:
        patch_cache_control(answer, public=True, max_age=31_536_000, immutable=True)
    return answer
