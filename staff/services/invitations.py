"""Invitations to the staff: made, sent, renewed, withdrawn and accepted, each with a line in the audit log.

A role is given when its invitation is accepted, by the person who reads the mail of the address, and in no other way.
"""

import hashlib
import secrets
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext

from accounts.models import User
from core.clock import ClockTimestamp, from_now
from core.letters.mailboxes import same_mailbox
from core.refusals import Refusal, TooFast, WayOn
from core.texts.languages import SOURCE, speaking
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from staff.access import roles_of, staff_actor
from staff.locks import invitation_to_change
from staff.models import Invitation, StaffRole
from staff.roles import INVITES
from staff.services.audit import record
from staff.services.invitation_mail import queue_invitation
from staff.services.roles import Person, RoleRefused
from staff.states import Role

LINK_SECONDS = 72 * 3600


class InvitationOver(Refusal):
    """The link is unknown, used, withdrawn or too old; the answer does not say which."""

    status = 404
    title = _("This invitation is no longer valid")
    way_on = WayOn(_("Sign in"), to="account_login")
    sentence = _(
        "The link has been used already, was withdrawn, or is older than 72 hours. If you have just used it yourself, "
        "sign in. If not, please ask the person who invited you for a new one."
    )
    staff_can = "Send the invitation again from its page in the office: the new link is good for another 72 hours."


class TooManyInvitationTries(TooFast):
    title = _("Too many tries")
    sentence = _(
        "There were too many tries from your network. Please wait a minute, then open the link in your e-mail again."
    )


@dataclass(frozen=True)
class Welcome:
    """The choices of a new member of the staff: a password, already hashed, and the secret of an authenticator app."""

    password_hash: str
    totp_secret: str


def may_invite(user: User, role: str, theater: Theater) -> bool:
    """Owners invite for every role, managers for the roles below theirs, each at their own theaters."""
    if not (user.is_active and user.is_staff):
        return False
    mine = {given for theater_id, given in roles_of(user) if theater_id == theater.pk}
    return user.is_superuser or any(role in INVITES.get(given, set()) for given in mine)


def invite(*, person: Person, theater: Theater, role: str, inviter: User, reason: str) -> tuple[Invitation, str]:
    """The invitation and the secret of its link; its mail is queued. Raises RoleRefused with a sentence for the person who
    asks."""
    if not may_invite(inviter, role, theater):
        raise RoleRefused(
            gettext("Your role does not invite people as %(label)s at %(theater)s.")
            % {"label": Role(role).label, "theater": theater}
        )
    email = same_mailbox(person.email)
    if StaffRole.objects.filter(user__email=email, theater=theater, role=role).exists():
        raise RoleRefused(gettext("%(email)s has this role there already.") % {"email": email})
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email, first_name=person.first_name, last_name=person.last_name, theater=theater, role=role,
                invited_by=inviter, reason=reason, secret_hash=_hash(secret), expires_at=from_now(LINK_SECONDS),
            )  # fmt: skip
            _write_to(invitation, secret)
            _record_invitation("invite", invitation, staff_actor(inviter), reason)
    except IntegrityError:
        raise RoleRefused(
            gettext("%(email)s is invited already. Send that invitation again, or withdraw it.") % {"email": email}
        ) from None
    return invitation, secret


def renew(*, invitation_id: int, actor: str, reason: str) -> tuple[Invitation, str]:
    """A new link for another 72 hours; the old one opens nothing. Raises RoleRefused when there is nothing to renew."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        invitation = _waiting(invitation_id)
        Invitation.objects.filter(pk=invitation_id).update(
            secret_hash=_hash(secret), expires_at=from_now(LINK_SECONDS), sent_at=None
        )
        _write_to(invitation, secret)
        _record_invitation("send invitation again", invitation, actor, reason)
    return invitation, secret


def withdraw(*, invitation_id: int, actor: str, reason: str) -> None:
    with transaction.atomic():
        invitation = _waiting(invitation_id)
        Invitation.objects.filter(pk=invitation_id).update(withdrawn_at=ClockTimestamp())
        _record_invitation("withdraw invitation", invitation, actor, reason)


def find_open(secret: str) -> Invitation:
    """Find the invitation of a link. Raises InvitationOver."""
    found = Invitation.objects.open().select_related("theater", "invited_by").filter(secret_hash=_hash(secret)).first()
    if found is None:
        raise InvitationOver
    return found


def account_with_factor(email: str) -> User | None:
    """The verified account of this address, if it has a second factor; a mail must not replace it."""
    user = _verified_owner(email)
    factors = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return user if user is not None and factors.filter(user=user).exists() else None


def accept_as_new(*, secret: str, welcome: Welcome) -> User:
    """Set the password and the second factor together, confirm the address and give the role.

    An account whose address nobody had proven loses its password, sessions, factors and other addresses: somebody else
    may have made it. Raises InvitationOver, also for an account that has a factor (`accept_as_self`).
    """
    with transaction.atomic():
        invitation = _to_accept(secret)
        if account_with_factor(invitation.email) is not None:
            raise InvitationOver
        user = _verified_owner(invitation.email) or _take_over_account(invitation)
        user.password = welcome.password_hash
        user.save(update_fields=["password"])
        TOTP.activate(user, welcome.totp_secret)
        _give_role(invitation, user)
    return user


def accept_as_self(*, secret: str, user: User) -> None:
    """Give the role to a signed-in account with this address, after its second factor. Raises InvitationOver."""
    with transaction.atomic():
        invitation = _to_accept(secret)
        if account_with_factor(invitation.email) != user:
            raise InvitationOver
        _give_role(invitation, user)


def _to_accept(secret: str) -> Invitation:
    found = find_open(secret)
    invitation = invitation_to_change(found.pk)
    if not _is_still_open(found.pk, secret):
        raise InvitationOver
    if not may_invite(invitation.invited_by, invitation.role, invitation.theater):
        raise InvitationOver  # the inviter may not give this role any more
    return invitation


def _is_still_open(invitation_id: int, secret: str) -> bool:
    """Whether a locked invitation still waits: it may have been used, withdrawn or sent again meanwhile."""
    return Invitation.objects.open().filter(pk=invitation_id, secret_hash=_hash(secret)).exists()


def _write_to(invitation: Invitation, secret: str) -> None:
    mail = queue_invitation(invitation, secret=secret)
    Invitation.objects.filter(pk=invitation.pk).update(mail=mail)


def _take_over_account(invitation: Invitation) -> User:
    user = User.objects.filter(email=invitation.email).first()
    if user is None:
        user = User.objects.create_user(
            invitation.email, first_name=invitation.first_name, last_name=invitation.last_name
        )
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.filter(email=invitation.email).delete()
    EmailAddress.objects.create(user=user, email=invitation.email, verified=True, primary=True)
    return user


def _give_role(invitation: Invitation, user: User) -> None:
    if not user.is_active:
        raise InvitationOver  # an invitation does not reopen a closed account
    given, _ = StaffRole.objects.get_or_create(user=user, theater=invitation.theater, role=invitation.role)
    User.objects.filter(pk=user.pk).update(is_staff=True, sessions_number=F("sessions_number") + 1)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=ClockTimestamp())
    with speaking(SOURCE):
        words = {"person": user.email, "role": given.get_role_display(), "invited by": invitation.invited_by.email}
        record(
            actor=staff_actor(user), action="give role", thing=given, theater=given.theater_id, after=words,
            reason=invitation.reason,
        )  # fmt: skip


def _verified_owner(email: str) -> User | None:
    address = EmailAddress.objects.select_related("user").filter(email=email, verified=True).first()
    return address.user if address else None


def _waiting(invitation_id: int) -> Invitation:
    invitation = invitation_to_change(invitation_id)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise RoleRefused(gettext("This invitation was accepted or withdrawn already."))
    return invitation


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _record_invitation(action: str, invitation: Invitation, actor: str, reason: str) -> None:
    words = {"person": invitation.email, "role": invitation.get_role_display()}
    record(actor=actor, action=action, thing=invitation, theater=invitation.theater_id, after=words, reason=reason)
