"""The drawer: money paid out, and what each operator took; and what is refused for a wrong method, person or state."""

import time
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from houses.business_days import business_day
from payments.models import Refund
from payments.refunds.payouts import pay_out
from payments.states import PaymentMethod
from reservations.models import Booking
from sales.models import Sale
from staff.models import StaffRole
from tests.boxoffice.test_counter import at, hold, sale, seller
from tests.factories import make_showtime, make_staff
from tests.ledger import nothing_changes
from tests.signing_in import give_factor, signed_in

pytestmark = pytest.mark.django_db
TAKINGS = "/counter/takings/"


@pytest.fixture
def theater(showtime):
    return showtime.auditorium.theater


@pytest.fixture
def clerk(theater) -> Client:
    return seller(theater)


@pytest.fixture
def boss(theater) -> Client:
    return seller(theater, "MANAGER")


@pytest.fixture
def sold(clerk, showtime) -> Booking:
    hold(clerk, showtime, "A1", "A2")
    clerk.post(at(showtime), sale("A1", "A2", total="29.00", tendered="50"))
    return Booking.objects.get()


@pytest.fixture
def waiting(sold) -> Refund:
    """A refund in cash that waits to be paid out."""
    Sale.objects.update(refund_due=Decimal("14.50"))
    payment = sold.sale.payments.get()
    return Refund.objects.create(
        payment=payment,
        provider="counter",
        method="CASH",
        amount=Decimal("14.50"),
        currency="GBP",
        reason="One could not come",
    )


def page_of(refund) -> str:
    return f"/counter/pay-outs/{refund.pk}/"


def test_what_waits_is_listed_and_found_by_its_reference(boss, waiting, sold):
    assert [one.refund_id for one in boss.get("/counter/pay-outs/").context["payouts"]] == [waiting.pk]
    assert [one.amount for one in boss.get("/counter/pay-outs/", {"q": sold.reference.lower()}).context["payouts"]]
    assert boss.get("/counter/pay-outs/", {"q": "XXXX-XXXX"}).context["payouts"] == []


def test_paid_out_in_cash_and_twice_is_once(boss, waiting):
    assert "£14.50" in boss.get(page_of(waiting)).content.decode()
    for _ in range(2):
        assert boss.post(page_of(waiting), {"method": "cash"}).headers["Location"] == "/counter/pay-outs/"
    waiting.refresh_from_db()
    assert (waiting.status, waiting.method, waiting.operator_id) == (
        "SUCCEEDED",
        "CASH",
        int(boss.session["_auth_user_id"]),
    )
    assert Refund.objects.count() == 1
    assert boss.get("/counter/pay-outs/").context["payouts"] == []
    assert "Paid out" in boss.get(page_of(waiting)).content.decode()


def test_pressed_again_with_the_other_button_it_says_how_it_went_back(boss, waiting):
    boss.post(page_of(waiting), {"method": "cash"})
    page = boss.post(page_of(waiting), {"method": "terminal"}, follow=True).content.decode()
    assert "went back in cash" in page and "on a card" not in page


def test_somebody_else_who_comes_later_is_told_to_hand_out_no_more(boss, waiting, theater):
    boss.post(page_of(waiting), {"method": "cash"})
    another = seller(theater, "MANAGER")
    with nothing_changes():
        answer = another.post(page_of(waiting), {"method": "cash"})
    assert (answer.status_code, "please hand out no more" in answer.text) == (409, True)


@pytest.mark.parametrize("method", ["", "stripe", "gold"])
def test_how_it_went_back_has_to_be_said(boss, waiting, method):
    answer = boss.post(page_of(waiting), {"method": method})
    assert (answer.status_code, b"Say how the money went back" in answer.content) == (422, True)
    assert Refund.objects.get().status == "REQUESTED"


def test_a_refund_that_stripe_sends_is_no_pay_out(boss, waiting):
    Refund.objects.filter(pk=waiting.pk).delete()
    stripes = Refund.objects.create(
        payment=waiting.payment, provider="stripe", amount=1, currency="GBP", reason="On its way"
    )
    assert boss.get(page_of(stripes)).status_code == 404
    assert boss.get("/counter/pay-outs/").context["payouts"] == []


def test_money_of_another_theater_is_not_there(waiting):
    stranger = seller(make_showtime().auditorium.theater, "MANAGER")
    assert stranger.get("/counter/pay-outs/").context["payouts"] == []
    for answer in (stranger.get(page_of(waiting)), stranger.post(page_of(waiting), {"method": "cash"})):
        assert answer.status_code == 404
    assert Refund.objects.get().status == "REQUESTED"


@pytest.mark.parametrize(("role", "status"), [("BOX_OFFICE", 403), ("DOOR", 403), ("FINANCE", 200), ("OWNER", 200)])
def test_who_may_pay_out(theater, waiting, role, status):
    person = seller(theater, role)
    assert person.get("/counter/pay-outs/").status_code == person.get(page_of(waiting)).status_code == status


@pytest.fixture
def careful(boss, settings) -> Client:
    """A browser of the boss. The second factor is required, and was given more than five minutes ago."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    person = User.objects.get(pk=boss.session["_auth_user_id"])
    return signed_in(person, factor=give_factor(person), at=time.time() - 301)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("{pay_out}", {"method": "cash"}),
        ("{map}override/", {"rules": "prices", "reason": "A torn seat"}),
        ("{map}", sale("A3", method="comp", comp_reason="A torn seat")),
    ],
)
def test_what_gives_something_away_asks_for_the_second_factor_again(waiting, careful, showtime, path, fields):
    hold(careful, showtime, "A3")
    answer = careful.post(path.format(pay_out=page_of(waiting), map=at(showtime)), fields)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("mfa_reauthenticate"))
    assert (Refund.objects.get().status, Booking.objects.count()) == ("REQUESTED", 1)
    assert "counter_overrides" not in careful.session


def test_selling_does_not_ask(careful, showtime):
    hold(careful, showtime, "A3")
    assert careful.post(at(showtime), sale("A3")).status_code == 303


def test_takings_of_everybody_for_those_who_may_see_them(boss, clerk, sold, showtime, waiting):
    hold(boss, showtime, "A3")
    boss.post(at(showtime), sale("A3", method="terminal"))
    pay_out(refund_id=waiting.pk, method=PaymentMethod.CASH, operator_id=int(boss.session["_auth_user_id"]))
    found = boss.get(TAKINGS).context["takings"]
    assert len(found.operators) == 2
    total = found.total
    assert (total.cash_in, total.cash_out, total.cash, total.terminal) == (
        29,
        Decimal("14.50"),
        Decimal("14.50"),
        Decimal("14.50"),
    )
    assert (total.bookings, total.tickets, total.comps) == (2, 3, 0)


def test_who_may_not_sees_the_own_line_alone(clerk, boss, sold, showtime):
    hold(boss, showtime, "A3")
    boss.post(at(showtime), sale("A3"))
    page = clerk.get(TAKINGS)
    assert [one.operator.pk for one in page.context["takings"].operators] == [int(clerk.session["_auth_user_id"])]
    assert (page.context["is_own"], page.context["takings"].total.cash) == (True, Decimal("29.00"))
    lines = b"".join(clerk.get("/counter/takings.csv").streaming_content).decode().splitlines()
    assert len(lines) == 3 and lines[-1] == "total,,1,2,0,29.00,0.00,29.00,0.00,0.00,0.00,GBP,0.00"


def test_takings_of_today_of_a_day_without_sales_and_of_an_unreadable_day(boss, sold, theater):
    today = business_day(theater, timezone.now())
    assert boss.get(TAKINGS, {"day": today.isoformat()}).context["takings"].total.tickets == 2
    assert "has taken nothing" in boss.get(TAKINGS, {"day": "2020-02-02"}).content.decode()
    assert boss.get(TAKINGS, {"day": "nonsense"}).context["takings"].day == today


@pytest.mark.parametrize("path", [TAKINGS, "/counter/takings.csv"])
def test_takings_of_another_theater_are_not_there(boss, sold, path):
    elsewhere = make_showtime().auditorium.theater
    assert boss.get(path, {"theater": elsewhere.pk}).status_code == 404
    assert boss.get(path, {"theater": "x"}).status_code == 404


def test_who_sells_at_two_theaters_asks_for_one_of_them(theater, sold):
    person = make_staff("AUDITOR", theater)
    other = make_showtime().auditorium.theater
    StaffRole.objects.create(user=person, theater=other, role="BOX_OFFICE")
    client = Client()
    client.force_login(person)
    assert client.get(TAKINGS, {"theater": theater.pk}).context["is_own"] is False
    assert client.get(TAKINGS, {"theater": other.pk}).context["is_own"] is True


@pytest.mark.parametrize(
    ("path", "method"), [("/counter/pay-outs/", "post"), (TAKINGS, "post"), ("/counter/takings.csv", "post")]
)
def test_the_wrong_method(boss, path, method):
    assert getattr(boss, method)(path).status_code == 405


@pytest.mark.parametrize("path", ["/counter/pay-outs/", "/counter/pay-outs/1/", TAKINGS, "/counter/takings.csv"])
@pytest.mark.parametrize(("role", "status"), [(None, 302), ("DOOR", 403)])
def test_the_wrong_person(theater, path, role, status):
    client = seller(theater, role) if role else Client()
    assert client.get(path).status_code == status
