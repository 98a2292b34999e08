"""Tells staff who changed prices which showtimes on sale keep the ones they have."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from theaters.models import PriceList
from theaters.prices.repricing import at_older_prices, on_other_lists


def tell_of_older_prices(request: HttpRequest, price_list: PriceList) -> None:
    """Say how many showtimes on sale keep their prices, with a link to where staff move them to the new ones."""
    count = at_older_prices(price_list, now=timezone.now()).count()
    if not count:
        return
    words = ngettext(
        "%(count)s showtime on sale keeps its prices of %(list)s.",
        "%(count)s showtimes on sale keep their prices of %(list)s.",
        count,
    ) % {"count": count, "list": price_list}
    address = reverse("admin:theaters_pricelist_showtimes", args=[price_list.pk])
    link = gettext("Choose which sell at the new ones")
    messages.warning(request, format_html('{} <a href="{}">{}</a>', words, address, link))


def tell_of_other_lists(request: HttpRequest, price_list: PriceList) -> None:
    """Say how many showtimes on sale fall on days of this list and keep the prices of another, with a link to them."""
    count = len(on_other_lists(price_list, now=timezone.now()))
    if not count:
        return
    words = ngettext(
        "%(count)s showtime on the days of %(list)s is on sale already and keeps the prices of another list.",
        "%(count)s showtimes on the days of %(list)s are on sale already and keep the prices of other lists.",
        count,
    ) % {"count": count, "list": price_list}
    address = reverse("admin:theaters_pricelist_showtimes", args=[price_list.pk])
    messages.warning(request, format_html('{} <a href="{}#others">{}</a>', words, address, gettext("See which")))
