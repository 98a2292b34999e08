"""Admin pages of people, what they did, and the mails of their accounts."""

from staff.admin import account_mails, audit, people

__all__ = ["account_mails", "audit", "people"]
