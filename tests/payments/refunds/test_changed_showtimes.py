"""A showtime is canceled or changed: every booking is handled once, whatever process dies in between."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from boxoffice.selectors.change_progress import progress_of
from core.installation import installation_id
from payments.models import Payment, Refund
from payments.refunds import change_notices
from payments.refunds.change_answers import OfferOver, keep_tickets, take_money_back
from payments.sessions.settlement import settle
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.letters.emails import compose
from reservations.models import Booking, ChangeNotice, OutgoingMail, ShowtimeSeat, Ticket
from reservations.refusals.on_sale import ShowtimeCanceled
from reservations.states import MailKind
from sales.models import Sale
from staff.models import AuditEntry
from tests.clock import begins_in
from tests.factories import (
    begin_paying,
    buy,
    hold_seats,
    make_auditorium,
    make_browser,
    make_price_list,
    make_showtime,
    make_staff,
    make_theater,
)
from tests.ledger import broken_invariants, nothing_changes
from theaters.models import Showtime, ShowtimeChange
from theaters.schedule.scheduling import SchedulingRefused
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)


@pytest.fixture
def boss(showtime):
    return make_staff("MANAGER", showtime.auditorium.theater)


def change(showtime, boss, wanted) -> ShowtimeChange:
    now = timezone.now()
    planned = plan_change(showtime=showtime, request=wanted, user_id=boss.pk, now=now)
    return apply_change(change_id=planned.pk, reason="The projector is broken", user_id=boss.pk, now=now)


def cancel(showtime, boss) -> ShowtimeChange:
    return change(showtime, boss, ChangeRequest(ChangeKind.CANCEL))


def move(showtime, boss, by=LATER) -> ShowtimeChange:
    showtime.refresh_from_db()
    return change(showtime, boss, ChangeRequest(ChangeKind.TIME, starts_at=showtime.starts_at + by))


def make_due():
    ChangeNotice.objects.update(try_at=F("try_at") - timedelta(days=1))


def status(booking) -> str:
    booking.refresh_from_db()
    return booking.status


def mails(kind) -> list[str]:
    return list(
        OutgoingMail.objects.filter(kind=kind).order_by("pk").values_list("booking__sale__reference", flat=True)
    )


class TestCancel:
    def test_sales_stop_and_everybody_gets_all_of_the_money_back(self, showtime, boss, sandbox):
        bookings = [buy(sandbox, showtime, make_browser(n), seat) for n, seat in enumerate(("A1", "B1"))]
        done = cancel(showtime, boss)
        assert Showtime.objects.get().status == "CANCELED"
        with pytest.raises(ShowtimeCanceled):
            hold_seats(showtime, make_browser(9), "A2")
        assert change_notices.carry_out_due() == 2
        assert [status(booking) for booking in bookings] == ["CANCELED", "CANCELED"]
        assert list(Refund.objects.order_by("pk").values_list("amount", flat=True)) == [
            Decimal("14.50"),
            Decimal("17.50"),
        ]
        assert mails(MailKind.CALLED_OFF) == [booking.reference for booking in bookings]
        assert (done.touched["bookings"], done.touched["money"]) == (2, "32.00")
        assert broken_invariants() == []

    def test_what_is_over_is_not_called_off(self, showtime, boss):
        begins_in(showtime, days=-1)
        with nothing_changes(), pytest.raises(SchedulingRefused, match="This showtime is over"):
            cancel(showtime, boss)

    def test_the_prices_of_another_theater_are_not_taken(self, showtime, boss):
        wanted = ChangeRequest(ChangeKind.PRICES, price_list=make_price_list(make_theater()))
        with pytest.raises(SchedulingRefused, match="another theater"):
            change(showtime, boss, wanted)

    def test_a_second_run_changes_nothing(self, showtime, boss, sandbox):
        buy(sandbox, showtime, make_browser(1), "A1")
        cancel(showtime, boss)
        change_notices.carry_out_due()
        make_due()
        with nothing_changes():
            assert change_notices.carry_out_due() == 0

    def test_somebody_who_is_paying_right_now_cannot_pay_any_more(self, showtime, boss, sandbox):
        booking = begin_paying(showtime, make_browser(1), "A1")
        cancel(showtime, boss)
        change_notices.carry_out_due()
        payment = booking.sale.payments.get()
        assert (status(booking), payment.status) == ("EXPIRED", "CLOSED")
        assert sandbox.session(payment.session_id)["status"] == "expired"
        assert mails(MailKind.CALLED_OFF) == []
        assert broken_invariants() == []

    def test_money_that_came_in_the_last_moment_goes_back(self, showtime, boss, sandbox):
        booking = begin_paying(showtime, make_browser(1), "A1")
        sandbox.pay(booking.sale.payments.get().session_id)
        cancel(showtime, boss)
        assert change_notices.carry_out_due() == 1
        assert (status(booking), booking.sale.refund_due) == ("REFUNDED", Decimal("14.50"))
        assert mails(MailKind.APOLOGY) == [booking.reference]
        assert (Refund.objects.get().amount, broken_invariants()) == (Decimal("14.50"), [])

    def test_while_stripe_is_dead_a_payment_waits_and_says_so(self, showtime, boss, sandbox):
        booking = begin_paying(showtime, make_browser(1), "A1")
        cancel(showtime, boss)
        sandbox.go_dead()
        assert change_notices.carry_out_due() == 0
        notice = ChangeNotice.objects.get()
        assert (status(booking), notice.status) == ("PENDING", "WAITING")
        assert "does not say" in notice.last_error
        sandbox.heal()
        make_due()
        assert (change_notices.carry_out_due(), status(booking)) == (1, "EXPIRED")

    def test_a_disputed_booking_waits_for_a_person(self, showtime, boss, sandbox):
        booking = buy(sandbox, showtime, make_browser(1), "A1")
        Payment.objects.update(status="DISPUTED")
        cancel(showtime, boss)
        assert change_notices.carry_out_due() == 0
        assert "disputed" in ChangeNotice.objects.get().last_error
        assert (status(booking), Refund.objects.count()) == ("CONFIRMED", 0)

    def test_one_booking_that_fails_does_not_hide_the_others(self, showtime, boss, sandbox, monkeypatch):
        bad, good = (buy(sandbox, showtime, make_browser(n), seat) for n, seat in enumerate(("A1", "A2")))
        whole = change_notices.cancel_and_refund

        def fails(*, booking_id, **rest):
            if booking_id == bad.pk:
                raise RuntimeError("out of ink")
            return whole(booking_id=booking_id, **rest)

        monkeypatch.setattr(change_notices, "cancel_and_refund", fails)
        cancel(showtime, boss)
        assert change_notices.carry_out_due() == 1
        assert (status(bad), status(good)) == ("CONFIRMED", "CANCELED")
        assert ChangeNotice.objects.get(booking=bad).last_error == "RuntimeError: out of ink"


def sell(showtime, count):
    """Write one paid booking for each seat by SQL, because the services have tests of their own."""
    with connection.cursor() as cursor:
        cursor.execute(SELL_ALL, {"showtime": showtime.pk, "count": count})


SELL_ALL = """
WITH chosen AS (
    SELECT seat.id AS row_id, seat.seat_id, row_number() OVER (ORDER BY seat.id) AS n FROM reservations_showtimeseat seat
     WHERE showtime_id = %(showtime)s ORDER BY seat.id LIMIT %(count)s),
held AS (
    INSERT INTO reservations_hold (showtime_id, holder, address, started_at, expires_at, cap_at, ended_at,
        "end", labels, changed_at)
    SELECT %(showtime)s, lpad(to_hex(n), 64, '0'), '', now(), now(), now(), now(), 'PAID', '{}', now() FROM chosen
    RETURNING id, holder),
written AS (
    INSERT INTO sales_contact (email) SELECT 'n' || n || '@example.com' FROM chosen RETURNING id, email),
paid AS (
    INSERT INTO sales_sale (reference, theater_id, contact_id, channel, currency, total, terms, created_at, payable_until,
        held_until, refund_due, link_version, changed_at)
    SELECT 'T' || lpad(chosen.n::text, 3, '0') || '-TEST', (SELECT min(id) FROM houses_theater), written.id, 'ONLINE', 'GBP',
           14.50, '', now(), now(), now(), 0, 1, now()
      FROM written JOIN chosen ON written.email = 'n' || chosen.n || '@example.com'
    RETURNING id, reference),
booked AS (
    INSERT INTO reservations_booking (sale_id, showtime_id, hold_id, holder, status, total, created_at, confirmed_at, is_late,
        changed_at)
    SELECT paid.id, %(showtime)s, held.id, held.holder, 'CONFIRMED', 14.50, now(), now(), false, now()
      FROM held JOIN chosen ON held.holder = lpad(to_hex(chosen.n), 64, '0')
      JOIN paid ON paid.reference = 'T' || lpad(chosen.n::text, 3, '0') || '-TEST'
    RETURNING id, holder, sale_id),
sold AS (
    UPDATE reservations_showtimeseat seat SET booking_id = booked.id, hold_id = NULL, held_until = NULL
      FROM booked JOIN chosen ON booked.holder = lpad(to_hex(chosen.n), 64, '0') WHERE seat.id = chosen.row_id),
tickets AS (
    INSERT INTO reservations_ticket (booking_id, showtime_id, seat_id, ticket_type_id, type_name, price, tax, tax_rate,
        currency, status, code)
    SELECT booked.id, %(showtime)s, chosen.seat_id, (SELECT min(id) FROM theaters_tickettype), 'Adult', 14.50, 2.42, 0.2, 'GBP',
           'VALID', md5('t' || booked.sale_id)
      FROM booked JOIN chosen ON booked.holder = lpad(to_hex(chosen.n), 64, '0'))
INSERT INTO payments_payment (provider, sale_id, status, key, request, amount, currency, captured,
        captured_currency, session_id, provider_id, session_url,
        created_at, look_at, looks, ended_at, last_error)
SELECT 'stripe', id, 'SUCCEEDED', md5(reference || 'key'), '{}', 14.50, 'GBP', 14.50, 'GBP', 'cs_' || reference,
       'pi_' || reference, '', now(), now(), 0, now(), ''
  FROM paid
"""
SIXTY_SEATS = "\n".join(f"{row} {'o' * 20}" for row in "ABC") + "\n"


class Killed(BaseException):
    """Stands for a process that is gone: nothing of ours catches it."""


@pytest.fixture
def sold_out(db):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), plan_text=SIXTY_SEATS))
    sell(showtime, 60)
    return showtime


@pytest.mark.long
def test_sixty_bookings_and_a_worker_killed_at_forty_percent(sold_out, monkeypatch):
    cancel(sold_out, make_staff("MANAGER", sold_out.auditorium.theater))
    tell, told = change_notices.tell_of_cancel, []

    def dies_at_the_twenty_fourth(booking, change):
        told.append(booking.pk)
        if len(told) == 24:
            raise Killed
        tell(booking, change)

    monkeypatch.setattr(change_notices, "tell_of_cancel", dies_at_the_twenty_fourth)
    with pytest.raises(Killed):
        change_notices.carry_out_due(most=60)
    assert_each_had_its_part(23)
    make_due()
    assert change_notices.carry_out_due(most=60) == 37
    assert_each_had_its_part(60)
    assert not Ticket.objects.live().exists() and not ShowtimeSeat.objects.exclude(booking=None).exists()


def assert_each_had_its_part(count):
    assert Booking.objects.filter(status="CANCELED", sale__refund_due=Decimal("14.50")).count() == count
    assert Refund.objects.values("payment").distinct().count() == Refund.objects.count() == count
    assert OutgoingMail.objects.values("booking").distinct().count() == OutgoingMail.objects.count() == count
    assert ChangeNotice.objects.filter(status="DONE").count() == count


class TestMove:
    @pytest.fixture
    def booking(self, showtime, sandbox):
        return buy(sandbox, showtime, make_browser(1), "A1", "B1")

    def test_holders_are_told_once_with_the_new_time_and_a_calendar(self, showtime, boss, booking):
        done = move(showtime, boss)
        assert (change_notices.carry_out_due(), status(booking)) == (1, "CONFIRMED")
        make_due()
        change_notices.carry_out_due()
        mail = OutgoingMail.objects.get(kind=MailKind.MOVED)
        message = compose(mail, now=timezone.now(), site_url="http://localhost")
        assert done.before["text"] in message.body and done.after["text"] in message.body
        assert "The projector is broken" in message.body
        _, content, _ = message.attachments[0]
        (event,) = Calendar.from_ical(content).walk("VEVENT")
        assert (str(event["uid"]), int(event["sequence"])) == (
            f"{booking.reference}-{installation_id()[:12]}@testserver",
            1,
        )
        assert event["dtstart"].dt == showtime.starts_at.replace(microsecond=0) + LATER

    def test_who_could_not_be_told_is_named_with_the_change(self, showtime, boss, booking):
        done = move(showtime, boss)
        change_notices.carry_out_due()
        client = Client()
        client.force_login(boss)
        assert progress_of(done).untold == []
        OutgoingMail.objects.filter(kind=MailKind.MOVED).update(gave_up_at=timezone.now(), sent_at=None)
        (notice,) = progress_of(done).untold
        assert notice.booking_id == booking.pk
        html = client.get(reverse("admin:schedule_change", args=[showtime.pk, done.pk])).content.decode()
        assert "1 booking could not be told" in html and "nothing failed" not in html

    def test_the_entry_in_the_calendar_is_the_same_with_a_higher_number(self, showtime, boss, booking):
        entries = []
        for _ in range(2):
            client = Client()
            entries.append(client.get(f"/tickets/{booking.tickets.first().code}.ics").content)
            move(showtime, boss)
        before, after = (Calendar.from_ical(entry).walk("VEVENT")[0] for entry in entries)
        assert (before["uid"], int(before["sequence"])) == (after["uid"], 0)
        assert (int(after["sequence"]), after["dtstart"].dt - before["dtstart"].dt) == (1, LATER)
        assert after["dtstamp"].dt >= before["dtstamp"].dt

    def test_keeping_is_remembered_and_nothing_else_happens(self, showtime, boss, booking):
        move(showtime, boss)
        notice = ChangeNotice.objects.get()
        with nothing_changes():
            keep_tickets(booking_id=booking.pk, notice_id=notice.pk)
        notice.refresh_from_db()
        assert (notice.answer, notice.answered_at is not None) == ("KEPT", True)

    def test_an_answer_is_about_ones_own_booking_alone(self, showtime, boss, booking, sandbox):
        other = buy(sandbox, showtime, make_browser(2), "A3", "B3")
        move(showtime, boss)
        notice = ChangeNotice.objects.get(booking=other)
        for answer in (keep_tickets, take_money_back):
            with nothing_changes(), pytest.raises(OfferOver):
                answer(booking_id=booking.pk, notice_id=notice.pk)

    def test_all_of_the_money_comes_back_whatever_the_tiers_say(self, showtime, boss, booking):
        Sale.objects.update(cancel_tiers=[])
        move(showtime, boss)
        notice = ChangeNotice.objects.get()
        take_money_back(booking_id=booking.pk, notice_id=notice.pk)
        assert (status(booking), booking.sale.refund_due, booking.sale.fees_kept) == ("CANCELED", Decimal("32.00"), 0)
        assert (Refund.objects.get().amount, broken_invariants()) == (Decimal("32.00"), [])
        with nothing_changes():
            assert take_money_back(booking_id=booking.pk, notice_id=notice.pk) is None

    def test_after_the_deadline_the_offer_is_over(self, showtime, boss, booking):
        now = timezone.now()
        planned = plan_change(
            showtime=showtime,
            request=ChangeRequest(ChangeKind.TIME, starts_at=showtime.starts_at + LATER),
            user_id=None,
            now=now,
        )
        # As if it had been applied more than a week ago.
        apply_change(change_id=planned.pk, reason="x", user_id=boss.pk, now=now - timedelta(days=8))
        notice = ChangeNotice.objects.get()
        for answer in (keep_tickets, take_money_back):
            with nothing_changes(), pytest.raises(OfferOver):
                answer(booking_id=booking.pk, notice_id=notice.pk)

    def test_somebody_who_is_paying_is_told_when_it_is_paid(self, showtime, boss, sandbox):
        booking = begin_paying(showtime, make_browser(1), "A1")
        move(showtime, boss)
        assert (change_notices.carry_out_due(), mails(MailKind.MOVED)) == (0, [])
        sandbox.pay(booking.sale.payments.get().session_id)
        settle(payment_id=booking.sale.payments.get().pk, actor="test")
        make_due()
        assert (change_notices.carry_out_due(), mails(MailKind.MOVED)) == (1, [booking.reference])

    def test_sales_go_on_with_the_new_times(self, showtime, boss, sandbox):
        before = showtime.starts_at
        move(showtime, boss)
        showtime.refresh_from_db()
        assert (showtime.starts_at, showtime.sales_close_at) == (before + LATER, before + LATER)
        assert showtime.occupied_until == before + LATER + timedelta(minutes=135)
        assert buy(sandbox, showtime, make_browser(1), "A1").status == "CONFIRMED"
        assert not ChangeNotice.objects.exists()

    def test_into_another_showtime_it_does_not_go(self, showtime, boss, booking):
        make_showtime(auditorium=showtime.auditorium, starts_at=showtime.starts_at + timedelta(hours=3))
        with nothing_changes(), pytest.raises(SchedulingRefused, match="cleaning included"):
            move(showtime, boss)
        assert not ShowtimeChange.objects.exists()


class TestRecord:
    def test_what_was_applied_cannot_be_rewritten(self, showtime, boss):
        done = cancel(showtime, boss)
        for act in (lambda: ShowtimeChange.objects.update(reason="other"), done.delete):
            with pytest.raises(Error), transaction.atomic():
                act()

    def test_it_is_in_the_audit_log(self, showtime, boss, sandbox):
        buy(sandbox, showtime, make_browser(1), "A1")
        cancel(showtime, boss)
        entry = AuditEntry.objects.get()
        assert (entry.user, entry.reason, entry.before, entry.after["bookings"]) == (
            boss, "The projector is broken", {"value": "on sale"}, 1,
        )  # fmt: skip

    def test_without_a_reason_nothing_happens(self, showtime, boss):
        planned = plan_change(
            showtime=showtime, request=ChangeRequest(ChangeKind.CANCEL), user_id=None, now=timezone.now()
        )
        with pytest.raises(SchedulingRefused, match="reason"):
            apply_change(change_id=planned.pk, reason=" ", user_id=boss.pk, now=timezone.now())
        assert Showtime.objects.get().status == "PUBLISHED"

    def test_twice_is_once(self, showtime, boss, sandbox):
        buy(sandbox, showtime, make_browser(1), "A1")
        done = move(showtime, boss)
        with nothing_changes(), pytest.raises(SchedulingRefused, match="made already"):
            apply_change(change_id=done.pk, reason="again", user_id=boss.pk, now=timezone.now())

    def test_planned_twice_the_second_is_refused(self, showtime, boss):
        now = timezone.now()
        plans = [
            plan_change(
                showtime=showtime,
                request=ChangeRequest(ChangeKind.TIME, starts_at=showtime.starts_at + n * LATER),
                user_id=None,
                now=now,
            )
            for n in (1, 2)
        ]
        apply_change(change_id=plans[0].pk, reason="x", user_id=boss.pk, now=now)
        with pytest.raises(SchedulingRefused, match="changed meanwhile"):
            apply_change(change_id=plans[1].pk, reason="x", user_id=boss.pk, now=now)
