"""No call to Stripe between BEGIN and COMMIT: the sandbox looks into the database while it is being called."""

import pytest
from django.db import transaction

from payments.providers import call_rules
from payments.sessions.settlement import settle
from tests.factories import begin_paying, make_browser
from tests.providers import STRIPE
from tests.race.racing import start

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ADA = make_browser(1)


def test_a_whole_purchase_is_seen_by_the_probe_and_holds_no_transaction(showtime, sandbox):
    payment = begin_paying(showtime, ADA, "A1").sale.payments.get()
    sandbox.pay(payment.session_id)
    assert settle(payment_id=payment.pk, actor="test") == "confirmed"
    assert (sandbox.desk.probe is not None, sandbox.violations) == (True, [])


def test_control_a_call_between_begin_and_commit_is_seen(showtime, sandbox, monkeypatch):
    payment = begin_paying(showtime, ADA, "A1").sale.payments.get()
    monkeypatch.setattr(call_rules, "connection", type("Blind", (), {"atomic_blocks": []}))

    def inside():
        with transaction.atomic():
            list(type(payment).objects.select_for_update(no_key=True))
            STRIPE.look_at_session(payment.session_id)

    start(inside).outcome()
    seen = [violation["path"] for violation in sandbox.violations]
    sandbox.violations.clear()
    assert seen == [f"/v1/checkout/sessions/{payment.session_id}"]


def test_control_the_gateway_itself_raises_there(showtime, sandbox):
    payment = begin_paying(showtime, ADA, "A1").sale.payments.get()
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        STRIPE.look_at_session(payment.session_id)
