"""Stripe's events: verified, stored once and acknowledged; we act on them by asking Stripe."""

import hashlib
import hmac
import json
import time

import pytest
from django.db import connection
from django.test import Client

from payments.books.provider_events import fetch_undelivered, settle_due_events, settle_event
from payments.models import ProviderEvent
from payments.tasks import settle_event as settle_event_task
from reservations.models import Booking
from tests.factories import begin_paying
from tests.ledger import counts, nothing_changes

pytestmark = pytest.mark.django_db
URL = "/payments/stripe/webhook/"
BODY = json.dumps({"id": "evt_1", "object": "event", "type": "charge.updated", "data": {"object": {}}}).encode()


def signature(body: bytes, secret="whsec_sandbox", age=0):
    at = int(time.time()) - age
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def post(body, signed, client=None):
    return (client or Client()).post(URL, body, content_type="application/json", headers={"Stripe-Signature": signed})


# Refused with 400, and no row is written.


@pytest.mark.parametrize(
    ("body", "signed"),
    [
        pytest.param(BODY, "", id="unsigned"),
        pytest.param(BODY, "nonsense", id="not a signature"),
        pytest.param(BODY, signature(BODY, secret="whsec_wrong"), id="forged"),
        pytest.param(BODY, signature(BODY, age=301), id="stale"),
        pytest.param(BODY.replace(b"evt_1", b"evt_2"), signature(BODY), id="tampered"),
        pytest.param(b"\xff\xfe\x00", signature(b"\xff\xfe\x00"), id="not UTF-8"),
        pytest.param(b"hello", signature(b"hello"), id="signed, not JSON"),
        pytest.param(b"[]", signature(b"[]"), id="signed, not an object"),
        pytest.param(b"{}", signature(b"{}"), id="signed, not an event"),
        pytest.param(b"", signature(b""), id="empty"),
    ],
)
def test_a_delivery_that_stripe_did_not_send_is_400_and_leaves_no_row(sandbox, body, signed):
    with nothing_changes():
        answer = post(body, signed)
    assert (answer.status_code, b"Traceback" in answer.content) == (400, False)


def test_with_an_empty_secret_everything_is_refused(sandbox, settings):
    settings.STRIPE_WEBHOOK_SECRET = ""
    with nothing_changes():
        assert post(BODY, signature(BODY, secret="")).status_code == 400


def test_a_browser_cannot_get_it_and_needs_no_csrf_token_to_post(sandbox):
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(URL).status_code == 405
    assert post(BODY, signature(BODY), strict).status_code == 200


# Stored once.


def test_a_delivery_is_stored_and_acknowledged_before_anything_is_done(sandbox):
    assert post(BODY, signature(BODY)).status_code == 200
    event = ProviderEvent.objects.get()
    assert (event.provider_id, event.kind, event.done_at, event.attempts) == ("evt_1", "charge.updated", None, 0)
    assert counts() == {"ProviderEvent": 1}


def test_what_is_not_in_the_database_is_not_acknowledged(sandbox):
    """Whatever loses the row, Stripe sends the event again, and then it is stored."""
    table = ProviderEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
        cursor.execute(f"CREATE TRIGGER swallow BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION swallow()")
    answer = post(BODY, signature(BODY))
    assert (answer.status_code, answer["Retry-After"], ProviderEvent.objects.count()) == (503, "5", 0)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER swallow ON {table}")
    assert (post(BODY, signature(BODY)).status_code, ProviderEvent.objects.count()) == (200, 1)


def test_a_copy_is_acknowledged_and_changes_nothing(sandbox):
    post(BODY, signature(BODY))
    settle_due_events()
    with nothing_changes():
        assert post(BODY, signature(BODY)).status_code == 200
        settle_due_events()


def test_an_event_about_nothing_of_ours_is_done(sandbox):
    post(BODY, signature(BODY))
    assert settle_due_events() == 1
    event = ProviderEvent.objects.get()
    assert (event.outcome, event.done_at is not None) == ("not ours", True)


# Acted on.


@pytest.fixture
def booking(showtime, my_browser, sandbox):
    return begin_paying(showtime, my_browser, "A1")


@pytest.fixture
def pay(booking, sandbox):
    return lambda: sandbox.pay(booking.sale.payments.get().session_id)


def test_every_delivery_of_one_payment_confirms_it_once(booking, pay, deliver):
    pay()
    assert deliver() > 1
    settle_due_events()
    outcomes = list(ProviderEvent.objects.values_list("outcome", flat=True))
    assert outcomes.count("confirmed") == 1 and set(outcomes) == {"confirmed", "done before"}
    assert counts()["OutgoingMail"] == 1


def test_deliveries_in_the_wrong_order_end_the_same(booking, pay, deliver, sandbox):
    sandbox.switches.order = "reversed"
    pay()
    deliver()
    settle_due_events()
    assert Booking.objects.get().status == "CONFIRMED"


def test_the_payload_is_not_believed(booking, sandbox):
    session = sandbox.session(booking.sale.payments.get().session_id) | {"payment_status": "paid", "status": "complete"}
    body = json.dumps(
        {"id": "evt_lie", "object": "event", "type": "checkout.session.completed", "data": {"object": session}}
    )
    post(body.encode(), signature(body.encode()))
    settle_due_events()
    assert (ProviderEvent.objects.get().outcome, Booking.objects.get().status) == ("open", "PENDING")


@pytest.mark.parametrize("lost", [{"session_id": None}, {"session_id": None, "session_url": ""}])
def test_an_event_finds_its_payment_by_our_key_when_our_note_was_lost(booking, pay, deliver, lost):
    payment = booking.sale.payments.get()
    pay()
    booking.sale.payments.all().delete()
    kept = {"key": payment.key, "request": payment.request, "amount": payment.amount, "look_at": payment.look_at}
    booking.sale.payments.create(provider="stripe", currency="GBP", **kept)
    deliver()
    settle_due_events()
    assert Booking.objects.get().status == "CONFIRMED"


def test_while_stripe_does_not_answer_an_event_waits_longer_and_longer(booking, pay, deliver, sandbox):
    pay()
    deliver()
    event = ProviderEvent.objects.filter(kind="checkout.session.completed").get()
    sandbox.go_dead()
    settle_event(event_id=event.pk)
    event.refresh_from_db()
    assert (event.done_at, event.attempts, event.outcome.startswith("waiting")) == (None, 1, True)
    assert ProviderEvent.objects.due().filter(pk=event.pk).count() == 0


def test_an_event_is_acted_on_by_one_worker_at_a_time(booking, pay, deliver):
    pay()
    deliver()
    event = ProviderEvent.objects.filter(kind="checkout.session.completed").get()
    ProviderEvent.objects.due().filter(pk=event.pk).update(try_at=booking.sale.held_until)
    with nothing_changes():
        settle_event(event_id=event.pk)


def test_a_killed_workers_event_is_due_again_after_the_lease(booking, pay, deliver):
    pay()
    deliver()
    ProviderEvent.objects.update(attempts=1, try_at=booking.created_at)
    settle_due_events()
    assert Booking.objects.get().status == "CONFIRMED"


def test_the_task_finds_the_event_by_stripes_id_and_ignores_unknown_keywords(booking, pay, deliver):
    pay()
    deliver()
    event = ProviderEvent.objects.filter(kind="checkout.session.completed").get()
    settle_event_task(provider_id=event.provider_id, invented=1)
    assert Booking.objects.get().status == "CONFIRMED"


def test_deliveries_that_never_came_are_fetched(booking, pay, deliver, sandbox):
    sandbox.rule("drop", times=None)
    pay()
    assert (deliver(), ProviderEvent.objects.count()) == (0, 0)
    assert fetch_undelivered() == 2  # of the session, and of its payment
    assert fetch_undelivered() == 0
    settle_due_events()
    assert Booking.objects.get().status == "CONFIRMED"
