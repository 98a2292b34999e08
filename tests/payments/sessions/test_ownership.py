"""Objects at Stripe without a row here: those of this installation raise an alarm, those of others are left alone."""

from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from core.caches.process_cache import forget_everything
from core.installation import installation_id, is_from_elsewhere, is_from_here
from core.models import Installation
from core.pauses import current_pause
from payments.books.payment_sweep import send_due_refunds
from payments.books.provider_events import settle_due_events
from payments.models import Payment, ProviderEvent, Refund
from payments.providers.stripe.calls import client
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.dashboard_refunds import follow_refund
from payments.sessions.ownership import LOST, RowMissing
from payments.sessions.settlement import SettlementResult, payment_behind, settle
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.states import CancelCause
from tests.aging import unguarded
from tests.factories import begin_paying, buy
from tests.ledger import nothing_changes
from tests.providers import STRIPE
from theaters.schedule.sales_pauses import note_agreement, resume_sales

pytestmark = pytest.mark.django_db
OTHER = "f" * 32
ALARM = "provider_object_without_row"


@pytest.fixture
def stripe(sandbox):
    return client()


def open_session(stripe, *, installation, reference="k" * 32):
    metadata = {"payment": reference, "installation": installation}
    return stripe.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "client_reference_id": reference,
            "success_url": "https://example.com/",
            "metadata": metadata,
            "payment_intent_data": {"metadata": metadata},
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {"currency": "gbp", "unit_amount": 1450, "product_data": {"name": "A seat"}},
                }
            ],
        }
    )


def cancel(booking, label):
    ticket = booking.tickets.get(seat__label=label)
    cancel_and_refund(
        booking_id=booking.pk, ticket_ids=[ticket.pk], origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked.")
    )


def alarms(logs):
    return [entry["what"] for entry in logs if entry["event"] == ALARM]


# The id of the installation.


def test_the_installation_has_one_random_id_that_stays(db):
    mine = installation_id()
    assert (len(mine), Installation.objects.get().public_id) == (32, mine)
    assert int(mine, 16) > 0


def test_an_emptied_database_gets_a_new_id_at_first_use(db):
    before = installation_id()
    Installation.objects.all().delete()
    forget_everything()
    assert installation_id() not in {before, ""}
    assert installation_id() == Installation.objects.get().public_id


def test_objects_without_an_id_are_neither_from_here_nor_from_elsewhere(db):
    assert (is_from_here({}), is_from_elsewhere({})) == (False, False)
    assert (is_from_here({"installation": OTHER}), is_from_elsewhere({"installation": OTHER})) == (False, True)


def test_sessions_payments_and_refunds_at_stripe_carry_it(showtime, my_browser, sandbox, stripe):
    booking = buy(sandbox, showtime, my_browser, "A1")
    cancel(booking, "A1")
    send_due_refunds()
    payment = booking.sale.payments.get()
    intent = stripe.v1.payment_intents.retrieve(payment.provider_id)
    refund = stripe.v1.refunds.retrieve(Refund.objects.get().provider_id)
    session = stripe.v1.checkout.sessions.retrieve(payment.session_id)
    assert {thing.metadata["installation"] for thing in (session, intent, refund)} == {installation_id()}


def test_a_copy_of_the_database_in_another_installation_settles_nothing(showtime, my_browser, sandbox, stripe):
    """The copy uses the same keys and hears of money that is not its own: its payment stays as it is."""
    booking = begin_paying(showtime, my_browser, "A1")
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id)
    with unguarded():
        Installation.objects.update(public_id=OTHER)
    forget_everything()
    with nothing_changes():
        assert settle(payment_id=payment.pk, actor="test") == SettlementResult.NOT_OURS
        # News of its disputes and refunds are not ours either; they are not read again for ever.
        intent = stripe.v1.checkout.sessions.retrieve(payment.session_id).payment_intent
        assert payment_behind("stripe", intent, actor="test") is None


# Objects of this installation without a row.


def test_a_paid_session_of_ours_without_a_row_is_an_alarm(sandbox, stripe, deliver):
    sandbox.pay(open_session(stripe, installation=installation_id()).id)
    deliver()
    with capture_logs() as logs:
        settle_due_events()
    # The first alarm pauses sales, and the other events are only stored.
    assert sorted(set(ProviderEvent.objects.values_list("outcome", flat=True))) == ["", LOST]
    assert len(alarms(logs)) == 1
    assert current_pause().is_after_restore


def test_what_was_there_before_sales_were_resumed_is_an_alarm_and_no_pause(sandbox, stripe, deliver):
    sandbox.pay(open_session(stripe, installation=installation_id()).id)
    deliver()
    settle_due_events()
    note_agreement(agrees=True)
    resume_sales(actor="test", reason="Reconciled")
    with capture_logs() as logs:
        settle_due_events()
    assert set(ProviderEvent.objects.values_list("outcome", flat=True)) == {LOST}
    assert not ProviderEvent.objects.filter(done_at=None).exists()  # they are not asked about for ever
    assert set(alarms(logs)) >= {"charge", "payment_intent"}
    assert current_pause() is None


@pytest.mark.parametrize("installation", [OTHER, ""])
def test_what_another_installation_or_program_sold_is_logged_and_let_be(sandbox, stripe, deliver, installation):
    session = open_session(stripe, installation=installation)
    sandbox.pay(session.id)
    sandbox.refund(session.id)
    sandbox.dispute(session.id)
    deliver()
    with capture_logs() as logs:
        settle_due_events()
    assert set(ProviderEvent.objects.values_list("outcome", flat=True)) == {"not ours"}
    assert alarms(logs) == []
    assert "provider_object_not_ours" in {entry["event"] for entry in logs}


@pytest.mark.parametrize("what", ["refund", "dispute"])
def test_a_refund_or_dispute_about_a_payment_without_a_row_is_an_alarm(sandbox, stripe, deliver, what):
    session = open_session(stripe, installation=installation_id())
    sandbox.pay(session.id)
    sandbox.collect()
    getattr(sandbox, what)(session.id)
    deliver()
    settle_due_events()
    assert LOST in set(ProviderEvent.objects.values_list("outcome", flat=True))
    assert current_pause().is_after_restore


def test_a_refund_of_ours_that_the_database_forgot_is_an_alarm_and_no_second_one_is_sent(showtime, my_browser, sandbox):
    booking = buy(sandbox, showtime, my_browser, "A1", "A2")
    payment = booking.sale.payments.get()
    cancel(booking, "A1")
    send_due_refunds()
    forgotten = STRIPE.refund(provider_payment_id=payment.provider_id, amount=Decimal("14.50"), currency="GBP", key="f")
    with nothing_changes(), pytest.raises(RowMissing):
        follow_refund(provider="stripe", provider_id=forgotten.id)
    assert current_pause().is_after_restore
    note_agreement(agrees=True)
    resume_sales(actor="test", reason="Not reconciled")
    cancel(booking, "A2")
    send_due_refunds()
    assert len(STRIPE.refunds_of(payment.provider_id)) == 2
    assert list(Refund.objects.values_list("status", flat=True)) == ["REQUESTED", "SUCCEEDED"]


# A row alone is not enough.


def test_a_session_with_our_key_of_another_installation_settles_nothing(showtime, my_browser, sandbox, stripe, deliver):
    booking = begin_paying(showtime, my_browser, "A1")
    sandbox.collect()
    sandbox.pay(open_session(stripe, installation=OTHER, reference=booking.sale.payments.get().key).id)
    deliver()
    settle_due_events()
    assert set(ProviderEvent.objects.values_list("outcome", flat=True)) == {"not ours"}
    assert Payment.objects.get().status == "OPEN"
