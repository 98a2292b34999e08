"""Who works at which theater, who is invited to, and what they did."""

from staff.models.audit import AuditEntry, AuditEntryQuerySet
from staff.models.invitations import Invitation, InvitationQuerySet
from staff.models.roles import StaffRole, StaffRoleQuerySet

__all__ = ["AuditEntry", "AuditEntryQuerySet", "Invitation", "InvitationQuerySet", "StaffRole", "StaffRoleQuerySet"]
