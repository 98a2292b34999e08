"""Pages of series and of movies that are coming soon."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.selectors import needs_of
from accounts.states import values_for
from core.caches.page_cache import kept_page
from houses.markdown import as_html
from theaters.listings.series_pages import coming_movies, series_program
from theaters.selectors import series_of_this_house, theaters_for_visitors


@require_safe
@vary_on_headers("Cookie")
def series(request: HttpRequest, slug: str) -> HttpResponse:
    needed = values_for(needs_of(request))

    def draw(common: Mapping[str, str]) -> str:
        found = series_of_this_house(slug)
        if found is None:
            raise Http404("There is no series at this address.")
        context = {
            "series": found,
            "text": as_html(found.shown_text),
            "theaters": series_program(found, needed=needed, now=timezone.now()),
            **common,
        }
        return render_to_string("theaters/series.html", context, request)

    return kept_page(request, ("series", slug, needed), draw)


@require_safe
@vary_on_headers("Cookie")
def coming_soon(request: HttpRequest) -> HttpResponse:
    def draw(common: Mapping[str, str]) -> str:
        now = timezone.now()
        theater = next(iter(theaters_for_visitors()), None)
        today = timezone.localdate(now, theater.zone if theater else None)
        movies = coming_movies(now=now, today=today)
        return render_to_string("theaters/coming_soon.html", {"movies": movies, **common}, request)

    return kept_page(request, ("coming_soon",), draw)
