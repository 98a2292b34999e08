"""What staff do at the counter, by the services."""

from django.utils import timezone

from payments.services.counter_sales import CounterSale, sell
from reservations.services.counter_seats import NOTHING, CounterTill, take_at_counter
from tests.factories import make_staff, pay_form


def make_till(showtime, role="BOX_OFFICE", number=1) -> CounterTill:
    """Somebody of the staff at their own till."""
    return CounterTill(holder=f"c{number:063d}", operator_id=make_staff(role, showtime.auditorium.theater).pk)


def take(showtime, till, *labels, allow=NOTHING, now=None):
    take_at_counter(showtime_id=showtime.pk, till=till, labels=list(labels), allow=allow, now=now or timezone.now())


def counter_sale(showtime, *labels, kind="ADULT", **facts) -> CounterSale:
    form = pay_form(showtime, *labels, kind=kind)
    return CounterSale(**{"choices": form.choices, "expected_total": form.expected_total} | facts)


def press_sell(showtime, till, *labels, now=None, **facts):
    sale = counter_sale(showtime, *labels, **facts)
    return sell(showtime_id=showtime.pk, till=till, sale=sale, now=now or timezone.now())


def sell_seats(showtime, till, *labels, now=None, **facts):
    """Seats taken, money taken, tickets given."""
    take(showtime, till, *labels, allow=facts.get("allow", NOTHING), now=now)
    return press_sell(showtime, till, *labels, now=now, **facts)
