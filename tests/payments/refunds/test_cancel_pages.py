"""A customer cancels: exactly the shown amount is refunded, or nothing happens."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from payments.models import Payment, Refund
from payments.sessions.checkout import pay
from payments.sessions.settlement import settle
from reservations.aftersale import cancellation as service
from reservations.models import Booking, Cancellation, Ticket
from reservations.selling.bookings import PayForm
from reservations.states import CancelCause
from sales.models import Sale
from tests.factories import begin_paying, buy, hold_seats, make_browser, make_price_list, make_showtime, make_theater
from tests.ledger import broken_invariants, nothing_changes
from tests.standing_booking import bought_once, browser_of_owner
from tests.variants import some
from theaters.models import Showtime, TicketType
from theaters.prices.price_versions import pin_prices

pytestmark = pytest.mark.django_db
standing_booking, sandbox, booking, showtime = bought_once("A1", "B1")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def me(booking):
    return browser_of_owner(booking)


@pytest.fixture
def url(booking):
    return f"/bookings/{booking.reference}/cancel/"


def settled(sandbox, booking):
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    return booking


def form(amount, *labels, action="cancel"):
    return {"action": action, "choosing": "1", "amount": amount, "ticket": labels}


def starts_in(showtime, **left):
    """Move the showtime so that it starts after this time."""
    by = Showtime.objects.get(pk=showtime.pk).starts_at - timezone.now() - timedelta(**left)
    Showtime.objects.filter(pk=showtime.pk).update(
        starts_at=F("starts_at") - by, ends_at=F("ends_at") - by, occupied_until=F("occupied_until") - by
    )


def refunds():
    return list(Refund.objects.order_by("pk").values_list("amount", flat=True))


# The page.


def test_it_shows_each_ticket_and_the_exact_amount(me, url, booking):
    answer = me.get(url)
    offer = answer.context["offer"]
    assert [(line.card.label, str(line.refund), line.is_chosen) for line in offer.lines] == [
        ("A1", "14.50", True),
        ("B1", "17.50", True),
    ]
    text = answer.content.decode()
    assert "Cancel and refund £32.00" in text and booking.sale.terms.splitlines()[0] in text
    assert answer["Cache-Control"] == "no-store"


def test_in_the_second_step_half_of_it_is_kept(me, url, showtime):
    starts_in(showtime, hours=3)
    text = me.get(url).content.decode()
    assert "Cancel and refund £16.00" in text and "Not refunded" in text and "£8.75" in text


def test_choosing_a_ticket_changes_the_amount_and_nothing_else(me, url):
    with nothing_changes():
        answer = me.post(url, form("32.00", "B1", action="update"), headers=HTMX)
    text = answer.content.decode()
    assert text.lstrip().startswith("<form") and "Cancel and refund £17.50" in text and "checked" in text
    assert 'name="amount" value="17.50"' in text


def test_choosing_none_leaves_no_button(me, url):
    text = me.post(url, form("32.00", action="update")).content.decode()
    assert "Choose at least one ticket" in text and 'value="cancel"' not in text


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(me, url, method):
    assert getattr(me, method)(url).status_code == 405


def test_nobody_else_sees_it(url, django_user_model):
    eve = Client()
    eve.force_login(django_user_model.objects.create_user("eve@example.com", "x", is_staff=True))
    for client in (Client(), eve):
        with nothing_changes():
            assert client.get(url).status_code == 404
            assert client.post(url, form("32.00", "A1", "B1")).status_code == 404


# Canceling.


def test_the_whole_booking_comes_back_as_shown(me, url, booking):
    answer = me.post(url, form("32.00", "A1", "B1"))
    booking.refresh_from_db()
    assert (answer.status_code, answer.url, booking.status) == (303, booking.get_absolute_url(), "CANCELED")
    assert (refunds(), broken_invariants()) == ([Decimal("32.00")], [])
    done = Cancellation.objects.get()
    assert (done.cause, done.actor, done.kept) == (CancelCause.CUSTOMER, "customer", 0)
    text = me.get(answer.url).content.decode()
    assert "This booking is canceled" in text and "£32.00 goes back to your card" in text
    assert not any(ticket.code in text for ticket in booking.tickets.all())


def test_a_single_ticket_comes_back_and_the_other_stays(me, url, booking):
    me.post(url, form("17.50", "B1"))
    booking.refresh_from_db()
    assert (booking.status, refunds(), broken_invariants()) == ("CONFIRMED", [Decimal("17.50")], [])
    text = me.get(booking.get_absolute_url()).content.decode()
    live, void = booking.tickets.order_by("pk")
    assert live.code in text and void.code not in text and 'data-status="void"' in text
    assert [line.card.label for line in me.get(url).context["offer"].lines] == ["A1"]


def test_half_comes_back_and_the_kept_half_is_a_fee(me, url, booking, showtime):
    starts_in(showtime, hours=3)
    me.post(url, form("8.75", "B1"))
    booking.refresh_from_db()
    assert (booking.sale.refund_due, booking.sale.fees_kept) == (Decimal("8.75"), Decimal("8.75"))
    assert (refunds(), broken_invariants()) == ([Decimal("8.75")], [])
    assert "for canceled tickets" in me.get(booking.get_absolute_url()).content.decode()


def test_pressed_twice_is_done_once(me, url):
    me.post(url, form("17.50", "B1"))
    with nothing_changes():
        assert me.post(url, form("17.50", "B1")).status_code == 303


def test_a_step_that_passed_meanwhile_shows_the_new_amount_and_does_nothing(me, url, showtime):
    shown = me.get(url).context["offer"].amount_value
    starts_in(showtime, hours=11, minutes=59)
    with nothing_changes():
        answer = me.post(url, form(shown, "A1", "B1"))
    text = answer.content.decode()
    assert answer.status_code == 409 and "has changed since this page was shown" in text
    assert "Cancel and refund £16.00" in text


@pytest.mark.parametrize(
    "amount", some(["32.01", "31.99", "0", "-32.00", "NaN", "sNaN", "Infinity", "", "all of it"], every=3)
)
def test_another_amount_than_the_one_shown_does_nothing(me, url, amount):
    with nothing_changes():
        assert me.post(url, form(amount, "A1", "B1")).status_code == 409


@pytest.mark.parametrize("labels", [(), ("A2",), ("A1", "A2"), ("Z99",)])
def test_other_seats_than_the_own_do_nothing(me, url, labels):
    with nothing_changes():
        assert me.post(url, form("14.50", *labels)).status_code == 409


def test_a_ticket_that_was_scanned_stays(me, url):
    Ticket.objects.filter(seat__label="A1").update(status="USED")
    with nothing_changes():
        assert me.post(url, form("32.00", "A1", "B1")).status_code == 409
    assert me.post(url, form("17.50", "B1")).status_code == 303
    assert "have already been used" in me.get(url).content.decode()


def test_a_disputed_booking_stays(me, url):
    Payment.objects.update(status="DISPUTED")
    with nothing_changes():
        answer = me.post(url, form("32.00", "A1", "B1"))
    assert answer.status_code == 409 and "being disputed" in answer.content.decode()


def test_after_the_last_step_it_is_too_late(me, url, booking, showtime):
    starts_in(showtime, hours=1, minutes=59)
    page = me.get(url).content.decode()
    assert "too late to cancel" in page and 'value="cancel"' not in page
    with nothing_changes():
        assert me.post(url, form("32.00", "A1", "B1")).status_code == 409
    assert url not in me.get(booking.get_absolute_url()).content.decode()


def test_a_booking_that_waits_for_its_money_has_nothing_to_cancel(me, booking, showtime, other_browser):
    pending = begin_paying(showtime, other_browser, "A3")
    Sale.objects.filter(pk=pending.sale_id).update(user=Sale.objects.get(pk=booking.sale_id).user_id)
    with nothing_changes():
        assert me.post(f"/bookings/{pending.reference}/cancel/", form("14.50", "A3")).status_code == 409


def test_steps_are_those_of_the_sale(me, url, showtime):
    theater = showtime.auditorium.theater
    type(theater).objects.filter(pk=theater.pk).update(cancel_tiers=[])
    assert "Cancel and refund £32.00" in me.get(url).content.decode()


def test_a_booking_that_cost_nothing_gives_its_seat_back(my_browser, django_user_model):
    theater = make_theater()
    free = make_price_list(theater, {"ADULT": Decimal(0), "CHILD": Decimal(0)}, premium=Decimal(0))
    booking = begin_paying(make_showtime(theater=theater, price_list=free), my_browser, "A1")
    ada = django_user_model.objects.create_user("ada@example.com", "x")
    Sale.objects.filter(pk=booking.sale_id).update(user=ada)
    client = Client()
    client.force_login(ada)
    client.post(f"/bookings/{booking.reference}/cancel/", form("0.00", "A1"))
    booking.refresh_from_db()
    assert (booking.status, refunds(), broken_invariants()) == ("CANCELED", [], [])


def test_what_was_given_back_as_goodwill_is_not_given_twice_and_the_page_knows(me, url, booking):
    # Somebody gave £20.00 of £32.00 back in Stripe's dashboard: £12.00 are left.
    Sale.objects.filter(pk=booking.sale_id).update(goodwill=Decimal("20.00"), refund_due=Decimal("20.00"))
    assert me.get(url).context["offer"].amount_value == "12.00"
    me.post(url, form("12.00", "A1", "B1"))
    done = Cancellation.objects.get()
    assert (done.refunded, done.kept) == (Decimal("12.00"), Decimal("20.00"))


@pytest.mark.parametrize(("labels", "status"), [(("A2",), 409), (("A3",), 303), (("A2", "A3"), 303)])
def test_a_child_does_not_stay_alone(showtime, sandbox, me, labels, status):
    TicketType.objects.filter(code="CHILD").update(needs_adult=True)
    TicketType.objects.filter(code="ADULT").update(is_adult=True)
    pin_prices(showtime)
    browser = make_browser(5)
    hold_seats(showtime, browser, "A2", "A3")
    choices = {"A2": "ADULT", "A3": "CHILD"}
    wanted = PayForm(email="ada@example.com", choices=choices, expected_total=Decimal("23.50"))
    family = settled(sandbox, pay(showtime_id=showtime.pk, browser=browser, form=wanted).booking)
    Sale.objects.filter(pk=family.sale_id).update(user=Booking.objects.exclude(sale__user=None).get().sale.user)
    amount = str(sum(one.price for one in family.tickets.filter(seat__label__in=labels)))
    answer = me.post(f"/bookings/{family.reference}/cancel/", form(amount, *labels))
    assert answer.status_code == status
    assert ("cannot keep the other tickets without these" in answer.content.decode()) == (status == 409)


def test_frozen_tickets_stay(me, url, booking):
    Sale.objects.filter(pk=booking.sale_id).update(frozen_at=timezone.now())
    assert "being disputed" in me.get(url).content.decode()
    with nothing_changes():
        assert me.post(url, form("32.00", "A1", "B1")).status_code == 409
    assert url not in me.get(booking.get_absolute_url()).content.decode()


# The order of locks and steps.


def test_tickets_are_void_before_their_seats_are_free(me, url, monkeypatch):
    original, seen = service.locks.seats_by_seat, []

    def look_first(**which):
        seen.append(set(Ticket.objects.values_list("status", flat=True)))
        return original(**which)

    monkeypatch.setattr(service.locks, "seats_by_seat", look_first)
    me.post(url, form("32.00", "A1", "B1"))
    assert seen == [{"VOID"}]


@pytest.mark.parametrize(
    ("currency", "price", "back", "kept"),
    [("GBP", "14.55", "7.28", "7.27"), ("JPY", "1905", "953", "952"), ("KWD", "4.51", "2.26", "2.25")],
)
def test_half_a_coin_is_rounded_for_the_customer(my_browser, sandbox, currency, price, back, kept):
    theater = make_theater(currency=currency)
    prices = make_price_list(theater, {"ADULT": Decimal(price), "CHILD": Decimal(price)})
    booking = buy(sandbox, make_showtime(theater=theater, price_list=prices), my_browser, "A1")
    origin = service.CancellationOrigin(CancelCause.CUSTOMER, "customer")
    done = service.cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=50, origin=origin)
    assert (done.refunded, done.kept) == (Decimal(back), Decimal(kept))
    assert done.refunded + done.kept == booking.total and broken_invariants() == []
