"""A working day counts from the sign-in: proving again who you are does not make it longer."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from accounts.services.session_sign_ins import SecondFactor, second_factor_of
from tests.factories import PASS_PHRASE, make_staff, make_theater
from tests.signing_in import give_factor, signed_in
from tests.totp_codes import code_of

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture(autouse=True)
def clock(time_machine, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    settings.STAFF_SESSION_SECONDS, settings.STAFF_IDLE_SECONDS = 8 * HOUR, 6 * HOUR
    time_machine.move_to("2027-03-01T12:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def office() -> Client:
    """A browser signed in to the office at noon with password and app."""
    manager = make_staff("MANAGER", make_theater())
    EmailAddress.objects.create(user=manager, email=manager.email, verified=True, primary=True)
    client = Client()
    client.secret = totp.generate_totp_secret()
    totp.TOTP.activate(manager, client.secret)
    client.post("/accounts/login/", {"login": manager.email, "password": PASS_PHRASE})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(client.secret)})
    assert client.get("/admin/").status_code == 200
    return client


def test_a_factor_that_was_removed_since_does_not_count(rf):
    """The session was opened with an app that is gone; the account has another one by now."""
    manager = make_staff("MANAGER", make_theater())
    old = give_factor(manager)
    request = rf.get("/")
    request.user, request.session = manager, signed_in(manager, factor=old).session
    assert second_factor_of(request) is SecondFactor.USED
    old.delete()
    assert second_factor_of(request) is SecondFactor.NOT_SET_UP
    give_factor(manager)
    assert second_factor_of(request) is SecondFactor.NOT_USED


def prove_again(office):
    assert office.post("/accounts/2fa/reauthenticate/", {"code": code_of(office.secret)}).status_code == 302


def test_proving_again_is_no_new_sign_in(office, clock):
    for _ in range(2):
        clock.shift(3 * HOUR + 55 * 60)
        prove_again(office)
        assert office.get("/admin/").status_code == 200
    clock.shift(11 * 60)  # 8 hours and a minute after the sign-in
    assert office.get("/admin/").url.startswith("/accounts/login/")


def test_proving_again_is_a_visit(office, clock):
    clock.shift(4 * HOUR)
    prove_again(office)
    clock.shift(3 * HOUR)
    assert office.get("/admin/").status_code == 200
