"""Plain forms whose reply was lost, with its cookies: pressed again they say what is true, and nothing happens twice."""

import re
from copy import deepcopy
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts.models import User
from payments.models import Payment, Refund
from reservations.access import booking_secret
from reservations.models import (
    Exchange,
    Favorite,
    FavoriteMail,
    GroupBlock,
    OutgoingMail,
    SharedBlock,
    ShowtimeSeat,
    Transfer,
    WaitingEntry,
    WaitingMail,
)
from reservations.waiting.waiting_offers import offer_seats
from tests.clock import begins_in
from tests.exchanging import let_exchange
from tests.factories import (
    make_group,
    make_movie,
    make_shared_block,
    make_staff,
    make_transfer,
    make_waiting_entry,
)
from tests.ledger import broken_invariants
from tests.payments.refunds.test_exchange_pages import choose, mark_of
from tests.reservations.links.test_access import it_was_shown
from tests.reservations.waiting.test_waiting_list import cancel, entry_at, link_of_mail
from tests.standing_booking import bought_once, browser_of_owner
from theaters.schedule.sales_pauses import pause_sales

pytestmark = pytest.mark.django_db
standing_booking, sandbox, booking, showtime = bought_once("A1", "A2")


def send_twice(client: Client, page: str, form: dict, *, to: str = ""):
    """Open the page, press its button, lose the reply and press again. Returns the second reply."""
    client.get(page)
    cookies = deepcopy(client.cookies)
    client.post(to or page, form)
    client.cookies = cookies
    return client.post(to or page, form)


@pytest.fixture
def me(booking):
    return browser_of_owner(booking)


# ---- browsers that come for the first time: what they took must stay theirs ---------------------------------------


def test_a_friend_who_took_a_ticket_has_it(booking):
    transfer = make_transfer(booking.tickets.get(seat__label="A1"))
    friend = Client()
    again = send_twice(friend, f"/transfers/{transfer.code}/", {})
    transfer.refresh_from_db()
    assert again.url == f"/tickets/{transfer.new_code}/"
    assert friend.get(again.url).status_code == 200


def test_a_group_that_took_its_seats_goes_on_to_the_checkout(showtime):
    scout, page = Client(), reverse("group", args=[make_group(showtime, "B1", "B2").code])
    again = send_twice(scout, page, {"seats": ["B1"]})
    assert again.url == f"/checkout/{showtime.pk}/"
    assert scout.get(again.url).status_code == 200


def test_a_friend_who_pays_alone_goes_on_to_the_checkout(showtime):
    block = make_shared_block(showtime, "B1", "B2")
    ben, page = Client(), reverse("shared_seats", args=[showtime.pk, block.code])
    again = send_twice(ben, page, {"seats": ["B2"], "name": "Ben"})
    assert again.url == f"/checkout/{showtime.pk}/"
    assert ben.get(again.url).status_code == 200
    again = send_twice(ben, page, {"action": "back"})
    assert again.url == page
    assert ShowtimeSeat.objects.get(showtime=showtime, label="B2").hold_id == block.hold_id


def test_who_waits_takes_the_offered_seats_once(booking, showtime, mailoutbox):
    ShowtimeSeat.objects.filter(showtime=showtime, booking=None).update(house_reason="Camera")
    wish = {"count": 2, "together": "yes", "wheelchairs": 0, "hours": 0, "email": "bea@example.com"}
    guest, reader = Client(), Client()
    assert "Check your e-mail" in send_twice(guest, f"/showtimes/{showtime.pk}/waiting/", wish).text
    link = link_of_mail(mailoutbox)
    assert (WaitingEntry.objects.count(), WaitingMail.objects.count()) == (1, 1)
    assert send_twice(reader, link, {"do": "confirm"}).url == link
    cancel(booking, "A1", "A2")
    offer_seats(showtime_id=showtime.pk)
    assert send_twice(reader, link, {"do": "take"}).url == f"/showtimes/{showtime.pk}/"
    assert entry_at(link).status == "TOOK"
    assert "A1" in reader.get(f"/checkout/{showtime.pk}/").text
    stranger = Client()
    assert stranger.post(link, {"do": "take"}).status_code == 409


@pytest.mark.parametrize(("do", "status"), [("pass", "WAITING"), ("leave", "LEFT")])
def test_who_passes_on_or_leaves_reads_that(booking, showtime, mailoutbox, do, status):
    entry = make_waiting_entry(showtime, count=2)
    ShowtimeSeat.objects.filter(showtime=showtime, booking=None).update(house_reason="Camera")
    cancel(booking, "A1", "A2")
    offer_seats(showtime_id=showtime.pk)
    link, reader = f"/waiting/{entry.code}/", Client()
    again = send_twice(reader, link, {"do": do}, to=f"{link}leave/" if do == "leave" else "")
    assert (again.url, entry_at(link).status) == (link, status)


def test_a_favorite_is_one_and_told_by_one_mail(showtime):
    movie, guest = make_movie(), Client()
    assert "Check your e-mail" in send_twice(guest, f"/movies/{movie.slug}/tell-me/", {"email": "bea@example.com"}).text
    favorite = Favorite.objects.get()
    assert FavoriteMail.objects.count() == 1
    assert send_twice(guest, f"/favorites/{favorite.code}/", {}).url == f"/favorites/{favorite.code}/"
    assert (
        send_twice(guest, f"/favorites/{favorite.code}/", {}, to=f"/favorites/{favorite.code}/leave/").status_code
        == 302
    )


# ---- tickets and their money -------------------------------------------------------------------------------------


def test_a_link_for_a_friend_is_one_and_its_withdrawal_too(me, booking):
    page = f"/tickets/{booking.tickets.get(seat__label='A1').code}/transfer/"
    assert send_twice(me, page, {"action": "make"}).status_code == 303
    assert "Link for your friend" in me.get(page).text
    assert send_twice(me, page, {"action": "withdraw"}).status_code == 303
    assert Transfer.objects.count() == 1
    assert "Make the link" in me.get(page).text


@pytest.mark.parametrize(("seats", "goes_on_to"), [(("A4", "A5"), "booking"), (("B1", "B2"), "payment page")])
def test_an_exchange_that_was_agreed_to_is_done_or_goes_on_to_its_payment(me, booking, seats, goes_on_to):
    let_exchange(booking.showtime.auditorium.theater)
    page = f"/bookings/{booking.reference}/exchange/"
    mark = mark_of(choose(me, page, booking, *seats))
    again = send_twice(me, page, {"action": "agree", "mark": mark})
    exchange = Exchange.objects.get()
    if goes_on_to == "booking":
        assert "The exchange is done" in me.get(again.url).text
        assert (exchange.status, again.url) == ("DONE", f"/bookings/{booking.reference}/")
    else:
        assert again.url == exchange.payments.get().session_url
        assert send_twice(me, page, {"action": "stop"}).url == f"/bookings/{booking.reference}/"
        assert sorted(booking.tickets.live().values_list("seat__label", flat=True)) == ["A1", "A2"]
    assert broken_invariants() == []


def test_tickets_are_canceled_once_and_the_page_says_so(me, booking):
    form = {"action": "cancel", "choosing": "1", "amount": "29.00", "ticket": ["A1", "A2"]}
    again = send_twice(me, f"/bookings/{booking.reference}/cancel/", form)
    assert again.url == f"/bookings/{booking.reference}/"
    assert "canceled" in me.get(again.url).text
    assert Refund.objects.count() == 1


def test_a_part_is_canceled_once(me, booking):
    form = {"action": "cancel", "choosing": "1", "amount": "14.50", "ticket": ["A1"]}
    assert send_twice(me, f"/bookings/{booking.reference}/cancel/", form).url == f"/bookings/{booking.reference}/"
    assert (Refund.objects.count(), booking.tickets.live().count()) == (1, 1)


@pytest.mark.parametrize("part", ["cancel/", "exchange/"])
def test_one_code_goes_out_and_the_page_waits_for_it(booking, part):
    let_exchange(booking.showtime.auditorium.theater)
    by_link, page = Client(), f"/bookings/{booking.reference}/{part}"
    by_link.get(f"/bookings/{booking.reference}/{booking_secret(booking)}/")
    again = send_twice(by_link, page, {"action": "code", "choosing": "1", "ticket": ["A1"]})
    assert "We have just sent you a code" in again.text and 'name="code"' in again.text
    assert OutgoingMail.objects.filter(kind="CODE").count() == 1


def test_from_one_page_tickets_are_sent_again_once(me, booking):
    page = f"/bookings/{booking.reference}/"
    for times in (1, 2):
        before = re.search(r'class="send-again">.*?name="before" value="(\d+)"', me.get(page).text, re.DOTALL)[1]
        assert send_twice(me, page, {"before": before}, to=f"{page}send-again/").url == page
        assert "We have sent your tickets again" in me.get(page).text
        assert OutgoingMail.objects.filter(kind="RESENT").count() == times


@pytest.mark.parametrize("is_by_link", [True, False])
def test_a_new_link_is_one_and_works(me, booking, is_by_link):
    page, browser = f"/bookings/{booking.reference}/", Client() if is_by_link else me
    if is_by_link:
        browser.get(f"{page}{booking_secret(booking)}/")
    before = re.search(r'class="renew-link">.*?name="before" value="(\d+)"', browser.get(page).text, re.DOTALL)[1]
    again = send_twice(browser, page, {"before": before}, to=f"{page}link/")
    assert OutgoingMail.objects.filter(kind="LINK").count() == 1
    assert "We have sent" in (browser.get(again.url) if again.status_code == 302 else again).text
    assert "We have sent" not in Client().post(f"{page}link/", {"before": before}).text


def test_a_new_link_from_a_browser_that_knew_the_ended_one_alone(booking):
    """This browser never opened the booking. Pressed again, and when the old link is opened again, it says that a new one
    is on its way.
    """
    it_was_shown(days_ago=15)
    browser, old = Client(), f"/bookings/{booking.reference}/{booking_secret(booking)}/"
    form = {"secret": booking_secret(booking)}
    again = send_twice(browser, old, form, to=f"/bookings/{booking.reference}/link/")
    assert (again.status_code, OutgoingMail.objects.filter(kind="LINK").count()) == (200, 1)
    opened = browser.get(old)
    for page in (again, opened):
        assert "A new link is on its way" in page.text
    assert (opened.status_code, browser.get(f"/bookings/{booking.reference}/").status_code) == (410, 404)
    assert Client().get(old).status_code == 404


def test_one_code_for_the_party_stays_chosen(me, booking):
    page = f"/bookings/{booking.reference}/"
    assert send_twice(me, page, {"for": "party"}, to=f"{page}codes/").url == page
    assert "Use one code for each ticket" in me.get(page).text


def test_seats_that_were_shared_show_the_link(me, showtime):
    EmailAddress.objects.create(user=User.objects.get(), email="ada@example.com", verified=True, primary=True)
    me.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["B1", "B2", "B3"]})
    page = f"/showtimes/{showtime.pk}/group/"
    again = send_twice(me, page, {"action": "start", "name": "Ada"})
    assert (again.status_code, again.url) == (303, page)
    assert "Link for your friends" in me.get(page).text
    assert send_twice(me, page, {"action": "release"}).url == page
    assert SharedBlock.objects.count() == 1


# ---- the counter -------------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(showtime):
    client = Client()
    client.force_login(make_staff("MANAGER", showtime.auditorium.theater))
    client.post("/counter/here/", {"theater": showtime.auditorium.theater_id})
    return client


SALE = {"total": "14.50", "method": "cash", "type-A4": "ADULT"}


@pytest.mark.parametrize("ends", ["", "closed", "paused"])
def test_a_sale_is_made_once_whatever_ends_meanwhile(clerk, showtime, ends):
    desk = f"/counter/showtimes/{showtime.pk}/"
    clerk.post(f"{desk}seats/", {"take": ["A4"]})
    made = clerk.post(desk, SALE).url
    if ends == "closed":
        begins_in(showtime, hours=-1)
    elif ends == "paused":
        pause_sales(why="A test", actor="test")
    assert clerk.post(desk, SALE).url == made
    assert Payment.objects.filter(provider="counter").count() == 1


def test_a_gift_that_differs_from_the_sale_is_told_as_what_was_sold(clerk, showtime):
    desk = f"/counter/showtimes/{showtime.pk}/"
    clerk.post(f"{desk}seats/", {"take": ["A4"]})
    made = clerk.post(desk, SALE).url
    assert clerk.post(desk, SALE | {"method": "terminal"}).url == made
    assert Payment.objects.get(provider="counter").method == "CASH"


def test_seats_are_kept_for_a_group_once(clerk, showtime):
    desk = f"/counter/showtimes/{showtime.pk}/"
    clerk.post(f"{desk}seats/", {"take": ["B1", "B2"]})
    local = showtime.starts_at.astimezone(showtime.auditorium.theater.zone) - timedelta(hours=2)
    form = {"group-name": "Scouts", "group-contact": "", "group-language": "en"}
    form |= {"group-on": f"{local:%Y-%m-%d}", "group-at": f"{local:%H:%M}"}
    for _ in range(2):
        assert clerk.post(f"{desk}group/", form).url == desk
    assert GroupBlock.objects.count() == 1
