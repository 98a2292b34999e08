"""A broken lift: only the people who need it are told, and they may move or have their money back."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import SavedNeeds
from accounts.states import Need
from houses.states import AccessFeature
from payments.refunds.change_answers import take_money_back
from payments.refunds.change_notices import carry_out_due
from reservations.aftersale.transfers import take_ticket
from reservations.changes import ticket_news
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.outages import Outage
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.letters.outbox import send_due_mail
from reservations.models import ChangeNotice
from reservations.states import OutOfOrder
from sales.models import Contact, Sale
from tests.factories import buy, make_auditorium, make_browser, make_showtime, make_staff, make_theater, make_transfer
from tests.ledger import broken_invariants, nothing_changes
from tests.signing_in import signed_in
from theaters.models import ShowtimeChange
from theaters.schedule.scheduling import SchedulingRefused
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db
PLAN = "A oooowc\n"


@pytest.fixture
def showtime():
    return make_showtime(auditorium=make_auditorium(make_theater(), PLAN))


@pytest.fixture
def boss(showtime):
    return make_staff("MANAGER", showtime.auditorium.theater)


@pytest.fixture
def on_wheels(showtime, sandbox):
    return buy(sandbox, showtime, make_browser(1), "A5")


def with_needs(sandbox, showtime, django_user_model, *needs, tells=True, label="A1", number=2):
    booking = buy(sandbox, showtime, make_browser(number), label)
    user = django_user_model.objects.create_user(f"somebody{number}@example.com", "x")
    SavedNeeds.objects.create(user=user, needs=list(needs), tells_staff=tells)
    Sale.objects.filter(pk=booking.sale_id).update(user=user)
    return booking


def told_with_the_sale(sandbox, showtime, *needs, label="A1", number=2):
    """As `with_needs`, of a guest."""
    booking = buy(sandbox, showtime, make_browser(number), label)
    Contact.objects.filter(sale=booking.sale_id).update(told_needs=list(needs))
    return booking


def break_down(showtime, boss, feature=AccessFeature.LIFT, *, days=1, everywhere=False):
    outage = Outage(feature, showtime.starts_at + timedelta(days=days), everywhere)
    request = ChangeRequest(ChangeKind.OUTAGE, outage=outage)
    change = plan_change(showtime=showtime, request=request, user_id=boss.pk, now=timezone.now())
    return apply_change(change_id=change.pk, reason="It waits for a part", user_id=boss.pk, now=timezone.now())


def told():
    return set(ChangeNotice.objects.values_list("booking", flat=True))


def test_where_nobody_misses_it_the_page_does_not_say_that_nobody_has_booked(showtime, boss, sandbox):
    buy(sandbox, showtime, make_browser(1), "A1")
    desk, path = signed_in(boss), f"/admin/theaters/showtime/{showtime.pk}/alter/"
    before = timezone.localtime(showtime.ends_at, showtime.auditorium.theater.zone)
    asked = {
        "outage-feature": "LIFT",
        "outage-on": before.date(),
        "outage-at": f"{before:%H:%M}",
        "outage-offer_days": "7",
    }
    page = desk.post(path, asked | {"kind": "OUTAGE"}, follow=True).text
    assert "Nobody who has booked here needs it, as far as we know." in page
    assert "Nobody has booked or holds anything here." not in page


def test_exactly_those_who_miss_it_are_told(showtime, boss, sandbox, on_wheels, django_user_model):
    needs = [("STEP_FREE",), ("HEARING_LOOP",), ("TRANSFER",)]
    step_free, deaf, transfer = (
        with_needs(sandbox, showtime, django_user_model, *one, label=f"A{at}", number=at)
        for at, one in enumerate(needs, start=1)
    )
    quiet = with_needs(sandbox, showtime, django_user_model, "STEP_FREE", tells=False, label="A4", number=4)
    change = break_down(showtime, boss)
    assert told() == {on_wheels.pk, step_free.pk, transfer.pk}
    assert not {deaf.pk, quiet.pk} & told()
    assert (change.touched["bookings"], change.touched["tickets"]) == (3, 3)


def test_guests_who_told_it_with_their_booking_are_told_and_no_others(showtime, boss, sandbox, on_wheels):
    needs = [("STEP_FREE", "DOG"), ("HEARING_LOOP",), ("TRANSFER",), ()]
    step_free, deaf, transfer, silent = (
        told_with_the_sale(sandbox, showtime, *one, label=f"A{at}", number=at) for at, one in enumerate(needs, start=1)
    )
    break_down(showtime, boss)
    assert told() == {on_wheels.pk, step_free.pk, transfer.pk}
    assert not {deaf.pk, silent.pk} & told()


def test_of_a_silent_loop_those_who_said_that_they_need_it(showtime, boss, sandbox, on_wheels, django_user_model):
    deaf = with_needs(sandbox, showtime, django_user_model, "HEARING_LOOP")
    break_down(showtime, boss, AccessFeature.HEARING_LOOP)
    assert told() == {deaf.pk}


def test_of_a_closed_exit_those_who_said_that_they_need_one_near_by(showtime, boss, sandbox, on_wheels):
    near = told_with_the_sale(sandbox, showtime, "NEAR_EXIT")
    told_with_the_sale(sandbox, showtime, "AISLE", label="A2", number=3)
    break_down(showtime, boss, OutOfOrder.EXIT)
    assert told() == {near.pk}
    carry_out_due()
    send_due_mail(now=timezone.now())
    assert "Nearest exit: out of order" in mail.outbox[-1].body


def test_of_what_a_friend_needs_who_took_a_ticket_the_buyer_is_told(showtime, boss, sandbox):
    booking, other = (buy(sandbox, showtime, make_browser(at), f"A{at}") for at in (1, 2))
    for one, need in ((booking, Need.STEP_FREE), (other, Need.HEARING_LOOP)):
        take_ticket(code=make_transfer(one.tickets.get()).code, holder="f" * 64, needs=[need])
    break_down(showtime, boss)
    assert told() == {booking.pk}


@pytest.mark.parametrize(("everywhere", "days", "number"), [(False, 9, 1), (True, 9, 2), (True, 1, 1)])
def test_at_showtimes_of_that_time_in_these_auditoriums(showtime, boss, sandbox, on_wheels, everywhere, days, number):
    theater = showtime.auditorium.theater
    other = make_showtime(
        auditorium=make_auditorium(theater, PLAN),
        price_list=showtime.price_list,
        starts_at=showtime.starts_at + timedelta(days=3),
    )
    buy(sandbox, other, make_browser(8), "A5")
    break_down(showtime, boss, days=days, everywhere=everywhere)
    assert ShowtimeChange.objects.filter(status="APPLIED").count() == len(told()) == number


def test_they_read_it_and_may_take_their_money_back(showtime, boss, on_wheels, client):
    break_down(showtime, boss)
    carry_out_due()
    send_due_mail(now=timezone.now())
    sent = mail.outbox[-1]
    assert sent.subject.startswith("Out of order: ") and "Lift to every floor: out of order" in sent.body
    assert "It waits for a part" in sent.body and "full refund until" in sent.body
    take_money_back(notice_id=ChangeNotice.objects.get().pk, booking_id=on_wheels.pk)
    on_wheels.refresh_from_db()
    assert (on_wheels.status, broken_invariants()) == ("CANCELED", [])


def test_a_moment_that_has_passed_is_refused(showtime, boss):
    outage = Outage(AccessFeature.LIFT, timezone.now() - timedelta(hours=1))
    request = ChangeRequest(ChangeKind.OUTAGE, outage=outage)
    with nothing_changes(), pytest.raises(SchedulingRefused, match="has passed"):
        plan_change(showtime=showtime, request=request, user_id=boss.pk, now=timezone.now())


def taken_by_a_friend(booking, *needs):
    """The page of the ticket in another browser, which took it."""
    ticket = take_ticket(
        code=make_transfer(booking.tickets.get()).code, holder="a-friend", needs=[Need(one) for one in needs]
    )
    return lambda: Client().get(f"/tickets/{ticket.code}/").text


def test_the_page_of_a_ticket_from_a_friend_says_it_and_the_buyer_is_asked_to_tell_them(
    showtime, boss, sandbox, monkeypatch
):
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    page = taken_by_a_friend(booking, "STEP_FREE")
    assert "out of order" not in page()
    break_down(showtime, boss)
    said = page()
    assert "Something that you may need is out of order" in said and "It waits for a part" in said
    assert "please ask the person who bought it: they can return it for a full refund until" in said
    carry_out_due()
    send_due_mail(now=timezone.now())
    letter = mail.outbox[-1]
    assert "You gave a ticket of this booking to somebody else (A1). Please tell them" in " ".join(letter.body.split())
    monkeypatch.setattr(ticket_news, "database_now", lambda: timezone.now() + timedelta(days=30))
    said = page()
    assert "It waits for a part" in said and "full refund" not in said


def test_a_friend_does_not_read_what_the_buyer_needs(showtime, boss, sandbox):
    """The buyer told it to the staff and not to the friend, who needs no lift."""
    booking = told_with_the_sale(sandbox, showtime, "STEP_FREE")
    page = taken_by_a_friend(booking)
    break_down(showtime, boss)
    assert told() == {booking.pk}
    assert "out of order" not in page()


def test_a_wheelchair_space_from_a_friend_tells_of_the_lift(showtime, boss, on_wheels):
    page = taken_by_a_friend(on_wheels)
    break_down(showtime, boss)
    assert "Something that you may need is out of order" in page()


def test_the_page_of_a_bought_ticket_has_no_news_of_its_own(showtime, boss, on_wheels):
    """The page of the booking has them, with the buttons to keep or return the tickets."""
    break_down(showtime, boss)
    assert "out of order" not in Client().get(f"/tickets/{on_wheels.tickets.get().code}/").text
