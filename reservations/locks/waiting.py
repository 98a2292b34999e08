"""The locks of the waiting list: entries before the holds of their offers."""

from reservations.models import Hold, WaitingEntry

LOCKED = WaitingEntry.objects.select_for_update(no_key=True)


def waiting_entry(entry_id: int) -> WaitingEntry:
    """Lock an entry by its id. Raises WaitingEntry.DoesNotExist."""
    return LOCKED.get(pk=entry_id)


def waiting_entry_by_code(code: str) -> WaitingEntry:
    """Lock an entry by the code of its link. Raises WaitingEntry.DoesNotExist."""
    return LOCKED.get(code=code)


def waiting_entries(showtime_id: int) -> list[WaitingEntry]:
    """Lock the entries that want seats now, in the order of joining; entries that are locked elsewhere are skipped."""
    waiting = WaitingEntry.objects.waiting().filter(showtime_id=showtime_id)
    return list(waiting.select_for_update(no_key=True, skip_locked=True))


def hold_by_id(hold_id: int) -> Hold:
    """Lock a hold. Raises Hold.DoesNotExist."""
    return Hold.objects.select_for_update(no_key=True).get(pk=hold_id)
