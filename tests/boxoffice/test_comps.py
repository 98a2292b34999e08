"""Comps, tickets that staff give away: the same locks as a sale, no money, a reason, and counted apart from sales."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.test import Client
from django.utils import timezone

from boxoffice.services.refunds import RefundChoice, ask_refund, plan_refund
from payments.models import Payment, Refund
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, Move, OutgoingMail, ShowtimeSeat, Ticket
from reservations.refusals.on_sale import NotOnSale, NotYetOnSale, ShowtimeCanceled
from reservations.refusals.seats import SeatGone, UnknownSeat
from reservations.selling.comps import Comp, give_comp
from staff.models import AuditEntry
from tests.aging import lapse
from tests.boxoffice.actions import act, look, said, sentences
from tests.factories import hold_seats, make_browser, make_draft, make_staff
from tests.ledger import broken_invariants, nothing_changes
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
COMP = Comp(labels=["A1", "A2"], email="press@example.com", reason="Press night")
FORM = {"labels": ["A1", "A2"], "email": "press@example.com", "reason": "Press night"}


@pytest.fixture
def path(showtime):
    return f"/admin/reservations/booking/give/{showtime.pk}/"


def give(showtime, **changes):
    comp = Comp(**{**vars(COMP), **changes})
    return give_comp(showtime_id=showtime.pk, comp=comp, actor="test", now=timezone.now())


def test_seats_are_taken_tickets_valid_and_nobody_pays(office, manager, showtime, path):
    page, _ = look(office, path, **FORM)
    for words in ("seats A1–A2 are taken", "press@example.com", "Press night", "Give 2 tickets away"):
        assert words in page, words
    assert "A1–A2 are given to press@example.com" in said(office, act(office, path, **FORM))
    booking = Booking.objects.get()
    assert (booking.status, booking.total, booking.sale.comp_reason) == ("CONFIRMED", 0, "Press night")
    assert list(Ticket.objects.values_list("seat__label", "price", "tax", "status")) == [
        ("A1", 0, 0, "VALID"), ("A2", 0, 0, "VALID"),
    ]  # fmt: skip
    assert (Payment.objects.count(), broken_invariants()) == (0, [])
    assert set(Move.objects.exclude(what="showtime").values_list("actor", flat=True)) == {f"staff:{manager.pk}"}
    entry = AuditEntry.objects.get(action="give tickets away")
    assert (entry.user, entry.after["seats"], entry.reason) == (manager, ["A1", "A2"], "Press night")


def test_mail_with_the_tickets_goes_to_the_address(showtime):
    booking = give(showtime)
    send_due_mail(now=timezone.now())
    assert [(letter.to, booking.reference in letter.body) for letter in mail.outbox] == [(["press@example.com"], True)]
    assert "£0.00" in mail.outbox[0].body


def test_nobodys_browser_sees_it_but_by_the_link(showtime, office):
    booking = give(showtime)
    assert office.get(booking.get_absolute_url()).status_code == 404
    assert Client().get(booking.get_absolute_url()).status_code == 404


def test_double_submit_gives_once(office, path):
    _, mark = look(office, path, **FORM)
    posted = {**FORM, "mark": mark, "_do": "yes"}
    office.post(path, posted)
    with nothing_changes():
        answer = office.post(path, posted)
    assert answer.status_code == 422 and "Seat A1 is not free any more" in sentences(answer)


def test_one_held_seat_refuses_all_and_a_lapsed_hold_does_not(showtime):
    hold = hold_seats(showtime, make_browser(1), "A2")
    with nothing_changes(), pytest.raises(SeatGone):
        give(showtime)
    lapse(hold)
    assert give(showtime).status == "CONFIRMED"


@pytest.mark.parametrize("label", ["Z9", "", "A1;"])
def test_unknown_seats_are_refused(showtime, label):
    with nothing_changes(), pytest.raises(UnknownSeat):
        give(showtime, labels=["A1", label])


def test_after_online_sales_have_closed_staff_still_give(showtime):
    Showtime.objects.update(sales_close_at=F("sales_close_at") - timedelta(days=2))
    assert give(showtime).status == "CONFIRMED"


def test_wrong_state_is_refused(office, showtime, path):
    for status, refusal in (("DRAFT", NotYetOnSale), ("CANCELED", ShowtimeCanceled)):
        Showtime.objects.update(status=status)
        with nothing_changes(), pytest.raises(refusal):
            give(showtime)
    with nothing_changes():
        assert "has been canceled" in sentences(office.post(path, FORM))


def test_after_the_end_it_is_refused(showtime):
    with nothing_changes(), pytest.raises(NotOnSale, match="over"):
        give_comp(showtime_id=showtime.pk, comp=COMP, actor="test", now=showtime.ends_at)


def test_wrong_method_and_wrong_person(office, client, showtime, path):
    client.force_login(make_staff("DOOR", showtime.auditorium.theater))
    with nothing_changes():
        assert office.put(path).status_code == 405
        assert client.post(path, {**FORM, "_do": "yes"}).status_code in {403, 404}


@pytest.mark.parametrize("change", [{"reason": " "}, {"email": "press"}, {"labels": []}, {"labels": ["Z9"]}])
def test_nonsense_is_said_beside_the_field(office, path, change):
    with nothing_changes():
        answer = office.post(path, {**FORM, **change})
    assert answer.status_code == 422 and "errorlist" in sentences(answer)


def test_only_free_seats_are_offered(office, showtime, path):
    hold_seats(showtime, make_browser(1), "A2")
    ShowtimeSeat.objects.filter(label="B1").update(house_reason="Broken")
    page = office.get(path).content.decode()
    assert 'value="A1"' in page and 'value="A2"' not in page and 'value="B1"' not in page


def test_a_draft_has_nothing_to_give(office):
    draft = make_draft()
    with nothing_changes():
        assert "Choose at least one seat" in sentences(office.post(f"/admin/reservations/booking/give/{draft.pk}/", {}))
        assert office.get("/admin/reservations/booking/give/999999/").status_code == 404


def test_taken_back_without_money_or_a_second_person(showtime, manager):
    booking = Booking.objects.get(pk=give(showtime).pk)
    choice = RefundChoice(tuple(booking.tickets.values_list("pk", flat=True)), 100, "Not coming")
    ask_refund(booking_id=booking.pk, choice=choice, mark=plan_refund(booking, choice).mark, user_id=manager.pk)
    booking.refresh_from_db()
    assert (booking.status, Refund.objects.count(), broken_invariants()) == ("CANCELED", 0, [])


def test_counted_apart_from_what_was_free_by_its_price(office, showtime):
    booking = give(showtime)
    kinds = {kind: office.get(f"/admin/reservations/booking/?money={kind}").context["cl"] for kind in ("comp", "free")}
    assert [[row.pk for row in kinds[kind].result_list] for kind in ("comp", "free")] == [[booking.pk], []]
    page = office.get(f"/admin/reservations/booking/{booking.pk}/change/").content.decode()
    assert "Staff gave these tickets away: Press night." in page
    assert OutgoingMail.objects.get().kind == "CONFIRMATION"
