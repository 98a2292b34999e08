"""How an entry, an offer and the sale end. Whatever is over changes nothing and mails nobody."""

from datetime import timedelta

import pytest

from core.clock import from_now
from reservations.models import Hold, SeatOffer, WaitingEntry, WaitingMail
from reservations.refusals.seats import HoldLapsed
from reservations.seats.party_seats import PartyWish
from reservations.states import WaitingMailKind
from reservations.waiting.waiting_list import (
    NoWaitingList,
    WaitingListEnded,
    WaitingWish,
    confirm,
    join,
    leave,
    serve_waiting_lists,
)
from reservations.waiting.waiting_mails import write_waiting_mail
from reservations.waiting.waiting_offers import offer_seats, take_offer
from sales.services.opening import Customer
from tests.factories import (
    buy,
    hold_seats,
    make_auditorium,
    make_browser,
    make_showtime,
    make_theater,
    make_waiting_entry,
)
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
BEA = Customer(email="bea@example.com")
PAIR = PartyWish(count=2, wheelchairs=0, is_together=True)


@pytest.fixture
def showtime():
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save()
    return make_showtime(auditorium=make_auditorium(theater, "A oooo"))


@pytest.fixture
def full(showtime, sandbox):
    buy(sandbox, showtime, make_browser(1), "A1", "A2", "A3", "A4")
    return showtime


def ask(showtime, until=None) -> WaitingEntry:
    wish = WaitingWish(PAIR, until)
    entry = join(showtime_id=showtime.pk, customer=BEA, wish=wish, language="en", address="203.0.113.9")
    entry.refresh_from_db()
    return entry


def offered(showtime) -> WaitingEntry:
    """Two people who wait are offered A1 and A2; others hold the rest of the row."""
    hold_seats(showtime, make_browser(2), "A3", "A4")
    entry = make_waiting_entry(showtime, count=2)
    assert offer_seats(showtime_id=showtime.pk) == 1
    entry.refresh_from_db()
    return entry


def closes_in(showtime, seconds):
    Showtime.objects.filter(pk=showtime.pk).update(sales_close_at=from_now(seconds))


def test_who_left_does_not_wait_by_the_link_of_the_first_mail(full):
    entry = ask(full)
    leave(code=entry.code)
    with pytest.raises(WaitingListEnded):
        confirm(code=entry.code)
    entry.refresh_from_db()
    assert (entry.status, entry.joined_at) == ("LEFT", None)


def test_asked_twice_within_a_minute_it_is_one_mail(full):
    ask(full)
    ask(full)
    assert WaitingMail.objects.filter(kind=WaitingMailKind.CONFIRM).count() == 1


def test_nobody_waits_longer_than_tickets_are_sold(full):
    assert ask(full, until=full.sales_close_at + timedelta(hours=1)).until == full.sales_close_at
    closes_in(full, -1)
    with pytest.raises(NoWaitingList):
        join(showtime_id=full.pk, customer=BEA, wish=WaitingWish(PAIR), language="en", address="")


def test_who_never_proved_the_address_is_mailed_nothing_when_the_show_is_canceled(full):
    entry = ask(full)
    Showtime.objects.filter(pk=full.pk).update(status="CANCELED")
    serve_waiting_lists()
    entry.refresh_from_db()
    assert (entry.status, WaitingMail.objects.filter(kind=WaitingMailKind.OVER).exists()) == ("OVER", False)


def test_mails_of_a_forgotten_address_are_given_up(full):
    entry = ask(full)
    leave(code=entry.code)
    write_waiting_mail(entry, WaitingMailKind.OVER)
    WaitingEntry.objects.update(ended_at=from_now(-31 * 24 * 3600))
    serve_waiting_lists()
    assert not WaitingMail.objects.filter(sent_at=None, gave_up_at=None).exists()


def test_an_offer_is_kept_until_its_own_end(showtime):
    entry = offered(showtime)
    WaitingEntry.objects.update(until=from_now(-1))
    serve_waiting_lists()
    entry.refresh_from_db()
    assert entry.status == "OFFERED"
    assert take_offer(code=entry.code, browser=make_browser(5)).status == "TOOK"


def test_an_offer_that_ran_out_is_not_taken_before_the_sweep_comes(showtime):
    entry = offered(showtime)
    SeatOffer.objects.update(until=from_now(-1))
    with pytest.raises(HoldLapsed):
        take_offer(code=entry.code, browser=make_browser(5))


def test_what_the_browser_held_there_is_given_back_for_the_offer(showtime):
    entry = offered(showtime)
    take_offer(code=entry.code, browser=make_browser(2))
    mine = Hold.objects.filter(holder=make_browser(2).holder, ended_at=None)
    assert [sorted(hold.seats.values_list("label", flat=True)) for hold in mine] == [["A1", "A2"]]


def test_near_the_end_of_sales_an_offer_is_shorter(showtime):
    """It lasts a quarter of the hour that is left; usually it lasts an hour."""
    closes_in(showtime, 3600)
    entry = offered(showtime)
    assert SeatOffer.objects.filter(entry=entry, until__lt=from_now(901)).exists()


def test_nothing_is_offered_once_sales_are_closed(showtime):
    make_waiting_entry(showtime, count=2)
    closes_in(showtime, -1)
    assert (offer_seats(showtime_id=showtime.pk), SeatOffer.objects.exists()) == (0, False)
