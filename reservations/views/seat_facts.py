"""The facts of a plan's seats, fetched by a browser that asks how the screen is seen."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from reservations.seats.facts_file import facts_file, version_of


@require_safe
def seat_facts(request: HttpRequest, plan_id: int, version: str) -> HttpResponse:
    """Under a name that changes with the facts; a page that is some seconds older gets today's, to be kept for a minute."""
    text = facts_file(plan_id)
    if not text:
        raise Http404("There is no seating plan at this address.")
    answer = HttpResponse(text, content_type="application/json")
    keep = {"max_age": 31_536_000, "immutable": True} if version == version_of(plan_id) else {"max_age": 60}
    patch_cache_control(answer, public=True, **keep)
    return answer
