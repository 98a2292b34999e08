"""Staff give money back: they see it before it is done, it is done once, and above the limit two people are needed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from boxoffice.models import RefundRequest
from boxoffice.refusals import AlreadyDecided, OwnRequest, RequestOutdated
from boxoffice.services.refunds import RefundChoice, approve_refund, ask_refund, plan_refund
from houses.models import Theater
from payments.books.payment_sweep import send_due_refunds
from payments.models import Dispute, Payment, Refund
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.counter.swaps import SwapChoice, plan_swap, swap_seats
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, Move, ShowtimeSeat, Ticket
from reservations.states import CancelCause
from staff.models import AuditEntry
from tests.aging import unguarded
from tests.boxoffice.actions import act, look, path_of, said, sentences
from tests.exchanging import agree, choose, let_exchange, other_showtime
from tests.factories import buy, make_auditorium, make_browser, make_showtime, make_staff, make_theater
from tests.ledger import broken_invariants, moves_of, nothing_changes
from tests.standing_booking import bought_once
from tests.statuses import stand

pytestmark = pytest.mark.django_db
standing_booking, sandbox, booking, showtime = bought_once("A1", "A2")


@pytest.fixture(autouse=True)
def limit(showtime):
    """The largest amount that one person may give back of one booking."""

    def set_to(amount):
        Theater.objects.update(refund_limit=Decimal(amount))

    set_to("100.00")
    return set_to


@pytest.fixture
def path(booking):
    return path_of("refund", booking.pk)


@pytest.fixture
def second(manager):
    """A browser of another person with all rights."""
    return type(manager).objects.create_superuser("second@marquee.example", "a long pass phrase")


@pytest.fixture
def second_office(second):
    client = Client()
    client.force_login(second)
    return client


def choice(booking, *labels, percent=100):
    tickets = booking.tickets.filter(seat__label__in=labels) if labels else booking.tickets.all()
    ids = list(tickets.order_by("pk").values_list("pk", flat=True))
    return {"tickets": ids, "percent": percent, "reason": "The projector broke"}


def ask(office, path, booking, *labels, **more):
    return act(office, path, **choice(booking, *labels, **more))


def status(booking):
    booking.refresh_from_db()
    return booking.status


def refunds():
    return [(refund.amount, refund.status) for refund in Refund.objects.order_by("pk")]


class TestWithinTheLimit:
    def test_whole_booking_goes_back_as_it_was_shown(self, office, path, booking):
        page, _ = look(office, path, **choice(booking))
        for words in (
            "£29.00 goes back",
            "A1–A2",
            "The booking is canceled",
            "A mail tells ada@example.com",
            "The projector broke",
            "Give back £29.00",
        ):
            assert words in page, words
        assert "£29.00 goes back" in said(office, ask(office, path, booking))
        assert (status(booking), refunds()) == ("CANCELED", [(Decimal("29.00"), "REQUESTED")])
        send_due_refunds()
        assert refunds() == [(Decimal("29.00"), "SUCCEEDED")]
        assert set(Ticket.objects.values_list("status", flat=True)) == {"VOID"}
        assert broken_invariants() == []

    def test_single_ticket_leaves_the_others_valid(self, office, path, booking):
        page, _ = look(office, path, **choice(booking, "A2"))
        assert "Its other tickets stay valid" in page
        ask(office, path, booking, "A2")
        found = dict(Ticket.objects.values_list("seat__label", "status"))
        assert (status(booking), found) == ("CONFIRMED", {"A1": "VALID", "A2": "VOID"})
        assert ShowtimeSeat.objects.get(label="A2").booking_id is None
        assert (refunds(), broken_invariants()) == ([(Decimal("14.50"), "REQUESTED")], [])

    def test_stated_percent_keeps_the_rest_as_a_fee(self, office, path, booking):
        page, _ = look(office, path, **choice(booking, percent=50))
        assert "£14.50 goes back" in page and "£14.50 is kept as a fee" in page
        ask(office, path, booking, percent=50)
        assert (status(booking), booking.sale.refund_due, booking.sale.fees_kept) == (
            "CANCELED",
            Decimal("14.50"),
            Decimal("14.50"),
        )
        assert broken_invariants() == []

    def test_says_who_and_why_in_every_log(self, office, manager, path, booking):
        ask(office, path, booking)
        actor = f"staff:{manager.pk}"
        assert moves_of("request") == ["→WAITING", "WAITING→DONE"]
        canceled = Move.objects.get(what="booking", to_status="CANCELED")
        assert (canceled.actor, canceled.note) == (actor, "The projector broke")
        entry = AuditEntry.objects.get()
        assert (entry.actor, entry.action, entry.reason) == (actor, "refund", "The projector broke")
        assert entry.after == {"amount": "£29.00", "percent": 100}

    def test_double_submit_gives_back_once(self, office, path, booking):
        _, mark = look(office, path, **choice(booking, "A1"))
        posted = {**choice(booking, "A1"), "mark": mark, "_do": "yes"}
        office.post(path, posted)
        with nothing_changes():
            assert office.post(path, posted).status_code == 422
        assert refunds() == [(Decimal("14.50"), "REQUESTED")]

    def test_what_changed_since_it_was_shown_is_shown_again(self, office, path, booking):
        _, mark = look(office, path, **choice(booking, "A1"))
        cancel_tickets(
            booking_id=booking.pk,
            ticket_ids=choice(booking, "A2")["tickets"],
            percent=0,
            origin=CancellationOrigin(CancelCause.STAFF, "x"),
        )
        with nothing_changes():
            answer = office.post(path, {**choice(booking, "A1"), "mark": mark, "_do": "yes"})
        assert answer.status_code == 409 and "has changed since this page was shown" in sentences(answer)

    @pytest.mark.parametrize(
        "change",
        [{"reason": ""}, {"tickets": []}, {"tickets": [0]}, {"percent": 101}, {"percent": -1}, {"percent": "x"}],
    )
    def test_nonsense_is_said_beside_the_field(self, office, path, booking, change):
        with nothing_changes():
            answer = office.post(path, {**choice(booking), **change})
        assert answer.status_code == 422 and "errorlist" in sentences(answer)


class TestRefused:
    def test_wrong_method(self, office, path):
        with nothing_changes():
            assert office.put(path).status_code == 405

    def test_wrong_person(self, showtime, path, booking, client):
        client.force_login(make_staff("DOOR", showtime.auditorium.theater))
        with nothing_changes():
            assert client.post(path, choice(booking)).status_code in {403, 404}

    def test_a_booking_that_is_over(self, office, path, booking):
        ask(office, path, booking)
        with nothing_changes():
            answer = office.get(path)
        assert answer.status_code == 200
        with pytest.raises(Exception, match="none left"):
            plan_refund(Booking.objects.get(), RefundChoice((1,), 100, "x"))

    def test_disputed_payment_locks_the_button_and_the_service(self, office, manager, path, booking):
        chosen = RefundChoice(tuple(choice(booking)["tickets"]), 100, "x")
        shown = plan_refund(booking, chosen)
        Payment.objects.update(status="DISPUTED")
        page = office.get(f"/admin/reservations/booking/{booking.pk}/change/").content.decode()
        assert "Give money back" not in page and "bank is deciding" in page
        with nothing_changes():
            answer = office.post(path, choice(booking))
            assert answer.status_code == 409 and "disputed with the bank" in sentences(answer)
            with pytest.raises(Exception, match="disputed with the bank"):
                ask_refund(booking_id=booking.pk, choice=chosen, mark=shown.mark, user_id=manager.pk)


class TestAboveTheLimit:
    @pytest.fixture
    def waiting(self, office, path, booking, limit) -> RefundRequest:
        limit("28.99")
        page, _ = look(office, path, **choice(booking))
        assert "waits until a second person approves it" in page and "Ask for £29.00" in page
        assert "Nothing has gone back yet" in said(office, ask(office, path, booking))
        return RefundRequest.objects.get()

    def test_exactly_the_limit_needs_nobody(self, office, path, booking, limit):
        limit("29.00")
        ask(office, path, booking)
        assert RefundRequest.objects.get().status == "DONE"

    def test_waits_and_nothing_moves(self, waiting, booking):
        assert (waiting.status, status(booking), refunds()) == ("WAITING", "CONFIRMED", [])
        assert set(Ticket.objects.values_list("status", flat=True)) == {"VALID"}

    def test_second_person_approves_and_it_is_done(self, waiting, booking, second, second_office):
        page, _ = look(second_office, path_of("approve", waiting.pk))
        assert "manager@marquee.example asked for it" in page and "Approve: give back £29.00" in page
        act(second_office, path_of("approve", waiting.pk))
        waiting.refresh_from_db()
        assert (waiting.status, waiting.decided_by) == ("DONE", second)
        assert (status(booking), refunds(), broken_invariants()) == ("CANCELED", [(Decimal("29.00"), "REQUESTED")], [])
        assert AuditEntry.objects.filter(action="approve refund", user=second).count() == 1

    def test_who_asked_cannot_approve(self, waiting, manager, office):
        path = path_of("approve", waiting.pk)
        with nothing_changes():
            answer = office.post(path, {"_do": "yes"})
            assert answer.status_code == 403 and "another person has to approve" in sentences(answer)
            with pytest.raises(OwnRequest):
                approve_refund(request_id=waiting.pk, user_id=manager.pk, now=timezone.now())
        with pytest.raises(IntegrityError, match="request_decided_by_another"), transaction.atomic():
            RefundRequest.objects.update(status="DONE", decided_by=F("asked_by"), decided_at=timezone.now())

    def test_approved_twice_is_done_once(self, waiting, second_office):
        path = path_of("approve", waiting.pk)
        second_office.post(path, {"_do": "yes"})
        with nothing_changes():
            answer = second_office.post(path, {"_do": "yes"})
        assert answer.status_code == 409 and "decided this request already" in sentences(answer)

    def test_after_seven_days_it_is_refused(self, waiting, second_office):
        with unguarded():
            RefundRequest.objects.update(asked_at=F("asked_at") - timedelta(days=7, seconds=1))
        with nothing_changes():
            answer = second_office.post(path_of("approve", waiting.pk), {"_do": "yes"})
        assert answer.status_code == 410 and "more than seven days old" in sentences(answer)

    def test_booking_that_changed_is_refused(self, waiting, booking, second, second_office):
        cancel_tickets(
            booking_id=booking.pk,
            ticket_ids=choice(booking, "A2")["tickets"],
            percent=100,
            origin=CancellationOrigin(CancelCause.CUSTOMER, "x"),
        )
        with nothing_changes():
            answer = second_office.post(path_of("approve", waiting.pk), {"_do": "yes"})
            assert answer.status_code == 409 and "The booking has changed since this was asked" in sentences(answer)
            with pytest.raises(RequestOutdated):
                approve_refund(request_id=waiting.pk, user_id=second.pk, now=timezone.now())

    def test_a_ticket_that_shares_a_sofa_with_it_by_now_does_not_become_void_as_well(
        self, sandbox, limit, manager, second
    ):
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A oooo\nC ss\n"))
        booking = buy(sandbox, showtime, make_browser(1), "A1", "A2")
        limit("1.00")
        with unguarded():
            booking.tickets.filter(seat__label="A2").update(price=0, tax=0)
        asked = RefundChoice(tickets=tuple(choice(booking, "A1")["tickets"]), percent=100, reason="Ill")
        mark = plan_refund(booking, asked).mark
        waiting = ask_refund(booking_id=booking.pk, choice=asked, mark=mark, user_id=manager.pk)
        swap = SwapChoice(tuple(choice(booking)["tickets"]), ("C1", "C2"))
        swap_mark = plan_swap(booking, swap).mark
        swap_seats(booking_id=booking.pk, choice=swap, mark=swap_mark, reason="The seats are wet", actor="test")
        with nothing_changes(), pytest.raises(RequestOutdated):
            approve_refund(request_id=waiting.pk, user_id=second.pk, now=timezone.now())

    def test_disputed_meanwhile_is_refused(self, waiting, second_office):
        Payment.objects.update(status="DISPUTED")
        with nothing_changes():
            answer = second_office.post(path_of("approve", waiting.pk), {"_do": "yes"})
        assert answer.status_code == 409 and "disputed with the bank" in sentences(answer)

    def test_declined_gives_nothing_back_and_says_why(self, waiting, booking, second_office, office):
        act(second_office, path_of("decline", waiting.pk), answer="Ask the distributor first")
        waiting.refresh_from_db()
        assert (waiting.status, waiting.answer, status(booking), refunds()) == (
            "DECLINED", "Ask the distributor first", "CONFIRMED", [],
        )  # fmt: skip
        with pytest.raises(AlreadyDecided):
            approve_refund(request_id=waiting.pk, user_id=waiting.decided_by_id, now=timezone.now())
        page = office.get(f"/admin/boxoffice/refundrequest/{waiting.pk}/change/").content.decode()
        assert "Ask the distributor first" in page and "Approve the refund" not in page

    def test_who_asked_takes_it_back(self, waiting, office):
        act(office, path_of("decline", waiting.pk), answer="A mistake")
        assert moves_of("request") == ["→WAITING", "WAITING→DECLINED"]

    @pytest.mark.parametrize("name", ["approve", "decline"])
    def test_wrong_method_and_wrong_person(self, showtime, waiting, office, client, name):
        path = path_of(name, waiting.pk)
        client.force_login(make_staff("DOOR", showtime.auditorium.theater))
        with nothing_changes():
            assert office.put(path).status_code == 405
            assert client.post(path, {"_do": "yes", "answer": "no"}).status_code in {403, 404}

    def test_while_one_waits_another_is_refused(self, waiting, office, path, booking):
        with nothing_changes():
            answer = office.post(path, choice(booking, "A1"))
        assert answer.status_code == 409 and "waits for a second person already" in sentences(answer)

    def test_many_small_refunds_count_as_one_large_one(self, office, path, booking, limit):
        limit("20.00")
        ask(office, path, booking, "A1")
        ask(office, path, booking, "A2")
        assert list(RefundRequest.objects.order_by("pk").values_list("status", flat=True)) == ["DONE", "WAITING"]

    def test_is_found_by_the_filter_and_on_the_booking(self, waiting, office, booking):
        found = office.get("/admin/reservations/booking/?money=person").context["cl"].result_list
        page = office.get(f"/admin/reservations/booking/{booking.pk}/change/").content.decode()
        assert [row.pk for row in found] == [booking.pk]
        assert "Waits for a second person" in page and "The projector broke" in page


def test_the_customer_is_told_of_it_and_nobody_else(office, path, booking):
    ask(office, path, booking)
    send_due_mail(now=timezone.now())
    canceled = [letter for letter in mail.outbox if "£29.00" in letter.body and "cancel" in letter.subject.lower()]
    assert [letter.to for letter in canceled] == [[booking.email]]
    assert {to for letter in mail.outbox for to in letter.to} == {booking.email}


class TestGoodwill:
    """Goodwill gives an amount back, and every ticket stays valid."""

    @pytest.fixture
    def path(self, booking):
        return path_of("goodwill", booking.pk)

    def give(self, office, path, amount):
        return act(office, path, amount=amount, reason="Loud neighbors")

    def test_goes_back_and_the_tickets_stay(self, office, path, booking):
        page, _ = look(office, path, amount="5.00", reason="Loud neighbors")
        assert "No ticket becomes void" in page and "£5.00 goes back" in page
        assert "£5.00 goes back." in said(office, self.give(office, path, "5.00"))
        assert (status(booking), booking.sale.goodwill, refunds()) == (
            "CONFIRMED", Decimal("5.00"), [(Decimal("5.00"), "REQUESTED")],
        )  # fmt: skip
        assert set(Ticket.objects.values_list("status", flat=True)) == {"VALID"}
        assert (moves_of("goodwill"), broken_invariants()) == (["→GIVEN"], [])

    def test_sent_twice_it_is_given_once(self, office, path, booking):
        """After a double click no ticket has changed, so the second form is recognized by what was given since its page
        was shown.
        """
        wanted = {"amount": "5.00", "reason": "Loud neighbors"}
        _, mark = look(office, path, **wanted)
        sent = wanted | {"mark": mark, "_do": "yes"}
        assert office.post(path, sent).status_code == 302
        with nothing_changes():
            again = office.post(path, sent)
        assert (again.status_code, "has changed since this page was shown" in sentences(again)) == (409, True)
        assert office.post(path, wanted | {"mark": look(office, path, **wanted)[1], "_do": "yes"}).status_code == 302
        assert refunds() == [(Decimal("5.00"), "REQUESTED")] * 2

    def test_tickets_given_back_afterwards_leave_it_out(self, office, path, booking):
        self.give(office, path, "5.00")
        page, _ = look(office, path_of("refund", booking.pk), **choice(booking))
        assert "£24.00 goes back" in page
        ask(office, path_of("refund", booking.pk), booking)
        assert (status(booking), sum(amount for amount, _ in refunds())) == ("CANCELED", Decimal("29.00"))
        assert broken_invariants() == []

    def test_the_fee_of_a_canceled_booking_can_be_given(self, office, path, booking):
        ask(office, path_of("refund", booking.pk), booking, percent=50)
        self.give(office, path, "14.50")
        assert (sum(amount for amount, _ in refunds()), broken_invariants()) == (Decimal("29.00"), [])

    @pytest.mark.parametrize("amount", ["29.01", "0", "-1", "x", "0.001"])
    def test_more_than_is_kept_or_nonsense_is_refused(self, office, path, amount):
        with nothing_changes():
            answer = office.post(path, {"amount": amount, "reason": "x", "_do": "yes"})
        assert answer.status_code == 422

    def test_what_was_given_before_is_not_kept(self, office, path, booking):
        self.give(office, path, "5.00")
        with nothing_changes():
            answer = office.post(path, {"amount": "24.01", "reason": "x", "_do": "yes"})
        assert (answer.status_code, "£24.00" in sentences(answer)) == (422, True)
        self.give(office, path, "24.00")
        assert (sum(amount for amount, _ in refunds()), broken_invariants()) == (Decimal("29.00"), [])

    def test_above_the_limit_it_waits_and_is_approved(self, office, path, booking, limit, second_office):
        limit("4.99")
        self.give(office, path, "5.00")
        assert refunds() == []
        waiting = RefundRequest.objects.get()
        page, _ = look(second_office, path_of("approve", waiting.pk))
        assert "No ticket becomes void" in page
        act(second_office, path_of("approve", waiting.pk))
        assert (refunds(), broken_invariants()) == ([(Decimal("5.00"), "REQUESTED")], [])

    def test_more_than_is_left_by_then_is_refused(self, office, path, booking, limit, second_office):
        limit("0")
        self.give(office, path, "29.00")
        by_customer, tickets = CancellationOrigin(CancelCause.CUSTOMER, "x"), choice(booking, "A1")["tickets"]
        cancel_tickets(booking_id=booking.pk, ticket_ids=tickets, percent=100, origin=by_customer)
        with nothing_changes():
            answer = second_office.post(path_of("approve", RefundRequest.objects.get().pk), {"_do": "yes"})
        assert answer.status_code == 409 and "has changed since this was asked" in sentences(answer)

    def test_double_submit_wrong_method_and_wrong_person(self, office, client, showtime, path, booking):
        client.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
        _, mark = look(office, path, amount="29.00", reason="x")
        posted = {"amount": "29.00", "reason": "x", "mark": mark, "_do": "yes"}
        office.post(path, posted)
        with nothing_changes():
            assert office.post(path, posted).status_code == 409
            assert office.put(path).status_code == 405
            assert client.post(path, posted).status_code in {403, 404}


def test_a_dispute_is_shown_with_what_to_do(office, booking):
    payment = booking.sale.payments.get()
    dispute = Dispute.objects.create(
        payment=payment,
        provider="stripe",
        provider_id="dp_1",
        status="OPEN",
        amount=payment.amount,
        currency="GBP",
        reason="fraudulent",
    )
    Payment.objects.update(status="DISPUTED")
    address = f"/admin/reservations/booking/{booking.pk}/change/"
    page = office.get(address).content.decode().replace("&#x27;", "'")
    assert "Answer in the payment provider's dashboard in time" in page and "Give money back" not in page
    found = office.get("/admin/reservations/booking/?money=person").context["cl"].result_list
    assert [row.pk for row in found] == [booking.pk]
    stand(Dispute.objects.filter(pk=dispute.pk), "LOST")
    page = office.get(address).content.decode()
    assert "Decided for the customer" in page and "bank is deciding" not in page


def test_two_bookings_of_one_sale_have_one_limit(booking, limit, manager):
    """An exchange turns one booking into two; one person may still give back no more than before of both together."""
    let_exchange(booking.showtime.auditorium.theater)
    other = other_showtime(booking)
    agree(choose(booking, "A1", showtime=other, of=["A2"]))
    limit("20.00")
    for pk in Booking.objects.filter(sale=booking.sale_id).order_by("pk").values_list("pk", flat=True):
        part = Booking.objects.get(pk=pk)
        wanted = RefundChoice(tuple(part.tickets.live().values_list("pk", flat=True)), 100, "The projector broke")
        plan = plan_refund(part, wanted)
        assert plan.needs_another == (part.pk != booking.pk)
        ask_refund(booking_id=part.pk, choice=wanted, mark=plan.mark, user_id=manager.pk)
    assert list(RefundRequest.objects.order_by("pk").values_list("status", flat=True)) == ["DONE", "WAITING"]
    assert [refund.amount for refund in Refund.objects.all()] == [Decimal("14.50")] and broken_invariants() == []
