"""The pages on which a customer exchanges tickets, as browsers without scripts see them."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from reservations.access import booking_secret
from reservations.letters.outbox import send_due_mail
from reservations.models import Exchange, Hold
from reservations.opening.showtime_opening import open_for_sale
from tests.aging import age_hold
from tests.exchanging import age_exchange, let_exchange, pay_difference
from tests.factories import make_draft, make_staff
from tests.ledger import nothing_changes
from tests.standing_booking import bought_once, browser_of_owner

pytestmark = pytest.mark.django_db
standing_booking, sandbox, booking, showtime = bought_once("A1", "A2")


@pytest.fixture(autouse=True)
def terms(booking):
    let_exchange(booking.showtime.auditorium.theater)


@pytest.fixture
def me(booking):
    return browser_of_owner(booking)


@pytest.fixture
def url(booking):
    return f"/bookings/{booking.reference}/exchange/"


def begin(client, url, booking, *labels, **fields):
    form = {"action": "begin", "choosing": "1", "ticket": labels, "new_showtime": booking.showtime_id} | fields
    return client.post(url, form)


def choose(client, url, booking, *labels):
    answer = begin(client, url, booking, "A1", "A2")
    assert answer.status_code == 302 and answer.url == f"/showtimes/{booking.showtime_id}/"
    assert "Choose 2 new tickets" in client.get(answer.url).content.decode()
    client.post(f"/showtimes/{booking.showtime_id}/seats/", {"take": labels})
    answer = client.get(f"/checkout/{booking.showtime_id}/")
    assert (answer.status_code, answer.url) == (302, url)
    return client.get(url).content.decode()


def mark_of(page):
    return re.search(r'name="mark" value="([^"]+)"', page)[1].replace("&#x27;", "'")


def test_the_booking_leads_to_the_exchange_while_its_terms_allow(me, booking, url):
    assert url in me.get(f"/bookings/{booking.reference}/").content.decode()
    let_exchange(booking.showtime.auditorium.theater, minutes=0)
    assert url not in me.get(f"/bookings/{booking.reference}/").content.decode()
    page = me.get(url).content.decode()
    assert "does not exchange tickets online" in page and "You cannot exchange these tickets" in page


def test_until_when_stands_beside_the_terms_of_canceling(me, booking):
    theater, until = booking.showtime.auditorium.theater, booking.showtime.starts_at - timedelta(hours=1)
    said = "You can exchange tickets online, also for another showtime, until"
    me.post(f"/showtimes/{booking.showtime_id}/seats/", {"take": "B3"})
    checkout, page = f"/checkout/{booking.showtime_id}/", f"/bookings/{booking.reference}/"
    assert f"{said} 1 hour before the start." in me.get(checkout).content.decode()
    local = until.astimezone(theater.zone)
    assert re.search(rf"{said} [^.]*{local:%H:%M}", me.get(page).content.decode())
    let_exchange(theater, minutes=0)
    assert said not in me.get(checkout).content.decode() + me.get(page).content.decode()


def test_the_whole_way_to_seats_of_the_same_price(me, booking, url):
    page = choose(me, url, booking, "A4", "A5")
    assert "<b>row A, seat 4</b> instead of row A, seat 1" in page and "£0.00" in page
    answer = me.post(url, {"action": "agree", "mark": mark_of(page)})
    assert (answer.status_code, answer.url) == (303, f"/bookings/{booking.reference}/")
    shown = me.get(answer.url).content.decode()
    assert shown.count("data-ticket-code") == 2 and "£29.00" in shown and "Void" in shown
    old = booking.tickets.get(seat__label="A1").code
    assert "exchanged for another one" in me.get(f"/tickets/{old}/").content.decode()
    assert me.get(f"/tickets/{old}.svg").status_code == 410


def new_hold(booking):
    return Hold.objects.get(showtime=booking.showtime, ended_at=None, holder=Exchange.objects.get().holder)


def test_the_page_to_agree_on_counts_the_time_down_and_gives_more_of_it_once(me, booking, url):
    page = choose(me, url, booking, "A4", "A5")
    assert "data-countdown" in page and "js/countdown.js" in page and "Held for you for about 8 min" in page
    assert 'data-extend hidden name="action"' in " ".join(page.split())
    age_hold(new_hold(booking), settings.HOLD_SECONDS - 60)
    before = new_hold(booking).expires_at
    page = " ".join(me.get(url).content.decode().split())
    assert 'data-extend name="action" value="extend"' in page
    answer = me.post(url, {"action": "extend"})
    page = answer.content.decode()
    assert (answer.status_code, "Exchange now" in page, "data-extend" in page) == (200, True, False)
    hold = new_hold(booking)
    assert hold.extended_at is not None
    assert hold.expires_at - before == timedelta(seconds=settings.HOLD_EXTENSION_SECONDS)
    answer = me.post(url, {"action": "extend"})
    assert (answer.status_code, "You can ask for more time once" in answer.content.decode()) == (409, True)


def test_after_the_time_nothing_can_be_agreed_to_and_the_seats_can_be_taken_again(me, booking, url):
    choose(me, url, booking, "A4", "A5")
    age_hold(new_hold(booking), settings.HOLD_SECONDS + 1)
    page = me.get(url).content.decode()
    assert "Your time ran out" in page and "Exchange now" not in page and "data-countdown" not in page
    assert "Your tickets stay valid until the exchange is done." in page
    answer = me.post(url, {"action": "retake", "take": re.findall(r'name="take" value="([^"]+)"', page)})
    page = answer.content.decode()
    assert (answer.status_code, "Exchange now" in page, "data-countdown" in page) == (200, True, True)
    assert me.post(url, {"action": "agree", "mark": mark_of(page)}).status_code == 303


def test_more_time_and_taking_again_without_an_exchange_change_nothing(me, booking, url):
    for action in ("extend", "retake"):
        with nothing_changes():
            assert me.post(url, {"action": action, "take": "A4"}).status_code == 200


def test_dearer_seats_lead_to_the_payment_page_and_back(me, booking, url, sandbox):
    page = choose(me, url, booking, "B1", "B2")
    assert "Pay £6.00" in page
    answer = me.post(url, {"action": "agree", "mark": mark_of(page)})
    exchange = Exchange.objects.get()
    assert (answer.status_code, answer.url) == (303, exchange.payments.get().session_url)
    page = me.get(url).content.decode()
    assert "Continue paying" in page and "Held for you for about 10 min" in page and "data-extend" not in page
    again = me.post(url, {"action": "continue"})
    assert again.url == answer.url
    age_exchange(Exchange.objects.get())
    page = me.get(url).content.decode()
    assert "Continue paying" in page and "data-countdown" not in page
    pay_difference(sandbox, exchange)
    assert me.post(url, {"action": "continue"}).url == f"/bookings/{booking.reference}/"
    shown = me.get(f"/bookings/{booking.reference}/").content.decode()
    assert "£35.00" in shown and "Row" in shown


@pytest.mark.parametrize("is_paying", [False, True])
def test_stopping_keeps_the_tickets_and_frees_the_seats(me, booking, url, is_paying):
    page = choose(me, url, booking, "B1", "B2")
    if is_paying:
        me.post(url, {"action": "agree", "mark": mark_of(page)})
    assert me.post(url, {"action": "stop"}).url == f"/bookings/{booking.reference}/"
    assert Exchange.objects.get().status == "ENDED"
    assert set(booking.showtime.seats.filter(label__in=["B1", "B2"]).values_list("hold", flat=True)) == {None}
    assert booking.tickets.live().count() == 2
    # Seats that are chosen from now on are bought as usual.
    me.post(f"/showtimes/{booking.showtime_id}/seats/", {"take": "B3"})
    assert me.get(f"/checkout/{booking.showtime_id}/").status_code == 200


def test_what_is_wrong_is_said_with_what_to_do(me, booking, url):
    assert "Choose at least one ticket" in begin(me, url, booking).content.decode()
    refused = begin(me, url, booking, "A1", new_showtime="x")
    assert (refused.status_code, "Choose a showtime from the list" in refused.content.decode()) == (422, True)
    page = choose(me, url, booking, "A4")
    assert "you hold 1 for 2" in page and "See what is free" in page and 'value="agree"' not in page
    with nothing_changes():
        assert me.post(url, {"action": "agree", "mark": "x"}).status_code == 422


def test_only_what_was_shown_is_done(me, booking, url):
    choose(me, url, booking, "A4", "A5")
    with nothing_changes():
        refused = me.post(url, {"action": "agree", "mark": "another"})
    assert (refused.status_code, "Nothing was exchanged" in refused.content.decode()) == (409, True)


def test_the_link_alone_exchanges_nothing(booking, url):
    client = Client()
    client.get(f"/bookings/{booking.reference}/{booking_secret(booking)}/")
    page = client.get(url).content.decode()
    assert "E-mail me a code" in page and 'value="begin"' not in page
    with nothing_changes():
        assert begin(client, url, booking, "A1", code="000000").status_code == 422
    client.post(url, {"action": "code"})
    send_due_mail(now=timezone.now())
    code = re.findall(r"^\d{6}", mail.outbox[-1].subject)[0]
    assert begin(client, url, booking, "A1", code=code).status_code == 302


def test_the_link_alone_stops_no_exchange_that_somebody_pays_for(me, booking, url):
    page = choose(me, url, booking, "B1", "B2")
    me.post(url, {"action": "agree", "mark": mark_of(page)})
    client = Client()
    client.get(f"/bookings/{booking.reference}/{booking_secret(booking)}/")
    with nothing_changes():
        assert client.post(url, {"action": "stop"}).url == f"/bookings/{booking.reference}/"
    assert Exchange.objects.get().status == "PAYING"


def test_a_stranger_finds_nothing(booking, url):
    assert Client().get(url).status_code == 404
    assert begin(Client(), url, booking, "A1").status_code == 404


def test_the_mail_has_the_new_tickets_alone(me, booking, url):
    page = choose(me, url, booking, "A4", "A5")
    me.post(url, {"action": "agree", "mark": mark_of(page)})
    send_due_mail(now=timezone.now())
    [sent] = [one for one in mail.outbox if "Your new tickets" in one.subject]
    assert "You now have seats A4, A5." in sent.body
    assert [name for _, _, name in sent.pictures] == ["A4.png", "A5.png"]


def test_what_was_exchanged_as_a_whole_leads_to_the_new_tickets(me, booking, url):
    draft = make_draft(theater=booking.showtime.auditorium.theater)
    showtime = open_for_sale(showtime_id=draft.pk, actor="test")
    begin(me, url, booking, "A1", "A2", new_showtime=showtime.pk)
    me.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2"]})
    page = me.get(url).content.decode()
    me.post(url, {"action": "agree", "mark": mark_of(page)})
    old = me.get(f"/bookings/{booking.reference}/?showtime={booking.showtime_id}").content.decode()
    assert "You exchanged these tickets" in old and f'href="/bookings/{booking.reference}/"' in old
    new = me.get(f"/bookings/{booking.reference}/?showtime={showtime.pk}").content.decode()
    assert new.count("data-ticket-code") == 2


def test_the_theater_says_in_the_office_until_when(booking):
    theater = booking.showtime.auditorium.theater
    boss = make_staff("OWNER", theater)
    client = Client()
    client.force_login(boss)
    page = client.get(f"/admin/houses/theater/{theater.pk}/change/").content.decode()
    assert re.search(r'name="exchange_minutes"[^>]*value="60"|value="60"[^>]*name="exchange_minutes"', page)
