"""Devices: added in the office, enrolled by a link that works once, used by operators, revoked.

Links and cookies are 256 random bits each, stored as their SHA-256.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from core.actors import staff_actor_name
from core.clock import ClockTimestamp, from_now
from core.monitoring.security_log import SecurityEvent, write_security_event
from core.refusals import BadChoice, Refusal
from core.texts.lazy_text import gettext_lazy as _
from staff import locks
from staff.models import Device
from staff.selectors.operators import may_unlock_on, operators_on
from staff.services.audit import record
from staff.services.pins import PinLocked, check_pin, place_at, unlock_pin

LINK_SECONDS = 600
NOTED_EVERY = timedelta(seconds=5)
USE_NOTED_EVERY = timedelta(minutes=1)
NOBODY = {"operator": None, "chosen_at": None, "active_at": None}


class DeviceLinkOver(Refusal):
    """The link is unknown, used or too old; the answer does not say which."""

    status = 404
    title = _("This link is no longer valid")
    sentence = _(
        "The link has been used already, or is older than ten minutes. Make a new one in the office, under Devices."
    )
    staff_can = "Open the device in the office and make a new link; it works once and for ten minutes."


class DeviceRevoked(Refusal):
    """The device was revoked, or another browser was enrolled in its place."""

    status = 403
    title = _("This device is not enrolled any more")
    sentence = _(
        "A manager revoked this device, or enrolled another one in its place. Nothing can be sold or scanned on it. "
        "Ask a manager to enroll it again, or sign in with your account."
    )
    staff_can = (
        "Enroll the device anew in the office under Devices, or forget it on the screen and sign in with an account."
    )


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make_link(*, device_id: int, user_id: int) -> str:
    """The secret of a new link, good for ten minutes and one browser; an earlier link opens nothing. Raises DeviceRevoked."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        device = locks.device_to_change(device_id)
        if device.revoked_at is not None:
            raise DeviceRevoked
        Device.objects.filter(pk=device_id).update(link_hash=hash_of(secret), link_until=from_now(LINK_SECONDS))
        _record_device(device, "make device link", staff_actor_name(user_id))
    return secret


def find_by_link(secret: str) -> Device:
    """Find the device that a link enrolls. Raises DeviceLinkOver."""
    device = Device.objects.with_open_link().select_related("theater").filter(link_hash=hash_of(secret)).first()
    if device is None:
        raise DeviceLinkOver
    return device


def enroll(*, secret: str) -> tuple[Device, str]:
    """Enroll a browser; returns the device and the value of its new cookie. The browser that was enrolled before is no
    device any more. Raises DeviceLinkOver.
    """
    cookie = secrets.token_urlsafe(32)
    with transaction.atomic():
        device = locks.device_with_link(hash_of(secret))
        if device is None:
            raise DeviceLinkOver
        Device.objects.filter(pk=device.pk).update(
            cookie_hash=hash_of(cookie), enrolled_at=ClockTimestamp(), link_hash=None, link_until=None, **NOBODY
        )
        _record_device(device, "enroll device", f"device:{device.pk}")
    write_security_event(SecurityEvent.DEVICE_ENROLLED, device_id=device.pk)
    return device, cookie


def revoke(*, device_id: int, user_id: int, reason: str) -> None:
    """Revoke a device for good, from its next request on. A repeat changes nothing."""
    with transaction.atomic():
        device = locks.device_to_change(device_id)
        if device.revoked_at is not None:
            return
        Device.objects.filter(pk=device_id).update(
            revoked_at=ClockTimestamp(), revoked_by_id=user_id, link_hash=None, link_until=None, **NOBODY
        )
        _record_device(device, "revoke device", staff_actor_name(user_id), reason)
    write_security_event(SecurityEvent.DEVICE_REVOKED, device_id=device_id)


def find_by_cookie(cookie: str) -> Device:
    """Find the device of a cookie. Raises DeviceRevoked, also for an unknown cookie."""
    device = Device.objects.select_related("theater", "operator").filter(cookie_hash=hash_of(cookie)).first()
    if device is None or device.revoked_at is not None:
        write_security_event(SecurityEvent.REVOKED_DEVICE_USED, device_id=device.pk if device else None)
        raise DeviceRevoked
    return device


def choose_operator(*, device: Device, user_id: int, pin: str, now: datetime) -> None:
    """This person works on the device from now on. Raises BadChoice, DeviceRevoked and what check_pin raises."""
    person = next((person for person in operators_on(device) if person.user_id == user_id), None)
    if person is None:
        raise BadChoice("person", gettext("Choose your name."))
    prove_operator(device=device, user_id=user_id, pin=pin)
    chosen = {"operator_id": user_id, "chosen_at": now, "active_at": now, "used_at": now}
    if not Device.objects.in_use().filter(pk=device.pk, cookie_hash=device.cookie_hash).update(**chosen):
        raise DeviceRevoked
    write_security_event(SecurityEvent.OPERATOR_CHOSEN, operator_id=user_id, device_id=device.pk)


def prove_operator(*, device: Device, user_id: int, pin: str) -> None:
    """Check a PIN that is typed on the device. A person whose PIN gets locked is no longer its operator. Raises what
    check_pin raises.
    """
    try:
        check_pin(user_id=user_id, pin=pin, place=place_at(device))
    except PinLocked:
        Device.objects.filter(pk=device.pk, operator_id=user_id).update(**NOBODY)
        raise


def is_locked(device: Device, *, now: datetime) -> bool:
    """Whether an operator must type a PIN first; also when there is no operator."""
    if device.operator_id is None or device.active_at is None:
        return True
    return now - device.active_at > timedelta(seconds=settings.DEVICE_IDLE_SECONDS)


def note_activity(device: Device, *, now: datetime) -> None:
    """Record that the operator did something, every few seconds at most.

    A device that was locked, or chosen on anew, since it was read stays as it is.
    """
    if device.active_at is None or now - device.active_at >= NOTED_EVERY:
        as_read = Device.objects.in_use().filter(pk=device.pk, active_at=device.active_at)
        as_read.update(active_at=now, used_at=now)


def note_use(device: Device, *, now: datetime) -> None:
    """Record that a device without an operator was used, once a minute at most."""
    if device.used_at is None or now - device.used_at >= USE_NOTED_EVERY:
        Device.objects.in_use().filter(pk=device.pk).update(used_at=now)


def lock(device: Device) -> None:
    """Lock the device when its operator leaves the screen. Its holds stay."""
    Device.objects.filter(pk=device.pk).update(active_at=None)


def unlock_by_manager(*, device: Device, user_id: int, manager_id: int, pin: str) -> None:
    """Unlock a person's PIN with a manager's. Raises BadChoice and what check_pin raises."""
    if not may_unlock_on(device, manager_id) or manager_id == user_id:
        raise BadChoice("manager", gettext("Choose a manager: they unlock it with their own PIN."))
    check_pin(user_id=manager_id, pin=pin, place=place_at(device))
    unlock_pin(user_id=user_id, device=device, actor=staff_actor_name(manager_id, device.pk))


def _record_device(device: Device, action: str, actor: str, reason: str = "") -> None:
    after = {"name": device.name, "task": device.get_task_display()}
    record(actor=actor, action=action, thing=device, theater=device.theater_id, after=after, reason=reason)
