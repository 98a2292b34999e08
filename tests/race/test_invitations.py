"""If two browsers accept a link at the same time, it gives the role once, to the password that came first. A link that
was withdrawn or sent again meanwhile gives nothing.
"""

from collections import Counter
from threading import Barrier

import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from staff.models import AuditEntry, Invitation, StaffRole
from staff.services import invitations
from staff.services.invitations import InvitationOver, Welcome, accept_as_new, invite, renew, withdraw
from staff.services.roles import Person
from tests.factories import make_staff, make_theater
from tests.race.racing import run_all, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def secret():
    theater = make_theater()
    owner = make_staff("OWNER", theater)
    return invite(person=Person("new@example.com"), theater=theater, role="DOOR", inviter=owner, reason="hired")[1]


def accepting(secret, password):
    def accept() -> str:
        try:
            accept_as_new(secret=secret, welcome=Welcome(make_password(password), "ORSXG5A="))
        except InvitationOver:
            return "over"
        return "accepted"

    return accept


def test_accepted_twice_at_once(secret):
    said = run_all(accepting(secret, "first"), accepting(secret, "second"))
    assert Counter(said) == {"accepted": 1, "over": 1}
    assert StaffRole.objects.filter(user__email="new@example.com").count() == 1
    assert AuditEntry.objects.filter(action="give role").count() == 1
    winner = ("first", "second")[said.index("accepted")]
    assert User.objects.get(email="new@example.com").check_password(winner)


def test_without_the_lock_both_would_pass(secret, monkeypatch):
    """Negative control: the same race, with the invitation read and not locked."""
    both_looked = Barrier(2)

    def look_only(invitation_id):
        found = invitations.Invitation.objects.select_related("theater", "invited_by").get(pk=invitation_id)
        both_looked.wait(20)
        return found

    monkeypatch.setattr(invitations, "invitation_to_change", look_only)
    monkeypatch.setattr(invitations, "_give_role", lambda invitation, user: None)
    monkeypatch.setattr(invitations.TOTP, "activate", lambda user, secret: None)
    monkeypatch.setattr(invitations, "_take_over_account", lambda invitation: User.objects.get(email=invitation.email))
    User.objects.create_user("new@example.com", "x")
    assert Counter(run_all(accepting(secret, "first"), accepting(secret, "second"))) == {"accepted": 2}


def accept_while(secret, act):
    """Accept a link that was found open, and wait for the lock while `act` is done and committed."""
    with transaction.atomic():
        act(invitation_id=Invitation.objects.get().pk, actor="test", reason="hired elsewhere")
        racer = start_and_block(accepting(secret, "first"))
    return racer.outcome()


@pytest.mark.parametrize("act", [withdraw, renew])
def test_accepted_while_it_is_withdrawn_or_sent_again(secret, act):
    assert accept_while(secret, act) == "over"
    assert not StaffRole.objects.filter(user__email="new@example.com").exists()
    assert not User.objects.filter(email="new@example.com").exists()
    assert Invitation.objects.get().accepted_at is None


def test_without_the_second_look_the_old_link_would_give_the_role(secret, monkeypatch):
    """Negative control: the same race, believing what was read before the lock."""
    monkeypatch.setattr(invitations, "_is_still_open", lambda invitation_id, secret: True)
    assert accept_while(secret, renew) == "accepted"
    assert StaffRole.objects.filter(user__email="new@example.com").exists()
