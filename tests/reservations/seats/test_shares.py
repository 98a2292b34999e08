"""How much of a showtime one address, and all browsers that never paid, may hold and have unpaid."""

import re
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F
from django.test import Client, override_settings

from core.limits.addresses import origin_of
from core.refusals import TooFast
from reservations.counter.counter_seats import CounterSeller, take_at_counter
from reservations.models import Booking, Hold, ShowtimeSeat
from reservations.opening.showtime_opening import keep_back
from reservations.refusals.limits import TooManyHere, TooManyUnpaid
from reservations.seats.taking import Browser, release_hold, swap_seats, take_seats
from reservations.selling.bookings import confirm_booking, expire_booking, open_booking, reopen_hold
from tests.aging import age_hold, lapse, unguarded
from tests.factories import hold_seats, make_auditorium, make_browser, make_showtime, make_theater, pay_form
from tests.ledger import nothing_changes

pytestmark = pytest.mark.django_db
ADDRESS = "198.51.100.7"
ROOM = "\n".join(f"{row} {'o' * 10}" for row in "ABCDEFGH")


@pytest.fixture
def showtime(settings):
    """80 seats: an address may have 20, browsers that never paid 40, and an IPv6 /48 32."""
    settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal("0.25")
    settings.SHOWTIME_SHARE_UNPAID = Decimal("0.5")
    return make_showtime(auditorium=make_auditorium(make_theater(), ROOM))


def browser(number, address=ADDRESS):
    return Browser(holder=f"{number:064x}", address=address)


def labels(row, most=10):
    return [f"{row}{number}" for number in range(1, most + 1)]


def begin_booking(showtime, buyer, *seats):
    with transaction.atomic():
        return open_booking(showtime_id=showtime.pk, browser=buyer, form=pay_form(showtime, *seats))


def buy(showtime, buyer, *seats):
    hold_seats(showtime, buyer, *seats)
    booking = begin_booking(showtime, buyer, *seats)
    with transaction.atomic():
        assert confirm_booking(booking, actor="test")
    return booking


def take(showtime, buyer, *seats):
    take_seats(showtime_id=showtime.pk, browser=buyer, labels=list(seats))


@contextmanager
def refused(reason):
    with nothing_changes(), pytest.raises(reason) as caught:
        yield caught


# One address.


def test_an_address_has_a_quarter_of_the_seats_over_all_its_browsers(showtime):
    take(showtime, browser(1), *labels("A"))
    take(showtime, browser(2), *labels("B"))
    with refused(TooManyHere) as caught:
        take(showtime, browser(3), "C1")
    assert caught.value.status == 429
    take(showtime, browser(4, "198.51.100.8"), "C1")


def test_pressing_pay_frees_nothing(showtime):
    for number, row in enumerate("AB", start=1):
        take(showtime, browser(number), *labels(row))
        begin_booking(showtime, browser(number), *labels(row))
    with refused(TooManyHere):
        take(showtime, browser(3), "C1")


def test_seats_given_back_or_run_out_are_free_for_the_address_again(showtime):
    lapse(hold_seats(showtime, browser(1), *labels("A")))
    hold_seats(showtime, browser(2), *labels("B"))
    release_hold(showtime_id=showtime.pk, browser=browser(2))
    take(showtime, browser(3), *labels("C"))
    take(showtime, browser(4), *labels("D"))


def test_house_seats_are_left_out_of_the_whole(showtime):
    keep_back(showtime_id=showtime.pk, labels=[*labels("G"), *labels("H")], reason="press")
    take(showtime, browser(1), *labels("A"))
    take(showtime, browser(2), *labels("B", 5))
    with refused(TooManyHere):
        take(showtime, browser(3), "C1")


def test_ten_seats_are_always_allowed(settings):
    settings.SHOWTIME_SHARE_PER_ADDRESS = 0.25
    small = make_showtime()
    take(small, browser(1), "A1", "A2", "A3", "A4", "A5", "A6", "B1", "B2", "B3", "B4")
    with refused(TooManyHere):
        take(small, browser(2), "B5")


def test_the_allowance_grows_by_what_the_address_paid_for_here(showtime):
    buy(showtime, browser(1), *labels("A", 3))
    take(showtime, browser(2), *labels("B"))
    take(showtime, browser(3), *labels("C"))
    take(showtime, browser(4), *labels("D", 3))
    with refused(TooManyHere):
        take(showtime, browser(4), "D4")


def test_what_cost_nothing_makes_no_allowance_grow(showtime):
    booking = buy(showtime, browser(1), *labels("A", 3))
    Booking.objects.filter(pk=booking.pk).update(total=0)
    take(showtime, browser(2), *labels("B"))
    take(showtime, browser(3), *labels("C"))
    with refused(TooManyHere):
        take(showtime, browser(4), "D1")


def test_a_hold_counts_where_it_began(showtime):
    """A browser that comes back with another address keeps its hold, and does not add to the other address's count."""
    take(showtime, browser(1), *labels("A"))
    take(showtime, browser(2), *labels("B", 9))
    take(showtime, browser(2, "203.0.113.5"), "B10")
    with refused(TooManyHere):
        take(showtime, browser(3), "C1")


def test_a_share_of_zero_is_off(showtime, settings):
    settings.SHOWTIME_SHARE_PER_ADDRESS = settings.SHOWTIME_SHARE_UNPAID = 0
    for number, row in enumerate("ABCDEFGH"):
        take(showtime, browser(number), *labels(row))


def test_taking_what_is_mine_is_never_refused(showtime, settings):
    take(showtime, browser(1), *labels("A"))
    take(showtime, browser(2), *labels("B"))
    settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal("0.1")
    settings.SHOWTIME_SHARE_UNPAID = Decimal("0.1")
    before = list(ShowtimeSeat.objects.order_by("pk").values())
    take(showtime, browser(2), *labels("B", 4))
    assert list(ShowtimeSeat.objects.order_by("pk").values()) == before


def test_seats_of_mine_can_be_swapped_at_the_limit(showtime):
    take(showtime, browser(1), *labels("A"))
    take(showtime, browser(2), *labels("B"))
    swap_seats(showtime_id=showtime.pk, browser=browser(2), take=["C1"], release=["B1"])
    assert ShowtimeSeat.objects.filter(hold__holder=browser(2).holder, label="C1").exists()


# Pay and changing seats are never refused for a share.


def test_pay_and_change_seats_ask_for_no_share(showtime, settings):
    hold_seats(showtime, browser(1), *labels("A"))
    settings.SHOWTIME_SHARE_PER_ADDRESS = settings.SHOWTIME_SHARE_UNPAID = Decimal("0.01")
    booking = begin_booking(showtime, browser(1), *labels("A"))
    with transaction.atomic():
        reopen_hold(booking, actor="test")
    with transaction.atomic():
        assert confirm_booking(begin_booking(showtime, browser(1), *labels("A")), actor="test")


def test_a_hold_after_change_seats_counts_as_before(showtime):
    for number, row in enumerate("AB", start=1):
        hold_seats(showtime, browser(number), *labels(row))
        booking = begin_booking(showtime, browser(number), *labels(row))
        with transaction.atomic():
            reopen_hold(booking, actor="test")
    with refused(TooManyHere):
        take(showtime, browser(3), "C1")


# Networks.


@pytest.mark.parametrize(
    ("address", "counted", "network"),
    [
        ("198.51.100.7", "198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2::/64", "2001:db8:1::/56", "2001:db8:1::/48"),
        ("2001:db8:1:102::/64", "2001:db8:1:100::/56", "2001:db8:1::/48"),
        ("10.1.2.3", "10.1.2.3", ""),
        ("172.20.0.9", "172.20.0.9", ""),
        ("100.64.0.1", "100.64.0.1", ""),
        ("127.0.0.1", "127.0.0.1", ""),
        ("fd00:1::/64", "fd00:1::/64", ""),
        ("::/64", "::/64", ""),
        ("fe80::/64", "fe80::/64", ""),
        ("unknown", "unknown", ""),
        ("", "", ""),
    ],
)
def test_what_counts_like_one_address(address, counted, network):
    origin = origin_of(address)
    assert (origin.address, origin.network) == (counted, network)


def test_all_of_an_ipv6_56_is_one_address_and_a_48_has_two_fifths(showtime):
    take(showtime, browser(1, "2001:db8:1:1::/64"), *labels("A"))
    take(showtime, browser(2, "2001:db8:1:2::/64"), *labels("B"))
    with refused(TooManyHere):
        take(showtime, browser(3, "2001:db8:1:3::/64"), "C1")
    take(showtime, browser(4, "2001:db8:1:400::/64"), *labels("C"))
    take(showtime, browser(5, "2001:db8:1:500::/64"), "D1", "D2")
    with refused(TooManyHere):
        take(showtime, browser(6, "2001:db8:1:600::/64"), "D3")
    take(showtime, browser(7, "2001:db8:2:1::/64"), "D3")


@pytest.mark.parametrize("address", ["10.0.0.1", "unknown"])
def test_private_and_unknown_addresses_are_not_limited(showtime, address):
    for number, row in enumerate("ABCDEFGH"):
        take(showtime, browser(number, address), *labels(row))


def test_the_counter_is_exempt_and_counts_for_nobody(showtime, django_user_model, settings):
    clerk = django_user_model.objects.create_user("clerk@marquee.example", "a long pass phrase", is_staff=True)
    seller = CounterSeller(holder="c" * 64, operator_id=clerk.pk)
    take_at_counter(
        showtime_id=showtime.pk, seller=seller, labels=[label for row in "ABCDE" for label in labels(row)],
        now=showtime.starts_at - timedelta(hours=1),
    )  # fmt: skip
    take(showtime, browser(1), *labels("F"))
    take(showtime, browser(2, "198.51.100.8"), *labels("G"))


# Browsers that never paid.


def fill_half(showtime):
    for number, row in enumerate("ABCD"):
        take(showtime, make_browser(number + 1), *labels(row))


def test_browsers_that_never_paid_have_half_of_it_together(showtime):
    fill_half(showtime)
    with refused(TooManyUnpaid) as caught:
        take(showtime, browser(50), "E1", "E2", "E3")
    assert caught.value.status == 429


def test_the_first_two_seats_of_an_address_that_holds_nothing_are_never_refused_for_it(showtime):
    fill_half(showtime)
    take(showtime, browser(50), "E1")
    take(showtime, browser(51), "E2")
    with refused(TooManyUnpaid):
        take(showtime, browser(50), "E3")
    take(showtime, browser(52, "198.51.100.9"), "E3", "E4")


def test_who_has_paid_before_takes_more(showtime):
    fill_half(showtime)
    buy(make_showtime(), browser(50), "A1")
    take(showtime, browser(50), *labels("E"))


def test_what_was_pending_and_never_paid_counts_among_the_unpaid(showtime):
    fill_half(showtime)
    for number, row in enumerate("ABCD"):
        begin_booking(showtime, make_browser(number + 1), *labels(row))
    with refused(TooManyUnpaid):
        take(showtime, browser(50), "E1", "E2", "E3")


def test_sold_seats_are_not_unpaid(showtime):
    for number, row in enumerate("ABCD"):
        buy(showtime, make_browser(number + 1), *labels(row))
    take(showtime, browser(50), *labels("E"))


# The pause of an address whose holds ended unpaid.


@pytest.fixture
def patient(settings):
    settings.UNPAID_HOLD_PAUSE_SECONDS = 30


def waste(showtime, count, *, first=1):
    """Use this many fresh cookies at the address, each with a hold that ends unpaid."""
    with override_settings(UNPAID_HOLD_PAUSE_SECONDS=0):
        for number in range(first, first + count):
            hold_seats(showtime, browser(number), "A1")
            release_hold(showtime_id=showtime.pk, browser=browser(number))


def later(seconds):
    by = timedelta(seconds=seconds)
    Hold.objects.update(started_at=F("started_at") - by, ended_at=F("ended_at") - by)


def test_a_fresh_cookie_is_no_fresh_start_where_holds_end_unpaid(showtime, patient):
    waste(showtime, 6)
    with refused(TooFast) as caught:
        take(showtime, browser(90), "B1")
    assert 0 < caught.value.retry_after <= 30
    take(showtime, browser(91, "198.51.100.8"), "B1")
    later(31)
    take(showtime, browser(90), "B2")


def test_the_pause_of_an_address_grows_up_to_five_minutes(showtime, patient):
    waste(showtime, 8)
    with refused(TooFast) as caught:
        take(showtime, browser(90), "B1")
    assert 60 < caught.value.retry_after <= 90
    waste(showtime, 20, first=20)
    with refused(TooFast) as caught:
        take(showtime, browser(90), "B1")
    assert 270 < caught.value.retry_after <= 300


def test_each_paid_hold_of_an_address_makes_up_for_three_unpaid(showtime, patient):
    buy(showtime, browser(80), "C1")
    waste(showtime, 8)
    take(showtime, browser(90), "B1")


def test_who_has_paid_before_does_not_wait_for_the_neighbors(showtime, patient):
    buy(make_showtime(), browser(90), "A1")
    waste(showtime, 10)
    take(showtime, browser(90), "B1")


def test_bookings_that_expire_count_as_unpaid_and_those_that_go_on_do_not(showtime, patient):
    waste(showtime, 5)
    hold_seats(showtime, browser(70), "B1")
    booking = begin_booking(showtime, browser(70), "B1")
    with transaction.atomic():
        reopen_hold(booking, actor="test")
    take(showtime, browser(90), "C1")
    booking = begin_booking(showtime, browser(70), "B1")
    with transaction.atomic():
        expire_booking(booking, actor="test")
    with refused(TooFast):
        take(showtime, browser(91), "C2")


def test_a_hold_given_back_at_once_counts_in_the_pause_of_its_browser(showtime, patient, settings):
    settings.SHOWTIME_SHARE_PER_ADDRESS = 0
    for label in ("A1", "A2", "A3"):
        hold_seats(showtime, browser(1), label)
        release_hold(showtime_id=showtime.pk, browser=browser(1))
    with refused(TooFast):
        take(showtime, browser(1), "A4")


def test_seats_of_an_address_over_all_showtimes_count_while_they_are_paid_for(showtime, settings):
    settings.SHOWTIME_SHARE_PER_ADDRESS = 0
    settings.LIVE_SEATS_PER_ADDRESS = 3
    take(showtime, browser(1), "A1", "A2")
    begin_booking(showtime, browser(1), "A1", "A2")
    other = make_showtime()
    with refused(TooManyHere):
        take(other, browser(2), "A1", "A2")


def test_a_swap_after_the_hold_ran_out_begins_a_new_one(showtime):
    age_hold(hold_seats(showtime, browser(1), "A1", "A2"), 600)
    swap_seats(showtime_id=showtime.pk, browser=browser(1), take=["A3"], release=["A1"])
    assert Hold.objects.order_by("pk").values_list("end", flat=True)[0] == "LAPSED"
    assert list(
        ShowtimeSeat.objects.filter(hold__ended_at=None, hold__isnull=False).values_list("label", flat=True)
    ) == ["A3"]


# When it ends, and what is said before.


def end_in(seconds, *row):
    """Let the hold of these seats end in `seconds`."""
    with unguarded() as cursor:
        cursor.execute(
            "UPDATE reservations_showtimeseat SET held_until = clock_timestamp() + %s * interval '1 s'"
            " WHERE held_until IS NOT NULL AND label = ANY(%s)",
            [seconds, list(row)],
        )


def test_an_address_hears_when_the_first_of_its_seats_ends(showtime):
    """It does not hear of seats of other addresses, nor of its own."""
    take(showtime, browser(1), *labels("A"))
    take(showtime, browser(2), *labels("B", 9))
    take(showtime, browser(4, "198.51.100.8"), "D1")
    take(showtime, browser(3), "C1")
    end_in(20, "D1")
    end_in(30, "C1")
    end_in(200, *labels("B", 9))
    with refused(TooManyHere) as caught:
        take(showtime, browser(3), "C2")
    assert 190 <= caught.value.retry_after <= 200
    assert "in 4 minutes" in caught.value.sentence


def test_seats_that_are_being_paid_for_end_too(showtime):
    for number, row in enumerate("AB", start=1):
        take(showtime, browser(number), *labels(row))
    begin_booking(showtime, browser(1), *labels("A"))
    end_in(100, *labels("A"))
    with refused(TooManyHere) as caught:
        take(showtime, browser(3), "C1")
    assert 90 <= caught.value.retry_after <= 100


def test_without_a_moment_no_number_is_made_up(settings):
    """All seats that count belong to this browser."""
    settings.SHOWTIME_SHARE_PER_ADDRESS, settings.MAX_SEATS_PER_HOLD = Decimal("0.25"), 0
    small = make_showtime()
    mine = ["A1", "A2", "A3", "A4", "A5", "A6", "B1", "B2", "B3", "B4"]
    take(small, browser(1), *mine)
    with refused(TooManyHere) as caught:
        take(small, browser(1), "B5")
    assert caught.value.retry_after is None
    assert "try again later" in caught.value.sentence


def test_browsers_that_never_paid_hear_when_the_first_of_them_ends(showtime):
    fill_half(showtime)
    end_in(250, *labels("C"))
    with refused(TooManyUnpaid) as caught:
        take(showtime, browser(50), "E1", "E2", "E3")
    assert 240 <= caught.value.retry_after <= 250
    assert "in 5 minutes" in caught.value.sentence


def test_the_limit_of_an_address_over_all_showtimes_says_when_it_ends(settings):
    settings.LIVE_SEATS_PER_ADDRESS = 3
    here, elsewhere = make_showtime(), make_showtime()
    hold_seats(elsewhere, browser(1), "A1", "A2")
    end_in(300, "A1", "A2")
    take(here, browser(2), "A3")
    with refused(TooManyHere) as caught:
        take(here, browser(2), "A4")
    assert 290 <= caught.value.retry_after <= 300


def panel_says(showtime, *seats):
    client = Client(REMOTE_ADDR=ADDRESS)
    answer = client.post(f"/showtimes/{showtime.pk}/seats/", {"take": seats}, headers={"HX-Request": "true"})
    page = client.get(f"/showtimes/{showtime.pk}/")
    hint = re.compile(r'<p class="order-hint" data-limit>([^<]*)</p>')
    assert hint.findall(answer.text) == hint.findall(page.text)
    return hint.findall(page.text)


@pytest.mark.parametrize(("others", "says"), [(7, None), (8, "3 more"), (10, "1 more"), (11, "no more")])
def test_the_seat_panel_says_how_many_more_the_address_can_take(showtime, others, says):
    take(showtime, browser(1), *labels("A", 9))
    take(showtime, browser(2), *labels("B", others - 1))
    sentences = panel_says(showtime, "C1")
    assert len(sentences) == (says is not None)
    assert says is None or f"So you can take {says} for now." in sentences[0]


def test_seats_that_are_paid_for_make_room_in_the_panel_too(showtime):
    buy(showtime, browser(1), *labels("A"))
    take(showtime, browser(2), *labels("B"))
    take(showtime, browser(3), *labels("D", 9))
    assert panel_says(showtime, "C1") == []


def test_somebody_alone_at_an_address_hears_of_the_seats_of_one_booking_alone(settings):
    """Ten seats are always allowed, and no hold has more."""
    settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal("0.25")
    assert panel_says(make_showtime(), "A1", "A2", "A3", "A4", "A5", "A6", "B1", "B2") == []


def test_a_seat_given_back_leaves_the_panel_saying_what_is_left_then(showtime):
    """The number is counted again, because only taking seats knows it already."""
    take(showtime, browser(1), *labels("A", 9))
    take(showtime, browser(2), *labels("B", 9))
    client = Client(REMOTE_ADDR=ADDRESS)
    url, htmx = f"/showtimes/{showtime.pk}/seats/", {"HX-Request": "true"}
    taken = client.post(url, {"take": ["C1", "C2"]}, headers=htmx).text
    given_back = client.post(url, {"release": "C2"}, headers=htmx).text
    assert "So you can take no more for now." in taken
    assert "So you can take 1 more for now." in given_back


def test_the_panel_says_after_a_swap_what_is_left_for_the_address(showtime):
    """After a swap the panel is read again, except for this number."""
    take(showtime, browser(1), *labels("A", 9))
    take(showtime, browser(2), *labels("B", 9))
    client = Client(REMOTE_ADDR=ADDRESS)
    url, htmx = f"/showtimes/{showtime.pk}/seats/", {"HX-Request": "true"}
    client.post(url, {"take": "C1"}, headers=htmx)
    swapped = client.post(url, {"take": "C2", "release": "C1"}, headers=htmx).text
    assert "So you can take 1 more for now." in swapped


def test_the_panel_counts_the_network_of_an_ipv6_address_too(showtime):
    """An IPv6 /48 may have 32 of the 80 seats, and its /56 20."""
    for number, row in enumerate("ABC", start=1):
        take(showtime, browser(number, f"2001:db8:1:{number}00::/64"), *labels(row))
    client = Client(REMOTE_ADDR="2001:db8:1:400::1")
    answer = client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "D1"}, headers={"HX-Request": "true"})
    assert "So you can take 1 more for now." in answer.text


def test_without_the_share_the_panel_counts_nothing(showtime, settings):
    settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal(0)
    take(showtime, browser(1), *labels("A"))
    take(showtime, browser(2), *labels("B"))
    assert panel_says(showtime, "C1") == []


def test_what_a_network_paid_for_makes_its_allowance_grow(showtime):
    """The /48 gets 32, and the ten that were bought there besides."""
    buy(showtime, browser(1, "2001:db8:1:1::/64"), *labels("A"))
    for number, address in enumerate(["2001:db8:1:400::/64", "2001:db8:1:500::/64"], start=1):
        take(showtime, browser(10 * number, address), *labels("BC"[number - 1]))
        take(showtime, browser(10 * number + 1, address), *labels("DE"[number - 1]))
    with refused(TooManyHere):
        take(showtime, browser(90, "2001:db8:1:600::/64"), *labels("F", 3))


def test_the_pause_of_a_browser_doubles_up_to_a_quarter_of_an_hour(showtime, patient, settings):
    settings.SHOWTIME_SHARE_PER_ADDRESS = 0
    waits = []
    for _ in range(9):
        with override_settings(UNPAID_HOLD_PAUSE_SECONDS=0):
            hold_seats(showtime, browser(1), "A1")
            release_hold(showtime_id=showtime.pk, browser=browser(1))
        try:
            take(showtime, browser(1), "A2")
        except TooFast as refusal:
            waits.append(refusal.retry_after)
        else:
            waits.append(0)
            lapse(Hold.objects.get(ended_at=None))
    assert any(110 < wait <= 120 for wait in waits) and any(220 < wait <= 240 for wait in waits)
    assert 890 < max(waits) <= 900
