"""A seat that is missing in the next plan is bought after the page counted such seats and before a press keeps it back."""

import pytest
from django.db import transaction
from django.utils import timezone

from reservations.models import ShowtimeSeat
from reservations.opening.removed_seats import publish_and_keep_back, removed_seats
from reservations.seats.taking import take_seats
from tests.factories import make_staff
from tests.race.racing import start_and_block
from theaters.models import PlanDraft
from theaters.plans.plan_drafts import begin_draft, drawing_of_draft, save_draft

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager(showtime):
    return make_staff("MANAGER", showtime.auditorium.theater)


@pytest.fixture
def draft(showtime, manager):
    """A draft of the next plan, without A6."""
    draft = begin_draft(auditorium=showtime.auditorium, user_id=manager.pk)
    draft.rows[0]["seats"].pop()
    return save_draft(auditorium=showtime.auditorium, revision=1, rows=draft.rows, user_id=manager.pk)


def on_sale(draft: PlanDraft) -> list[str]:
    seats = removed_seats(draft.auditorium, drawing_of_draft(draft).seats, now=timezone.now())
    return [seat.label for seat in seats if seat.on_sale]


def test_a_seat_that_somebody_takes_meanwhile_is_theirs_and_is_told(showtime, my_browser, draft, manager):
    assert on_sale(draft) == ["A6"]
    with transaction.atomic():
        take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A6"])
        publishing = start_and_block(
            lambda: publish_and_keep_back(
                auditorium=draft.auditorium,
                revision=2,
                present=1,
                reason="Ramp",
                user_id=manager.pk,
                now=timezone.now(),
            )
        )
    _, kept = publishing.outcome()
    seat = ShowtimeSeat.objects.get(label="A6")
    assert (kept.showtimes, [one.label for one in kept.taken]) == (0, ["A6"])
    assert (seat.hold is not None, seat.house_reason) == (True, "Ramp")


def test_judged_by_the_page_a_customer_loses_their_seat(showtime, my_browser, draft):
    """Negative control: what the page counted is kept back, whatever happened since."""
    counted = on_sale(draft)
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A6"])
    rows = ShowtimeSeat.objects.filter(showtime=showtime, label__in=counted)
    rows.update(house_reason="Ramp", hold=None, held_until=None)
    assert not ShowtimeSeat.objects.filter(label="A6", hold__isnull=False).exists()
