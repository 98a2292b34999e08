"""Odd but signed events: refused with a sentence if they can never be stored, set aside for a person if they can never
succeed.
"""

import json
import time
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.models import F
from django.test import Client
from structlog.testing import capture_logs

from payments.books import provider_events
from payments.books.event_alarms import tell_of_events_set_aside
from payments.books.events_set_aside import NotSetAside, close_event, replay_event
from payments.books.provider_events import (
    MOST_FAILURES,
    MOST_WAITS,
    SILENT_FOR,
    fetch_undelivered,
    settle_due_events,
)
from payments.models import ProviderEvent, SetAsideCause
from payments.tasks import tell_of_differences
from reservations.models import Booking
from staff.models import AuditEntry
from tests.aging import unguarded
from tests.factories import begin_paying
from tests.ledger import broken_invariants, nothing_changes
from tests.payments.books.test_webhook import BODY, post, signature
from tests.payments.odd_answers import put_between
from tests.variants import some

pytestmark = pytest.mark.django_db


def event(**fields) -> bytes:
    usual = {"id": "evt_1", "object": "event", "type": "charge.updated", "data": {"object": {}}}
    return json.dumps(usual | fields).encode()


def nested(levels: int) -> bytes:
    return event(data="here").replace(b'"here"', b'{"a":' * levels + b"1" + b"}" * levels)


ODD = {
    "a NUL in a value": event(data={"object": {"description": "a\0b"}}),
    "a NUL in a name": event(data={"object": {"a\0b": 1}}),
    "a NUL in the id": event(id="evt_\0"),
    "a NUL in the type": event(type="charge.\0"),
    "a lone surrogate": event(data={"object": {"name": "here"}}).replace(b'"here"', rb'"\ud800"'),
    "200 levels": nested(200),
    "900 levels": nested(900),
    "5,000 levels": nested(5_000),
    "5,000 lists": event(data="here").replace(b'"here"', b"[" * 5_000 + b"]" * 5_000),
    "a number of 5,000 digits": event(amount="here").replace(b'"here"', b"9" * 5_000),
    "a number without end": event(amount="here").replace(b'"here"', b"1e999"),
    "not a number": event(amount="here").replace(b'"here"', b"NaN"),
    "a list": b"[1]",
    "a text": b'"evt_1"',
    "null": b"null",
    "no id": json.dumps({"object": "event", "type": "charge.updated"}).encode(),
    "no type": json.dumps({"object": "event", "id": "evt_1"}).encode(),
    "an id that is a number": event(id=1),
    "an empty id": event(id=""),
    "an id too long": event(id="e" * 201),
    "a type too long": event(type="t" * 81),
    "a type that is a list": event(type=["charge.updated"]),
    "another object": event(object="charge"),
    "JSON and more": BODY + b"}",
    "a signature with letters beyond ASCII": BODY,
}


@pytest.mark.parametrize("name", ODD)
def test_what_can_never_be_kept_is_400_in_words(sandbox, name):
    body = ODD[name]
    signed = "t=1,v1=é" if "beyond" in name else signature(body)
    with nothing_changes():
        answer = post(body, signed, Client(raise_request_exception=True))
    assert answer.status_code == 400 and len(answer.content.split()) > 5


@pytest.mark.parametrize(
    "body",
    [
        event(data={"object": {"amount": 10**400, "name": "é 🎬 \x7f"}}),
        event(id="e" * 200, type="t" * 80),
        nested(50),
    ],
)
def test_what_can_be_kept_is_kept(sandbox, body):
    assert post(body, signature(body)).status_code == 200
    assert ProviderEvent.objects.get().payload == json.loads(body)


def test_stripes_list_of_undelivered_news_passes_over_what_can_never_be_kept(showtime, my_browser, sandbox):
    sandbox.rule("drop", times=None)
    booking = begin_paying(showtime, my_browser, "A1")
    sandbox.pay(booking.sale.payments.get().session_id)
    sandbox.desk.ledger.write("UPDATE objects SET body = replace(body, 'MARQUEE', '\\u0000') WHERE kind = 'event'")
    odd = sandbox.desk.ledger.find("event", "1 = 1")[-1]
    sandbox.desk.ledger.save(odd | {"data": {"object": {"description": "a\0b"}}})
    fetch_undelivered()
    settle_due_events()
    assert not ProviderEvent.objects.filter(provider_id=odd["id"]).exists()
    assert Booking.objects.get().status == "CONFIRMED"


# Only what is in the database is acknowledged.


def test_a_database_that_fails_is_no_2xx(sandbox, monkeypatch):
    def fails(*args, **kwargs):
        raise OperationalError("the disk is full")

    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", fails)
    assert post(BODY, signature(BODY)).status_code == 503


def test_a_statement_that_stored_nothing_is_no_2xx(sandbox):
    with connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
        cursor.execute(
            "CREATE TRIGGER swallow BEFORE INSERT ON payments_providerevent FOR EACH ROW EXECUTE FUNCTION swallow()"
        )
    answer = post(BODY, signature(BODY))
    assert (answer.status_code, answer.headers["Retry-After"], ProviderEvent.objects.count()) == (503, "5", 0)


@pytest.mark.parametrize("error", [RuntimeError, ImproperlyConfigured, KeyError])
def test_whatever_goes_wrong_while_storing_is_no_2xx(sandbox, monkeypatch, error):
    def fails(delivery):
        raise error("anything")

    monkeypatch.setattr(provider_events, "_store", fails)
    assert post(BODY, signature(BODY), Client(raise_request_exception=False)).status_code >= 500


# A wrong clock.


@pytest.mark.parametrize("ahead", [400, -400])
def test_a_wrong_clock_of_the_web_is_an_alarm_and_the_database_judges_the_age(sandbox, ahead):
    body, signed = BODY, signature(BODY)
    with time_machine.travel(time.time() + ahead), capture_logs() as logs:
        assert post(body, signed).status_code == 200
        assert Client().get("/readyz").json()["clock"] == "degraded"
    assert [(log["event"], round(log["seconds_ahead"], -1)) for log in logs if log["event"] == "web_clock_off"] == [
        ("web_clock_off", ahead)
    ]


def test_what_is_old_by_both_clocks_is_refused(sandbox):
    with time_machine.travel(time.time() + 400), nothing_changes():
        assert post(BODY, signature(BODY, age=701)).status_code == 400


def test_a_right_clock_is_no_alarm(sandbox, settings):
    settings.METRICS_TOKEN = "a token"
    with capture_logs() as logs:
        post(BODY, signature(BODY))
        page = Client().get("/metrics", headers={"Authorization": "Bearer a token"}).content.decode()
    assert "web_clock_off" not in [log["event"] for log in logs]
    assert abs(float(page.split("\nmarquee_web_clock_ahead_seconds ")[1].split()[0])) < 5


# Events that can never be acted on.


def deliver(body: bytes) -> ProviderEvent:
    assert post(body, signature(body)).status_code == 200
    return ProviderEvent.objects.get()


def try_often(times: int) -> None:
    for _ in range(times):
        ProviderEvent.objects.update(try_at=F("received_at"))
        settle_due_events()


DISPUTE = event(data={"object": {"object": "dispute", "id": "du_unknown"}})


@pytest.mark.parametrize(
    "data",
    some([
        None, [], "text", {}, {"object": None}, {"object": [1]}, {"object": "ch_1"},
        {"object": {"object": "dispute"}}, {"object": {"object": "refund", "id": ""}},
        {"object": {"object": "refund", "id": {"a": 1}}},
    ], every=3),
)  # fmt: skip
def test_news_without_an_object_is_set_aside_at_once(sandbox, data):
    found = deliver(event(data=data))
    settle_due_events()
    found.refresh_from_db()
    assert (found.done_at, found.attempts, found.outcome.startswith("set aside: ")) == (None, 1, True)
    assert ProviderEvent.objects.set_aside().get() == found and broken_invariants() == []


@pytest.mark.parametrize(
    "said",
    [
        {"object": "checkout.session", "id": {"a": 1}, "client_reference_id": [1], "metadata": "text"},
        {"object": "payment_intent", "id": 12, "metadata": {"payment": {"a": 1}}},
        {"object": ["a"], "payment_intent": {"id": "pi_1"}},
    ],
)
def test_events_about_odd_ids_are_not_ours(sandbox, said):
    found = deliver(event(data={"object": said}))
    settle_due_events()
    found.refresh_from_db()
    assert found.outcome == "not ours"


def test_what_stripe_refuses_to_show_is_tried_a_bounded_number_of_times(sandbox):
    found = deliver(DISPUTE)
    try_often(MOST_FAILURES - 1)
    found.refresh_from_db()
    assert (found.set_aside_at, found.failures) == (None, MOST_FAILURES - 1)
    try_often(3)
    found.refresh_from_db()
    assert (found.set_aside_at is not None, found.attempts) == (True, MOST_FAILURES)
    assert len(sandbox.requests("/v1/disputes/*")) == MOST_FAILURES


def test_an_event_that_fails_here_is_set_aside_and_the_others_go_on(sandbox, monkeypatch):
    def fails(**names):
        raise ZeroDivisionError("by its own fault")

    monkeypatch.setattr(provider_events, "follow_dispute", fails)
    found = deliver(DISPUTE)
    body = event(id="evt_2")
    post(body, signature(body))
    try_often(MOST_FAILURES)
    found.refresh_from_db()
    assert found.outcome == "set aside: ZeroDivisionError: by its own fault"
    assert ProviderEvent.objects.get(provider_id="evt_2").done_at is not None


def test_a_silent_stripe_is_not_the_events_fault(sandbox):
    found = deliver(DISPUTE)
    sandbox.go_dead()
    try_often(MOST_FAILURES + 2)
    found.refresh_from_db()
    assert (found.set_aside_at, found.failures, found.attempts) == (None, 0, MOST_FAILURES + 2)


@pytest.mark.parametrize("answer", ["a page with 200", "another object", "an error without a code"])
def test_an_object_that_can_never_be_read_is_set_aside_after_a_bounded_number_of_tries(sandbox, answer):
    found = deliver(DISPUTE)
    put_between(sandbox, answer, "/v1/disputes/*")
    try_often(MOST_WAITS - 1)
    found.refresh_from_db()
    assert found.set_aside_at is None
    try_often(3)
    found.refresh_from_db()
    assert (found.set_aside_at is not None, found.attempts) == (True, MOST_WAITS)
    assert broken_invariants() == []


def test_after_three_days_of_silence_about_it_a_person_decides(sandbox):
    found = deliver(DISPUTE)
    sandbox.go_dead()
    ProviderEvent.objects.update(attempts=MOST_WAITS)
    try_often(1)
    found.refresh_from_db()
    assert found.set_aside_at is None
    with unguarded():
        ProviderEvent.objects.update(received_at=F("received_at") - SILENT_FOR)
    try_often(1)
    found.refresh_from_db()
    assert found.set_aside_at is not None


def test_a_locked_row_is_not_the_events_fault(sandbox, monkeypatch):
    def fails(**names):
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(provider_events, "follow_dispute", fails)
    found = deliver(DISPUTE)
    try_often(MOST_FAILURES + 2)
    found.refresh_from_db()
    assert (found.set_aside_at, found.failures, found.outcome) == (None, 0, "waiting: OperationalError")


# Staff are told.


def set_aside(*names: str, kind: str = "charge.updated") -> None:
    for name in names:
        body = event(id=name, type=kind, data=None)
        post(body, signature(body))
    settle_due_events()


def test_staff_get_one_mail_for_each_cause_and_not_for_each_event(sandbox, settings):
    settings.STAFF_MAIL = ["money@example.com"]
    set_aside("evt_1", "evt_2")
    set_aside("evt_3", kind="charge.failed")
    tell_of_differences()
    set_aside("evt_4")
    tell_of_differences()
    assert ProviderEvent.objects.set_aside().count() == 4
    assert [message.to for message in mail.outbox] == [["money@example.com"]] * 2
    assert "charge.updated: Meaningless: it names no object" in " ".join(mail.outbox[0].body.split())
    assert "/admin/payments/providerevent/?state=aside" in mail.outbox[0].body


def test_a_cause_that_comes_back_after_a_quiet_day_is_told_again(sandbox, settings):
    settings.STAFF_MAIL = ["money@example.com"]
    set_aside("evt_1")
    tell_of_events_set_aside()
    SetAsideCause.objects.update(last_at=F("last_at") - timedelta(hours=27), tell_at=F("first_at"))
    set_aside("evt_2")
    assert (tell_of_events_set_aside(), tell_of_events_set_aside()) == (1, 0)


def test_a_mail_server_that_is_down_is_asked_again(sandbox, settings, monkeypatch):
    settings.STAFF_MAIL = ["money@example.com"]
    set_aside("evt_1")
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", fails_to_send)
        assert tell_of_events_set_aside() == 0
    SetAsideCause.objects.update(tell_at=F("first_at"))
    assert (tell_of_events_set_aside(), len(mail.outbox)) == (1, 1)


def fails_to_send(self, fail_silently=False):
    raise ConnectionRefusedError("no mail server")


@pytest.fixture
def aside(sandbox) -> ProviderEvent:
    found = deliver(event(data=None))
    settle_due_events()
    return found


def test_a_person_has_it_tried_again(aside):
    ProviderEvent.objects.update(payload=json.loads(BODY))
    replay_event(event_id=aside.pk, reason="The release of today reads it", actor="test")
    settle_due_events()
    aside.refresh_from_db()
    assert (aside.outcome, aside.set_aside_at, aside.done_at is not None) == ("not ours", None, True)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason) == ("replay delivery", "The release of today reads it")


def test_a_person_closes_it(aside):
    close_event(event_id=aside.pk, reason="A test of Stripe's", actor="test")
    aside.refresh_from_db()
    assert (aside.outcome, aside.done_at is not None) == ("closed by staff", True)
    assert AuditEntry.objects.get().action == "close delivery"


@pytest.mark.parametrize("decide", [replay_event, close_event])
def test_only_what_is_set_aside_is_decided(sandbox, decide):
    found = deliver(BODY)
    with nothing_changes(), pytest.raises(NotSetAside):
        decide(event_id=found.pk, reason="x", actor="test")
    assert not AuditEntry.objects.exists()


def test_the_metrics_count_it(aside, settings):
    settings.METRICS_TOKEN = "a token"
    page = Client().get("/metrics", headers={"Authorization": "Bearer a token"}).content.decode()
    assert 'marquee_waiting{what="provider_events_set_aside"} 1.0' in page
    assert 'marquee_waiting{what="provider_events"} 0.0' in page
