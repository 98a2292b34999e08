"""Rows that wait for a worker: every kind of them follows one set of rules."""

import pytest
from django.db import transaction

from accounts.models import AccountMail
from core.clock import database_now, from_now
from core.letters.outbox import MAILS
from core.letters.outbox import RETRIES as MAIL_RETRIES
from core.rows.due import BackOff, Waiting
from payments.books.provider_events import RETRIES as EVENT_RETRIES
from payments.models import InvariantRun, KeyRefusal, LedgerComparison, Payment, ProviderEvent, Refund, SetAsideCause
from payments.models.comparisons import COMPARISONS, COMPARISONS_TO_TELL, RIGHTS_TO_TELL
from payments.models.invariant_runs import CHECKS_TO_TELL
from payments.models.payments import PAYMENTS
from payments.models.provider_events import CAUSES_TO_TELL, EVENTS
from payments.models.refunds import REFUNDS
from payments.refunds.change_notices import RETRIES as NOTICE_RETRIES
from reservations.models import ChangeNotice, OutgoingMail
from reservations.models.change_notices import NOTICES

pytestmark = pytest.mark.django_db
KINDS = [
    (MAILS, AccountMail), (MAILS, OutgoingMail), (EVENTS, ProviderEvent), (CAUSES_TO_TELL, SetAsideCause), (REFUNDS, Refund),
    (PAYMENTS, Payment), (NOTICES, ChangeNotice), (COMPARISONS, LedgerComparison), (COMPARISONS_TO_TELL, LedgerComparison),
    (RIGHTS_TO_TELL, KeyRefusal), (CHECKS_TO_TELL, InvariantRun),
]  # fmt: skip
ROWS = AccountMail.objects


def mail(seconds=-1, **fields):
    row = ROWS.create(kind="test", to="ada@example.org", **fields)
    ROWS.filter(pk=row.pk).update(try_at=from_now(seconds))
    return row


@pytest.mark.parametrize(("waiting", "model"), KINDS)
def test_every_kind_can_be_asked_and_claimed(waiting: Waiting, model):
    assert waiting.longest_due(model.objects.all(), most=5) == []
    assert waiting.claim(model.objects.all(), 1, seconds=60) is False
    waiting.put_off(model.objects.all(), 1, seconds=60)


def test_the_one_that_waits_longest_comes_first_and_no_more_than_asked_for():
    late, early, _ = mail(-5), mail(-50), mail(-2)
    mail(60)
    assert MAILS.longest_due(ROWS.all(), most=2) == [early.pk, late.pk]


def test_a_claim_is_a_lease_and_counts_the_try():
    row = mail()
    assert [MAILS.claim(ROWS.all(), row.pk, seconds=60) for _ in range(2)] == [True, False]
    row.refresh_from_db()
    assert row.attempts == 1 and 55 < (row.try_at - database_now()).total_seconds() <= 60
    ROWS.update(try_at=from_now(-1))
    assert MAILS.claim(ROWS.all(), row.pk, seconds=60)


@pytest.mark.parametrize("column", ["sent_at", "gave_up_at"])
def test_what_is_done_or_given_up_is_not_claimed_and_not_put_off(column):
    row = mail(**{column: database_now()})
    before = ROWS.get().try_at
    assert not MAILS.claim(ROWS.all(), row.pk, seconds=60)
    MAILS.put_off(ROWS.all(), row.pk, seconds=60)
    assert ROWS.get().try_at == before


def test_what_is_put_off_is_due_again_then_with_what_was_noted():
    row = mail()
    MAILS.put_off(ROWS.all(), row.pk, seconds=30, last_error="away")
    row.refresh_from_db()
    assert (row.last_error, row.attempts) == ("away", 0) and (row.try_at - database_now()).total_seconds() > 25
    assert not MAILS.claim(ROWS.all(), row.pk, seconds=60)


def test_only_rows_that_were_asked_for_are_claimed():
    row = mail()
    assert not MAILS.claim(ROWS.exclude(pk=row.pk), row.pk, seconds=60)


def test_a_claim_can_stand_in_a_transaction_that_is_undone():
    row = mail()
    with transaction.atomic():
        assert MAILS.claim(ROWS.all(), row.pk, seconds=60)
        transaction.set_rollback(True)
    assert MAILS.claim(ROWS.all(), row.pk, seconds=60)


@pytest.mark.parametrize(
    ("back_off", "seconds"),
    [
        (MAIL_RETRIES, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]),
        (NOTICE_RETRIES, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]),
        (EVENT_RETRIES, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]),
        (BackOff(first=7, longest=7), [7, 7, 7]),
    ],
)
def test_the_wait_doubles_up_to_the_longest(back_off, seconds):
    assert [back_off.seconds(tries) for tries in range(len(seconds))] == seconds
    assert back_off.seconds(30_000) == seconds[-1] and back_off.seconds(-1) == seconds[0]
