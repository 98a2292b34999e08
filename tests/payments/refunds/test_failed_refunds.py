"""A refund failed: somebody is told once, every state says what to do, and a person can try again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core.clock import database_now
from payments.models import Payment, Refund
from payments.records.money_advice import BY_CODE, advice_on
from payments.records.refund_alerts import staff_addresses
from payments.records.refund_rows import MOST_FAILURES, request_missing_refunds, request_refunds
from payments.refunds.cancellation import BookingDisputed
from payments.refunds.refund_answers import refresh_refund
from payments.refunds.refund_retries import NotFailed, OnItsWay, retry_refund
from payments.refunds.refund_sending import send_refund
from reservations.letters.outbox import send_due_mail
from reservations.models import Move, OutgoingMail
from sales.models import Sale
from staff.models import AuditEntry
from tests.aging import unguarded
from tests.factories import buy, make_browser, make_staff, make_theater
from tests.ledger import nothing_changes
from tests.statuses import stand
from tests.variants import some

pytestmark = pytest.mark.django_db
CREATE = "/v1/refunds"


@pytest.fixture
def owner(db):
    return User.objects.create_superuser("owner@marquee.example", "a long pass phrase")


@pytest.fixture
def booking(showtime, sandbox, owner):
    return buy(sandbox, showtime, make_browser(1), "A1")


@pytest.fixture
def refund(booking) -> Refund:
    """A refund of the whole booking that is due and has not been sent."""
    Sale.objects.update(refund_due=Decimal("14.50"))
    booking.refresh_from_db()
    request_refunds(booking.sale, reason="The projector broke")
    return Refund.objects.get()


@pytest.fixture
def failed(refund, sandbox) -> Refund:
    """A refund that failed because the balance at Stripe was too small."""
    sandbox.switches.refunds = "insufficient_balance"
    send_refund(refund_id=refund.pk)
    sandbox.switches.refunds = "succeeded"
    refund.refresh_from_db()
    assert refund.status == "FAILED"
    return refund


def alerts():
    return list(OutgoingMail.objects.filter(kind="REFUND_ALERT").order_by("to").values_list("to", flat=True))


def retry(refund):
    return retry_refund(refund_id=refund.pk, reason="Balance is full again", actor="test")


def advice(refund):
    refund.refresh_from_db()
    return advice_on(refund, now=database_now())


def needing():
    return list(Refund.objects.needing_a_person())


class TestTold:
    def test_once_and_with_what_to_do(self, failed, booking):
        assert alerts() == ["owner@marquee.example"]
        send_due_mail(now=timezone.now())
        letter = next(one for one in mail.outbox if one.to == ["owner@marquee.example"])
        whole = letter.body + letter.alternatives[0].content
        for words in (
            booking.reference, "£14.50", "balance_insufficient", "The projector broke", "adds money in the payment provider",
            f"http://testserver/admin/payments/refund/{failed.pk}/change/",
        ):  # fmt: skip
            assert words in letter.body and words in whole, words
        assert "/bookings/" not in whole, "the customer's link is the customer's"

    def test_the_same_failure_heard_twice_is_one_mail(self, refund, sandbox):
        send_refund(refund_id=refund.pk)
        refund.refresh_from_db()
        sandbox.refund_fails(refund.provider_id)
        for _ in range(2):
            refresh_refund(provider="stripe", provider_id=refund.provider_id)
        assert alerts() == ["owner@marquee.example"]

    def test_a_second_failure_is_another_mail(self, failed, sandbox):
        sandbox.switches.refunds = "insufficient_balance"
        send_refund(refund_id=retry(failed).pk)
        assert alerts() == ["owner@marquee.example"] * 2

    def test_those_with_the_right_at_this_theater_are_told(self, showtime, owner, settings):
        theater = showtime.auditorium.theater
        finance = make_staff("FINANCE", theater)
        make_staff("FINANCE", make_theater())
        make_staff("BOX_OFFICE", theater)
        assert staff_addresses(theater) == [finance.email]
        settings.STAFF_MAIL = ["money@marquee.example"]
        assert staff_addresses(theater) == ["money@marquee.example"]

    def test_without_anybody_named_the_owners_are(self, showtime, owner):
        assert staff_addresses(showtime.auditorium.theater) == [owner.email]


class TestAdvice:
    def test_each_state_has_a_sentence(self, refund, sandbox):
        told = [advice(refund)]
        for status in ("SUBMITTED", "PENDING", "SUCCEEDED"):
            stand(Refund.objects.all(), status)
            told.append(advice(refund))
        assert len({one.sentence for one in told}) == 4
        assert [one.needs_person or one.may_retry for one in told] == [False] * 4
        assert needing() == []

    @pytest.mark.parametrize(
        ("status", "age", "needs"),
        [
            ("REQUESTED", timedelta(minutes=59), False),
            ("REQUESTED", timedelta(minutes=61), True),
            ("SUBMITTED", timedelta(minutes=61), True),
            ("PENDING", timedelta(days=9), False),
            ("PENDING", timedelta(days=11), True),
            ("SUCCEEDED", timedelta(days=400), False),
        ],
    )
    def test_what_takes_too_long_needs_a_person(self, refund, status, age, needs):
        stand(Refund.objects.all(), status, created_at=F("created_at") - age)
        assert (advice(refund).needs_person, needing() == [refund]) == (needs, needs)

    @pytest.mark.parametrize("code", some([code for code in BY_CODE if code != "charge_already_refunded"], every=3))
    def test_each_failure_that_is_known_says_what_to_do(self, failed, code):
        Refund.objects.update(last_error=f"{code}: x")
        told = advice(failed)
        assert (told.sentence, told.needs_person, told.may_retry) == (BY_CODE[code], True, True)
        assert needing() == [failed]

    def test_what_went_back_at_stripe_before_is_not_tried_again(self, failed):
        Refund.objects.update(last_error="charge_already_refunded: x")
        assert (advice(failed).needs_person, advice(failed).may_retry) == (True, False)

    def test_a_failure_that_was_put_right_needs_nobody(self, failed):
        retry(failed)
        assert (advice(failed).needs_person, needing()) == (False, [])


class TestRetry:
    def test_is_a_new_row_and_goes_back(self, failed, sandbox):
        again = retry(failed)
        send_refund(refund_id=again.pk)
        rows = list(Refund.objects.order_by("pk").values_list("status", "amount"))
        assert rows == [("FAILED", Decimal("14.50")), ("SUCCEEDED", Decimal("14.50"))]
        assert again.key != failed.key
        logged = Move.objects.get(what="retry")
        assert (logged.what_id, logged.actor, logged.note) == (again.pk, "test", "Balance is full again")
        assert AuditEntry.objects.get().action == "retry refund"

    def test_twice_is_once(self, failed):
        retry(failed)
        with nothing_changes(), pytest.raises(OnItsWay):
            retry(failed)

    def test_only_what_failed_is_tried_again(self, refund):
        with nothing_changes(), pytest.raises(NotFailed):
            retry(refund)

    def test_not_while_the_bank_is_deciding(self, failed):
        Payment.objects.update(status="DISPUTED")
        with nothing_changes(), pytest.raises(BookingDisputed):
            retry(failed)
        assert (advice(failed).may_retry, "dispute" in advice(failed).sentence) == (False, True)


class TestAsTheSweepTriesAgain:
    def again(self, sandbox):
        """Let an hour pass, and send the refund that the sweep asks for; Stripe refuses it. Returns the number of failed
        refunds.
        """
        with unguarded():
            Refund.objects.update(ended_at=F("ended_at") - timedelta(minutes=61))
        request_missing_refunds()
        for refund in Refund.objects.filter(status="REQUESTED"):
            send_refund(refund_id=refund.pk)
        return Refund.objects.filter(status="FAILED").count()

    def test_not_within_the_hour(self, failed):
        with nothing_changes():
            request_missing_refunds()

    def test_five_times_and_then_a_person_has_to_look(self, failed, sandbox):
        sandbox.switches.refunds = "insufficient_balance"
        assert [self.again(sandbox) for _ in range(MOST_FAILURES + 1)] == [2, 3, 4, 5, 5, 5]
