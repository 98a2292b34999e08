from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import TransactionTestCase

from reservations.models import ShowtimeSeat
from reservations.services.bookings import confirm_booking, open_booking
from tests.factories import hold_seats, make_browser, make_showtime, pay_form

# What the migrations wrote: permissions and the kinds of things.
KEPT = {"auth", "contenttypes", "sites"}


@pytest.fixture(scope="package", autouse=True)
def quickly_emptied() -> Iterator[None]:
    """Django truncates every table and makes all permissions anew, which takes ten times as long as a race."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _wipe)
        yield


def _wipe(_test: TransactionTestCase) -> None:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label not in KEPT]
    with transaction.atomic(), connection.cursor() as cursor:
        # Some tables only grow: for this one transaction their triggers look away, and foreign keys with them.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(";".join(f"DELETE FROM {model._meta.db_table}" for model in models))


@pytest.fixture
def showtime(transactional_db, settings):
    """Twelve seats that other connections see."""
    settings.UNPAID_HOLD_PAUSE_SECONDS = 0
    return make_showtime()


@pytest.fixture
def sold_seat(showtime):
    """A1 is sold to somebody who is not in the race."""
    browser = make_browser(900)
    form = pay_form(showtime, "A1")
    hold_seats(showtime, browser, "A1")
    with transaction.atomic():
        booking = open_booking(showtime_id=showtime.pk, browser=browser, form=form)
        confirm_booking(booking, actor="test")
    return ShowtimeSeat.objects.get(showtime=showtime, label="A1")
