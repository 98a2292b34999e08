"""Voiding a sale of the counter: what happens, who may do it, and each refusal with its sentence and its way on."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from boxoffice.models import RefundRequest
from boxoffice.selectors.takings import takings_of
from boxoffice.services.refunds import RefundChoice, ask_refund, plan_refund
from boxoffice.services.void_refusals import OwnApproval, SoldOnline
from boxoffice.services.voids import Operator, VoidOrder, plan_void, void_sale
from houses.business_days import business_day
from houses.models import Theater
from payments.books.invariants import check_invariants
from payments.models import Payment, Refund
from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.letters.emails import compose
from reservations.models import Booking, Cancellation, OutgoingMail, Paper, ShowtimeSeat, Ticket
from reservations.states import CancelCause
from staff.models import AuditEntry
from tests.boxoffice.test_counter import at, hold, sale, seller
from tests.devices import PIN, WRONG, at_work, operator
from tests.factories import begin_paying, buy, make_browser, make_promo, make_showtime, make_staff
from tests.signing_in import give_factor, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def theater(showtime) -> Theater:
    Theater.objects.update(refund_limit=100)
    showtime.auditorium.theater.refresh_from_db()
    return showtime.auditorium.theater


@pytest.fixture
def clerk(theater) -> Client:
    return seller(theater)


def sell(client, showtime, *labels, **fields) -> Booking:
    hold(client, showtime, *labels)
    total = f"{Decimal('14.50') * len(labels)}"
    assert client.post(at(showtime), sale(*labels, total=total, **fields)).status_code == 303
    return Booking.objects.latest("pk")


@pytest.fixture
def sold(clerk, showtime) -> Booking:
    return sell(clerk, showtime, "A1", "A2", tendered="50")


def page_of(booking) -> str:
    return f"/counter/sales/{booking.reference}/void/"


def press(client, booking, **fields):
    plan = client.get(page_of(booking)).context["plan"]
    mark = plan.mark if plan else ""
    return client.post(page_of(booking), {"mark": mark, "reason": "Wrong seats", **fields})


def clean() -> bool:
    return all(finding.is_clean for finding in check_invariants())


def untouched(booking) -> bool:
    booking.refresh_from_db()
    live = booking.tickets.live().count()
    return (booking.status, live, Cancellation.objects.filter(cause="VOID").count()) == ("CONFIRMED", 2, 0)


def test_one_press_voids_the_sale_frees_its_seats_and_says_what_to_hand_back(clerk, sold, showtime, theater):
    page = clerk.get(page_of(sold)).content.decode()
    assert "Void and hand back £29.00" in page
    answer = press(clerk, sold, other="They wanted the other hall")
    assert (answer.status_code, answer.url) == (302, f"/counter/sales/{sold.reference}/")
    shown = clerk.get(answer.url).content.decode()
    assert "Hand back £29.00 in cash." in shown and "Voided" in shown and "They wanted the other hall" in shown
    sold.refresh_from_db()
    cancellation, refund = Cancellation.objects.get(), Refund.objects.get()
    assert (sold.status, cancellation.cause, cancellation.refunded, cancellation.kept) == ("CANCELED", "VOID", 29, 0)
    assert (refund.status, refund.method, refund.amount, sold.sale.paid_out) == ("SUCCEEDED", "CASH", 29, 29)
    assert set(Ticket.objects.values_list("status", flat=True)) == {"VOID"}
    assert not ShowtimeSeat.objects.filter(showtime=showtime, booking__isnull=False).exists()
    assert takings_of(theater, business_day(theater, timezone.now())).total.cash == 0
    assert AuditEntry.objects.filter(action="void sale", reason="They wanted the other hall").count() == 1
    assert clean()


def test_pressed_twice_it_is_one_void(clerk, sold):
    mark = clerk.get(page_of(sold)).context["plan"].mark
    for _ in range(2):
        assert clerk.post(page_of(sold), {"mark": mark, "reason": "Wrong seats"}).status_code == 302
    assert (Cancellation.objects.count(), Refund.objects.count(), RefundRequest.objects.count()) == (1, 1, 1)
    assert clean()


def test_its_receipt_gets_a_credit_note(clerk, sold):
    clerk.get(f"/counter/sales/{sold.reference}/")
    receipt = Paper.objects.get(sale=sold.sale_id)
    press(clerk, sold)
    note = Paper.objects.get(kind="CREDIT")
    assert (note.content["receipt"], note.content["total"]) == (receipt.name, "29.00")
    assert note.content["operator"]


def test_what_was_voided_is_not_printed_as_an_original(clerk, sold):
    """The browser that made the sale prints the originals; after the void there is only the credit note to hand over."""
    page = f"/counter/sales/{sold.reference}/"
    assert 'data-prints="original"' in clerk.get(page).content.decode()
    press(clerk, sold)
    shown = clerk.get(page).content.decode()
    assert 'data-prints="nothing"' in shown and "Credit note of" in shown


def test_who_left_an_address_is_told_that_they_have_their_money(clerk, showtime):
    booking = sell(clerk, showtime, "A1", "A2", email="ada@example.com")
    press(clerk, booking)
    [told] = OutgoingMail.objects.exclude(kind="CONFIRMATION")
    assert told.kind == "CANCELLATION"
    letter = compose(told, now=timezone.now(), site_url="http://testserver")
    assert "You have your money back." in letter.body and "collect it" not in letter.body


def test_the_terminal_is_reversed_first_and_that_is_said(clerk, showtime):
    booking = sell(clerk, showtime, "A1", "A2", method="terminal")
    refused = press(clerk, booking)
    assert refused.status_code == 422 and "Reverse £29.00 on the terminal first" in refused.content.decode()
    assert untouched(booking)
    assert press(clerk, booking, reversed="yes").status_code == 302
    assert [(refund.method, refund.amount) for refund in Refund.objects.all()] == [("TERMINAL", 29)]
    assert clean()


def test_each_payment_goes_back_by_its_own_means(clerk, sold, showtime):
    """One sale with two payments, as later kinds of sales will have."""
    Payment.objects.filter(sale=sold.sale).delete()
    for method, amount in (("CASH", "20.00"), ("TERMINAL", "9.00")):
        Payment.objects.create(
            sale=sold.sale, provider="counter", method=method, operator=sold.sale.operator, amount=Decimal(amount),
            currency="GBP", captured=Decimal(amount), captured_currency="GBP", request={}, status="SUCCEEDED",
            ended_at=timezone.now(), look_at=timezone.now(),
        )  # fmt: skip
    plan = plan_void(sold.sale, operator=Operator(sold.sale.operator_id), now=timezone.now())
    assert (plan.cash, plan.terminal) == (Decimal("20.00"), Decimal("9.00"))
    assert press(clerk, sold, reversed="yes").status_code == 302
    assert dict(Refund.objects.values_list("method", "amount")) == {"CASH": 20, "TERMINAL": 9}


def test_tickets_that_cost_nothing_are_voided_without_money(theater, showtime):
    boss = seller(theater, "MANAGER")
    hold(boss, showtime, "A1")
    boss.post(at(showtime), sale("A1", method="comp", comp_reason="A torn seat"))
    booking = Booking.objects.get()
    assert press(boss, booking).status_code == 302
    booking.refresh_from_db()
    assert (booking.status, Refund.objects.count(), Cancellation.objects.get().refunded) == ("CANCELED", 0, 0)
    assert clean()


def test_the_rest_of_a_sale_is_voided_and_what_waited_before_goes_on_waiting(clerk, sold):
    first = sold.tickets.get(seat__label="A1").pk
    cancel_and_refund(
        booking_id=sold.pk, ticket_ids=[first], origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "Ill")
    )
    assert clerk.get(page_of(sold)).context["plan"].cash == Decimal("14.50")
    press(clerk, sold)
    assert sorted(Refund.objects.values_list("status", "amount")) == [
        ("REQUESTED", Decimal("14.50")), ("SUCCEEDED", Decimal("14.50")),
    ]  # fmt: skip
    assert clean()


def test_without_a_reason_nothing_happens(clerk, sold):
    answer = press(clerk, sold, reason=" ")
    assert answer.status_code == 422 and "Say why" in answer.content.decode()
    assert untouched(sold)


def test_what_changed_since_it_was_shown_is_shown_again(clerk, sold):
    answer = clerk.post(page_of(sold), {"mark": "1:29.00:0:0", "reason": "Wrong seats"})
    assert answer.status_code == 409 and "has changed since this page was shown" in answer.content.decode()
    assert untouched(sold)


# ---- refusals: each a sentence and a way on ----------------------------------------------------------------------


def refused(client, booking, sentence, status=409, **fields):
    for answer in (client.get(page_of(booking)), press(client, booking, **fields)):
        page = answer.content.decode()
        assert (answer.status_code, sentence in page) == (status, True), page[:3000]
        assert f'href="/counter/sales/{booking.reference}/"' in page
        assert "Void and hand back" not in page


def test_voided_already_by_a_colleague(clerk, sold, theater):
    press(clerk, sold)
    refused(seller(theater), sold, "This sale was voided at")
    assert Refund.objects.count() == 1


def test_somebody_is_inside(clerk, sold):
    Ticket.objects.filter(seat__label="A2").update(status="USED")
    refused(clerk, sold, "Somebody is inside with these tickets: A2")
    assert untouched(sold)


def cancel_by_office(booking):
    origin = CancellationOrigin(CancelCause.STAFF, "staff:1", "Ill")
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=origin)


def reversed_and_refused(clerk, booking, change):
    """Void from a page that was opened before something changed; the terminal has given the money back by then."""
    plan = clerk.get(page_of(booking)).context["plan"]
    change()
    form = {"mark": plan.mark, "reason": "Wrong seats", "reversed": "yes", "terminal": str(plan.terminal)}
    return clerk.post(page_of(booking), form)


def test_an_amount_reversed_in_vain_is_noted_and_taken_again(clerk, showtime):
    booking = sell(clerk, showtime, "A1", "A2", method="terminal")
    answer = reversed_and_refused(clerk, booking, lambda: Ticket.objects.filter(seat__label="A2").update(status="USED"))
    page = answer.content.decode()
    assert "data-repair" in page and "Take that back at the door" in page and "do not reverse it twice" in page
    assert untouched(booking) and not Refund.objects.exists()
    [note] = booking.notes.all()
    assert note.text.startswith("The terminal gave £29.00 back, but the sale was not voided: Somebody is inside")
    for typed in ("29.00", "29.00", "99999", "nonsense", "-3"):
        assert clerk.post(page_of(booking), {"taken_again": typed}).status_code == 302
    assert [note.text for note in booking.notes.all()][1:] == ["Taken again on the terminal: £29.00."]
    assert AuditEntry.objects.filter(action="take again on the terminal").first().after == {"amount": "£29.00"}
    assert untouched(booking)


def test_what_was_canceled_meanwhile_is_paid_out_as_the_terminal_did(clerk, showtime):
    booking = sell(clerk, showtime, "A1", "A2", method="terminal")
    page = reversed_and_refused(clerk, booking, lambda: cancel_by_office(booking)).content.decode()
    assert "Do not hand out cash" in page and "has paid £29.00 again" not in page
    assert "The terminal gave £29.00 back" in booking.notes.get().text


def test_without_a_reversal_there_is_nothing_to_put_right(clerk, sold):
    Ticket.objects.filter(seat__label="A2").update(status="USED")
    assert "data-repair" not in press(clerk, sold, reversed="yes", terminal="29").content.decode()
    assert not sold.notes.exists()


def test_of_another_business_day(clerk, sold, time_machine):
    time_machine.move_to(sold.confirmed_at + timedelta(days=1))
    refused(clerk, sold, "This was sold on another day")
    assert untouched(sold)


def test_bought_online(clerk, showtime, sandbox):
    booking = buy(sandbox, showtime, make_browser(1), "A1", "A2")
    refused(clerk, booking, "This was bought online")
    assert untouched(booking)


def test_a_free_booking_of_the_web_is_no_sale_of_the_counter(theater, showtime):
    """It has no payment and no device, like a comp of a clerk who signed in with an account."""
    make_promo(percent=100)
    booking = begin_paying(showtime, make_browser(1), "A1", "A2", total="0.00", promo_code="LANTERN")
    with pytest.raises(SoldOnline):
        plan_void(booking.sale, operator=Operator(make_staff("BOX_OFFICE", theater).pk), now=timezone.now())


def test_while_a_refund_of_it_waits_for_a_second_person(clerk, sold, theater):
    Theater.objects.update(refund_limit=0)
    booking = Booking.objects.with_names().get(pk=sold.pk)
    choice = RefundChoice(tuple(sold.tickets.values_list("pk", flat=True)), 100, "Ill")
    mark = plan_refund(booking, choice).mark
    ask_refund(booking_id=sold.pk, choice=choice, mark=mark, user_id=make_staff("FINANCE", theater).pk)
    Theater.objects.update(refund_limit=100)
    refused(clerk, sold, "waits for a second person")
    assert untouched(sold)


def test_canceled_meanwhile(clerk, sold):
    mark = clerk.get(page_of(sold)).context["plan"].mark
    cancel_by_office(sold)
    answer = clerk.post(page_of(sold), {"mark": mark, "reason": "Wrong seats"})
    assert answer.status_code == 409 and "were canceled meanwhile" in answer.content.decode()
    assert not Cancellation.objects.filter(cause="VOID").exists()
    refused(clerk, sold, "were canceled meanwhile")


def test_a_sale_of_another_theater_is_not_there(sold):
    stranger = seller(make_showtime().auditorium.theater)
    assert stranger.get(page_of(sold)).status_code == stranger.post(page_of(sold)).status_code == 404


def test_the_door_does_not_void(theater, sold):
    assert seller(theater, "DOOR").get(page_of(sold)).status_code == 403
    assert untouched(sold)


def test_any_colleague_who_sells_there_may_void(theater, sold):
    assert press(seller(theater), sold).status_code == 302
    assert Refund.objects.get().operator_id != sold.sale.operator_id


def test_after_a_pause_the_second_factor_is_asked_for_first(theater, sold, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    person = make_staff("BOX_OFFICE", theater)
    away = signed_in(person, factor=give_factor(person), at=time.time() - 301)
    assert "reauthenticate" in away.get(page_of(sold)).url
    answer = away.post(page_of(sold), {"mark": "x", "reason": "Wrong seats", "approver_pin": "738214"})
    assert (answer.status_code, answer.url) == (302, page_of(sold))
    assert "738214" not in str(dict(away.session))
    assert untouched(sold)


# ---- above the limit: a second person, with a PIN --------------------------------------------------------------


@pytest.fixture
def large(clerk, sold) -> Booking:
    """A sale above what one person may give back."""
    Theater.objects.update(refund_limit=20)
    return sold


@pytest.fixture
def boss(theater):
    return operator("MANAGER", theater)


def approve(client, booking, person, pin=PIN, **fields):
    return press(client, booking, approver=person.pk, approver_pin=pin, **fields)


def test_above_the_limit_nothing_happens_without_a_second_person(clerk, large, boss):
    answer = press(clerk, large)
    assert answer.status_code == 422 and "above what one person may give back" in answer.content.decode()
    assert untouched(large)


def test_a_manager_approves_on_the_same_page_with_their_pin(clerk, large, boss):
    assert approve(clerk, large, boss).status_code == 302
    request = RefundRequest.objects.get()
    assert (request.status, request.asked_by_id, request.decided_by) == ("DONE", large.sale.operator_id, boss)
    assert AuditEntry.objects.get(action="void sale").after["approved by"] == f"staff:{boss.pk}"
    assert Refund.objects.get().operator_id == large.sale.operator_id
    assert clean()


def test_a_wrong_pin_approves_nothing_and_is_asked_again(clerk, large, boss):
    answer = approve(clerk, large, boss, pin=WRONG)
    page = answer.content.decode()
    assert answer.status_code == 422 and "That is not the PIN" in page and WRONG not in page
    assert untouched(large)


@pytest.mark.parametrize("role", ["BOX_OFFICE", "DOOR", "AUDITOR"])
def test_who_may_not_approve_is_no_choice(clerk, theater, large, role):
    person = operator(role, theater)
    assert person.pk not in dict(clerk.get(page_of(large)).context["approvers"])
    assert approve(clerk, large, person).status_code == 422
    assert untouched(large)


def test_within_the_limit_no_approval_is_written_down(clerk, sold, boss):
    """An approval would not count towards what one person may give back."""
    assert approve(clerk, sold, boss).status_code == 302
    assert RefundRequest.objects.get().decided_by is None


def test_nobody_approves_their_own_void(theater, large, boss):
    client = Client()
    client.force_login(boss)
    assert client.get(page_of(large)).context["approvers"] == []
    assert approve(client, large, boss).status_code == 422
    order = VoidOrder("Wrong seats", client.get(page_of(large)).context["plan"].mark, approver_id=boss.pk)
    with pytest.raises(OwnApproval):
        void_sale(sale_id=large.sale_id, operator=Operator(boss.pk), order=order, now=timezone.now())
    assert untouched(large)


def test_many_small_amounts_count_as_one_large_one(clerk, sold, boss):
    """What was given back of this sale without a second person counts towards the limit."""
    Theater.objects.update(refund_limit=20)
    first = sold.tickets.get(seat__label="A1").pk
    choice = RefundChoice(tickets=(first,), percent=100, reason="Ill")
    plan = plan_refund(Booking.objects.with_names().get(pk=sold.pk), choice)
    ask_refund(booking_id=sold.pk, choice=choice, mark=plan.mark, user_id=boss.pk)
    assert clerk.get(page_of(sold)).context["plan"].needs_approval


# ---- devices -----------------------------------------------------------------------------------------------------


def test_what_a_device_sold_is_voided_on_that_device_with_the_operators_pin(theater, showtime):
    _, here, _ = at_work("BOX_OFFICE", theater)
    booking = sell(here, showtime, "A1", "A2")
    assert "Your PIN again" in press(here, booking).content.decode()
    assert untouched(booking)
    assert press(here, booking, operator_pin=PIN).status_code == 302
    assert Refund.objects.get().device_id == booking.sale.device_id is not None
    assert clean()


def test_another_device_and_a_sign_in_without_one_do_not_void_it(theater, showtime):
    _, here, _ = at_work("BOX_OFFICE", theater)
    booking = sell(here, showtime, "A1", "A2")
    _, elsewhere, _ = at_work("BOX_OFFICE", theater)
    for client in (elsewhere, seller(theater)):
        refused(client, booking, "This was sold at another counter", operator_pin=PIN)
    assert untouched(booking)
