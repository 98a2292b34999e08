"""Selling and scanning on an enrolled device: the hold is the device's, money actions ask for the PIN, logs name both."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from core.monitoring.redaction import all_routes
from payments.models import Payment, Refund
from reservations.models import Booking, Move, Scan, ShowtimeSeat
from sales.models import Sale
from staff.models import AuditEntry, Device
from tests.boxoffice.test_counter import at, hold, sale
from tests.clock import begins_in
from tests.devices import OTHER_PIN, PIN, WRONG, at_work, choose, enrolled, operator
from tests.exchanging import buy_to_exchange, other_showtime
from tests.factories import make_showtime, make_staff
from tests.ledger import broken_invariants

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def theater(showtime):
    return showtime.auditorium.theater


@pytest.fixture
def work(theater):
    """A counter at which a clerk works, with a colleague beside them."""
    device, client, person = at_work("BOX_OFFICE", theater)
    return device, client, person, operator("BOX_OFFICE", theater, OTHER_PIN)


def idle(device, minutes=3):
    Device.objects.filter(pk=device.pk).update(
        chosen_at=timezone.now() - timedelta(hours=1), active_at=timezone.now() - timedelta(minutes=minutes)
    )


def labels_held(showtime):
    return set(ShowtimeSeat.objects.filter(showtime=showtime, hold__isnull=False).values_list("label", flat=True))


# ---- the hold is the device's -----------------------------------------------------------------------------------


def test_a_sale_begun_by_one_operator_is_paid_by_another(work, showtime):
    device, client, _, bob = work
    hold(client, showtime, "A1", "A2")
    client.post("/device/lock/")
    assert choose(client, bob, OTHER_PIN).status_code == 302
    page = client.get(at(showtime)).content.decode()
    assert 'name="type-A1"' in page and 'name="type-A2"' in page
    assert client.post(at(showtime), sale("A1", "A2", total="29.00", tendered="50")).status_code == 303
    sold, payment = Sale.objects.get(), Payment.objects.get()
    assert (sold.operator, sold.device, payment.operator, payment.device) == (bob, device, bob, device)
    assert set(Move.objects.filter(what="payment").values_list("actor", flat=True)) == {f"staff:{bob.pk}@{device.pk}"}


def test_a_sale_stands_through_an_idle_lock_and_a_reload(work, showtime):
    device, client, ann, _ = work
    hold(client, showtime, "A1")
    idle(device)
    assert client.get(at(showtime)).url.startswith("/device/")
    assert labels_held(showtime) == {"A1"}
    choose(client, ann)
    assert 'name="type-A1"' in client.get(at(showtime)).content.decode()


def test_a_sale_stands_when_the_browser_forgets_its_session(work, showtime):
    _, client, *_ = work
    hold(client, showtime, "A1")
    client.cookies.pop("sessionid", None)
    assert 'name="type-A1"' in client.get(at(showtime)).content.decode()


def test_another_device_does_not_have_the_hold(work, theater, showtime):
    _, client, ann, _ = work
    hold(client, showtime, "A1")
    _other, browser = enrolled(theater)
    choose(browser, ann)
    assert 'name="type-A1"' not in browser.get(at(showtime)).content.decode()


def test_a_form_that_was_sent_while_locked_is_kept_and_goes_on_with_the_pin(work, showtime):
    device, client, _, _ = work
    hold(client, showtime, "A1")
    idle(device)
    asked = client.post(at(showtime), sale("A1", tendered="20"))
    assert asked.status_code == 200 and not Sale.objects.exists()
    kept = dict(asked.context["kept"])
    assert client.post(at(showtime), kept | {"operator_pin": WRONG}).status_code == 422
    assert not Sale.objects.exists()
    assert client.post(at(showtime), kept | {"operator_pin": PIN}).status_code == 303
    assert Payment.objects.get().tendered == 20


def test_a_click_on_a_locked_map_opens_the_names(work, showtime):
    device, client, *_ = work
    idle(device)
    answer = client.post(
        at(showtime, "seats/"), {"take": "A1"}, headers=HTMX | {"HX-Current-URL": f"http://testserver{at(showtime)}"}
    )
    assert answer.headers["HX-Redirect"].startswith("/device/?next=")
    assert labels_held(showtime) == set()


# ---- what asks for the PIN --------------------------------------------------------------------------------------


@pytest.fixture
def boss(theater):
    return at_work("MANAGER", theater)


def with_pin(client, path, form, pin=PIN):
    return client.post(path, form | {"operator_pin": pin})


def test_gifts_ask_the_pin_again(boss, showtime):
    device, client, person = boss
    hold(client, showtime, "A1")
    form = sale("A1", total="0", method="comp", comp_reason="Press")
    asked = client.post(at(showtime), form)
    assert (asked.status_code, "PIN again" in asked.content.decode()) == (200, True)
    assert not Booking.objects.exists()
    assert with_pin(client, at(showtime), form).status_code == 303
    entry = AuditEntry.objects.get(action="give tickets away")
    assert (entry.user, entry.device, entry.actor) == (person, device, f"staff:{person.pk}@{device.pk}")


def test_every_gift_asks_again(boss, showtime):
    _, client, _ = boss
    hold(client, showtime, "A1")
    with_pin(client, at(showtime), sale("A1", total="0", method="comp", comp_reason="Press"))
    hold(client, showtime, "A2")
    client.post(at(showtime), sale("A2", total="0", method="comp", comp_reason="Press"))
    assert Booking.objects.count() == 1


def test_overrides_ask_and_end_with_the_operator(boss, showtime, theater):
    _, client, person = boss
    form = {"rules": ["prices"], "reason": "The heating is off"}
    client.post(at(showtime, "override/"), form)
    assert not client.get(at(showtime)).context["allowed"].rules
    with_pin(client, at(showtime, "override/"), form)
    assert client.get(at(showtime)).context["allowed"].rules == {"prices"}
    choose(client, operator("MANAGER", theater, OTHER_PIN), OTHER_PIN)
    assert not client.get(at(showtime)).context["allowed"].rules
    choose(client, person)
    assert client.get(at(showtime)).context["allowed"].rules == {"prices"}


@pytest.fixture
def waiting(boss, showtime):
    """A refund in cash that waits to be paid out; the seats were sold on the boss's device."""
    _, client, _ = boss
    hold(client, showtime, "B1")
    client.post(at(showtime), sale("B1", total="17.50", tendered="20"))
    Sale.objects.update(refund_due=Decimal("17.50"))
    payment = Payment.objects.get()
    return Refund.objects.create(
        payment=payment, provider="counter", method="CASH", amount=Decimal("17.50"), currency="GBP", reason="Ill"
    )


def test_pay_outs_ask_and_name_device_and_operator(boss, waiting):
    device, client, person = boss
    page = f"/counter/pay-outs/{waiting.pk}/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"method": "cash"}).status_code == 200
    waiting.refresh_from_db()
    assert waiting.status == "REQUESTED"
    assert with_pin(client, page, {"method": "cash"}).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.status, waiting.operator, waiting.device) == ("SUCCEEDED", person, device)
    assert AuditEntry.objects.get(action="pay out").device == device


def test_five_wrong_pins_at_a_pay_out_end_the_work(boss, waiting):
    device, client, _ = boss
    page = f"/counter/pay-outs/{waiting.pk}/"
    statuses = [with_pin(client, page, {"method": "cash"}, WRONG).status_code for _ in range(5)]
    assert statuses == [422] * 4 + [302]
    device.refresh_from_db()
    assert device.operator is None
    waiting.refresh_from_db()
    assert waiting.status == "REQUESTED"


def test_selling_asks_nothing(work, showtime):
    _, client, *_ = work
    hold(client, showtime, "A1")
    assert client.post(at(showtime), sale("A1")).status_code == 303


# ---- rights -----------------------------------------------------------------------------------------------------


def test_a_clerk_has_no_managers_rights_there(work, showtime):
    _, client, *_ = work
    assert client.get("/counter/pay-outs/").status_code == 403
    hold(client, showtime, "A1")
    assert client.post(at(showtime), sale("A1", total="0", method="comp", comp_reason="x")).status_code >= 400


def test_only_the_devices_theater_is_there(showtime):
    other = make_showtime()
    here = showtime.auditorium.theater
    _device, client, person = at_work("BOX_OFFICE", here)
    person.staff_roles.create(theater=other.auditorium.theater, role="BOX_OFFICE")
    assert client.get(at(showtime)).status_code == 200
    assert client.get(at(other)).status_code == 404


def test_a_superuser_has_on_a_device_what_a_role_gives(theater, showtime):
    _, client, person = at_work("DOOR", theater, "DOOR")
    person.is_superuser = True
    person.save()
    assert client.get("/door/").status_code == 200
    assert "Let them in all the same" not in client.get("/door/").content.decode()


# ---- the door ---------------------------------------------------------------------------------------------------


def test_a_door_device_stands_at_the_entrance_and_scans(theater, showtime):
    device, client, person = at_work("DOOR", theater, "DOOR")
    page = client.get("/door/").content.decode()
    assert device.name in page and "Entrance" in page
    client.post("/door/scan/", {"code": "x" * 27})
    assert set(Scan.objects.values_list("door", "operator", "device")) == {(device.name, person.pk, device.pk)}
    place = f"{theater.pk}-{showtime.auditorium_id}"
    client.post("/door/here/", {"place": place, "name": "Left"})
    assert client.get("/door/").context["door"].theater == theater


def test_the_log_of_a_door_says_who_scanned_and_on_which_device(theater):
    """Two devices may guard the same door. A person who signed in with an account has no device."""
    device, client, person = at_work("DOOR", theater, "DOOR")
    place = {"place": f"{theater.pk}", "name": "Left"}
    by_account = Client()
    by_account.force_login(make_staff("DOOR", theater))
    for browser in (client, by_account):
        browser.post("/door/here/", place)
        browser.post("/door/scan/", {"code": "y" * 27})
    assert list(Scan.objects.order_by("pk").values_list("door", "device")) == [("Left", device.pk), ("Left", None)]
    entries = client.get("/door/").context["entries"]
    assert [(entry.who, entry.device) for entry in entries[1:]] == [(person.email, device.name)]
    assert f"{person.email}, {device.name}" in client.get("/door/").content.decode()


# ---- one place says who acts ------------------------------------------------------------------------------------


def test_every_page_of_counter_and_door_takes_devices():
    """A page that asked only for a session would send an operator to the sign-in."""
    work = [entry for entry, route in all_routes() if route.lstrip("/^").startswith(("counter/", "door/"))]
    assert len(work) >= 27
    assert [entry.name for entry in work if not getattr(entry.callback, "takes_devices", False)] == []


def test_accounts_work_as_before_in_a_house_without_devices(theater, showtime):
    client = Client()
    client.force_login(make_staff("BOX_OFFICE", theater))
    hold(client, showtime, "A1")
    assert client.post(at(showtime), sale("A1")).status_code == 303
    assert (Sale.objects.get().device, Payment.objects.get().device) == (None, None)


def test_nobody_is_signed_in_while_an_operator_works(work, theater):
    """The page is made for the operator, not for the manager who forgot to sign out."""
    _, client, *_ = work
    client.force_login(make_staff("OWNER", theater))
    page = client.get("/counter/")
    assert not page.wsgi_request.user.is_authenticated
    assert page.wsgi_request.acting.user == work[2]


# ---- a second person approves -----------------------------------------------------------------------------------


def test_a_void_above_the_limit_is_approved_on_the_device_by_the_pin_of_a_manager(work, theater, showtime):
    """Both PINs are typed on the page: the clerk's because money moves, and the manager's because it is a large sum."""
    device, client, ann, bob = work
    theater.refund_limit = Decimal(1)
    theater.save()
    boss = operator("MANAGER", theater, OTHER_PIN)
    hold(client, showtime, "A1")
    page = client.post(at(showtime), sale("A1", tendered="20")).url
    shown = client.get(f"{page}void/")
    assert [pk for pk, _ in shown.context["approvers"]] == [boss.pk]
    form = {"mark": shown.context["plan"].mark, "reason": "Wrong show", "approver": boss.pk, "operator_pin": PIN}
    assert client.post(f"{page}void/", form | {"approver_pin": WRONG}).status_code == 422
    assert not Refund.objects.exists()
    assert client.post(f"{page}void/", form | {"approver_pin": OTHER_PIN}).status_code == 302
    refund = Refund.objects.get()
    assert (refund.status, refund.operator, refund.device) == ("SUCCEEDED", ann, device)
    assert bob != boss


# ---- an exchange ------------------------------------------------------------------------------------------------


@pytest.fixture
def bought(sandbox, showtime):
    """A seat for £14.50, paid online."""
    return buy_to_exchange(sandbox, "A1", showtime=showtime)


def begin_exchange(client, booking, held):
    page = f"/counter/sales/{booking.reference}/exchange/"
    new = other_showtime(booking)
    assert client.post(page, {"action": "begin", "ticket": ["A1"], "new_showtime": new.pk}).url == at(new)
    hold(client, new, held)
    return page, {"action": "agree", "mark": client.get(page).context["shown"].mark}


def test_an_exchange_asks_the_pin_when_it_is_done_and_names_device_and_operator(work, bought):
    device, client, ann, _ = work
    page, form = begin_exchange(client, bought, "B1")
    form |= {"method": "cash", "tendered": "5"}
    asked = client.post(page, form)
    assert (asked.status_code, "PIN again" in asked.text, Payment.objects.count()) == (200, True, 1)
    kept = dict(asked.context["kept"])
    assert with_pin(client, page, kept, WRONG).status_code == 422 and Payment.objects.count() == 1
    assert with_pin(client, page, kept).status_code == 302
    payment = Payment.objects.get(exchange__isnull=False)
    assert (payment.operator, payment.device, payment.amount, payment.change) == (ann, device, 3, 2)
    entry = AuditEntry.objects.get(action="exchange at the counter")
    assert (entry.user, entry.device) == (ann, device)
    assert broken_invariants() == []


def test_choosing_and_stopping_an_exchange_ask_nothing(work, bought):
    _, client, *_ = work
    page, _ = begin_exchange(client, bought, "B1")
    assert client.post(page, {"action": "stop"}).url.startswith(f"/counter/sales/{bought.reference}/")


def test_money_back_against_the_terms_is_given_by_a_manager_on_the_same_device(work, theater, showtime):
    """The clerk who began may not give it; a manager chooses themselves on the device and goes on with the same seats."""
    _, client, *_ = work
    hold(client, showtime, "B1")
    client.post(at(showtime), sale("B1", total="17.50", tendered="20"))
    booking = Booking.objects.get()
    theater.refund_limit = Decimal(10)
    theater.save()
    new = other_showtime(booking)
    begins_in(showtime, minutes=5)
    page = f"/counter/sales/{booking.reference}/exchange/"
    client.post(page, {"action": "begin", "ticket": ["B1"], "new_showtime": new.pk})
    hold(client, new, "A1")
    shown = client.get(page).context
    assert shown["may_not"] and shown["shown"].plan.back == 3
    form = {"action": "agree", "mark": shown["shown"].mark, "reason": "Wrong evening"}
    assert with_pin(client, page, form).status_code == 422
    boss = operator("MANAGER", theater, OTHER_PIN)
    choose(client, boss, OTHER_PIN)
    assert not client.get(page).context["may_not"]
    assert with_pin(client, page, form, OTHER_PIN).status_code == 302
    assert Refund.objects.get().amount == 3
    assert AuditEntry.objects.get(action="exchange at the counter").user == boss
    assert broken_invariants() == []
