"""The booking that an address names, or a choice among the bookings of its sale."""

from collections.abc import Callable
from functools import reduce, wraps
from operator import or_

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from boxoffice.selectors.counter_sales import bookings_at
from boxoffice.views.counter import frame
from reservations.one_booking import asked_for, booking_choices, status_of_choice
from staff.access import theaters_of
from staff.acting import acting_in

type View = Callable[..., HttpResponseBase]


def about_one_booking_at_counter(*rights: str) -> Callable[[View], View]:
    """Decorate a view that gets the booking in place of the reference: one of a theater where this person has any of
    the rights, else 404.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, reference: str, *args: object, **kwargs: object) -> HttpResponseBase:
            theaters = reduce(or_, (theaters_of(acting_in(request), right) for right in rights))
            found = asked_for(request, bookings_at(theaters).filter(sale__reference=reference))
            if len(found) == 1:
                return view(request, found[0], *args, **kwargs)
            context = frame(request, found[0].sale.theater) | booking_choices(request, found)
            return render(request, "boxoffice/counter/choose.html", context, status=status_of_choice(request))

        return wrapped

    return decorate
