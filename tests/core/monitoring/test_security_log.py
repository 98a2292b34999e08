"""Attacks leave one line for each event in the log, with address and actor, and without secrets."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.monitoring.security_log import SecurityEvent, account_hash
from reservations.refusals.promo_codes import PromoUnknown
from reservations.selling.promo_codes import try_promotion
from sales.services.opening import Customer
from staff.services.invitations import invite
from staff.services.roles import Person
from tests.boxoffice.scenes import book
from tests.factories import PASS_PHRASE, make_browser, make_staff
from tests.totp_codes import code_of

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.9"


@pytest.fixture
def events(caplog):
    """A function that returns the lines written since it was last called."""
    caplog.set_level("INFO", logger="security")

    def since():
        lines = [record.msg for record in caplog.records if record.name == "security"]
        caplog.clear()
        return lines

    return since


@pytest.fixture
def client() -> Client:
    return Client(REMOTE_ADDR=ADDRESS)


@pytest.fixture
def manager(showtime):
    person = make_staff("MANAGER", showtime.auditorium.theater)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def sign_in(client, person, password=PASS_PHRASE):
    return client.post("/accounts/login/", {"login": person.email, "password": password})


def test_a_promo_code_that_nobody_has_is_an_event_without_what_was_typed(client, showtime, events):
    browser = make_browser(1)
    with pytest.raises(PromoUnknown):
        try_promotion(code="SECRETGUESS", showtime=showtime, customer=Customer(), browser=browser, now=timezone.now())
    (line,) = events()
    assert (line["event"], line["showtime"], line["level"]) == ("wrong_promo_code", showtime.pk, "warning")
    assert "SECRETGUESS" not in str(line)


def names(lines):
    return [line["event"] for line in lines]


def test_a_failed_sign_in_names_the_account_without_its_address(client, manager, events):
    sign_in(client, manager, "wrong")
    (line,) = events()
    assert (line["event"], line["address"], line["level"]) == ("sign_in_failed", ADDRESS, "warning")
    assert line["account"] == account_hash(manager.email.upper())
    assert manager.email not in str(line) and "wrong" not in str(line).replace("sign_in_failed", "")


def test_a_sign_in_and_the_account_that_is_locked(client, manager, events):
    sign_in(client, manager)
    (line,) = events()
    assert (line["event"], line["actor"], line["is_staff"]) == ("sign_in_succeeded", manager.pk, True)
    other = Client(REMOTE_ADDR=ADDRESS)
    for _ in range(12):
        sign_in(other, manager, "wrong")
    assert set(names(events())) == {"sign_in_failed", "locked_out", "limit_reached"}


@pytest.fixture
def secret(manager) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(manager, secret)
    return secret


def test_second_factor_and_reauthentication(client, manager, secret, events, time_machine):
    time_machine.move_to("2027-03-01T12:00:00Z", tick=False)
    sign_in(client, manager)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert names(events()) == ["second_factor_failed"]
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert names(events()) == ["sign_in_succeeded"]
    time_machine.shift(3600)
    client.post("/accounts/2fa/reauthenticate/", {"code": "000000"})
    assert [(line["event"], line["user_id"]) for line in events()] == [("second_factor_failed", manager.pk)]
    client.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret)})
    assert names(events()) == ["reauthenticated"]


@pytest.mark.parametrize(
    "path",
    [
        "/tickets/{0}/", "/bookings/{reference}/{0}/", "/accounts/confirm-email/{0}/", "/accounts/password/reset/key/1-{0}/",
    ],
)  # fmt: skip
def test_a_link_with_a_wrong_secret(client, showtime, events, path):
    booking = book(showtime, "A1")
    client.get(path.format("Zq7Rk2Wm9xT4bL0vHs8Zq7", reference=booking.reference))
    assert [(line["event"], line["address"]) for line in events()] == [("wrong_link", ADDRESS)]


def test_permission_and_limit(client, manager, events, rf):
    client.force_login(manager)
    assert client.get("/admin/staff/staffrole/add/").status_code == 403
    (line,) = events()
    assert (line["event"], line["user_id"], line["path"]) == (
        "permission_refused", manager.pk, "/admin/staff/staffrole/add/",
    )  # fmt: skip
    for _ in range(40):
        if client.post("/accounts/password/reset/", {"email": "ada@example.com"}).status_code == 429:
            break
    assert names(events()) == ["limit_reached"]


def test_an_invitation(manager, showtime, events):
    person, theater = Person("new@marquee.example"), showtime.auditorium.theater
    User.objects.filter(pk=manager.pk).update(is_superuser=True)
    manager.refresh_from_db()
    invite(person=person, theater=theater, role="OWNER", inviter=manager, reason="hired")
    line = events()[-1]
    assert (line["event"], line["act"], line["actor"]) == ("role_changed", "invite", f"staff:{manager.pk}")


def test_the_documents_list_every_event_and_no_other():
    section = (settings.BASE_DIR / "docs" / "security.md").read_text().split("### Security events\n")[1].split("\n#")[0]
    assert set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) == set(map(str, SecurityEvent))
