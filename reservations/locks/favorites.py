"""The lock of one favorite; nothing else is locked beside it."""

from reservations.models import Favorite

LOCKED = Favorite.objects.select_for_update(no_key=True)


def favorite(favorite_id: int) -> Favorite:
    """Lock a favorite by its id. Raises Favorite.DoesNotExist."""
    return LOCKED.get(pk=favorite_id)


def favorite_by_code(code: str) -> Favorite:
    """Lock a favorite by the code of its link. Raises Favorite.DoesNotExist."""
    return LOCKED.get(code=code)
