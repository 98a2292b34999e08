"""Roles, invitations, devices, PINs and the audit log."""

from staff.models.audit import AuditEntry, AuditEntryQuerySet
from staff.models.devices import Device, DeviceQuerySet
from staff.models.invitations import Invitation, InvitationQuerySet
from staff.models.pins import Pin, PinTries
from staff.models.roles import StaffRole, StaffRoleQuerySet

__all__ = [
    "AuditEntry", "AuditEntryQuerySet", "Device", "DeviceQuerySet", "Invitation", "InvitationQuerySet", "Pin", "PinTries",
    "StaffRole", "StaffRoleQuerySet",
]  # fmt: skip
