"""Staff join by invitation: one mail, one link; the invited person sets a password and a second factor on the same page."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.mail import mailers
from django.test import Client
from django.utils import timezone

from accounts.models import AccountMail, User
from core.clock import from_now
from staff.models import AuditEntry, Invitation, StaffRole
from staff.services.invitations import (
    InvitationOver,
    Welcome,
    accept_as_new,
    accept_as_self,
    may_invite,
    renew,
    withdraw,
)
from staff.services.roles import RoleRefused
from tests.boxoffice.test_people import ADD, wish
from tests.factories import PASS_PHRASE, make_staff, make_theater
from tests.letters import letters
from tests.signing_in import give_factor, signed_in
from tests.totp_codes import code_of

pytestmark = pytest.mark.django_db
CHOSEN = "lantern gravel seventeen umbrella"


@pytest.fixture
def here():
    return make_theater()


@pytest.fixture
def owner(here):
    return make_staff("OWNER", here, email="owner@example.com")


@pytest.fixture
def office(owner):
    return signed_in(owner)


@pytest.fixture
def link(office, here) -> str:
    assert office.post(ADD, wish(here)).status_code == 302
    return link_of_last_mail()


def link_of_last_mail() -> str:
    return re.search(r"http://testserver(/invitations/\S+/)", letters()[-1].body)[1]


def fill_in(client, link, password=CHOSEN):
    page = client.get(link)
    assert page.status_code == 200
    secret = re.search(r"data-app-key>(\w+)<", page.content.decode())[1]
    factor = page.context["form"]["factor"].value()
    return secret, {"password": password, "code": code_of(secret), "factor": factor}


def accept(link, client=None):
    client = client or Client()
    _, fields = fill_in(client, link)
    return client.post(link, fields)


def test_inviting_makes_no_account_and_no_role(link, owner, here):
    assert not User.objects.filter(email="new@example.com").exists()
    assert StaffRole.objects.count() == 1
    invitation = Invitation.objects.get()
    assert link.split("/")[2] not in invitation.secret_hash and len(invitation.secret_hash) == 64
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.theater, entry.action, entry.reason) == (owner, here, "invite", "opens the second door")
    assert [message.to for message in letters()] == [["new@example.com"]]


def test_the_mail_comes_from_the_house_that_it_is_signed_by(office, here):
    here.house.sender_name, here.house.sender_address = "Lantern", "box@lantern.example"
    here.house.save()
    office.post(ADD, wish(here))
    assert letters()[-1].from_email == "Lantern <box@lantern.example>"


def test_the_link_sets_password_and_factor_together_and_opens_the_office(link, here, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    assert accept(link).url.startswith("/accounts/login/")
    person = User.objects.get(email="new@example.com")
    assert (person.is_staff, person.is_superuser, person.check_password(CHOSEN)) == (True, False, True)
    assert [(one.theater, one.role) for one in person.staff_roles.all()] == [(here, "DOOR")]
    factor = Authenticator.objects.get(user=person, type="totp")
    assert signed_in(person, factor=factor).get("/admin/").status_code == 200
    entry = AuditEntry.objects.get(action="give role")
    assert (entry.user, entry.after["invited by"]) == (person, "owner@example.com")


def test_a_browser_with_scripts_goes_on_to_the_office_too(link):
    """htmx sends the form and names the page it stands on; that link is used up once the invitation is accepted."""
    client = Client()
    _, fields = fill_in(client, link)
    here = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{link}"}
    answer = client.post(link, fields, headers=here)
    assert unquote(answer.headers["HX-Redirect"]) == "/accounts/login/?next=/admin/"


def test_in_german_the_page_is_german_and_the_audit_log_stays_english(link):
    german = Client(headers={"Accept-Language": "de"})
    page = german.get(link).content.decode()
    assert "<b>Einlass</b>" in page and "Sechs Ziffern." in page and "Mindestens 12 Zeichen." in page
    accept(link, german)
    entry = AuditEntry.objects.get(action="give role")
    assert entry.after["role"] == "Door" and "Einlass" not in entry.what_text


@pytest.mark.parametrize("field", ["password", "code", "factor"])
def test_password_and_factor_are_set_together_or_not_at_all(link, field):
    _, fields = fill_in(Client(), link)
    answer = Client().post(link, fields | {field: ""})
    assert answer.status_code == 422
    assert not User.objects.filter(email="new@example.com").exists()


def test_the_app_of_another_invitation_is_not_taken(office, here, link):
    """Whoever opened that invitation may know its secret."""
    office.post(ADD, wish(here) | {"email": "other@example.com"})
    known, fields = fill_in(Client(), link_of_last_mail())
    page = Client().post(link, fields)
    assert page.status_code == 422 and known not in page.content.decode()
    assert not User.objects.filter(email="new@example.com").exists()


def test_wrong_codes_on_the_page_of_an_invitation_are_limited(link):
    _, fields = fill_in(Client(), link)
    answers = [Client().post(link, fields | {"password": ""}).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


def test_a_link_works_once(link):
    accept(link)
    assert Client().get(link).status_code == 404


def test_an_old_link_opens_nothing(link):
    Invitation.objects.update(expires_at=from_now(-1))
    assert Client().get(link).status_code == 404


def test_a_stranger_who_signed_up_with_the_address_is_out(link):
    stranger = User.objects.create_user("new@example.com", PASS_PHRASE)
    EmailAddress.objects.create(user=stranger, email="new@example.com", verified=False, primary=True)
    EmailAddress.objects.create(user=stranger, email="eve@example.com", verified=True)
    TOTP.activate(stranger, generate_totp_secret())
    session = signed_in(stranger)
    accept(link)
    stranger.refresh_from_db()
    assert stranger.is_staff and not stranger.check_password(PASS_PHRASE)
    assert session.get("/bookings/").status_code == 302
    assert list(EmailAddress.objects.filter(user=stranger).values_list("email", "verified")) == [
        ("new@example.com", True)
    ]
    assert Authenticator.objects.filter(user=stranger, type="totp").count() == 1


def test_a_customer_becomes_staff_only_by_accepting(office, here):
    ada = User.objects.create_user("new@example.com", PASS_PHRASE)
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    office.post(ADD, wish(here))
    ada.refresh_from_db()
    assert not ada.is_staff
    accept(link_of_last_mail())
    ada.refresh_from_db()
    assert ada.is_staff


def test_an_account_with_a_factor_accepts_signed_in_with_it(office, here):
    ada = User.objects.create_user("new@example.com", PASS_PHRASE)
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    TOTP.activate(ada, generate_totp_secret())
    office.post(ADD, wish(here))
    link = link_of_last_mail()
    for client in (Client(), signed_in(ada)):
        assert "data-app-key" not in client.get(link).content.decode()
        client.post(link, {"password": CHOSEN})
        assert not ada.staff_roles.exists()
    here_with_factor = signed_in(ada, factor=Authenticator.objects.get(user=ada))
    assert here_with_factor.post(link).status_code == 302
    ada.refresh_from_db()
    assert ada.check_password(PASS_PHRASE) and ada.staff_roles.get().role == "DOOR"


def test_a_closed_account_is_not_opened_by_a_link(link):
    gone = User.objects.create_user("new@example.com", PASS_PHRASE, is_active=False)
    assert accept(link).status_code == 404
    assert not gone.staff_roles.exists()


def test_a_link_ends_when_its_author_has_no_say_any_more(link, owner):
    owner.staff_roles.all().delete()
    assert accept(link).status_code == 404


def test_withdrawn_and_sent_again(office, link):
    path = f"/admin/staff/invitation/{Invitation.objects.get().pk}"
    Invitation.objects.update(expires_at=from_now(-1))  # its 72 hours are over
    office.post(f"{path}/again/", {"reason": "the mail was lost", "mark": "-", "_do": "yes"})
    again = link_of_last_mail()
    assert again != link
    assert [Client().get(one).status_code for one in (link, again)] == [404, 200]
    office.post(f"{path}/withdraw/", {"reason": "hired elsewhere", "mark": "-", "_do": "yes"})
    assert Client().get(again).status_code == 404
    reasons = AuditEntry.objects.filter(what="staff.invitation").values_list("action", "reason")
    assert {("send invitation again", "the mail was lost"), ("withdraw invitation", "hired elsewhere")} <= set(reasons)


@pytest.mark.parametrize(
    ("inviter", "role", "may"),
    [
        ("MANAGER", "DOOR", True), ("MANAGER", "BOX_OFFICE", True), ("MANAGER", "MANAGER", False),
        ("MANAGER", "FINANCE", False), ("MANAGER", "OWNER", False), ("OWNER", "OWNER", True),
    ],
)  # fmt: skip
def test_people_invite_for_the_roles_below_theirs(here, inviter, role, may):
    signed_in(make_staff(inviter, here)).post(ADD, wish(here, role))
    assert Invitation.objects.exists() is may


@pytest.mark.parametrize("role", ["BOX_OFFICE", "DOOR", "FINANCE", "AUDITOR"])
def test_others_invite_nobody(here, role):
    assert signed_in(make_staff(role, here)).post(ADD, wish(here)).status_code == 403


def test_nobody_invites_to_another_theater(office):
    answer = office.post(ADD, wish(make_theater()))
    assert answer.status_code == 200 and "theater" in answer.context["adminform"].form.errors
    assert not Invitation.objects.exists()


def test_invited_twice_is_said(office, here, link):
    answer = office.post(ADD, wish(here), follow=True)
    assert "is invited already." in answer.content.decode()
    assert Invitation.objects.count() == 1


def test_a_mail_server_that_is_away_keeps_nobody_waiting_and_loses_no_invitation(office, here, monkeypatch):
    server = mailers.default
    monkeypatch.setattr(type(server), "open", refuse_connection)
    page = office.post(ADD, wish(here), follow=True).content.decode()
    assert "is on its way to new@example.com" in page and "Mail not sent yet" in page
    assert letters() == []
    monkeypatch.undo()
    AccountMail.objects.update(try_at=from_now(-1))
    assert [message.to for message in letters()] == [["new@example.com"]]
    assert "Waiting" in office.get("/admin/staff/invitation/").content.decode()


def refuse_connection(self):
    raise ConnectionRefusedError


def test_an_invitation_whose_address_is_refused_says_so(office, here, monkeypatch):
    def refuse(self, messages):
        raise SMTPRecipientsRefused({"new@example.com": (550, b"no such mailbox")})

    monkeypatch.setattr(type(mailers.default), "send_messages", refuse)
    office.post(ADD, wish(here))
    assert letters() == []
    assert "Mail not delivered" in office.get("/admin/staff/invitation/").content.decode()


def test_wrong_links_are_limited(db):
    answers = [Client().get("/invitations/nothing-of-the-kind/").status_code for _ in range(25)]
    assert (answers[0], answers[-1]) == (404, 429)


@pytest.mark.parametrize("path", ["/admin/staff/staffrole/add/", "/admin/accounts/user/add/"])
def test_there_is_no_other_way_in(manager, path):
    assert signed_in(manager).get(path).status_code == 403


def test_nobody_ticks_a_customer_into_the_staff(manager):
    ada = User.objects.create_user("ada@example.com", PASS_PHRASE)
    fields = {"first_name": "A", "last_name": "", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert signed_in(manager).post(f"/admin/accounts/user/{ada.pk}/change/", fields).status_code == 302
    ada.refresh_from_db()
    assert (ada.is_staff, ada.is_superuser) == (False, False)


def secret_of(link) -> str:
    return link.split("/")[2]


def make_account(email) -> User:
    user = User.objects.create_user(email, PASS_PHRASE)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def test_the_mail_alone_does_not_replace_a_factor_that_was_set_up_meanwhile(link):
    """The page for new people was open while the invited person set up a factor in an account of their own."""
    give_factor(make_account("new@example.com"))
    with pytest.raises(InvitationOver):
        accept_as_new(secret=secret_of(link), welcome=Welcome("x", "JBSWY3DPEHPK3PXP"))
    assert (Authenticator.objects.count(), StaffRole.objects.count()) == (1, 1)


def test_recovery_codes_alone_are_no_factor_to_sign_in_with(link):
    """Somebody who has only these could not accept as themselves, because that asks for a factor."""
    user = make_account("new@example.com")
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    with pytest.raises(InvitationOver):
        accept_as_self(secret=secret_of(link), user=user)
    assert accept(link).status_code == 302
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    assert user.staff_roles.get().role == "DOOR"


def test_somebody_else_who_is_signed_in_with_a_factor_sees_no_button_and_keeps_nothing(link):
    give_factor(make_account("new@example.com"))
    other = make_account("other@example.com")
    give_factor(other)
    page = signed_in(other, factor=Authenticator.objects.get(user=other, type=Authenticator.Type.TOTP)).post(link)
    assert (page.status_code, page.context["is_here"], other.staff_roles.count()) == (200, False, 0)


def test_somebody_else_who_is_signed_in_does_not_take_the_role(link):
    give_factor(make_account("new@example.com"))
    other = make_account("other@example.com")
    give_factor(other)
    with pytest.raises(InvitationOver):
        accept_as_self(secret=secret_of(link), user=other)
    assert not other.staff_roles.exists()


def test_accepting_ends_the_sessions_of_before(link):
    """All of them: the one that accepts signs in again, and so does a browser that was left open elsewhere."""
    user = make_account("new@example.com")
    give_factor(user)
    factor = Authenticator.objects.get(user=user)
    elsewhere, here = signed_in(user, factor=factor), signed_in(user, factor=factor)
    assert elsewhere.get("/bookings/").status_code == 200
    assert here.post(link).status_code == 302
    assert user.staff_roles.count() == 1
    for browser in (elsewhere, here):
        assert browser.get("/bookings/").url.startswith("/accounts/login/")


def test_accepting_with_a_new_password_ends_the_sessions_of_before(link):
    user = make_account("new@example.com")
    elsewhere = signed_in(user)
    assert accept(link).status_code == 302
    assert elsewhere.get("/bookings/").url.startswith("/accounts/login/")


def test_a_link_is_good_for_three_days(link):
    left = Invitation.objects.get().expires_at - timezone.now()
    assert timedelta(hours=71, minutes=55) < left <= timedelta(hours=72)


@pytest.mark.parametrize("act", [renew, withdraw])
@pytest.mark.parametrize("over", ["accepted_at", "withdrawn_at"])
def test_what_is_over_is_neither_sent_again_nor_withdrawn(link, act, over):
    Invitation.objects.update(**{over: from_now(-1)})
    with pytest.raises(RoleRefused, match="accepted or withdrawn already"):
        act(invitation_id=Invitation.objects.get().pk, actor="test", reason="x")
    assert len(letters()) == 1


def test_who_manages_another_theater_or_has_left_invites_nobody_here(here, owner):
    elsewhere = make_staff("OWNER", make_theater())
    assert may_invite(owner, "DOOR", here) and not may_invite(elsewhere, "DOOR", here)
    for lost in ({"is_active": False}, {"is_staff": False}):
        User.objects.filter(pk=owner.pk).update(**{"is_active": True, "is_staff": True} | lost)
        assert not may_invite(User.objects.get(pk=owner.pk), "DOOR", here)
