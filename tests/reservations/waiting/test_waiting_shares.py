"""Seats that a waiting list offers count in the share of the address where the entry was made."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from core.clock import from_now
from core.limits.addresses import origin_of
from reservations.models import Hold, SeatOffer, ShowtimeSeat, WaitingEntry
from reservations.refusals.limits import TooManyHere
from reservations.seats.taking import Browser, release_hold, take_seats
from reservations.waiting.waiting_list import forget_addresses, leave
from reservations.waiting.waiting_mails import send_due_waiting_mail
from reservations.waiting.waiting_offers import offer_seats, take_offer
from tests.factories import make_auditorium, make_browser, make_showtime, make_theater, make_waiting_entry

pytestmark = pytest.mark.django_db
ADDRESS = "198.51.100.7"
ROOM = "\n".join(f"{row} {'o' * 10}" for row in "ABCDEF")


@pytest.fixture
def showtime(settings):
    """A showtime with 60 free seats: an address may have 15, an IPv6 /48 24."""
    settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal("0.25")
    settings.SHOWTIME_SHARE_UNPAID = Decimal("0.5")
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save()
    return make_showtime(auditorium=make_auditorium(theater, ROOM))


def wait(showtime, number, address=ADDRESS, count=2):
    origin = origin_of(address)
    email = f"guest{number}@example.com"
    return make_waiting_entry(showtime, email=email, count=count, address=origin.address, network=origin.network)


def statuses(*entries):
    return [WaitingEntry.objects.get(pk=entry.pk).status for entry in entries]


def reasons(entry):
    return list(entry.skips.values_list("reason", flat=True))


def test_one_address_is_offered_its_share_and_the_next_in_line_the_rest(showtime):
    hoarder = [wait(showtime, number) for number in range(10)]
    honest = wait(showtime, 99, "203.0.113.9")
    assert offer_seats(showtime_id=showtime.pk) == 8
    assert statuses(*hoarder, honest) == ["OFFERED"] * 7 + ["WAITING"] * 3 + ["OFFERED"]
    assert reasons(hoarder[7]) == ["SHARE"]
    page = Client().get(f"/waiting/{hoarder[7].code}/").content.decode()
    assert "Many tickets are held for people on your internet connection" in page
    offer_seats(showtime_id=showtime.pk)
    offer_seats(showtime_id=showtime.pk)
    assert reasons(hoarder[8]) == ["SHARE"] * 2, "not again while as many seats are free"


def test_who_was_passed_over_is_offered_seats_when_the_share_has_room_again(showtime):
    entries = [wait(showtime, number) for number in range(8)]
    offer_seats(showtime_id=showtime.pk)
    leave(code=entries[0].code)
    offer_seats(showtime_id=showtime.pk)
    assert statuses(entries[7]) == ["OFFERED"]


def test_held_seats_and_offers_count_together(showtime):
    held = [f"A{number}" for number in range(1, 10)]
    take_seats(showtime_id=showtime.pk, browser=Browser("a" * 64, ADDRESS), labels=held)
    entries = [wait(showtime, number) for number in range(4)]
    assert offer_seats(showtime_id=showtime.pk) == 3
    assert statuses(*entries) == ["OFFERED"] * 3 + ["WAITING"]
    with pytest.raises(TooManyHere):
        take_seats(showtime_id=showtime.pk, browser=Browser("b" * 64, ADDRESS), labels=free_labels(showtime)[-1:])
    # Seats of another address, and those of the counter, do not count.
    take_seats(showtime_id=showtime.pk, browser=make_browser(3), labels=free_labels(showtime)[-1:])


def test_the_first_two_seats_of_an_address_are_never_refused(showtime):
    """This holds even if the address's IPv6 /48 has its whole share."""
    for number in range(12):
        wait(showtime, number, f"2001:db8:1:{number // 6 + 1}00::/64")
    first, second = wait(showtime, 20, "2001:db8:1:900::/64"), wait(showtime, 21, "2001:db8:1:900::/64")
    assert offer_seats(showtime_id=showtime.pk) == 13
    assert statuses(first, second) == ["OFFERED", "WAITING"]
    assert reasons(second) == ["SHARE"]


@pytest.mark.parametrize("why", ["no share", "private address", "older entry"])
def test_without_a_limit_all_who_fit_are_offered_seats(showtime, settings, why):
    if why == "no share":
        settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal(0)
    address = {"private address": "10.0.0.7", "older entry": ""}.get(why, ADDRESS)
    for number in range(10):
        wait(showtime, number, address)
    assert offer_seats(showtime_id=showtime.pk) == 10


def test_what_is_offered_is_not_among_seats_of_browsers_that_never_paid(showtime):
    """These browsers may hold 30: offers take nothing from that, but seats taken from an offer count as usual."""
    for number in range(20):
        wait(showtime, number, f"203.0.113.{number + 1}")
    assert offer_seats(showtime_id=showtime.pk) == 20
    take_seats(showtime_id=showtime.pk, browser=make_browser(1), labels=free_labels(showtime)[:3])
    offer = SeatOffer.objects.earliest("pk")
    take_offer(code=offer.entry.code, browser=make_browser(2))
    offer.hold.refresh_from_db()
    assert (offer.hold.has_paid, offer.hold.address) == (False, make_browser(2).address)


def test_an_offer_counts_at_the_address_that_takes_it(showtime):
    """Entries are made at many addresses and taken at one: it gets no more than its share, and the offer stays open."""
    for number in range(10):
        wait(showtime, number, f"203.0.113.{number + 1}")
    offer_seats(showtime_id=showtime.pk)
    offers = list(SeatOffer.objects.order_by("pk"))
    browsers = [Browser(f"{number:064x}", ADDRESS) for number in range(10)]
    for offer, browser in zip(offers[:7], browsers, strict=False):
        take_offer(code=offer.entry.code, browser=browser)
    with pytest.raises(TooManyHere):
        take_offer(code=offers[7].entry.code, browser=browsers[7])
    offers[7].refresh_from_db()
    assert (offers[7].ended_at, statuses(offers[7].entry)) == (None, ["OFFERED"])
    assert ShowtimeSeat.objects.filter(hold__address=ADDRESS).count() == 14
    take_offer(code=offers[7].entry.code, browser=Browser(browsers[7].holder, "203.0.113.8"))
    assert statuses(offers[7].entry) == ["TOOK"]


def test_what_the_browser_held_there_makes_room_for_the_offer_that_replaces_it(showtime):
    entry = wait(showtime, 1, "203.0.113.1")
    offer_seats(showtime_id=showtime.pk)
    mine = Browser("a" * 64, ADDRESS)
    for browser, few in ((mine, free_labels(showtime)[:8]), (Browser("b" * 64, ADDRESS), free_labels(showtime)[8:15])):
        take_seats(showtime_id=showtime.pk, browser=browser, labels=few)
    take_offer(code=entry.code, browser=mine)
    assert ShowtimeSeat.objects.filter(hold__address=ADDRESS).count() == 9


def test_two_seats_of_an_offer_are_taken_at_any_address_that_holds_nothing_there(showtime):
    """Also where its IPv6 /48 has its whole share."""
    entries = [wait(showtime, number, f"203.0.113.{number + 1}") for number in range(13)]
    offer_seats(showtime_id=showtime.pk)
    for number, entry in enumerate(entries):
        address = f"2001:db8:1:{number // 6 + 1}00::1"
        take_offer(code=entry.code, browser=Browser(f"{number:064x}", address))
    assert statuses(*entries) == ["TOOK"] * 13


def test_at_the_address_of_the_entry_an_offer_is_not_judged_again(showtime, settings):
    """It was promised in a mail; the share has become smaller since."""
    entries = [wait(showtime, number, count=4) for number in range(3)]
    offer_seats(showtime_id=showtime.pk)
    settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal("0.01")
    take_offer(code=entries[0].code, browser=Browser("a" * 64, ADDRESS))
    assert statuses(*entries) == ["TOOK", "OFFERED", "OFFERED"]


def free_labels(showtime):
    free = ShowtimeSeat.objects.filter(showtime=showtime, hold=None, booking=None)
    return list(free.order_by("pk").values_list("label", flat=True))


def test_the_form_keeps_where_the_entry_was_made_until_it_ends(settings, mailoutbox):
    theater = make_theater()
    showtime = make_showtime(auditorium=make_auditorium(theater, "A oo"))
    take_seats(showtime_id=showtime.pk, browser=make_browser(1), labels=["A1", "A2"])
    fields = {"count": 2, "together": "yes", "wheelchairs": 0, "hours": 0, "email": "bea@example.com"}
    client = Client(REMOTE_ADDR="2001:db8:1:101::5")
    assert client.post(f"/showtimes/{showtime.pk}/waiting/", fields).status_code == 200
    entry = WaitingEntry.objects.get()
    assert (entry.address, entry.network) == ("2001:db8:1:100::/56", "2001:db8:1::/48")
    send_due_waiting_mail(now=timezone.now())
    client.post(re.search(r"/waiting/[\w-]+/", mailoutbox[-1].body)[0], {"do": "confirm"})
    release_hold(showtime_id=showtime.pk, browser=make_browser(1))
    offer_seats(showtime_id=showtime.pk)
    hold = Hold.objects.get(seat_offer__entry=entry)
    assert (hold.address, hold.network) == (entry.address, entry.network)
    forget_addresses()
    assert WaitingEntry.objects.get().address
    WaitingEntry.objects.update(status="MISSED", ended_at=from_now(-1))
    forget_addresses()
    assert (WaitingEntry.objects.get().address, WaitingEntry.objects.get().network) == ("", "")
