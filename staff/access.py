"""Who may what, and where. Rights are roles at theaters (roles.py); Django's own groups and permissions give none.

A person's roles and the keys of all theaters are read once per request: they are kept on the user object, which lives as
long as the request.
"""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from core.actors import staff_actor_name
from houses.models import Theater
from staff.acting import Acting
from staff.models import StaffRole
from staff.roles import PERMISSIONS
from staff.states import Role

Person = AbstractBaseUser | AnonymousUser
# The person whose rights are checked: a user in the office, or the operator at the counter or the door.
Asking = Person | Acting


def may(asking: Asking, permission: str, theater: Theater | int) -> bool:
    """Whether this person has the permission ("payments.refund_payment") at this theater."""
    theater_ids = theater_ids_of(asking, permission)
    return theater_ids is None or (theater.pk if isinstance(theater, Theater) else theater) in theater_ids


def may_somewhere(asking: Asking, permission: str) -> bool:
    return theater_ids_of(asking, permission) != frozenset()


def may_everywhere(asking: Asking, permission: str) -> bool:
    """Whether this person has the permission at every theater, for what concerns all of them."""
    theater_ids = theater_ids_of(asking, permission)
    return theater_ids is None or (bool(theater_ids) and theater_ids >= all_theater_ids(person_of(asking)))


def theaters_of(asking: Asking, permission: str) -> QuerySet[Theater]:
    """The theaters at which this person has the permission."""
    theater_ids = theater_ids_of(asking, permission)
    return Theater.objects.all() if theater_ids is None else Theater.objects.filter(pk__in=theater_ids)


def theater_ids_of(asking: Asking, permission: str) -> frozenset[int] | None:
    """The ids of theaters with this permission; None means all of them, also future ones."""
    if isinstance(asking, Acting) and asking.device is not None:
        return frozenset({asking.device.theater_id} if permission in asking.rights else ())
    user = person_of(asking)
    if not (user.is_active and getattr(user, "is_staff", False)):
        return frozenset()
    if getattr(user, "is_superuser", False):
        return None
    return frozenset(theater_id for theater_id, role in roles_of(user) if permission in PERMISSIONS[role])


def person_of(asking: Asking) -> Person:
    return asking.user if isinstance(asking, Acting) else asking


def roles_of(user: Person) -> frozenset[tuple[int, Role]]:
    if not hasattr(user, "_roles"):
        rows = StaffRole.objects.filter(user_id=user.pk or 0).values_list("theater_id", "role")
        user._roles = frozenset((theater_id, Role(role)) for theater_id, role in rows)  # type: ignore[union-attr]
    return user._roles  # type: ignore[union-attr]


def all_theater_ids(user: Person) -> frozenset[int]:
    """The ids of all theaters, read once per request like the roles."""
    if not hasattr(user, "_all_theater_ids"):
        user._all_theater_ids = frozenset(Theater.objects.values_list("pk", flat=True))  # type: ignore[union-attr]
    return user._all_theater_ids  # type: ignore[union-attr]


def forget_roles(user: Person) -> None:
    """Forget the roles kept with the user, after this request has changed them."""
    for kept in ("_roles", "_all_theater_ids"):
        if hasattr(user, kept):
            delattr(user, kept)


def emails_of_staff(permission: str, theater: Theater) -> list[str]:
    """Addresses of staff whose role has the permission at this theater, to notify them."""
    roles = [role for role, permissions in PERMISSIONS.items() if permission in permissions]
    people = StaffRole.objects.acting().filter(theater=theater, role__in=roles)
    return sorted(set(people.values_list("user__email", flat=True)))


def staff_actor(user: Person) -> str:
    """The name of a member of staff in the logs."""
    assert user.pk is not None
    return staff_actor_name(user.pk)
