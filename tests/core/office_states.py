"""What the office's actions answer when they are no longer possible: a table for test_four_questions.

An action that stands in neither table makes that test fail.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from boxoffice.models import RefundRequest
from houses.business_days import business_day
from payments.models import ProviderEvent, Refund
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.models import Booking, Ticket
from reservations.opening.house_seats import report_broken
from reservations.states import CancelCause
from staff.models import Device, Invitation
from tests.boxoffice.two_theaters import House
from tests.statuses import stand
from theaters.models import PlanDraft, Showtime
from theaters.states import ChangeKind


def canceled_booking(house: House) -> None:
    origin = CancellationOrigin(CancelCause.STAFF, "test")
    cancel_tickets(booking_id=house.ids["booking"], ticket_ids=None, percent=100, origin=origin)


def used_ticket(house: House) -> None:
    Ticket.objects.filter(booking=house.ids["booking"]).update(status="USED")


def canceled_showtime(house: House) -> None:
    Showtime.objects.filter(pk=house.ids["sold"]).update(status="CANCELED")


def given_back(house: House) -> None:
    stand(Refund.objects.filter(pk=house.ids["refund"]), "SUCCEEDED")


def withdrawn(house: House) -> None:
    Invitation.objects.update(withdrawn_at=timezone.now())


def revoked(house: House) -> None:
    boss = User.objects.get(is_superuser=True)
    Device.objects.update(revoked_at=timezone.now(), revoked_by=boss, link_hash=None, link_until=None)


def decided(house: House) -> None:
    somebody = User.objects.create_user("second@example.com")
    RefundRequest.objects.update(status="DECLINED", decided_at=timezone.now(), decided_by=somebody, answer="No")


def done(house: House) -> None:
    ProviderEvent.objects.update(done_at=timezone.now(), outcome="settled")


def no_draft(house: House) -> None:
    PlanDraft.objects.all().delete()


def broken(house: House) -> None:
    boss = User.objects.get(is_superuser=True)
    report_broken(auditorium=house.rows["theaters_auditorium"], label="A1", reason="Torn", user_id=boss.pk)


def applied(house: House) -> None:
    """Apply a change of the showtime's age rating, after which it cannot be edited."""
    now, boss = timezone.now(), User.objects.get(is_superuser=True)
    request = ChangeRequest(kind=ChangeKind.RATING, offer_days=1, rating="18")
    sold = Showtime.objects.with_names().get(pk=house.ids["sold"])
    planned = plan_change(showtime=sold, request=request, user_id=boss.pk, now=now)
    house.ids["change"] = apply_change(change_id=planned.pk, reason="Decided", user_id=boss.pk, now=now).pk


def as_it_is(house: House) -> None:
    """Change nothing: the world of the test is the wrong state already."""


def last_week(house: House) -> str:
    """The first day of the week in which the house has its showtimes, as the form sends it."""
    sold = Showtime.objects.get(pk=house.ids["sold"])
    return business_day(house.theater, sold.starts_at).isoformat()


def next_week(house: House) -> str:
    return (date.fromisoformat(last_week(house)) + timedelta(days=7)).isoformat()


def ticket_of(house: House) -> int:
    return Ticket.objects.get(booking=house.ids["booking"]).pk


def movie_of(house: House) -> int:
    return Showtime.objects.get(pk=house.ids["sold"]).movie_id


@dataclass(frozen=True)
class Act:
    """The state in which an action is posted, what is posted, and the answer. Values may be functions of the house."""

    state: Callable[[House], None]
    status: int
    post: dict[str, object] = field(default_factory=dict)
    args: str | None = None  # if others than in tests/boxoffice/limits.py

    def form(self, house: House) -> dict[str, object]:
        usual = {"reason": "A good reason", "_do": "yes", "mark": "-"}
        return usual | {name: value(house) if callable(value) else value for name, value in self.post.items()}


def auditorium_name(house: House) -> str:
    return house.rows["theaters_auditorium"].name


SAID_ON_THE_NEXT_PAGE = 302
SEAT_A1 = "?theater={theater}&auditorium={theaters_auditorium}&label=A1"

WRONG = {
    "reservations_booking_refund": [
        Act(canceled_booking, 422, {"tickets": ticket_of, "percent": 100}),
        Act(used_ticket, 409, {"tickets": ticket_of, "percent": 100}),
    ],
    "reservations_booking_goodwill": [Act(canceled_booking, 409, {"amount": "1.00"})],
    "reservations_booking_swap": [
        Act(canceled_booking, 422, {"tickets": ticket_of, "seats": "A2"}),
        Act(used_ticket, 409, {"tickets": ticket_of, "seats": "A2"}),
    ],
    "reservations_booking_resend": [Act(canceled_booking, 409, {"before": 0})],
    "reservations_booking_email": [
        Act(as_it_is, 422, {"email": lambda house: Booking.objects.get(pk=house.ids["booking"]).email})
    ],
    "reservations_booking_retry": [Act(given_back, 409)],
    "reservations_booking_give": [
        Act(canceled_showtime, 410, {"labels": "A2", "email": "ada@example.com"}),
        Act(as_it_is, 422, {"labels": "A1", "email": "ada@example.com"}),
    ],
    "staff_invitation_again": [Act(withdrawn, 403)],
    "staff_invitation_withdraw": [Act(withdrawn, 403)],
    "staff_device_link": [Act(revoked, 404)],
    "staff_device_revoke": [Act(revoked, 403)],
    "staff_device_unlock": [Act(revoked, 403)],
    "boxoffice_refundrequest_approve": [Act(decided, 409)],
    "boxoffice_refundrequest_decline": [Act(decided, 409, {"answer": "No"})],
    "payments_providerevent_replay": [Act(done, 409)],
    "payments_providerevent_close": [Act(done, 409)],
    "theaters_showtime_write": [Act(canceled_booking, 409, {"subject": "Hello", "text": "Hello"})],
    "schedule_move": [
        Act(as_it_is, SAID_ON_THE_NEXT_PAGE, {"starts_at": "2030-01-01T20:00"}, args="sold"),
        Act(canceled_showtime, SAID_ON_THE_NEXT_PAGE, {"starts_at": "2030-01-01T20:00"}, args="sold"),
    ],
    "schedule_publish": [Act(as_it_is, 409)],
    "schedule_alter": [Act(canceled_showtime, 409, {"kind": "RATING", "rating-rating": "18", "rating-offer_days": 1})],
    "schedule_house_seats": [Act(canceled_showtime, 409, {"seats": "A2"})],
    "schedule_program": [
        Act(as_it_is, 409, {"rows": "1", "part-0-text": "A talk", "part-0-minutes": "30"}),
        Act(
            as_it_is,
            409,
            {"rows": "1", "part-0-movie": movie_of, "part-0-minutes": "30"},
            args="sold",
        ),
    ],
    "schedule_change": [Act(applied, 409, args="sold change")],
    "schedule_seat": [Act(broken, 409, args=SEAT_A1), Act(as_it_is, 409, {"_mended": "1"}, args=SEAT_A1)],
    "schedule_copy": [Act(as_it_is, 409, {"first": last_week, "to": next_week, "_save": "1"})],
    "first_day_auditorium": [Act(as_it_is, 422, {"name": auditorium_name, "plan": "arthouse"})],
    "theaters_pricelist_showtimes": [Act(as_it_is, SAID_ON_THE_NEXT_PAGE)],
    "theaters_movie_import": [Act(as_it_is, 409, {"text": "slug,title,year\nnosferatu,Nosferatu,1922\n", "_apply": "1"})],
    "houses_textpage_write": [
        Act(as_it_is, 422, {"language": "en", "title": "Terms", "body": "Old", "holds_from_0": "2001-01-01",
                            "holds_from_1": "00:00", "_publish": "1"}),
    ],
    "core_salespause_switch": [Act(as_it_is, SAID_ON_THE_NEXT_PAGE, {"do": "resume"})],
    "plan_showtimes": [Act(as_it_is, 422)],
    "plan_import": [Act(as_it_is, 409, {"source": "A ooo", "revision": 999, "_replace": "1"})],
    "plan_save": [Act(no_draft, 422)],
    "plan_areas": [Act(no_draft, 404)],
    "plan_restore": [Act(no_draft, 404)],
    "plan_discard": [Act(no_draft, 404)],
    "plan_publish": [Act(no_draft, 404)],
}  # fmt: skip
# Addresses that only show something, and actions that are possible in every state.
NO_WRONG_STATE = {
    "index", "login", "logout", "password_change", "password_change_done", "jsi18n", "app_list", "ledger_export",
    "staff_auditentry_export", "theaters_movie_example", "theaters_movie_export", "theaters_showtime_write_html",
    "schedule_day", "schedule_changes", "plan_editor", "plan_draft_preview", "plan_draft_export", "plan_export", "plan_preview",
    "payments_invariantrun_check_now", "payments_ledgercomparison_compare_now", "reservations_promocode_reveal",
    "schedule_plan", "schedule_move_in", "schedule_move_in_example", "first_day_begin", "first_day_prices", "first_day_week",
    "first_day_law", "first_day_movie", "first_day_try", "plan_begin",
}  # fmt: skip
# These ask the payment provider first, which is not allowed in a transaction: tests/payments/refunds/test_payouts.py and
# tests/boxoffice/test_ask_provider.py try them.
ASKS_THE_PROVIDER = {"reservations_booking_ask", "reservations_booking_pay_out"}
