"""Closing an account, and opening it again. Bookings stay with it; its sessions end for good."""

from django.db.models import F

from accounts.models import User


def close_account(*, user_id: int) -> bool:
    """Close an account and end its sessions. False when it was closed already."""
    open_ones = User.objects.filter(pk=user_id, is_active=True)
    return bool(open_ones.update(is_active=False, sessions_number=F("sessions_number") + 1))


def open_account(*, user_id: int) -> bool:
    return bool(User.objects.filter(pk=user_id, is_active=False).update(is_active=True))


def end_sessions(*, user_id: int) -> None:
    """End all sessions of an account, for example after a laptop was lost."""
    User.objects.filter(pk=user_id).update(sessions_number=F("sessions_number") + 1)
