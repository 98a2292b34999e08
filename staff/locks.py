"""The row locks of staff. A transaction takes only one of them."""

from django.db import transaction
from django.db.models import Q

from staff.models import Device, Invitation, PinTries


def device_to_change(device_id: int) -> Device:
    """Lock a device to enroll or revoke it, or to renew its link. Raises Device.DoesNotExist."""
    Device.objects.select_for_update(no_key=True).values_list("pk").get(pk=device_id)
    return Device.objects.select_related("theater").get(pk=device_id)


def device_with_link(link_hash: str) -> Device | None:
    """The device that this link still enrolls. Of two requests at once the second finds none: its condition is judged anew."""
    return Device.objects.with_open_link().select_for_update(no_key=True).filter(link_hash=link_hash).first()


def pin_tries(*, user_id: int, device_id: int | None) -> PinTries:
    """The count of this person at this device. Tries at the same time are looked at one after the other."""
    with transaction.atomic():
        PinTries.objects.bulk_create([PinTries(user_id=user_id, device_id=device_id)], ignore_conflicts=True)
    here = Q(device=None) if device_id is None else Q(device=device_id)
    return PinTries.objects.select_for_update(no_key=True).get(here, user_id=user_id)


def invitation_to_change(invitation_id: int) -> Invitation:
    """Accepting, withdrawing and sending again wait for each other. Raises Invitation.DoesNotExist."""
    Invitation.objects.select_for_update().values_list("pk").get(pk=invitation_id)
    return Invitation.objects.select_related("theater", "invited_by").get(pk=invitation_id)
