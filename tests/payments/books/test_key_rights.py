"""A restricted key with exactly the rights that docs/deploy.md lists runs the product; a missing right raises an alarm."""

import re

import pytest
from django.core import mail
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db.models import F

from core.monitoring.metrics import exposition
from dev.sandbox.keys import RESOURCES
from dev.state import CHECKOUT
from payments.books.comparison_runs import run_due_comparison
from payments.books.key_rights import tell_of_refused_rights
from payments.books.payment_sweep import send_due_refunds
from payments.books.provider_events import fetch_undelivered
from payments.models import KeyRefusal, Refund
from payments.providers import errors
from payments.providers.stripe.probes import PROBES
from payments.providers.stripe.rights import RIGHTS, WHOLE_KEY
from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.states import CancelCause
from tests.factories import begin_paying, buy, make_browser
from tests.ledger import nothing_changes
from tests.providers import STRIPE

pytestmark = pytest.mark.django_db
NAMES = {right.name for right in RIGHTS}
KEY = "rk_test_51Marquee0000000000"
BY_STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for.")


@pytest.fixture
def restricted(sandbox, settings):
    def use(*rights):
        settings.STRIPE_SECRET_KEY = sandbox.restrict(KEY, *rights)

    return use


def said_by_check():
    found = run_checks(include_deployment_checks=True)
    return [message for message in found if message.id.startswith("payments.")]


def test_the_documents_list_exactly_these_rights():
    section = (
        (CHECKOUT / "docs" / "deploy.md").read_text().split("### The rights of a restricted key")[1].split("\n#")[0]
    )
    listed = re.findall(r"^\| ([A-Z][^|]*: \w+) \| `(\w+)` \|", section, re.MULTILINE)
    assert listed == [(right.in_dashboard, right.name) for right in RIGHTS]


def test_every_right_is_probed_and_known_to_the_sandbox():
    assert PROBES.keys() == NAMES
    assert {name.rsplit("_", 1)[0] for name in NAMES} == set(RESOURCES.values())


def test_the_product_runs_with_these_rights_and_needs_each(sandbox, showtime, restricted):
    restricted(*NAMES)
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    sandbox.dispute(buy(sandbox, showtime, make_browser(2), "A2").sale.payments.get().session_id)
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=BY_STAFF)
    send_due_refunds()
    fetch_undelivered()
    run_due_comparison()
    assert Refund.objects.get(payment__sale=booking.sale_id).status == "SUCCEEDED"
    assert not KeyRefusal.objects.exists()
    asked = {(note["method"], note["path"]) for note in sandbox.requests()}
    needed = {
        f"{name}_{'read' if method == 'GET' else 'write'}"
        for method, path in asked
        for start, name in RESOURCES.items()
        if path.startswith(start)
    }
    covered = NAMES | {name.replace("_write", "_read") for name in NAMES}
    # The payment intent is part of the answer about its session.
    assert needed | {"payment_intent_read"} == covered & (needed | NAMES)


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: right.name)
def test_check_deploy_names_the_right_that_is_missing(restricted, right):
    restricted(*(NAMES - {right.name}))
    with nothing_changes():
        [error] = said_by_check()
    assert right.in_dashboard in error.msg and right.name in error.msg
    assert error.is_serious()
    assert not KeyRefusal.objects.exists()


def test_check_deploy_is_content_with_all_rights_and_changes_nothing(sandbox, restricted):
    restricted(*NAMES)
    assert said_by_check() == []
    assert {note["path"] for note in sandbox.requests(method="POST")} == {
        "/v1/checkout/sessions/cs_test_of_rights/expire", "/v1/refunds",
    }  # fmt: skip
    assert sandbox.events() == []


def test_check_deploy_does_not_stop_when_stripe_is_away(sandbox, restricted):
    restricted(*NAMES)
    sandbox.go_dead()
    [told] = said_by_check()
    assert not told.is_serious()


def test_only_a_restricted_key_is_asked_about(sandbox):
    assert said_by_check() == []
    assert sandbox.requests() == []


def test_a_key_that_stripe_does_not_know_is_an_error(settings, sandbox):
    settings.STRIPE_SECRET_KEY = "rk_test_revoked"
    assert [error.id for error in said_by_check()] == ["payments.E002"]
    with pytest.raises(CommandError):
        call_command("check", deploy=True)


def test_a_missing_right_is_an_alarm_told_once_and_the_call_is_tried_again(sandbox, showtime, restricted, settings):
    settings.STAFF_MAIL = ["money@example.com"]
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=BY_STAFF)
    restricted(*(NAMES - {"charge_write"}), "charge_read")
    for _ in range(2):
        send_due_refunds()
        Refund.objects.update(look_at=F("created_at"))
    assert KeyRefusal.objects.get().right == "charge_write"
    assert b'marquee_provider_key_refused{right="charge_write"} 1.0' in exposition()
    assert (tell_of_refused_rights(), tell_of_refused_rights()) == (1, 0)
    assert "Charges and Refunds: Write" in mail.outbox[0].body
    restricted(*NAMES)
    send_due_refunds()
    assert Refund.objects.get().status == "SUCCEEDED"
    run_due_comparison()
    assert not KeyRefusal.objects.exists(), "the alarm ends when every right is there"


def test_a_right_for_what_is_shown_inside_is_told_too(sandbox, showtime, restricted):
    booking = begin_paying(showtime, make_browser(1), "A1")
    restricted("checkout_session_write")
    with pytest.raises(errors.NotPermitted) as refused:
        STRIPE.look_at_session(booking.sale.payments.get().session_id)
    assert refused.value.right == "payment_intent_read"
    assert isinstance(refused.value, errors.Unknown)


def test_a_refused_key_is_told_as_such(sandbox, settings):
    settings.STRIPE_SECRET_KEY = "sk_test_of_somebody_else"
    with pytest.raises(errors.NotPermitted):
        STRIPE.look_at_refund("re_1")
    assert KeyRefusal.objects.get().right == WHOLE_KEY
