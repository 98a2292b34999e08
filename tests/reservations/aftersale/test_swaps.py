"""Staff give tickets other seats: all or none, the price stays, and the old code stops working."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.counter.swaps import NothingToSwap, SwapChanged, SwapChoice, SwapRefused, plan_swap, swap_seats
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.letters.outbox import send_due_mail
from reservations.letters.papers import receipt_of
from reservations.models import Booking, Move, OutgoingMail, SeatSwap, ShowtimeSeat, SwappedTicket, Ticket, new_code
from reservations.opening.house_seats import report_broken
from reservations.opening.showtime_opening import keep_back
from reservations.refusals.on_sale import NotOnSale, ShowtimeCanceled
from reservations.refusals.seats import SeatGone, UnknownSeat
from reservations.states import CancelCause
from sales.models import Sale
from staff.models import AuditEntry
from tests.aging import lapse
from tests.boxoffice.scenes import book
from tests.factories import buy, hold_seats, make_auditorium, make_browser, make_showtime, make_staff, make_theater
from tests.ledger import broken_invariants, nothing_changes
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "test")


@pytest.fixture
def booking(showtime, sandbox, my_browser) -> Booking:
    """A paid booking of A1 and A2."""
    return buy(sandbox, showtime, my_browser, "A1", "A2")


def ids(booking, *labels):
    return tuple(booking.tickets.filter(seat__label__in=labels).exclude(status="VOID").values_list("pk", flat=True))


def swap(booking, old, new, *, may_take_house_seats=False, actor="test"):
    choice = SwapChoice(ids(booking, *old.split()), tuple(new.split()), may_take_house_seats)
    mark = plan_swap(booking, choice).mark
    return swap_seats(booking_id=booking.pk, choice=choice, mark=mark, reason="The seat is wet", actor=actor)


def seats(booking):
    return list(booking.tickets.exclude(status="VOID").order_by("seat_id").values_list("seat__label", flat=True))


def state(showtime, label):
    row = ShowtimeSeat.objects.get(showtime=showtime, label=label)
    if row.booking_id or row.hold_id:
        return "sold" if row.booking_id else "held"
    return f"house: {row.house_reason}" if row.house_reason else "free"


class TestWhatASwapDoes:
    def test_the_seat_and_the_code_change_and_all_else_stays(self, showtime, booking):
        ticket = booking.tickets.get(seat__label="A1")
        swap(booking, "A1", "A5")
        after = Ticket.objects.get(pk=ticket.pk)
        assert (after.seat.label, after.status, after.code != ticket.code) == ("A5", "VALID", True)
        kept = ("price", "tax", "fee", "discount", "tax_rate", "ticket_type_id", "type_name", "booking_id")
        assert [getattr(after, name) for name in kept] == [getattr(ticket, name) for name in kept]
        assert [state(showtime, label) for label in ("A1", "A2", "A5")] == ["free", "sold", "sold"]
        assert (booking.tickets.count(), broken_invariants()) == (2, [])

    def test_several_go_in_reading_order_and_categories_stay(self, showtime, sandbox):
        booking = buy(sandbox, showtime, make_browser(5), "A3", "B3")
        swap(booking, "A3 B3", "B4 A6")
        line = {
            one.old_seat.label: one.new_seat.label
            for one in SwappedTicket.objects.select_related("old_seat", "new_seat")
        }
        assert line == {"A3": "A6", "B3": "B4"}

    def test_who_sits_on_a_chosen_seat_already_stays(self, booking):
        codes = dict(booking.tickets.values_list("seat__label", "code"))
        swap(booking, "A1 A2", "A2 A3")
        assert seats(booking) == ["A2", "A3"]
        assert booking.tickets.get(seat__label="A2").code == codes["A2"]
        assert [(one.old_seat.label, one.new_seat.label) for one in SwappedTicket.objects.all()] == [("A1", "A3")]

    def test_it_is_in_the_log_the_story_and_the_audit(self, showtime, booking):
        user = make_staff("BOX_OFFICE", showtime.auditorium.theater)
        made = swap(booking, "A1", "A5", actor=f"staff:{user.pk}")
        assert (made.booking, made.actor, made.reason) == (booking, f"staff:{user.pk}", "The seat is wet")
        move = Move.objects.get(what="swap")
        assert (move.what_id, move.from_status, move.to_status, move.note) == (
            booking.pk,
            "A1",
            "A5",
            "The seat is wet",
        )
        entry = AuditEntry.objects.get(action="swap seats")
        assert (entry.user, entry.before, entry.after) == (user, {"seats": ["A1"]}, {"seats": ["A5"]})
        assert entry.reason == "The seat is wet"

    def test_a_dearer_seat_costs_nobody_more(self, booking):
        choice = SwapChoice(ids(booking, "A1"), ("B1",))
        assert plan_swap(booking, choice).moves[0].difference == Decimal("3.00")
        swap(booking, "A1", "B1")
        booking.refresh_from_db()
        ticket = booking.tickets.get(seat__label="B1")
        assert (ticket.price, booking.total, booking.sale.refund_due) == (Decimal("14.50"), Decimal("29.00"), 0)
        assert broken_invariants() == []

    def test_back_and_forth_gives_a_new_code_each_time(self, booking):
        first = booking.tickets.get(seat__label="A1").code
        swap(booking, "A1", "A5")
        second = booking.tickets.get(seat__label="A5").code
        swap(booking, "A5", "A1")
        assert booking.tickets.get(seat__label="A1").code not in {first, second}
        assert (SeatSwap.objects.count(), broken_invariants()) == (2, [])

    def test_a_seat_that_was_given_back_may_be_got_again(self, booking):
        cancel_and_refund(booking_id=booking.pk, ticket_ids=ids(booking, "A2"), origin=STAFF)
        swap(booking, "A1", "A2")
        assert (seats(booking), broken_invariants()) == (["A2"], [])

    def test_swapped_tickets_are_canceled_like_others(self, showtime, booking):
        swap(booking, "A1", "B4")
        cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
        booking.refresh_from_db()
        assert (booking.status, booking.sale.refund_due, state(showtime, "B4")) == (
            "CANCELED",
            Decimal("29.00"),
            "free",
        )
        assert broken_invariants() == []

    def test_a_receipt_given_before_stays_as_it_was(self, booking):
        before = receipt_of(booking_id=booking.pk).content
        swap(booking, "A1", "A5")
        assert receipt_of(booking_id=booking.pk).content == before


class TestRefused:
    def test_taken_seats_and_unknown_ones(self, showtime, booking):
        hold = hold_seats(showtime, make_browser(5), "A5")
        book(showtime, "A6", number=7)
        for label, refusal in (("A5", SeatGone), ("A6", SeatGone), ("A2", SeatGone), ("Z9", UnknownSeat)):
            with nothing_changes(), pytest.raises(refusal):
                swap(booking, "A1", label)
        lapse(hold)
        swap(booking, "A1", "A5")
        assert seats(booking) == ["A2", "A5"]

    def test_one_taken_seat_spoils_all(self, showtime, booking):
        hold_seats(showtime, make_browser(5), "A6")
        with nothing_changes(), pytest.raises(SeatGone, match="A6"):
            swap(booking, "A1 A2", "A5 A6")

    @pytest.mark.parametrize(("old", "new"), [("A1 A2", "A5"), ("A1", "A5 A6"), ("A1", "A1")])
    def test_as_many_seats_as_tickets_and_others(self, booking, old, new):
        with nothing_changes(), pytest.raises(SwapRefused):
            swap(booking, old, new)

    def test_used_tickets_until_the_entry_is_taken_back(self, booking):
        booking.tickets.filter(seat__label="A1").update(status="USED")
        with pytest.raises(NothingToSwap, match="A1: let in at the door already"):
            swap(booking, "A1", "A5")
        assert not SeatSwap.objects.exists()
        booking.tickets.filter(seat__label="A1").update(status="VALID")
        assert swap(booking, "A1", "A5")

    def test_tickets_of_others_void_ones_and_no_booking(self, showtime, booking, sandbox):
        other = buy(sandbox, showtime, make_browser(5), "A6")
        choice = SwapChoice(ids(other, "A6"), ("A5",))
        with nothing_changes(), pytest.raises(NothingToSwap):
            plan_swap(booking, choice)
        cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
        booking.refresh_from_db()
        with nothing_changes(), pytest.raises(NothingToSwap):
            swap(booking, "A1", "A5")

    def test_a_showtime_that_is_over_or_canceled(self, booking):
        for changed, refusal in (({"ends_at": timezone.now()}, NotOnSale), ({"status": "CANCELED"}, ShowtimeCanceled)):
            with transaction.atomic():
                Showtime.objects.update(**changed, starts_at=timezone.now() - timedelta(hours=2))
                with nothing_changes(), pytest.raises(refusal):
                    swap(booking, "A1", "A5")

    def test_a_booking_whose_money_is_disputed(self, booking):
        Sale.objects.update(frozen_at=timezone.now())
        booking.refresh_from_db()
        with nothing_changes(), pytest.raises(NothingToSwap, match="bank is deciding"):
            swap(booking, "A1", "A5")

    def test_another_plan_than_was_shown_does_nothing(self, booking):
        choice = SwapChoice(ids(booking, "A1"), ("A5",))
        mark = plan_swap(booking, choice).mark
        done = {"booking_id": booking.pk, "reason": "x", "actor": "test"}
        swap_seats(**done, choice=choice, mark=mark)
        with nothing_changes(), pytest.raises(SwapRefused, match="sit there already"):
            swap_seats(**done, choice=choice, mark=mark)
        other = SwapChoice(ids(booking, "A2"), ("A6",))
        mark = plan_swap(booking, other).mark
        ShowtimeSeat.objects.filter(label="A2").update(house_reason="Wet")
        with nothing_changes(), pytest.raises(SwapChanged):
            swap_seats(**done, choice=other, mark=mark)


class TestRulesAndRights:
    def test_house_seats_need_the_right(self, showtime, booking):
        keep_back(showtime_id=showtime.pk, labels=["A5"], reason="Press", release_minutes=60)
        with nothing_changes(), pytest.raises(SwapRefused, match="A5 is kept back"):
            swap(booking, "A1", "A5")
        swap(booking, "A1", "A5", may_take_house_seats=True)
        row = ShowtimeSeat.objects.get(showtime=showtime, label="A5")
        assert (row.booking_id, row.house_reason, row.held_until) == (booking.pk, "Press", None)
        overridden = AuditEntry.objects.get(action="swap seats").after["overridden"]
        assert (overridden, broken_invariants()) == ({"house seats": {"A5": "Press"}}, [])
        swap(booking, "A5", "A1")
        assert (state(showtime, "A5"), broken_invariants()) == ("house: Press", [])

    def test_a_broken_seat_is_kept_back_when_it_is_left(self, showtime, booking):
        boss = make_staff("MANAGER", showtime.auditorium.theater).pk
        assert report_broken(auditorium=showtime.auditorium, label="A1", reason="Wet", user_id=boss) == [showtime]
        assert state(showtime, "A1") == "sold"
        swap(booking, "A1", "A5")
        assert (state(showtime, "A1"), broken_invariants()) == ("house: Wet", [])
        assert Showtime.objects.get(pk=showtime.pk).fullness_at is None

    def test_a_companion_without_a_wheelchair_is_an_objection_that_is_overridden(self, sandbox):
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A woccc\nB ooooo"))
        booking = buy(sandbox, showtime, make_browser(5), "B1")
        companion = showtime.plan.seats.filter(category="COMPANION").first().label
        choice = SwapChoice(ids(booking, "B1"), (companion,))
        found = plan_swap(booking, choice).objections
        assert [companion in one and "wheelchair space" in one for one in found] == [True]
        swap(booking, "B1", companion)
        assert AuditEntry.objects.get(action="swap seats").after["overridden"] == {"objections": list(found)}

    def test_what_was_so_before_is_no_objection(self, booking):
        assert plan_swap(booking, SwapChoice(ids(booking, "A1"), ("A5",))).objections == ()


class TestTheOldCode:
    @pytest.fixture
    def codes(self, booking):
        old = booking.tickets.get(seat__label="A1").code
        swap(booking, "A1", "A5")
        return old, booking.tickets.get(seat__label="A5").code

    def ask(self, code, showtime):
        theater = showtime.auditorium.theater
        door = Door(theater, showtime.auditorium, "door 2", make_staff("DOOR", theater).pk)
        return admit(text=code, door=door, now=showtime.starts_at - timedelta(minutes=15))

    def test_the_door_says_where_the_new_ticket_is(self, showtime, codes):
        answer = self.ask(codes[0], showtime)
        assert (answer.is_welcome, answer.sentence) == (False, "This seat was changed; the new ticket is A5.")
        assert self.ask(codes[1], showtime).is_welcome
        assert self.ask(codes[0], showtime).sentence == "This seat was changed; the new ticket is A5."

    def test_a_ticket_canceled_since_is_just_that(self, showtime, booking, codes):
        cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
        assert "canceled" in self.ask(codes[0], showtime).sentence

    def test_its_page_tells_without_the_new_code(self, codes, booking):
        answer = Client().get(f"/tickets/{codes[0]}/")
        page = answer.content.decode()
        assert answer.status_code == 410 and "This seat was changed" in page
        assert codes[1] not in page and booking.reference not in page
        assert {Client().get(f"/tickets/{codes[0]}.{kind}").status_code for kind in ("svg", "pdf", "ics")} == {404}
        assert Client().get(f"/tickets/{codes[1]}/").status_code == 200

    def test_the_database_lets_a_swap_alone_change_a_code(self, booking, codes):
        ticket = booking.tickets.get(seat__label="A5")
        for changes in ({"code": new_code()}, {"code": codes[0]}):
            with (
                nothing_changes(),
                pytest.raises((DatabaseError, IntegrityError), match="frozen"),
                transaction.atomic(),
            ):
                Ticket.objects.filter(pk=ticket.pk).update(**changes)
        with connection.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute("UPDATE reservations_swappedticket SET old_code = 'x'")


class TestTelling:
    def test_one_mail_with_the_new_tickets_and_the_calendar(self, booking):
        send_due_mail(now=timezone.now())
        mail.outbox.clear()
        old = booking.tickets.get(seat__label="A1").code
        made = swap(booking, "A1", "A5")
        assert OutgoingMail.objects.get(kind="SWAPPED").purpose == f"swapped:{made.pk}"
        send_due_mail(now=timezone.now())
        letter = mail.outbox[0]
        assert "New seats" in letter.subject and "A5 instead of A1" in letter.body
        codes = set(booking.tickets.values_list("code", flat=True))
        assert all(code in letter.body for code in codes) and old not in letter.body
        entry = next(one[1] for one in letter.attachments if isinstance(one, tuple) and one[0].endswith(".ics"))
        entry = entry if isinstance(entry, str) else entry.decode()
        assert "SEQUENCE:1" in entry and "seats A2\\, A5" in entry

    def test_the_page_of_the_booking_and_its_calendar_show_the_new_seats(self, client, booking, django_user_model):
        ada = django_user_model.objects.create_user("ada@example.com", "x")
        Sale.objects.update(user=ada)
        client.force_login(ada)
        old = booking.tickets.get(seat__label="A1").code
        swap(booking, "A1", "A5")
        page = client.get(booking.get_absolute_url()).content.decode()
        assert old not in page and booking.tickets.get(seat__label="A5").code in page
        entry = client.get(f"{booking.get_absolute_url()}calendar.ics").content.decode()
        assert "SEQUENCE:1" in entry and "seats A2\\, A5" in entry
        assert "Open the booking" in client.get(f"/tickets/{old}/").content.decode()

    def test_a_confirmation_that_has_not_gone_yet_has_the_new_ticket(self, booking):
        swap(booking, "A1", "A5")
        code = booking.tickets.get(seat__label="A5").code
        send_due_mail(now=timezone.now())
        assert [code in letter.body for letter in mail.outbox] == [True, True]
