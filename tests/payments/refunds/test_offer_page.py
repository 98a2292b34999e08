"""After a change of the showtime, the customer keeps the tickets or takes the money back on the booking's page."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from payments.models import Refund
from payments.refunds.change_notices import carry_out_due
from reservations.access import booking_secret
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.letters.emails import compose
from reservations.models import ChangeNotice, OutgoingMail, Ticket
from sales.models import Sale
from tests.factories import begin_paying, buy, make_browser, make_staff
from tests.ledger import broken_invariants, nothing_changes
from theaters.models import Showtime, ShowtimeChange
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db


def move(showtime, *, ago=timedelta(0), days=7):
    now, later = timezone.now(), showtime.starts_at + timedelta(hours=1)
    wanted = ChangeRequest(ChangeKind.TIME, starts_at=later, offer_days=days)
    change = plan_change(showtime=showtime, request=wanted, user_id=None, now=now)
    boss = make_staff("MANAGER", showtime.auditorium.theater)
    return apply_change(change_id=change.pk, reason="The film is longer", user_id=boss.pk, now=now - ago)


@pytest.fixture
def booking(showtime, sandbox):
    return buy(sandbox, showtime, make_browser(1), "A1")


@pytest.fixture
def owner(booking, django_user_model):
    booking.sale.user = django_user_model.objects.create_user("ada@example.com", "x")
    Sale.objects.filter(pk=booking.sale_id).update(user=booking.sale.user)
    client = Client()
    client.force_login(booking.sale.user)
    return client


def answer(client, booking, words):
    notice = ChangeNotice.objects.get(booking=booking)
    return client.post(f"/bookings/{booking.reference}/offer/", {"notice": notice.pk, "answer": words})


def test_the_page_says_what_changed_until_when_and_why(owner, booking, showtime):
    assert "change-offer" not in owner.get(booking.get_absolute_url()).content.decode()
    change = move(showtime)
    page = owner.get(booking.get_absolute_url()).content.decode()
    for words in (change.before["text"], change.after["text"], "The film is longer", "Keep my tickets"):
        assert words in page, words


def test_the_mail_and_the_page_say_the_deadline_that_was_chosen(owner, booking, showtime):
    moved = {name: F(name) + timedelta(days=9) for name in ("starts_at", "ends_at", "occupied_until")}
    Showtime.objects.filter(pk=showtime.pk).update(**moved)
    showtime.refresh_from_db()
    change = move(showtime, days=3)
    assert abs(change.offer_until - timezone.now() - timedelta(days=3)) < timedelta(minutes=2)
    carry_out_due()
    until = localtime(change.offer_until, showtime.auditorium.theater.zone)
    letter = compose(OutgoingMail.objects.get(kind="MOVED"), now=timezone.now(), site_url="http://localhost")
    assert date_format(until, "l j F Y, H:i") in letter.body
    assert date_format(until, "H:i") in owner.get(booking.get_absolute_url()).content.decode()


def test_taking_the_money_back(owner, booking, showtime):
    move(showtime)
    assert answer(owner, booking, "refund").url == booking.get_absolute_url()
    booking.refresh_from_db()
    assert (booking.status, booking.sale.refund_due, Refund.objects.get().amount) == ("CANCELED", 14.5, 14.5)
    assert "change-offer" not in owner.get(booking.get_absolute_url()).content.decode()


def test_keeping(owner, booking, showtime):
    move(showtime)
    with nothing_changes():
        assert answer(owner, booking, "keep").status_code == 302
    assert ChangeNotice.objects.get().answer == "KEPT"
    assert "You are keeping your tickets" in owner.get(booking.get_absolute_url()).content.decode()


def test_single_tickets_come_back_in_full_too_while_the_offer_is_open(owner, booking, showtime):
    Sale.objects.filter(pk=booking.sale_id).update(cancel_tiers=[])
    move(showtime)
    assert "14.50" in owner.get(f"/bookings/{booking.reference}/cancel/").content.decode()


def test_too_late(owner, booking, showtime):
    move(showtime, ago=timedelta(days=8))
    with nothing_changes():
        assert answer(owner, booking, "refund").status_code == 410


@pytest.mark.parametrize("words", ["", "everything"])
def test_another_answer_does_nothing(owner, booking, showtime, words):
    move(showtime)
    with nothing_changes():
        assert answer(owner, booking, words).status_code == 302


def test_the_link_alone_takes_no_money_back(booking, showtime):
    """A link may leak. The page for canceling asks for a code from the mailbox, and gives all of the money back as well."""
    move(showtime)
    visitor = Client()
    visitor.get(f"/bookings/{booking.reference}/{booking_secret(booking)}/")
    with nothing_changes():
        assert answer(visitor, booking, "refund").url == f"/bookings/{booking.reference}/cancel/"
    page = visitor.get(f"/bookings/{booking.reference}/cancel/").content.decode()
    assert "E-mail me a code" in page and "14.50" in page
    assert answer(visitor, booking, "keep").url == booking.get_absolute_url()
    assert ChangeNotice.objects.get().answer == "KEPT"


def test_somebody_else_and_other_methods(owner, booking, showtime):
    move(showtime)
    with nothing_changes():
        assert answer(Client(), booking, "refund").status_code == 404
        assert owner.get(f"/bookings/{booking.reference}/offer/").status_code == 405
        assert (
            owner.post(f"/bookings/{booking.reference}/offer/", {"notice": "x", "answer": "refund"}).status_code == 404
        )


def test_a_checkout_page_of_another_time_is_not_paid(client, showtime, sandbox):
    from reservations.refusals.selling import ShowingChanged
    from reservations.selling.bookings import open_booking
    from tests.factories import hold_seats, pay_form

    browser = make_browser(1)
    hold_seats(showtime, browser, "A1")
    shown = f"{showtime.movie.slug} {int(showtime.starts_at.timestamp())}"
    form = pay_form(showtime, "A1")
    move(showtime)
    seen = type(form)(**{**vars(form), "showing": shown})
    with nothing_changes(), pytest.raises(ShowingChanged):
        open_booking(showtime_id=showtime.pk, browser=browser, form=seen)
    assert Showtime.objects.get().times_changed == ShowtimeChange.objects.count() == 1
    assert begin_paying(showtime, make_browser(2), "A2").status == "PENDING"


def test_who_was_let_in_does_not_get_the_money_back_as_well(owner, booking, showtime):
    """The deadline may be as late as the start, and the door opens two hours before."""
    move(showtime)
    Ticket.objects.filter(booking=booking).update(status="USED")
    with nothing_changes():
        answered = answer(owner, booking, "refund")
    assert (answered.status_code, "already been used" in answered.content.decode()) == (409, True)
    assert ChangeNotice.objects.get().answer == ""
    page = owner.get(booking.get_absolute_url()).content.decode()
    assert "they can no longer be returned" in page and 'value="refund"' not in page and "full refund" not in page


def test_of_a_party_that_is_half_in_the_others_get_their_money(owner, showtime, sandbox, django_user_model):
    booking = buy(sandbox, showtime, make_browser(2), "A2", "A3")
    Sale.objects.filter(pk=booking.sale_id).update(user=django_user_model.objects.get(email="ada@example.com"))
    move(showtime)
    theater = showtime.auditorium.theater
    door = Door(theater, None, "door 1", make_staff("DOOR", theater).pk)
    code = booking.tickets.get(seat__label="A3").code
    assert admit(text=code, door=door, now=showtime.starts_at).is_welcome
    page = owner.get(booking.get_absolute_url()).content.decode()
    assert "Return the unused tickets for a full refund" in page and "Return my tickets" not in page
    answer(owner, booking, "refund")
    assert dict(booking.tickets.values_list("seat__label", "status")) == {"A2": "VOID", "A3": "USED"}
    assert [refund.amount for refund in Refund.objects.all()] == [14.5] and broken_invariants() == []
