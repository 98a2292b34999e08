"""The pages of the second step use our own words; the tests sign in as somebody who has every kind of second step."""

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from tests.signing_in import give_factor, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create_user("ada@example.com", "x")


@pytest.fixture
def client(ada):
    factor = give_factor(ada)
    RecoveryCodes.activate(ada)
    Authenticator.objects.create(user=ada, type="webauthn", data={"name": "Ada’s phone"})
    return confirmed(signed_in(ada, factor=factor))


def confirmed(client):
    """Mark the session as if its person had just proven who they are."""
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["reauthenticated"] = True
    session.save()
    return client


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            "",
            ("Security", "We ask for a code from your app", "You have added 1 key.", "You have 10 recovery codes left"),
        ),
        ("webauthn/", ("Passkeys and security keys", "Ada’s phone", "Not used yet.", "Rename")),
        ("totp/deactivate/", ("Turn off the authenticator app", "less protected without it")),
        ("recovery-codes/", ("You have 10 of 10 recovery codes left", "Codes that you have not used")),
        ("recovery-codes/generate/", ("Your present codes stop working", "Get new codes")),
        ("reauthenticate/", ("Please confirm it is you", "Please enter the code from your authenticator app.")),
    ],
)
def test_pages_of_somebody_with_every_second_step(client, path, words):
    answer = client.get(f"/accounts/2fa/{path}")
    page = answer.content.decode()
    assert (answer.status_code, [word for word in words if word not in page]) == (200, [])


def test_the_pages_that_set_up_a_second_step(ada):
    somebody = confirmed(signed_in(ada))
    page = somebody.get("/accounts/2fa/totp/activate/").content.decode()
    assert "Set up an authenticator app" in page and "Key for the app" in page
    answer = somebody.get("/accounts/2fa/webauthn/add/")
    page = answer.content.decode()
    assert "Add a passkey or security key" in page and "Sign in with this key alone, without a password" in page
    # The page that lists all keys promises this, unless somebody unticks it.
    assert answer.context["form"]["passwordless"].initial is True
