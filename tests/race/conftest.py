import pytest
from django.db import transaction

from reservations.models import ShowtimeSeat
from reservations.selling.bookings import confirm_booking, open_booking
from tests.factories import hold_seats, make_browser, make_showtime, pay_form


@pytest.fixture
def showtime(transactional_db, settings):
    """A showtime with twelve seats that other connections see."""
    settings.UNPAID_HOLD_PAUSE_SECONDS = 0
    return make_showtime()


@pytest.fixture
def sold_seat(showtime):
    """A showtime whose A1 is sold to somebody who is not in the race."""
    browser = make_browser(900)
    form = pay_form(showtime, "A1")
    hold_seats(showtime, browser, "A1")
    with transaction.atomic():
        booking = open_booking(showtime_id=showtime.pk, browser=browser, form=form)
        confirm_booking(booking, actor="test")
    return ShowtimeSeat.objects.get(showtime=showtime, label="A1")
