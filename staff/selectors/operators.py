"""The people who may work on a device."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from staff.device_rights import DEVICE_RIGHTS
from staff.models import Device, Pin, PinTries, StaffRole
from staff.roles import PERMISSIONS
from staff.states import DeviceTask, Role

UNLOCK = "staff.change_device"


@dataclass(frozen=True)
class OperatorName:
    """A person on the list of a device. Locked: after five wrong PINs there, until a manager unlocks it."""

    user_id: int
    name: str
    is_locked: bool


def name_of_person(user: User) -> str:
    return user.get_full_name() or user.email


def rights_on(device: Device, user_id: int) -> frozenset[str]:
    """The permissions that both this person's roles at the device's theater and its task give. One query.

    Closed accounts and people who are no staff any more have none, superusers only what a role gives them.
    """
    roles = StaffRole.objects.acting().filter(theater=device.theater_id, user_id=user_id)
    allowed = frozenset().union(*(PERMISSIONS[Role(role)] for role in roles.values_list("role", flat=True)))
    return allowed & DEVICE_RIGHTS[DeviceTask(device.task)]


def operators_on(device: Device) -> list[OperatorName]:
    """People with a PIN whose role lets them do something on the device, by name. Two queries."""
    return _names(device.theater_id, DEVICE_RIGHTS[DeviceTask(device.task)], device)


def unlockers_on(device: Device) -> list[OperatorName]:
    """Managers with a PIN, who can unlock other people's PINs on the device."""
    return people_with_pin(theater_id=device.theater_id, permission=UNLOCK, device=device)


def people_with_pin(*, theater_id: int, permission: str, device: Device | None) -> list[OperatorName]:
    """People with a PIN whose role gives this right at the theater. `is_locked` is for the device. Two queries."""
    return _names(theater_id, frozenset({permission}), device)


def may_unlock_on(device: Device, user_id: int) -> bool:
    return any(person.user_id == user_id for person in unlockers_on(device))


def locked_people(device: Device) -> list[tuple[int, str]]:
    """Id and name of everybody whose PIN is locked on the device, for its office page."""
    locked = PinTries.objects.filter(device=device, locked_at__isnull=False).select_related("user").order_by("pk")
    return [(tries.user_id, name_of_person(tries.user)) for tries in locked]


def has_pin(user_id: int) -> bool:
    return Pin.objects.filter(user_id=user_id).exists()


def _names(theater_id: int, permissions: frozenset[str], device: Device | None) -> list[OperatorName]:
    roles = [role for role, allowed in PERMISSIONS.items() if allowed & permissions]
    acting = StaffRole.objects.acting().filter(theater=theater_id, role__in=roles, user__pin__isnull=False)
    people = {given.user_id: given.user for given in acting.select_related("user")}
    here = Q(device=device) if device else Q(device=None)
    locked = set(
        PinTries.objects.filter(here, user_id__in=people, locked_at__isnull=False).values_list("user_id", flat=True)
    )
    names = [OperatorName(pk, name_of_person(user), pk in locked) for pk, user in people.items()]
    return sorted(names, key=lambda person: (person.name.casefold(), person.user_id))
