"""Devices: enrolled by a link that works once, chosen by PIN, locked, revoked; and what is refused for a wrong person or
state.
"""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from accounts.models import User
from core.clock import from_now
from staff.models import AuditEntry, Device, PinTries, StaffRole
from staff.selectors.operators import rights_on
from staff.services.devices import (
    DeviceLinkOver,
    DeviceRevoked,
    choose_operator,
    enroll,
    lock,
    make_link,
    note_activity,
    revoke,
)
from tests.devices import OTHER_PIN, PIN, WRONG, at_work, choose, enrolled, make_device, operator
from tests.factories import make_staff, make_theater
from tests.signing_in import give_factor, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def theater():
    return make_theater()


def link_of(device) -> str:
    return f"/device/enroll/{device.name.replace(' ', '%20')}/"


# ---- enrolling --------------------------------------------------------------------------------------------------


def test_a_browser_becomes_a_device_by_pressing_and_not_by_looking(theater):
    device, client = make_device(theater), Client()
    page = client.get(link_of(device))
    assert device.name in page.content.decode()
    assert "workplace" not in client.cookies
    answer = client.post(link_of(device))
    assert (answer.status_code, answer.url) == (302, "/device/")
    cookie = answer.cookies["workplace"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert int(cookie["max-age"]) >= 365 * 24 * 3600
    device.refresh_from_db()
    assert cookie.value not in (device.cookie_hash or "") and len(cookie.value) >= 43
    assert client.get("/device/").status_code == 200


def test_the_cookie_goes_over_https_alone_in_production(theater, settings):
    settings.SESSION_COOKIE_SECURE = True
    assert Client().post(link_of(make_device(theater)), secure=True).cookies["workplace"]["secure"]


def test_a_link_works_once_and_for_ten_minutes(theater):
    device = make_device(theater)
    assert Client().post(link_of(device)).status_code == 302
    assert Client().post(link_of(device)).status_code == 404
    late = make_device(theater)
    Device.objects.filter(pk=late.pk).update(link_until=from_now(-1))
    assert Client().get(link_of(late)).status_code == 404
    assert Client().post(link_of(late)).status_code == 404


def test_a_new_link_ends_the_one_before_and_lives_ten_minutes(theater):
    device = make_device(theater)
    secret = make_link(device_id=device.pk, user_id=device.made_by_id)
    with pytest.raises(DeviceLinkOver):
        enroll(secret=device.name)
    left = Device.objects.get(pk=device.pk).link_until - timezone.now()
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)
    enroll(secret=secret)


def test_another_browser_in_its_place_ends_the_first(theater):
    device, client = enrolled(theater)
    enroll(secret=make_link(device_id=device.pk, user_id=device.made_by_id))
    answer = client.get("/counter/")
    assert (answer.status_code, "not enrolled any more" in answer.content.decode()) == (403, True)


def test_wrong_links_are_limited(theater):
    answers = {Client().get(f"/device/enroll/{number}/").status_code for number in range(25)}
    assert answers == {404, 429}


def test_enrolling_and_revoking_are_in_both_logs(theater):
    with capture_logs() as lines:
        device, client = enrolled(theater)
        revoke(device_id=device.pk, user_id=device.made_by_id, reason="Stolen")
        client.get("/counter/")
    found = [line["event"] for line in lines if line.get("device_id") == device.pk]
    assert found == ["device_enrolled", "device_revoked", "revoked_device_used"]
    assert [entry.action for entry in AuditEntry.objects.about(device)] == ["revoke device", "enroll device"]
    assert AuditEntry.objects.about(device).first().reason == "Stolen"


# ---- choosing oneself -------------------------------------------------------------------------------------------


def test_the_list_has_people_with_a_role_there_and_a_pin(theater):
    _device, client = enrolled(theater)
    clerk, boss = operator("BOX_OFFICE", theater), operator("MANAGER", theater)
    make_staff("BOX_OFFICE", theater)  # has no PIN
    operator("DOOR", theater)  # has no right at a counter
    operator("BOX_OFFICE", make_theater())
    gone = operator("BOX_OFFICE", theater)
    gone.is_active = False
    gone.save()
    names = {person.user_id for person in client.get("/device/").context["people"]}
    assert names == {clerk.pk, boss.pk}


def test_a_pin_chooses_an_operator_and_opens_no_session(theater):
    device, client, person = at_work("BOX_OFFICE", theater)
    assert client.get("/counter/").status_code == 200
    assert "_auth_user_id" not in client.session
    for office in ("/admin/", "/admin/staff/device/", "/accounts/pin/", "/accounts/sessions/"):
        answer = client.get(office)
        assert (answer.status_code, answer.url.startswith("/accounts/login/")) == (302, True), office
    device.refresh_from_db()
    assert device.operator == person


def test_an_owner_who_works_on_a_device_has_no_office_there(theater):
    _, client, _ = at_work("OWNER", theater)
    assert client.get("/admin/").url.startswith("/accounts/login/")
    assert client.post("/admin/staff/device/add/", {}).url.startswith("/accounts/login/")


@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_others_cannot_be_chosen(theater, who):
    _device, client = enrolled(theater)
    person = operator("BOX_OFFICE", make_theater()) if who == "stranger" else None
    answer = client.post("/device/", {"person": person.pk if person else "", "pin": PIN})
    assert answer.status_code == 422
    assert client.get("/counter/").url.startswith("/device/")


def test_five_wrong_pins_need_a_manager_with_a_pin(theater):
    _device, client = enrolled(theater)
    clerk, boss = operator("BOX_OFFICE", theater), operator("MANAGER", theater, OTHER_PIN)
    assert [choose(client, clerk, WRONG).status_code for _ in range(5)] == [422] * 4 + [423]
    assert choose(client, clerk).status_code == 423
    assert "locked" in client.get("/device/").content.decode()
    unlocking = {"person": clerk.pk, "manager": boss.pk}
    assert client.post("/device/unlock/", unlocking | {"pin": PIN}).status_code == 422  # that is the clerk's PIN
    assert client.post("/device/unlock/", {"person": clerk.pk, "manager": clerk.pk, "pin": PIN}).status_code == 422
    assert choose(client, clerk).status_code == 423
    assert client.post("/device/unlock/", unlocking | {"pin": OTHER_PIN}).status_code == 302
    assert choose(client, clerk).status_code == 302


def test_who_types_their_pin_wrong_five_times_works_there_no_more(theater):
    device, client, person = at_work("BOX_OFFICE", theater)
    for _ in range(5):
        choose(client, person, WRONG)
    device.refresh_from_db()
    assert device.operator is None
    assert client.get("/counter/").url.startswith("/device/")


def test_a_manager_unlocks_a_pin_in_the_office(theater):
    device, client = enrolled(theater)
    clerk = operator("BOX_OFFICE", theater)
    for _ in range(5):
        choose(client, clerk, WRONG)
    office = signed_in(device.made_by, factor=give_factor(device.made_by))
    page = f"/admin/staff/device/{device.pk}/unlock/"
    assert office.post(page, {"person": clerk.pk, "_do": "yes", "mark": "-"}).status_code == 302
    assert not PinTries.objects.filter(locked_at__isnull=False).exists()
    assert choose(client, clerk).status_code == 302


def test_after_the_pin_it_goes_on_where_it_was_and_nowhere_else(theater):
    _device, client = enrolled(theater)
    person = operator("BOX_OFFICE", theater)
    assert choose(client, person, next="/counter/sales/").url == "/counter/sales/"
    for elsewhere in (
        "https://evil.example/counter/",
        "//evil.example/counter/",
        "/admin/",
        "/counter/../admin/",
        "x",
        "http://[",
    ):
        assert choose(client, person, next=elsewhere).url in ("/counter/", "/counter/../admin/"), elsewhere


def test_a_role_that_is_taken_away_ends_the_work_at_once(theater):
    _device, client, person = at_work("BOX_OFFICE", theater)
    StaffRole.objects.filter(user=person).delete()
    assert client.get("/counter/").url.startswith("/device/")


# ---- locking ----------------------------------------------------------------------------------------------------


def test_two_idle_minutes_lock_the_screen(theater, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    _device, client, person = at_work("BOX_OFFICE", theater)
    time_machine.shift(119)
    assert client.get("/counter/").status_code == 200
    time_machine.shift(119)
    assert client.get("/counter/").status_code == 200  # the idle time counts from the last action
    time_machine.shift(121)
    answer = client.get("/counter/sales/")
    assert unquote(answer.url) == "/device/?next=/counter/sales/"
    assert client.get(answer.url).context["chosen"] == person.pk
    assert choose(client, person).status_code == 302
    assert client.get("/counter/").status_code == 200


def test_two_minutes_is_what_the_settings_say():
    assert settings.DEVICE_IDLE_SECONDS == 120


def test_locked_by_hand(theater):
    _device, client, person = at_work("BOX_OFFICE", theater)
    assert unquote(client.post("/device/lock/", {"next": "/counter/sales/"}).url) == "/device/?next=/counter/sales/"
    assert client.get("/counter/").status_code == 302
    choose(client, person)
    assert client.get("/counter/").status_code == 200


# ---- what it may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "opens", "shut"), [("COUNTER", "/counter/", "/door/"), ("DOOR", "/door/", "/counter/")]
)
def test_a_device_does_its_task_alone_whatever_the_role(theater, task, opens, shut):
    _, client, _ = at_work("OWNER", theater, task)
    assert client.get(opens).status_code == 200
    answer = client.get(shut)
    assert (answer.status_code, "one task" in answer.content.decode()) == (403, True)


def test_a_board_has_no_operator(theater):
    device, client = enrolled(theater, "BOARD")
    choose(client, operator("OWNER", theater))
    device.refresh_from_db()
    assert device.operator is None and client.get("/device/").url == "/board/"
    assert client.get("/counter/").status_code == client.get("/door/").status_code == 403


def test_a_revoked_device_is_refused_and_can_be_forgotten(theater):
    device, client, person = at_work("BOX_OFFICE", theater)
    revoke(device_id=device.pk, user_id=device.made_by_id, reason="Sold")
    for page in ("/counter/", "/device/"):
        answer = client.get(page)
        assert (answer.status_code, "not enrolled any more" in answer.content.decode()) == (403, True)
    assert choose(client, person).status_code == 403
    assert client.post("/device/lock/").status_code == 403
    assert client.post("/device/forget/").url == "/counter/"
    assert client.cookies["workplace"].value == ""


def test_a_session_in_the_same_browser_gives_a_revoked_device_no_way_in(theater):
    device, client, _ = at_work("BOX_OFFICE", theater)
    client.force_login(make_staff("MANAGER", theater))
    revoke(device_id=device.pk, user_id=device.made_by_id, reason="Sold")
    assert client.get("/counter/").status_code == 403


def test_the_operator_counts_and_not_who_is_signed_in_to_the_browser(theater):
    """A manager who forgot to sign out does not lend anybody their rights."""
    _device, client, _ = at_work("BOX_OFFICE", theater)
    client.force_login(make_staff("OWNER", theater))
    assert client.get("/counter/pay-outs/").status_code == 403


def test_last_use_is_noted(theater):
    device, client, _ = at_work("BOX_OFFICE", theater)
    Device.objects.update(
        used_at=None, active_at=timezone.now() - timedelta(seconds=60), chosen_at=timezone.now() - timedelta(hours=1)
    )
    client.get("/counter/")
    device.refresh_from_db()
    assert timezone.now() - device.used_at < timedelta(minutes=1)


# ---- the office -------------------------------------------------------------------------------------------------


@pytest.fixture
def office(theater):
    boss = make_staff("MANAGER", theater)
    return signed_in(boss, factor=give_factor(boss))


def test_a_manager_adds_a_device_and_gets_its_link_once(theater, office):
    form = {"name": "Kasse 1", "theater": theater.pk, "task": "COUNTER"}
    answer = office.post("/admin/staff/device/add/", form)
    device = Device.objects.get()
    assert answer.url == f"/admin/staff/device/{device.pk}/link/"
    assert "enroll_link" not in office.get(answer.url).content.decode()
    page = office.post(answer.url)
    address = page.context["address"]
    assert address in page.content.decode() and "data:image/svg+xml" in page.content.decode()
    assert Client().post(address).status_code == 302
    assert office.get("/admin/staff/device/").status_code == 200
    assert "Enrolled" in office.get(f"/admin/staff/device/{device.pk}/change/").content.decode()


def test_a_manager_revokes_a_device_with_a_reason(theater, office):
    device, client = enrolled(theater)
    page = f"/admin/staff/device/{device.pk}/revoke/"
    assert office.post(page, {"_do": "yes", "mark": "-"}).status_code == 422
    assert office.post(page, {"reason": "Stolen", "_do": "yes", "mark": "-"}).status_code == 302
    assert client.get("/counter/").status_code == 403
    assert office.get(page).status_code == 403


def test_devices_of_other_theaters_are_not_there(office):
    device, _ = enrolled(make_theater())
    for page in ("change", "link", "revoke", "unlock"):
        assert office.get(f"/admin/staff/device/{device.pk}/{page}/").status_code == 404
    assert (
        office.post("/admin/staff/device/add/", {"name": "X", "theater": device.theater_id, "task": "DOOR"}).status_code
        == 200
    )
    assert Device.objects.count() == 1


# ---- setting a PIN ----------------------------------------------------------------------------------------------


def test_people_set_their_pin_after_the_second_factor(theater, time_machine, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    time_machine.move_to("2027-03-01T12:00:00Z", tick=False)
    person = make_staff("BOX_OFFICE", theater)
    client = signed_in(person, factor=give_factor(person))
    assert client.get("/accounts/pin/").status_code == 200
    assert client.post("/accounts/pin/", {"pin": "123456", "again": "123456"}).status_code == 422
    assert client.post("/accounts/pin/", {"pin": PIN, "again": OTHER_PIN}).status_code == 422
    assert client.post("/accounts/pin/", {"pin": PIN, "again": PIN}).status_code == 302
    time_machine.shift(301)
    assert client.get("/accounts/pin/").url.startswith("/accounts/2fa/reauthenticate/")
    assert client.post("/accounts/pin/", {"pin": OTHER_PIN, "again": OTHER_PIN}).status_code == 302
    time_machine.move_to(timezone.now())
    _device, browser = enrolled(theater)
    assert choose(browser, person).status_code == 302


def test_customers_have_no_pin(theater):
    client = Client()
    client.force_login(User.objects.create_user("guest@example.com"))
    assert client.get("/accounts/pin/").status_code == 403


def test_names_of_people_and_devices_are_text(theater):
    """Every page of a device is opened with markup in the names."""
    device, client = enrolled(theater, name="<x-probe>")
    person = operator("BOX_OFFICE", theater)
    User.objects.filter(pk=person.pk).update(first_name="<x-probe>")
    link = make_link(device_id=device.pk, user_id=device.made_by_id)
    choose(client, person)
    pages = [
        client.get("/device/"), client.get(f"/device/enroll/{link}/"), client.get("/door/"), client.get("/counter/"),
        client.post("/counter/pay-outs/", {"note": "<x-probe>"}),
    ]  # fmt: skip
    pages += [choose(client, person, WRONG) for _ in range(5)]
    for page in pages:
        assert "<x-probe>" not in page.content.decode()
    assert all("&lt;x-probe&gt;" in page.content.decode() for page in (pages[0], pages[1], pages[-1]))


def test_rights_are_those_of_the_role_and_of_the_task_together(theater):
    owner = operator("OWNER", theater)
    rights = {task: rights_on(make_device(theater, task), owner.pk) for task in ("COUNTER", "DOOR", "BOARD")}
    assert "reservations.sell_at_counter" in rights["COUNTER"] - rights["DOOR"]
    assert "reservations.admit_ticket" in rights["DOOR"] - rights["COUNTER"]
    assert rights["BOARD"] == frozenset()


# ---- stale links, cookies and forms -----------------------------------------------------------------------------


def test_a_link_that_was_made_before_its_device_was_revoked_enrolls_nothing(theater):
    device = make_device(theater)
    revoke(device_id=device.pk, user_id=device.made_by_id, reason="Stolen")
    with pytest.raises(DeviceLinkOver):
        enroll(secret=device.name)
    with pytest.raises(DeviceRevoked):
        make_link(device_id=device.pk, user_id=device.made_by_id)
    device.refresh_from_db()
    assert (device.link_hash, device.link_until) == (None, None)


def test_a_browser_that_is_enrolled_in_the_place_of_another_has_nobody_at_work(theater):
    device, _client, _person = at_work("BOX_OFFICE", theater)
    enroll(secret=make_link(device_id=device.pk, user_id=device.made_by_id))
    device.refresh_from_db()
    assert (device.operator, device.active_at) == (None, None)


def test_a_pin_typed_on_the_old_browser_chooses_nobody_on_the_new_one(theater):
    device, _client = enrolled(theater)
    person = operator("BOX_OFFICE", theater)
    enroll(secret=make_link(device_id=device.pk, user_id=device.made_by_id))
    with pytest.raises(DeviceRevoked):
        choose_operator(device=device, user_id=person.pk, pin=PIN, now=timezone.now())
    device.refresh_from_db()
    assert device.operator is None


def test_a_page_that_was_on_its_way_does_not_open_a_device_that_was_locked_meanwhile(theater):
    device, _client, _person = at_work("BOX_OFFICE", theater)
    device.refresh_from_db()
    lock(Device.objects.get())
    note_activity(device, now=device.active_at + timedelta(seconds=30))
    assert Device.objects.get().active_at is None


def test_a_page_that_was_on_its_way_keeps_no_device_open_for_the_next_person(theater):
    device, client, _person = at_work("BOX_OFFICE", theater)
    device.refresh_from_db()
    choose(client, operator("MANAGER", theater, OTHER_PIN), OTHER_PIN)
    chosen = Device.objects.get().active_at
    note_activity(device, now=chosen + timedelta(seconds=30))
    assert Device.objects.get().active_at == chosen


def test_somebody_who_locks_their_pin_does_not_end_the_work_of_another(theater):
    device, client, person = at_work("BOX_OFFICE", theater)
    other = operator("MANAGER", theater, OTHER_PIN)
    for _ in range(5):
        choose(client, other, WRONG)
    device.refresh_from_db()
    assert device.operator == person


@pytest.mark.parametrize("role", ["BOX_OFFICE", "DOOR"])
def test_only_managers_unlock_pins(theater, role):
    _device, client = enrolled(theater)
    clerk, helper = operator("BOX_OFFICE", theater), operator(role, theater, OTHER_PIN)
    for _ in range(5):
        choose(client, clerk, WRONG)
    answer = client.post("/device/unlock/", {"person": clerk.pk, "manager": helper.pk, "pin": OTHER_PIN})
    assert (answer.status_code, choose(client, clerk).status_code) == (422, 423)


def test_a_manager_whose_own_pin_is_locked_does_not_unlock_it(theater):
    """Not even the right PIN helps: five wrong tries were made in their name."""
    _device, client = enrolled(theater)
    boss = operator("MANAGER", theater)
    for _ in range(5):
        choose(client, boss, WRONG)
    answer = client.post("/device/unlock/", {"person": boss.pk, "manager": boss.pk, "pin": PIN})
    assert (answer.status_code, "Choose a manager" in answer.content.decode()) == (422, True)
    assert PinTries.objects.get(user=boss).locked_at is not None


def test_the_page_that_asks_for_the_pin_again_keeps_no_pin(theater, time_machine):
    time_machine.move_to("2027-03-01T12:00:00Z", tick=False)
    _device, client, _person = at_work("BOX_OFFICE", theater)
    time_machine.shift(121)
    sent = {"note": "Comes late", "pin": PIN, "approver-pin": OTHER_PIN, "operator_pin": WRONG}
    page = client.post("/counter/sales/ABCD-EFGH/notes/", sent).content.decode()
    assert 'value="Comes late"' in page
    assert not any(f'value="{pin}"' in page for pin in (PIN, OTHER_PIN, WRONG))
