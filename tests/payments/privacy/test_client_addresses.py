"""Customers' network addresses are emptied when no limit needs them any more."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from payments.models import Payment
from payments.privacy import client_addresses
from payments.privacy.client_addresses import forget_old_addresses
from reservations.models import Hold
from tests.aging import unguarded
from tests.factories import buy, hold_seats, make_browser
from tests.ledger import broken_invariants, nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(showtime, sandbox):
    return [buy(sandbox, showtime, make_browser(number), label) for number, label in ((1, "A1"), (2, "A2"))]


def ended_days_ago(days, **which):
    with unguarded():
        for model in (Hold, Payment):
            model.objects.exclude(ended_at=None).update(ended_at=F("ended_at") - timedelta(days=days))


def addresses():
    rows = [*Hold.objects.values_list("address", "network"), *Payment.objects.values_list("address")]
    return {value for row in rows for value in row}


def test_after_a_month_no_address_of_a_customer_is_left(sold, monkeypatch):
    monkeypatch.setattr(client_addresses, "BATCH", 1)
    assert "" not in addresses()
    ended_days_ago(31)
    assert (forget_old_addresses(), addresses()) == (4, {""})
    assert broken_invariants() == []


def test_what_limits_may_still_need_is_kept(sold, showtime):
    hold_seats(showtime, make_browser(3), "B1")
    ended_days_ago(29)
    assert forget_old_addresses() == 0
    assert "" not in addresses()


def test_the_request_with_the_customers_address_is_kept_for_two_days(sold):
    ended_days_ago(1)
    with nothing_changes():
        forget_old_addresses()
    ended_days_ago(1)
    forget_old_addresses()
    assert [one for one in Payment.objects.values_list("request", flat=True) if one] == []
    assert broken_invariants() == []


def test_the_database_lets_nobody_empty_it_before(sold):
    with pytest.raises(IntegrityError, match="request of payments_payment"), transaction.atomic():
        Payment.objects.update(request={})


def test_the_days_are_a_setting(sold, settings):
    ended_days_ago(31)
    settings.CLIENT_ADDRESS_DAYS = 0
    assert forget_old_addresses() == 0
    settings.CLIENT_ADDRESS_DAYS = 32
    assert forget_old_addresses() == 0
