"""A house's stylesheet and icons, its pages and its news."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.house_facts import current_house
from houses.icons import SIZES, draw_icon, icon_version
from houses.markdown import as_html
from houses.models import House, PageText
from houses.selectors import (
    page_now,
    post_told_by,
    public_posts,
    stylesheet_of,
    stylesheet_version,
    zone_of_house,
)

POSTS_SHOWN = 30


@require_safe
def stylesheet(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The house's CSS, at an address that changes with its content, because the CSP allows no inline style.

    A page that was drawn or kept before the colors changed gets those of now: without any it would look like no house at all.
    """
    css = stylesheet_of(get_object_or_404(House, slug=slug))
    if not css:
        raise Http404("This house looks different now.")
    if stylesheet_version(css) != version:
        return redirect("house_stylesheet", slug, stylesheet_version(css))
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    return response


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def icon(request: HttpRequest, slug: str, version: str, size: int) -> HttpResponse:
    """An icon of the house, at an address that changes with the icon."""
    house = get_object_or_404(House, slug=slug)
    if size not in SIZES or icon_version(house) != version:
        raise Http404("There is no such icon.")
    return HttpResponse(draw_icon(house, size), content_type="image/png")


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """A page whose days are those of the house, wherever the reader is."""
    with timezone.override(zone_of_house(current_house().id)):
        return render(request, template, context)


@require_safe
def text_page(request: HttpRequest, slug: str) -> HttpResponse:
    page = page_now(current_house().id or 0, slug)
    if page is None:
        raise Http404("There is no page at this address.")
    return _page(request, "houses/page.html", {"page": page, "html": as_html(page.body)})


@require_safe
def earlier_text(request: HttpRequest, slug: str, text_id: int) -> HttpResponse:
    """An earlier text of a page, as somebody may have accepted it."""
    texts = PageText.objects.holding().filter(page__house=current_house().id, page__slug=slug)
    text = get_object_or_404(texts, pk=text_id)
    return _page(request, "houses/page.html", {"page": text, "html": as_html(text.body), "is_earlier": True})


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    posts = public_posts(current_house().id).order_by("-published_at", "-pk")
    return _page(request, "houses/news.html", {"posts": posts[:POSTS_SHOWN]})


@require_safe
def post(request: HttpRequest, slug: str) -> HttpResponse:
    house_id = current_house().id
    if lead := post_told_by(house_id, slug):
        return redirect("post", lead.slug)
    found = get_object_or_404(public_posts(house_id), slug=slug)
    return _page(request, "houses/post.html", {"post": found, "html": as_html(found.shown_text)})
