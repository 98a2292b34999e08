"""The lock of one favorite; nothing else is locked beside it."""

from reservations.models import Favorite

LOCKED = Favorite.objects.select_for_update(no_key=True)


def favorite(favorite_id: int) -> Favorite:
    """Raises Favorite.DoesNotExist."""
    return LOCKED.get(pk=favorite_id)


def favorite_by_code(code: str) -> Favorite:
    """Raises Favorite.DoesNotExist."""
    return LOCKED.get(code=code)
