"""Many people post to each page that moves money or tickets at the same time: it acts once, and the books agree.

The services have races of their own, with controls. Here whole requests run, with sessions, forms and middleware: once
inside this process, and once over HTTP to a server, with its parsing of requests and its CSRF check.
"""

import re
from collections import Counter
from decimal import Decimal
from functools import partial
from hashlib import sha256

import pytest
import requests
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Sum
from django.test import Client
from django.utils.crypto import get_random_string

from accounts.models import AccountMail
from boxoffice.models import RefundRequest
from core.clock import from_now
from houses.models import Theater
from payments.models import Payment, Refund
from payments.refunds.cancellation import cancel_and_refund
from payments.sessions.settlement import settle
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking, BookingAccess, Cancellation, Exchange, Friend, Ticket, Transfer
from reservations.states import CancelCause
from reservations.waiting.waiting_offers import offer_seats
from sales.models import Sale
from staff.models import AuditEntry, StaffRole
from staff.services.invitations import invite
from staff.services.roles import Person
from tests.boxoffice.actions import look, path_of
from tests.boxoffice.test_counter import at, hold, sale, seller
from tests.boxoffice.test_invitations import fill_in
from tests.counter import make_seller, sell_seats
from tests.exchanging import let_exchange
from tests.factories import (
    buy,
    make_browser,
    make_group,
    make_promo,
    make_shared_block,
    make_staff,
    make_transfer,
    make_waiting_entry,
)
from tests.payments.privacy.test_own_data import over_for_days
from tests.payments.refunds.test_offer_page import move
from tests.race.racing import PATIENCE, broken_invariants, run_all
from tests.signing_in import signed_in
from tests.standing_booking import browser_of_owner

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.long]
MANY = 6


class HttpTab:
    """A browser tab that posts to the running server, with the cookies of another one if given."""

    def __init__(self, server: str, client: Client | None = None) -> None:
        self.server, self.session = server, requests.Session()
        token = get_random_string(32)
        self.session.headers.update({"Host": "testserver", "X-CSRFToken": token})
        self.session.cookies.update({name: morsel.value for name, morsel in client.cookies.items()} if client else {})
        self.session.cookies.set(settings.CSRF_COOKIE_NAME, token)

    def post(self, path, sent):
        answer = self.session.post(self.server + path, data=sent, allow_redirects=False, timeout=PATIENCE)
        assert answer.status_code not in {400, 403}, answer.text
        return answer


class Ways:
    """How posts are sent, by the fixture `way`: to the address of a server, or inside this process."""

    server = ""


@pytest.fixture(autouse=True, params=["inside", "over HTTP"])
def way(request, monkeypatch):
    if request.param == "over HTTP":
        monkeypatch.setattr(Ways, "server", request.getfixturevalue("live_server").url)


def new_tab():
    return HttpTab(Ways.server) if Ways.server else Client()


def tab_of(client):
    """Another tab of the same browser."""
    if not isinstance(client, Client):
        return client
    if Ways.server:
        return HttpTab(Ways.server, client)
    tab = Client()
    tab.cookies.load(client.cookies.output(header="", sep=";"))
    return tab


def all_at_once(*posts) -> Counter:
    """Send each post, as (browser, path, form), from a tab of its own; returns how often each status was answered."""
    jobs = [partial(tab_of(client).post, path, sent) for client, path, sent in posts]
    return Counter(answer.status_code for answer in run_all(*jobs))


def post_at_once(client, path, sent) -> Counter:
    return all_at_once(*[(client, path, sent)] * MANY)


def given_back() -> Decimal:
    return Refund.objects.exclude(status="FAILED").aggregate(all=Sum("amount"))["all"] or Decimal(0)


def mark_on(page) -> str:
    return re.search(r'name="mark" value="([^"]*)"', page)[1].replace("&#x27;", "'")


@pytest.fixture
def theater(showtime):
    let_exchange(showtime.auditorium.theater)
    Theater.objects.update(refund_limit=100)
    return showtime.auditorium.theater


@pytest.fixture
def booking(showtime, theater, sandbox):
    return buy(sandbox, showtime, make_browser(1), "A1", "A2")


@pytest.fixture
def owner(booking):
    return browser_of_owner(booking)


@pytest.fixture
def office(theater):
    client = Client()
    client.force_login(make_staff("OWNER", theater))
    return client


@pytest.fixture(autouse=True)
def books():
    yield
    assert broken_invariants() == set()


# Customers.


def test_pay_for_nothing_with_a_code_that_can_be_used_once(showtime, theater, client):
    make_promo("GIFT", percent=Decimal(100), most_uses=1)
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"})
    sent = {"action": "pay", "email": "ada@example.com", "total": "0.00", "type-A1": "ADULT", "promo": "GIFT"}
    answers = post_at_once(client, f"/checkout/{showtime.pk}/", sent)
    assert answers[303] >= 1 and set(answers) <= {200, 303, 409, 422}
    assert (Booking.objects.get().status, Ticket.objects.count(), Payment.objects.count()) == ("CONFIRMED", 1, 0)


def test_cancel_all(booking, owner):
    sent = {"action": "cancel", "choosing": "1", "amount": "29.00", "ticket": ["A1", "A2"]}
    post_at_once(owner, f"/bookings/{booking.reference}/cancel/", sent)
    assert (Cancellation.objects.count(), given_back()) == (1, Decimal("29.00"))


def test_cancel_one_here_and_the_other_there(booking, owner):
    path, part = f"/bookings/{booking.reference}/cancel/", {"action": "cancel", "choosing": "1", "amount": "14.50"}
    all_at_once(*[(owner, path, part | {"ticket": label}) for label in ("A1", "A2")] * 3)
    assert given_back() == Decimal("14.50") * Ticket.objects.filter(status="VOID").count()


@pytest.mark.parametrize(("label", "pages"), [("A4", 0), ("B1", 1)])
def test_agree_to_an_exchange(showtime, booking, owner, label, pages):
    url = f"/bookings/{booking.reference}/exchange/"
    begin = {"action": "begin", "choosing": "1", "ticket": "A1", "new_showtime": showtime.pk}
    owner.post(url, begin)
    owner.post(f"/showtimes/{showtime.pk}/seats/", {"take": label})
    sent = {"action": "agree", "mark": mark_on(owner.get(url).content.decode())}
    answers = post_at_once(owner, url, sent)
    assert answers[303] >= 1
    exchange = Exchange.objects.get()
    assert (given_back(), exchange.payments.count()) == (0, pages)
    assert Ticket.objects.live().filter(booking__sale=booking.sale_id).count() == 2


def test_exchange_and_cancel(showtime, booking, owner):
    url = f"/bookings/{booking.reference}/exchange/"
    owner.post(url, {"action": "begin", "choosing": "1", "ticket": ["A1", "A2"], "new_showtime": showtime.pk})
    owner.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A4", "A5"]})
    agree = {"action": "agree", "mark": mark_on(owner.get(url).content.decode())}
    cancel = {"action": "cancel", "choosing": "1", "amount": "29.00", "ticket": ["A1", "A2"]}
    all_at_once(*[(owner, url, agree), (owner, f"/bookings/{booking.reference}/cancel/", cancel)] * 3)
    live = Ticket.objects.live().filter(booking__sale=booking.sale_id).count()
    assert (live, given_back()) in [(2, 0), (0, Decimal("29.00"))]


def test_take_a_ticket_that_was_given_away(booking):
    code = make_transfer(booking.tickets.get(seat__label="A1")).code
    answers = all_at_once(*[(new_tab(), f"/transfers/{code}/", {}) for _ in range(MANY)])
    assert answers[302] + answers[303] == 1
    assert Transfer.objects.exclude(accepted_at=None).count() == 1
    assert Ticket.objects.live().filter(booking=booking).count() == 2


def test_take_an_offer_of_the_waiting_list(showtime, theater):
    entry = make_waiting_entry(showtime, count=2)
    assert offer_seats(showtime_id=showtime.pk) == 1
    all_at_once(*[(new_tab(), f"/waiting/{entry.code}/", {"do": "take"}) for _ in range(MANY)])
    assert showtime.holds.filter(ended_at=None).count() == 1
    entry.refresh_from_db()
    assert entry.status == "TOOK"


def test_friends_want_the_same_seat_and_pay(showtime, theater, sandbox):
    block = make_shared_block(showtime, "A1", "A2", "A3")
    link = f"/showtimes/{showtime.pk}/group/{block.code}/"
    pay = {"action": "pay", "email": "ben@example.com", "total": "14.50", "type-A1": "ADULT"}

    def take_and_pay():
        client = new_tab()
        client.post(link, {"seats": "A1", "name": "Ben"})
        return client.post(f"/checkout/{showtime.pk}/", pay).status_code

    answers = Counter(run_all(*[take_and_pay] * MANY))
    assert (answers[303], Booking.objects.count(), Friend.objects.count()) == (1, 1, 1)
    sandbox.pay(Payment.objects.get().session_id)
    settle(payment_id=Payment.objects.get().pk, actor="test")
    assert Booking.objects.get().status == "CONFIRMED"


def test_many_of_a_group_pay(showtime, theater):
    group = make_group(showtime, "A1", "A2")

    def take_and_pay(label):
        client = new_tab()
        client.post(f"/groups/{group.code}/", {"seats": label})
        sent = {"action": "pay", "email": "g@example.com", "total": "14.50", f"type-{label}": "ADULT"}
        return client.post(f"/checkout/{showtime.pk}/", sent).status_code

    run_all(*[partial(take_and_pay, label) for label in ("A1", "A2")] * 3)
    assert sorted(Ticket.objects.values_list("seat__label", flat=True)) == ["A1", "A2"]


def test_take_the_money_back_after_a_change(showtime, booking, owner):
    move(showtime)
    notice = booking.notices.get()
    path = f"/bookings/{booking.reference}/offer/"
    all_at_once(*[(owner, path, {"notice": notice.pk, "answer": words}) for words in ("refund", "keep")] * 3)
    live = Ticket.objects.live().filter(booking=booking).count()
    assert (live, given_back()) in [(2, 0), (0, Decimal("29.00"))]


def test_change_seats_and_pay_again(showtime, theater, client, sandbox):
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"})
    pay = {"action": "pay", "email": "ada@example.com", "total": "14.50", "type-A1": "ADULT"}
    client.post(f"/checkout/{showtime.pk}/", pay)
    booking = Booking.objects.get()
    change = f"/payments/{booking.reference}/change-seats/"
    all_at_once(*[(client, f"/checkout/{showtime.pk}/", pay), (client, change, {})] * 3)
    live = [payment for payment in Payment.objects.all() if payment.status in {"OPEN", "CREATED"}]
    assert len(live) <= 1


def test_erase_an_account(booking, django_user_model):
    over_for_days(booking)
    ada = django_user_model.objects.create_user(booking.email, "a long password of hers", first_name="Ada")
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    post_at_once(signed_in(ada), "/accounts/data/erase/", {})
    assert AuditEntry.objects.filter(action="erase account").count() == 1
    assert AccountMail.objects.count() == 1
    assert (Sale.objects.get().contact.email, django_user_model.objects.get(pk=ada.pk).is_active) == ("", False)
    over_for_days(booking, days=-3)


def test_erase_what_a_guest_bought(booking):
    over_for_days(booking)
    guest = Client()
    guest.cookies["holder"] = "g" * 22
    BookingAccess.objects.create(
        booking=booking,
        holder=sha256(b"g" * 22).hexdigest(),
        link_version=booking.sale.link_version,
        codes_sent=1,
        code_sent_at=from_now(-60),
        proven_at=from_now(-30),
    )
    post_at_once(guest, f"/bookings/{booking.reference}/data/", {"action": "erase"})
    assert AuditEntry.objects.filter(action="erase contact").count() == 1
    assert (Sale.objects.get().contact.email, AccountMail.objects.count()) == ("", 1)
    over_for_days(booking, days=-3)


# The counter.


def test_sell_at_the_counter(showtime, theater):
    clerk = seller(theater)
    hold(clerk, showtime, "A1", "A2")
    post_at_once(clerk, at(showtime), sale("A1", "A2", total="29.00", tendered="50"))
    assert (Booking.objects.count(), Payment.objects.count(), Ticket.objects.count()) == (1, 1, 2)


def test_void_it_and_give_it_back_in_the_office(showtime, theater, office):
    clerk = seller(theater)
    hold(clerk, showtime, "A1", "A2")
    clerk.post(at(showtime), sale("A1", "A2", total="29.00", tendered="50"))
    sold = Booking.objects.get()
    path, refund = f"/counter/sales/{sold.reference}/void/", path_of("refund", sold.pk)
    mark = clerk.get(path).context["plan"].mark
    wanted = {"tickets": list(sold.tickets.values_list("pk", flat=True)), "percent": 100, "reason": "Wrong seats"}
    _, shown = look(office, refund, **wanted)
    posts = [
        (clerk, path, {"mark": mark, "reason": "Wrong seats"}),
        (office, refund, wanted | {"mark": shown, "_do": "yes"}),
    ] * 3
    all_at_once(*posts)
    assert (Cancellation.objects.count(), given_back()) == (1, Decimal("29.00"))


def test_pay_out(showtime, theater, office):
    by = make_seller(showtime, "MANAGER")
    sold = sell_seats(showtime, by, "A1").booking
    cancel_and_refund(booking_id=sold.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, by.actor))
    refund = Refund.objects.get()
    path = f"/admin/reservations/booking/{sold.pk}/pay-out/{refund.pk}/"
    _, mark = look(office, path, method="CASH")
    boss = seller(theater, "MANAGER")
    posts = [
        (office, path, {"method": "CASH", "mark": mark, "_do": "yes"}),
        (boss, f"/counter/pay-outs/{refund.pk}/", {"method": "cash"}),
    ] * 3
    all_at_once(*posts)
    sold.sale.refresh_from_db()
    assert (given_back(), sold.sale.paid_out) == (Decimal("14.50"), Decimal("14.50"))


# The office.


def acts(booking, office, name, **wanted):
    path = path_of(name, booking.pk)
    _, mark = look(office, path, **wanted)
    return path, wanted | {"mark": mark, "_do": "yes"}


def test_give_back_a_part(booking, office):
    ticket = booking.tickets.get(seat__label="A1").pk
    post_at_once(office, *acts(booking, office, "refund", tickets=[ticket], percent=50, reason="Broken seat"))
    assert (Cancellation.objects.count(), given_back()) == (1, Decimal("7.25"))


def test_give_something_for_the_trouble(booking, office):
    post_at_once(office, *acts(booking, office, "goodwill", amount="5.00", reason="The heating broke"))
    assert (RefundRequest.objects.count(), given_back()) == (1, Decimal("5.00"))


def test_trouble_and_refund_and_the_customers_own_cancellation(booking, office, owner):
    ids = list(booking.tickets.values_list("pk", flat=True))
    cancel = {"action": "cancel", "choosing": "1", "amount": "29.00", "ticket": ["A1", "A2"]}
    posts = [
        (office, *acts(booking, office, "goodwill", amount="5.00", reason="The heating broke")),
        (office, *acts(booking, office, "refund", tickets=ids, percent=100, reason="Ill")),
        (owner, f"/bookings/{booking.reference}/cancel/", cancel),
    ] * 2
    all_at_once(*posts)
    # Depending on who came first, five pounds or all of it went back, and never more than was paid.
    assert given_back() in {Decimal("5.00"), Decimal("29.00")}


def test_give_tickets_away(showtime, theater, office):
    path = f"/admin/reservations/booking/give/{showtime.pk}/"
    wanted = {"labels": ["A1", "A2"], "email": "press@example.com", "reason": "Press night"}
    _, mark = look(office, path, **wanted)
    post_at_once(office, path, wanted | {"mark": mark, "_do": "yes"})
    assert (Booking.objects.count(), Ticket.objects.count()) == (1, 2)


def test_accept_an_invitation(theater):
    boss = make_staff("OWNER", theater)
    _, secret = invite(person=Person("new@example.com"), theater=theater, role="DOOR", inviter=boss, reason="hired")
    link = f"/invitations/{secret}/"
    forms = [fill_in(Client(), link, password=f"lantern gravel umbrella {number}")[1] for number in range(MANY)]
    answers = all_at_once(*[(new_tab(), link, form) for form in forms])
    assert answers[302] == 1 and set(answers) <= {302, 404, 410}
    assert StaffRole.objects.filter(user__email="new@example.com").count() == 1
    assert AuditEntry.objects.filter(action="give role").count() == 1
