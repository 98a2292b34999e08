"""The check of the invariants runs once a night or when somebody asks. Its findings are kept, reported once, and measured."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db.models import F

from core.monitoring.metrics import exposition
from payments.books.invariant_runs import ask_for_check, last_night, run_due_check, tell_of_broken_checks
from payments.books.invariants import INVARIANTS
from payments.models import InvariantRun
from payments.tasks import check_invariants
from payments.tasks import tell_of_broken_checks as tell_task
from sales.models import Sale
from tests.aging import unguarded
from tests.factories import begin_paying

pytestmark = pytest.mark.django_db


@pytest.fixture
def fault(showtime, my_browser, sandbox):
    """A booking whose refund is due and never came."""
    booking = begin_paying(showtime, my_browser, "A1")
    Sale.objects.update(refund_due=1, changed_at=F("changed_at") - timedelta(minutes=11))
    return f"booking {booking.reference}"


def nights_ago(count):
    with unguarded():
        InvariantRun.objects.update(asked_at=F("asked_at") - timedelta(days=count))


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (datetime(2027, 3, 14, 3, 9, tzinfo=UTC), datetime(2027, 3, 13, 3, 10, tzinfo=UTC)),
        (datetime(2027, 3, 14, 3, 10, tzinfo=UTC), datetime(2027, 3, 14, 3, 10, tzinfo=UTC)),
        (datetime(2027, 3, 14, 23, 59, tzinfo=UTC), datetime(2027, 3, 14, 3, 10, tzinfo=UTC)),
    ],
)
def test_the_night_begins_at_ten_past_three(now, night):
    assert last_night(now) == night


def test_once_a_night_is_enough(db):
    first = run_due_check()
    assert (first.actor, first.checked, first.broken, first.findings) == ("schedule", len(INVARIANTS), 0, [])
    assert run_due_check() is None
    nights_ago(1)
    assert run_due_check() is not None
    assert InvariantRun.objects.finished().count() == 2


def test_who_asks_gets_a_check_and_two_clicks_are_one(db):
    run_due_check()
    ask_for_check(actor="staff:7")
    ask_for_check(actor="staff:8")
    assert run_due_check().actor == "staff:7"
    assert run_due_check() is None


def test_what_was_found_is_kept(fault):
    run = run_due_check()
    run.refresh_from_db()
    found = {finding["name"]: finding["rows"] for finding in run.findings}
    assert found["owed_within_what_was_captured"] == [fault]
    assert (run.broken, run.finished_at is not None, run.told_at) == (len(found), True, None)


def test_staff_is_told_once(fault, settings):
    settings.STAFF_MAIL = ["money@example.com"]
    for _ in range(2):
        check_invariants(invented=True)
        tell_task(invented=True)
    (message,) = mail.outbox
    assert message.to == ["money@example.com"]
    assert message.subject.startswith("Something is wrong: ")
    assert fault in message.body and fault in re.sub(r"</?span[^>]*>", "", message.alternatives[0].content)
    assert f"/admin/payments/invariantrun/{InvariantRun.objects.get().pk}/change/" in message.body
    assert InvariantRun.objects.get().told_at is not None


def test_nobody_is_told_that_all_is_well(db):
    check_invariants()
    assert mail.outbox == []


def test_a_mail_server_that_is_down_is_tried_again(fault, settings, monkeypatch):
    settings.STAFF_MAIL = ["money@example.com"]
    run_due_check()
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", lambda self: 1 / 0)
    assert tell_of_broken_checks() == 0
    monkeypatch.undo()
    assert tell_of_broken_checks() == 0  # another worker may be sending the mail now
    InvariantRun.objects.update(tell_at=F("tell_at") - timedelta(minutes=2))
    assert (tell_of_broken_checks(), len(mail.outbox)) == (1, 1)


def test_the_metrics_say_what_was_broken_and_how_long_ago(fault):
    run = run_due_check()
    text = exposition().decode()
    assert f'marquee_invariants{{what="broken"}} {run.broken}.0' in text
    assert f'marquee_invariants{{what="checked"}} {len(INVARIANTS)}.0' in text
    assert 'marquee_invariants{what="age_seconds"}' in text
