"""The locks of shared blocks: the block before the holds of its friends, and those before its own hold."""

from reservations.models import SharedBlock, ShowtimeSeat


def shared_block(block_id: int) -> SharedBlock:
    """Lock a shared block. Raises SharedBlock.DoesNotExist."""
    return SharedBlock.objects.select_for_update(no_key=True).get(pk=block_id)


def shared_blocks_of(showtime_id: int) -> list[SharedBlock]:
    """All of the showtime, open or over."""
    return list(SharedBlock.objects.filter(showtime=showtime_id).order_by("pk").select_for_update(no_key=True))


def seats_of_two_holds(first_id: int, second_id: int) -> list[ShowtimeSeat]:
    """All that two locked holds have, in one order."""
    seats = ShowtimeSeat.objects.filter(hold_id__in=[first_id, second_id])
    return list(seats.order_by("pk").select_for_update(no_key=True))
