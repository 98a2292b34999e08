"""A button whose effect has happened already, by a double click, Back, a second tab or a retry of the network: the next page says
what happened and leads on, and nothing is done twice.
"""

import re

import pytest
from django.test import Client
from django.utils import timezone

from reservations.access import booking_secret
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.models import Booking, ChangeNotice, Exchange, Ticket
from tests.boxoffice.test_counter import hold, seller
from tests.exchanging import age_exchange, let_exchange, other_showtime, pay_difference
from tests.factories import make_staff, make_transfer
from tests.ledger import broken_invariants, nothing_changes
from tests.standing_booking import bought_once, browser_of_owner
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db
standing_booking, sandbox, booking, showtime = bought_once("A1", "A2")
DONE = "The exchange is done: these are your tickets now."
ENDED = "This exchange has ended, and nothing was exchanged."


@pytest.fixture(autouse=True)
def terms(booking):
    let_exchange(booking.showtime.auditorium.theater)


@pytest.fixture
def me(booking):
    return browser_of_owner(booking)


def path(booking, name):
    return f"/bookings/{booking.reference}/{name}/"


def late(client, url, form, *, leads_to):
    """Press a button that was good before: nothing changes. Returns the page it leads to."""
    with nothing_changes():
        answer = client.post(url, form)
    assert answer.status_code in (302, 303), answer.status_code
    assert answer.url == leads_to
    return client.get(answer.url).content.decode()


class TestExchange:
    @pytest.fixture
    def mark(self, me, booking):
        return self.choose(me, booking, "B1", "B2")

    def choose(self, client, booking, *seats):
        exchange = path(booking, "exchange")
        form = {"action": "begin", "choosing": "1", "ticket": ["A1", "A2"], "new_showtime": booking.showtime_id}
        client.post(exchange, form)
        client.post(f"/showtimes/{booking.showtime_id}/seats/", {"take": seats})
        return re.search(r'name="mark" value="([^"]+)"', client.get(exchange).content.decode())[1]

    @pytest.fixture
    def done(self, me, booking, mark, sandbox):
        me.post(path(booking, "exchange"), {"action": "agree", "mark": mark})
        pay_difference(sandbox, Exchange.objects.get())
        assert Exchange.objects.get().status == "DONE"
        return mark

    @pytest.mark.parametrize("action", ["agree", "continue", "stop", "extend", "retake"])
    def test_after_it_was_done_it_says_so_and_leads_to_the_tickets(self, me, booking, done, action):
        form = {"action": action, "mark": done, "take": ["B1", "B2"]}
        assert DONE in late(me, path(booking, "exchange"), form, leads_to=booking.get_absolute_url())

    @pytest.mark.parametrize("action", ["agree", "stop"])
    def test_for_another_showtime(self, me, booking, action):
        """The sale has two bookings then, and the form says about which of them it is."""
        new, exchange = other_showtime(booking), path(booking, "exchange")
        begin = {"action": "begin", "choosing": "1", "ticket": ["A1", "A2"], "new_showtime": new.pk}
        me.post(exchange, begin)
        me.post(f"/showtimes/{new.pk}/seats/", {"take": ["A4", "A5"]})
        page = me.get(exchange).content.decode()
        form = {"action": action, "mark": re.search(r'name="mark" value="([^"]+)"', page)[1]}
        address = exchange + re.search(r'method="post" action="(\?[^"]*)"', page)[1]
        first = me.post(address, form | {"action": "agree"})
        assert Exchange.objects.get().status == "DONE"
        made = Booking.objects.get(showtime=new)
        assert DONE in late(me, address, form, leads_to=made.get_absolute_url())
        assert me.get(first.url).status_code == 200

    @pytest.mark.parametrize("action", ["agree", "continue", "stop"])
    def test_after_it_was_stopped_it_says_that_nothing_was_exchanged(self, me, booking, mark, action):
        page = late_after_stop(me, booking, {"action": action, "mark": mark})
        assert ENDED in page and DONE not in page

    def test_stopped_after_an_earlier_one_was_done_it_does_not_speak_of_that(self, me, booking, done):
        form = {"action": "begin", "choosing": "1", "ticket": ["B1"], "new_showtime": booking.showtime_id}
        me.post(path(booking, "exchange"), form)
        page = late_after_stop(me, booking, {"action": "agree", "mark": "x"})
        assert ENDED in page and DONE not in page

    def test_stopped_in_one_tab_after_it_was_paid_in_another(self, me, booking, mark, sandbox):
        """The money came before the payment page was closed: the exchange is done, and the button says so."""
        me.post(path(booking, "exchange"), {"action": "agree", "mark": mark})
        sandbox.pay(Exchange.objects.get().payments.get().session_id)
        answer = me.post(path(booking, "exchange"), {"action": "stop"})
        assert DONE in me.get(answer.url).content.decode()
        assert (Exchange.objects.get().status, broken_invariants()) == ("DONE", [])

    def test_while_the_provider_is_silent_it_is_not_said_to_be_stopped(self, me, booking, mark, settings):
        me.post(path(booking, "exchange"), {"action": "agree", "mark": mark})
        settings.STRIPE_API_BASE = "http://127.0.0.1:9"
        page = late(me, path(booking, "exchange"), {"action": "stop"}, leads_to=path(booking, "exchange"))
        assert "does not answer right now" in page and ENDED not in page and "Continue paying" in page

    def test_another_browser_with_the_link_alone_is_told_where_it_can_be_stopped(self, me, booking, mark):
        me.post(path(booking, "exchange"), {"action": "agree", "mark": mark})
        guest = Client()
        guest.get(f"/bookings/{booking.reference}/{booking_secret(booking)}/")
        page = late(guest, path(booking, "exchange"), {"action": "stop"}, leads_to=booking.get_absolute_url())
        assert "being paid for in another browser" in page

    def test_whose_time_to_pay_is_over(self, me, booking, mark):
        me.post(path(booking, "exchange"), {"action": "agree", "mark": mark})
        me.post(path(booking, "exchange"), {"action": "stop"})
        age_exchange(Exchange.objects.get())
        assert ENDED in late(me, path(booking, "exchange"), {"action": "continue"}, leads_to=booking.get_absolute_url())


def late_after_stop(client, booking, form):
    stopped = client.post(path(booking, "exchange"), {"action": "stop"})
    assert ENDED in client.get(stopped.url).content.decode()
    return late(client, path(booking, "exchange"), form, leads_to=booking.get_absolute_url())


class TestExchangeAtTheCounter:
    @pytest.fixture
    def clerk(self, booking):
        return seller(booking.showtime.auditorium.theater)

    @pytest.fixture
    def form(self, clerk, booking):
        new = other_showtime(booking)
        clerk.post(self.page(booking), {"action": "begin", "ticket": ["A1", "A2"], "new_showtime": new.pk})
        hold(clerk, new, "A4", "A5")
        return {"action": "agree", "mark": clerk.get(self.page(booking)).context["shown"].mark}

    def page(self, booking):
        return f"/counter/sales/{booking.reference}/exchange/?showtime={booking.showtime_id}"

    @pytest.mark.parametrize("action", ["agree", "stop"])
    def test_after_it_was_done(self, clerk, booking, form, action):
        first = clerk.post(self.page(booking), form)
        page = late(clerk, self.page(booking), form | {"action": action}, leads_to=first.url)
        assert "This exchange was done before, and nothing was done twice." in page
        assert "Nothing was exchanged" not in page

    @pytest.mark.parametrize("action", ["agree", "stop"])
    def test_after_it_was_stopped(self, clerk, booking, form, action):
        first = clerk.post(self.page(booking), {"action": "stop"})
        assert "Nothing was exchanged." in clerk.get(first.url).content.decode()
        page = late(clerk, self.page(booking), form | {"action": action}, leads_to=first.url)
        assert "Nothing was exchanged." in page and "done before" not in page


def test_canceling_what_was_canceled(me, booking):
    form = {"action": "cancel", "choosing": "1", "ticket": "A1", "amount": "14.50"}
    assert "is on its way back to your card" in me.get(me.post(path(booking, "cancel"), form).url).content.decode()
    page = late(me, path(booking, "cancel"), form, leads_to=booking.get_absolute_url())
    assert "These tickets were canceled before. Nothing was done twice." in page and "on its way back" not in page


class TestAnswerToAChange:
    @pytest.fixture(autouse=True)
    def change(self, booking):
        later = booking.showtime.starts_at + timezone.timedelta(hours=1)
        wanted = ChangeRequest(ChangeKind.TIME, starts_at=later, offer_days=7)
        change = plan_change(showtime=booking.showtime, request=wanted, user_id=None, now=timezone.now())
        boss = make_staff("MANAGER", booking.showtime.auditorium.theater)
        apply_change(change_id=change.pk, reason="The film is longer", user_id=boss.pk, now=timezone.now())

    def answer(self, words):
        return {"notice": ChangeNotice.objects.get().pk, "answer": words}

    def test_the_money_was_taken(self, me, booking):
        first = me.post(path(booking, "offer"), self.answer("refund"))
        assert "£29.00 is on its way back to your card" in me.get(first.url).content.decode()
        again = late(me, path(booking, "offer"), self.answer("refund"), leads_to=booking.get_absolute_url())
        assert "These tickets were canceled before." in again

    def test_keeping_what_was_given_back_does_not_call_it_valid(self, me, booking):
        me.post(path(booking, "offer"), self.answer("refund"))
        with nothing_changes():
            kept = me.post(path(booking, "offer"), self.answer("keep"))
        assert (kept.status_code, "still valid" in kept.text) == (410, False)
        assert "nothing left to keep" in kept.text and booking.get_absolute_url() in kept.text

    def test_keeping_or_giving_back_what_the_customer_had_canceled(self, me, booking):
        form = {"action": "cancel", "choosing": "1", "ticket": ["A1", "A2"], "amount": "29.00"}
        me.post(path(booking, "cancel"), form)
        for words in ("keep", "refund"):
            with nothing_changes():
                answer = me.post(path(booking, "offer"), self.answer(words))
            assert (answer.status_code, "nothing left to keep" in answer.text) == (410, True), words
        assert ChangeNotice.objects.get().answer == ""


def test_changing_the_seats_of_a_booking_that_is_paid(me, booking):
    page = late(me, f"/payments/{booking.reference}/change-seats/", {}, leads_to=booking.get_absolute_url())
    assert "This booking is paid for already, so its tickets are not changed here." in page


def test_a_link_for_a_friend_after_the_friend_took_the_ticket(me, booking):
    ticket = booking.tickets.first()
    taken = make_transfer(ticket)
    assert Client().post(f"/transfers/{taken.code}/").status_code == 302
    for action in ("make", "withdraw"):
        with nothing_changes():
            answer = me.post(f"/tickets/{ticket.code}/transfer/", {"action": action})
        assert (answer.status_code, "Somebody has taken this ticket by its link" in answer.text) == (410, True)
    assert Ticket.objects.get(pk=ticket.pk).code != ticket.code
