"""The state machines of box_office.py and aftersale_walk.py: the same walks every time, and more if asked for.

`BOX_OFFICE_WALKS=500 make test ARGS="-k state_machine -o faulthandler_timeout=7200"` tries new walks.
"""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.payments.aftersale_walk import Aftersale
from tests.payments.box_office import BoxOffice

pytestmark = pytest.mark.django_db
WALKS = int(os.environ.get("BOX_OFFICE_WALKS", "0"))
EVERY_TIME = settings(
    max_examples=WALKS or 20,
    stateful_step_count=20,
    derandomize=not WALKS,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, *([Phase.shrink] if WALKS else [])],
)


@pytest.fixture
def box_office(sandbox, settings):
    settings.UNPAID_HOLD_PAUSE_SECONDS = 0
    settings.STAFF_MAIL = ["finance@example.com"]
    return type("BoxOffice", (BoxOffice,), {"sandbox": sandbox})


@pytest.mark.long
def test_whatever_happens_in_whatever_order_the_invariants_hold(box_office):
    run_state_machine_as_test(box_office, settings=EVERY_TIME)


def test_a_dashboard_refund_whose_news_was_lost_is_learned_when_stripe_refuses_ours(box_office):
    walk = box_office()
    walk.open_the_doors()
    walk.refund_in_the_dashboard(choice=0, amount=500)
    walk.news_is_lost()
    walk.staff_cancel(choice=0, whole=True)
    walk.teardown()


def test_control_money_that_went_back_unaccounted_is_found(box_office, monkeypatch):
    monkeypatch.setattr("payments.refunds.dashboard_refunds.money_went_back", lambda *_, **__: None)
    walk = box_office()
    walk.open_the_doors()
    walk.refund_in_the_dashboard(choice=0, amount=None)
    walk.news_arrives()
    with pytest.raises(AssertionError):
        walk.nothing_is_broken()
    transaction.set_rollback(True)
    walk.world.__exit__(None, None, None)


@pytest.fixture
def aftersale(sandbox, settings):
    settings.UNPAID_HOLD_PAUSE_SECONDS = 0
    settings.STAFF_MAIL = ["finance@example.com"]
    return type("Aftersale", (Aftersale,), {"sandbox": sandbox})


@pytest.mark.long
def test_whatever_comes_after_a_sale_the_invariants_hold(aftersale):
    run_state_machine_as_test(aftersale, settings=settings(EVERY_TIME, max_examples=WALKS or 12))
