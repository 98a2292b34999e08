"""Two people approve, decline or cancel at the same time: the money goes back once."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from boxoffice import locks
from boxoffice.models import RefundRequest
from boxoffice.services import refunds
from boxoffice.services.refunds import RefundChoice, approve_refund, ask_refund, decline_refund, plan_refund
from payments.models import Refund
from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Move
from reservations.states import CancelCause
from tests.factories import buy, make_browser
from tests.race.racing import as_word, broken_invariants, run_all
from tests.variants import some

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(transactional_db):
    """A person who asks, and two who may approve."""
    User.objects.all().delete()
    return [User.objects.create_superuser(f"{name}@marquee.example", "x") for name in ("ask", "one", "two")]


@pytest.fixture
def booking(showtime, sandbox):
    return buy(sandbox, showtime, make_browser(1), "A1", "A2")


def choice(booking):
    return RefundChoice(tuple(booking.tickets.values_list("pk", flat=True)), 100, "The projector broke")


@pytest.fixture
def request_id(booking, people):
    chosen = choice(booking)
    mark = plan_refund(booking, chosen).mark
    return ask_refund(booking_id=booking.pk, choice=chosen, mark=mark, user_id=people[0].pk).pk


def approving(request_id, person):
    job = partial(approve_refund, request_id=request_id, user_id=person.pk, now=timezone.now() + timedelta(seconds=1))
    return as_word(job, "done")


def given():
    return [(refund.amount, refund.status) for refund in Refund.objects.all()]


def test_twenty_approvals_at_once_give_back_once(request_id, people):
    ends = Counter(run_all(*[approving(request_id, person) for person in people[1:] * 10]))
    assert ends == {"done": 1, "AlreadyDecided": 19}
    assert (given(), broken_invariants()) == ([(Decimal("29.00"), "REQUESTED")], set())
    assert Move.objects.filter(what="request", to_status="DONE").count() == 1


@pytest.mark.parametrize("attempt", some(range(4), every=2))
def test_yes_and_no_at_once_are_one_of_them(request_id, people, attempt):
    no = as_word(partial(decline_refund, request_id=request_id, answer="No", user_id=people[2].pk), "declined")
    ends = set(run_all(approving(request_id, people[1]), no))
    assert ends in ({"done", "AlreadyDecided"}, {"declined", "AlreadyDecided"})
    assert (len(given()), broken_invariants()) == (1 if "done" in ends else 0, set())


@pytest.mark.parametrize("attempt", some(range(4), every=2))
def test_approval_and_a_canceled_showtime_at_once_give_back_once(request_id, people, booking, attempt):
    origin = CancellationOrigin(CancelCause.SHOWTIME, "sweep")
    cancel = as_word(partial(cancel_and_refund, booking_id=booking.pk, ticket_ids=None, origin=origin), "canceled")
    ends = run_all(approving(request_id, people[1]), cancel)
    assert ends[0] in {"done", "RequestOutdated"}
    assert (given(), broken_invariants()) == ([(Decimal("29.00"), "REQUESTED")], set())


def test_asked_for_ten_times_at_once_is_one_request(booking, people):
    chosen = choice(booking)
    mark = plan_refund(booking, chosen).mark
    job = partial(ask_refund, booking_id=booking.pk, choice=chosen, mark=mark, user_id=people[0].pk)
    assert Counter(run_all(*[as_word(job, "asked")] * 10)) == {"asked": 1, "AlreadyAsked": 9}
    assert (RefundRequest.objects.count(), given()) == (1, [])


def test_control_approving_without_the_lock_and_the_last_look_is_decided_twice(request_id, people, monkeypatch):
    monkeypatch.setattr(locks, "refund_request", lambda pk: RefundRequest.objects.get(pk=pk))
    monkeypatch.setattr(refunds, "require_unchanged", lambda request, booking: None)
    monkeypatch.setattr(refunds, "_carry_out", _as_if_nothing_were_checked)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE boxoffice_refundrequest DISABLE TRIGGER refund_request_frozen")
    try:
        ends = Counter(run_all(*[approving(request_id, person) for person in people[1:] * 4]))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE boxoffice_refundrequest ENABLE TRIGGER refund_request_frozen")
    assert ends["done"] > 1 and Move.objects.filter(what="request", to_status="DONE").count() == ends["done"]


def _as_if_nothing_were_checked(request, booking, *, actor):
    """Without the check, each approval adds to the money that is owed."""
    booking.sale.refund_due += request.amount
    booking.sale.save(update_fields=["refund_due"])
