"""Taking roles, and closing accounts of staff. Roles are given by invitation (invitations.py). Both count from the
person's next request.
"""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.services.account_closing import close_account, open_account
from core.actors import staff_actor_name
from core.refusals import Refusal
from staff.models import StaffRole
from staff.services.audit import record
from staff.states import Role

NO_REASON = "Say why. The reason is kept in the audit log."


class RoleRefused(Refusal):
    """Refused; the sentence is for the person who asked."""


@dataclass(frozen=True)
class Person:
    email: str
    first_name: str = ""
    last_name: str = ""


def take_role(*, role_id: int, actor: str, reason: str) -> None:
    """Take a role; with the last one goes access to the office. Raises RoleRefused for an owner's own, or without a reason."""
    _require(reason)
    with transaction.atomic():
        given = StaffRole.objects.select_related("user", "theater").get(pk=role_id)
        if given.role == Role.OWNER and actor == staff_actor_name(given.user_id):
            raise RoleRefused("You cannot take the owner's role from yourself. Another owner can.")
        words = {"person": given.user.email, "role": given.get_role_display()}
        record(actor=actor, action="take role", thing=given, theater=given.theater_id, before=words, reason=reason)
        given.delete()
        if not StaffRole.objects.filter(user=given.user_id).exists():
            User.objects.filter(pk=given.user_id, is_superuser=False).update(is_staff=False)


def set_open(*, user: User, is_open: bool, actor: str, reason: str) -> None:
    """Open or close an account; closing ends all sessions. Raises RoleRefused without a reason."""
    _require(reason)
    with transaction.atomic():
        changed = open_account(user_id=user.pk) if is_open else close_account(user_id=user.pk)
        if changed:
            words = ("closed", "open") if is_open else ("open", "closed")
            _about(user, "open account" if is_open else "close account", *words, actor=actor, reason=reason)


def _require(reason: str) -> None:
    if not reason.strip():
        raise RoleRefused(NO_REASON)


def _about(user: User, action: str, before: str, after: str, *, actor: str, reason: str) -> None:
    """Write to the audit log of every theater where the person works."""
    mine = StaffRole.objects.filter(user=user).order_by().distinct()
    theater_ids: list[int | None] = [*mine.values_list("theater_id", flat=True)]
    for theater_id in theater_ids or [None]:
        record(
            actor=actor, action=action, thing=user, theater=theater_id,
            before={"account": before}, after={"account": after}, reason=reason,
        )  # fmt: skip
