"""The line on every page that says what this browser holds, and leads there."""

from django.db import Error
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from reservations.access import holder_of
from reservations.selectors.cart import held_seats


def cart_line(request: HttpRequest) -> SafeString:
    """Render the seats this browser holds at other showtimes; '' when it holds none."""
    match = request.resolver_match
    here = match.kwargs.get("showtime_id") if match else None
    try:
        held = held_seats(holder=holder_of(request), now=timezone.now(), besides=here)
    except Error:
        # Empty if the database does not answer, because the page that says so has this line too.
        return SafeString()
    return render_to_string("reservations/cart_line.html", {"held": held}) if held else SafeString()


def cart(request: HttpRequest) -> dict[str, object]:
    """Context processor: the cart line, rendered lazily, so a page without it makes no query."""
    return {"cart_line": SimpleLazyObject(lambda: cart_line(request))}
