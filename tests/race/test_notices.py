"""Two workers carry out the notices of a canceled showtime at the same time: each booking is handled once."""

from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from core.rows.due import Waiting
from payments.refunds import change_notices
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.models import Cancellation, ChangeNotice, OutgoingMail
from tests.boxoffice.scenes import book, pay
from tests.factories import make_staff
from tests.race.racing import broken_invariants, run_all
from theaters.states import ChangeKind

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def canceled(showtime):
    for number, label in enumerate(("A1", "A2", "A3", "A4")):
        with transaction.atomic():
            pay(book(showtime, label, number=number + 1), number=number)
    now = timezone.now()
    change = plan_change(showtime=showtime, request=ChangeRequest(ChangeKind.CANCEL), user_id=None, now=now)
    apply_change(
        change_id=change.pk, reason="x", user_id=make_staff("MANAGER", showtime.auditorium.theater).pk, now=now
    )
    return showtime


def test_each_booking_has_its_part_once(canceled):
    done = run_all(*[change_notices.carry_out_due] * 3)
    assert sum(done) == 4
    assert (Cancellation.objects.count(), OutgoingMail.objects.filter(kind="CALLED_OFF").count()) == (4, 4)
    assert ChangeNotice.objects.filter(status="DONE", attempts=1).count() == 4
    # The scene writes payments without the moves that would lead there.
    assert set(broken_invariants()) == {"every_move_is_logged"}


def test_without_the_lease_the_work_is_done_by_several_and_still_only_once(canceled, monkeypatch):
    """Negative control: the lease keeps workers apart, and the lock of the booking keeps the money right."""
    monkeypatch.setattr(Waiting, "claim", lambda *args, **kwargs: True)
    notice = ChangeNotice.objects.order_by("pk").first()
    done = run_all(*[partial(change_notices.carry_out, notice_id=notice.pk)] * 3)
    assert sum(done) > 1
    assert (Cancellation.objects.count(), OutgoingMail.objects.filter(kind="CALLED_OFF").count()) == (1, 1)
