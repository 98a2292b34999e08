"""Seats held for friends when their showtime changes: they move along or the block ends, and the organizer is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from boxoffice.selectors.auditorium_moves import auditorium_move
from core.refusals import Refusal
from payments.privacy.retention import forget_old_data
from payments.sessions.settlement import settle
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.changes.auditorium_moves import choose_seats
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import plan_change
from reservations.groups.friends_seats import SharedBlockOver, take_friends_seats
from reservations.groups.shared_block_mails import send_due_shared_block_mail
from reservations.groups.shared_blocks import end_block_by_staff, release_block
from reservations.models import ChangeNotice, Hold, SharedBlock, SharedBlockMail, ShowtimeSeat, Ticket
from reservations.states import CancelCause
from tests.aging import age_shared_block
from tests.clock import begins_in
from tests.factories import (
    buy,
    hold_seats,
    make_auditorium,
    make_browser,
    make_shared_block,
    make_showtime,
    make_staff,
    press_pay,
)
from tests.ledger import broken_invariants
from tests.payments.refunds.test_auditorium_moves import carry_out, move, plan_move
from theaters.models import Showtime
from theaters.selectors import showtime_facts
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db
BEN, CLEO = make_browser(71), make_browser(72)
LARGER = "A oooo.oooo\nB oooo.oooo\nC pppp.pppp\n"


@pytest.fixture
def boss(showtime):
    return make_staff("MANAGER", showtime.auditorium.theater)


@pytest.fixture
def larger(showtime):
    return make_auditorium(showtime.auditorium.theater, LARGER)


@pytest.fixture
def block(showtime):
    return make_shared_block(showtime, "A1", "A2", "A3")


def take(block, browser, *labels, name="Ben"):
    take_friends_seats(block=block, browser=browser, labels=list(labels), name=name)


def buy_from(block, sandbox, browser, label, name="Ben"):
    take(block, browser, label, name=name)
    booking = press_pay(block.showtime, browser, label, email=f"{name.lower()}@example.com")
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    return booking


def held(hold):
    return list(ShowtimeSeat.objects.filter(hold=hold).order_by("seat_id").values_list("label", flat=True))


def mails():
    send_due_shared_block_mail(now=timezone.now())
    return [" ".join(message.body.split()) for message in mail.outbox]


def change(showtime, boss, **request):
    plan = plan_change(showtime=showtime, request=ChangeRequest(**request), user_id=boss.pk, now=timezone.now())
    return carry_out(plan, boss)


class TestToAnotherAuditorium:
    def test_the_seats_move_and_the_link_leads_to_them(self, showtime, block, larger, boss, sandbox):
        take(block, BEN, "A1")
        age_shared_block(block, 600)
        move(showtime, larger, boss)
        block.refresh_from_db()
        mine = Hold.objects.get(shared_block=block)
        rest, his = held(block.hold), held(mine)
        assert (len(rest), len(his), sorted(block.labels)) == (2, 1, sorted(rest + his))
        assert block.hold.ended_at is None and mine.ended_at is None
        assert press_pay(Showtime.objects.get(pk=showtime.pk), BEN, *his, email="ben@example.com").status == "PENDING"
        page = Client().get(reverse("shared_seats", args=[showtime.pk, block.code])).content.decode()
        assert page.count('name="seats"') == 2 and larger.name in page
        take(block, CLEO, rest[0], name="Cleo")
        assert broken_invariants() == []

    def test_they_have_their_time_again(self, showtime, block, larger, boss):
        """Sales stood still while staff planned the move, and everybody has to look at the new seats."""
        take(block, BEN, "A1")
        age_shared_block(block, 1200)
        move(showtime, larger, boss)
        holds = Hold.objects.filter(ended_at=None)
        assert holds.count() == 2
        for hold in holds:
            left = (hold.expires_at - timezone.now()).total_seconds()
            assert 1780 < left <= 1800 and hold.cap_at == hold.expires_at
        ends = set(ShowtimeSeat.objects.exclude(hold=None).values_list("held_until", flat=True))
        assert ends == {holds[0].expires_at}

    def test_never_past_the_close_of_the_sale(self, showtime, block, larger, boss):
        begins_in(showtime, minutes=20)
        type(larger).objects.filter(pk=larger.pk).update(turnaround_minutes=0)
        move(Showtime.objects.get(pk=showtime.pk), larger, boss)
        block.hold.refresh_from_db()
        assert block.hold.expires_at == Showtime.objects.get(pk=showtime.pk).sales_close_at

    def test_a_friend_who_paid_is_a_holder_and_is_still_seen(self, showtime, block, larger, boss, sandbox):
        booking = buy_from(block, sandbox, BEN, "A1")
        move(showtime, larger, boss)
        block.refresh_from_db()
        label = Ticket.objects.get(booking=booking).seat.label
        assert label in block.labels and len(block.labels) == 3
        page = Client().get(reverse("shared_seats", args=[showtime.pk, block.code])).content.decode()
        assert f"<b>Ben</b> took {label}, paid" in " ".join(page.split())
        assert ChangeNotice.objects.filter(booking=booking).exists()
        ticket = Ticket.objects.get(booking=booking)
        cancel_tickets(
            booking_id=booking.pk,
            ticket_ids={ticket.pk},
            percent=100,
            origin=CancellationOrigin(CancelCause.CUSTOMER, "test"),
        )
        assert label in held(block.hold)
        assert broken_invariants() == []

    def test_what_a_friend_cancels_while_staff_look_is_given_up_alone(self, showtime, block, larger, boss, sandbox):
        """The seat goes back to the block, and the plan of the move has no seat for it; the other two have theirs."""
        booking = buy_from(block, sandbox, BEN, "A1")
        planned = plan_move(showtime, larger, boss)
        origin = CancellationOrigin(CancelCause.CUSTOMER, "test")
        cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=100, origin=origin)
        assert "A1" in held(block.hold)
        carry_out(planned, boss)
        block.refresh_from_db()
        assert block.hold.ended_at is None and held(block.hold) == sorted(block.labels) and len(block.labels) == 2
        assert broken_invariants() == []

    def test_who_is_paying_moves_with_the_seat(self, showtime, block, larger, boss, sandbox):
        take(block, BEN, "A1")
        booking = press_pay(showtime, BEN, "A1", email="ben@example.com")
        move(showtime, larger, boss)
        payment = booking.sale.payments.get()
        sandbox.pay(payment.session_id)
        settle(payment_id=payment.pk, actor="test")
        booking.refresh_from_db()
        block.refresh_from_db()
        assert booking.status == "CONFIRMED"
        assert Ticket.objects.get(booking=booking).seat.label in block.labels
        assert broken_invariants() == []

    def test_a_block_of_which_all_is_taken_lives_on(self, showtime, block, larger, boss):
        take(block, BEN, "A1", "A2", "A3")
        move(showtime, larger, boss)
        block.hold.refresh_from_db()
        assert block.hold.ended_at is None and len(held(Hold.objects.get(shared_block=block))) == 3

    def test_other_holds_end_as_before(self, showtime, block, larger, boss):
        hold_seats(showtime, CLEO, "B1")
        move(showtime, larger, boss)
        assert Hold.objects.get(holder=CLEO.holder).end == "MOVED"

    def test_where_it_ran_out_before_nothing_moves(self, showtime, block, larger, boss):
        change = plan_move(showtime, larger, boss)
        age_shared_block(block, 1801)
        carry_out(change, boss)
        assert not ShowtimeSeat.objects.exclude(hold=None).exists()
        assert mails() == [] and broken_invariants() == []

    def test_no_ticket_is_worse_off_for_what_nobody_paid(self, showtime, boss, sandbox):
        """The four people who paid get four seats side by side, however many are held for friends."""
        booking = buy(sandbox, showtime, make_browser(1), "B1", "B2")
        make_shared_block(showtime, "A1", "A2", "A3")
        there = make_auditorium(showtime.auditorium.theater, "A ooo\nB o.o.o\n")
        planned = plan_move(showtime, there, boss)
        seats = [planned.after["seats"][ticket.pk] for ticket in booking.tickets.order_by("pk")]
        assert seats == ["A1", "A2"]
        carry_out(planned, boss)
        assert sorted(SharedBlock.objects.get().labels) == ["A3", "B1", "B2"]

    def test_a_sofa_goes_whole_to_one_hold(self, boss, showtime):
        theater = showtime.auditorium.theater
        here = make_showtime(auditorium=make_auditorium(theater, "A ssss\nB oooo\n"))
        block = make_shared_block(here, "A1", "A2", "A3", "A4")
        take(block, BEN, "A1")
        there = make_auditorium(theater, "A oooooo\nB ssss\n")
        move(here, there, boss)
        for hold in Hold.objects.filter(ended_at=None):
            assert set(held(hold)) in ({"B1", "B2"}, {"B3", "B4"})
        assert broken_invariants() == []

    def test_staff_may_give_a_ticket_the_seat_that_friends_would_have(self, showtime, block, larger, boss, sandbox):
        booking = buy(sandbox, showtime, make_browser(1), "B1")
        planned = plan_move(showtime, larger, boss)
        theirs = planned.after["seats"][-ShowtimeSeat.objects.get(label="A1").seat_id]
        choose_seats(change_id=planned.pk, chosen={booking.tickets.get().pk: theirs})
        carry_out(planned, boss)
        block.refresh_from_db()
        assert len(held(block.hold)) == 3 and theirs not in block.labels
        assert broken_invariants() == []

    def test_the_page_says_where_they_would_sit_or_that_there_is_no_room(self, showtime, block, larger, boss):
        planned = plan_move(showtime, larger, boss)
        planned.refresh_from_db()
        [friends] = auditorium_move(showtime, planned).friends
        assert (friends.name, [old for old, _ in friends.seats]) == ("Ada", ["A1", "A2", "A3"])
        small = plan_move(showtime, make_auditorium(showtime.auditorium.theater, "A oo\n"), boss)
        small.refresh_from_db()
        assert [friends.seats for friends in auditorium_move(showtime, small).friends] == [()]


class TestNoRoom:
    @pytest.fixture
    def small(self, showtime):
        return make_auditorium(showtime.auditorium.theater, "A oo\n")

    def test_the_block_ends_and_who_paid_sits_there(self, showtime, block, small, boss, sandbox):
        booking = buy_from(block, sandbox, BEN, "A1")
        take(block, CLEO, "A2", name="Cleo")
        late = buy(sandbox, showtime, make_browser(3), "B1")
        move(showtime, small, boss)
        assert {Ticket.objects.get(booking=one).seat.label for one in (booking, late)} == {"A1", "A2"}
        assert not ShowtimeSeat.objects.exclude(hold=None).exists()
        with pytest.raises((SharedBlockOver, Refusal)):
            take(block, make_browser(4), "A2", name="Zoe")
        [words] = mails()
        assert "What you chose for your friends is no longer held" in words
        assert "there was no room for all of you" in words and f"/showtimes/{showtime.pk}/" in words
        assert mail.outbox[0].to == ["ada@example.com"]
        assert broken_invariants() == []

    def test_the_older_block_comes_first(self, showtime, block, boss):
        second = make_shared_block(showtime, "B1", "B2", number=73, email="zoe@example.com", name="Zoe")
        move(showtime, make_auditorium(showtime.auditorium.theater, "A ooo\n"), boss)
        assert len(held(block.hold)) == 3
        second.hold.refresh_from_db()
        assert second.hold.end == "MOVED"
        assert [("still hold" in one, "no longer held" in one) for one in mails()] == [(True, False), (False, True)]


class TestMail:
    def test_of_a_move_it_says_seats_and_until_when(self, showtime, block, larger, boss):
        take(block, BEN, "A1")
        move(showtime, larger, boss)
        [words] = mails()
        block.refresh_from_db()
        for said in (
            "We still hold what you chose for your friends",
            larger.name,
            *block.labels,
            "get a mail of their own",
        ):
            assert said in words, said
        assert reverse("share_seats", args=[showtime.pk]) in words
        assert SharedBlockMail.objects.get().sent_at is not None
        assert mails() == [words]

    def test_of_another_time(self, showtime, block, boss):
        later = showtime.starts_at + timedelta(minutes=90)
        change(showtime, boss, kind=ChangeKind.TIME, starts_at=later)
        [words] = mails()
        assert "We still hold what you chose for your friends" in words
        assert showtime_facts(Showtime.objects.with_names().get(pk=showtime.pk), now=timezone.now()).when in words

    def test_at_an_earlier_time_nothing_is_held_past_the_close_of_the_sale(self, showtime, block, boss):
        take(block, BEN, "A1")
        soon = timezone.now() + timedelta(minutes=10)
        change(showtime, boss, kind=ChangeKind.TIME, starts_at=soon)
        close = Showtime.objects.get(pk=showtime.pk).sales_close_at
        assert set(Hold.objects.values_list("expires_at", "cap_at")) == {(close, close)}
        assert set(ShowtimeSeat.objects.exclude(hold=None).values_list("held_until", flat=True)) == {close}

    def test_of_a_canceled_showtime(self, showtime, block, boss):
        change(showtime, boss, kind=ChangeKind.CANCEL)
        [words] = mails()
        assert "has been canceled" in words and "get their money back" in words
        assert mail.outbox[0].subject.startswith("Canceled: ")

    def test_of_staff_who_end_it_with_their_reason(self, showtime, block):
        end_block_by_staff(block=block, reason="A school comes", actor="test")
        [words] = mails()
        assert "A school comes" in words and "no longer held" in words

    def test_nothing_is_mailed_about_a_block_that_its_organizer_released(self, showtime, block, larger, boss):
        release_block(block_id=block.pk)
        move(showtime, larger, boss)
        assert mails() == []

    def test_a_block_of_the_release_before_has_no_address(self, showtime, block, larger, boss):
        SharedBlock.objects.update(email="")
        move(showtime, larger, boss)
        assert mails() == [] and not SharedBlockMail.objects.exists()

    def test_in_the_organizers_language(self, showtime, block, larger, boss):
        SharedBlock.objects.update(language="de")
        move(showtime, larger, boss)
        send_due_shared_block_mail(now=timezone.now())
        assert "Die Plätze für Ihre Freunde" in mail.outbox[0].subject

    def test_it_goes_with_the_block(self, showtime, block, larger, boss):
        move(showtime, larger, boss)
        begins_in(showtime, days=-3)
        forget_old_data(now=timezone.now())
        assert not SharedBlockMail.objects.exists()
