"""Sells at the counter by calling the services."""

from django.utils import timezone

from payments.sessions.counter_sales import CounterSale, sell
from reservations.counter.counter_seats import NOTHING, CounterSeller, take_at_counter
from tests.factories import make_staff, pay_form


def make_seller(showtime, role="BOX_OFFICE", number=1) -> CounterSeller:
    """Create a member of the staff with a browser session of their own."""
    return CounterSeller(holder=f"c{number:063d}", operator_id=make_staff(role, showtime.auditorium.theater).pk)


def take(showtime, seller, *labels, allow=NOTHING, now=None):
    take_at_counter(showtime_id=showtime.pk, seller=seller, labels=list(labels), allow=allow, now=now or timezone.now())


def counter_sale(showtime, *labels, kind="ADULT", **facts) -> CounterSale:
    form = pay_form(showtime, *labels, kind=kind)
    return CounterSale(**{"choices": form.choices, "expected_total": form.expected_total} | facts)


def press_sell(showtime, seller, *labels, now=None, **facts):
    sale = counter_sale(showtime, *labels, **facts)
    return sell(showtime_id=showtime.pk, seller=seller, sale=sale, now=now or timezone.now())


def sell_seats(showtime, seller, *labels, now=None, **facts):
    """Take seats at the counter and sell them."""
    take(showtime, seller, *labels, allow=facts.get("allow", NOTHING), now=now)
    return press_sell(showtime, seller, *labels, now=now, **facts)
