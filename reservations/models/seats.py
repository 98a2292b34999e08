"""The rows that are locked to take seats and places."""

from django.db import models
from django.db.models import Q

from reservations.models.bookings import Booking
from reservations.models.group_blocks import GroupBlock
from reservations.models.holds import Hold
from reservations.seats.state import SeatState, is_house_seat
from theaters.models import BrokenSeat, Seat, Showtime
from theaters.seat_labels import LONGEST_LABEL, LONGEST_SECTION_NAME


class ShowtimeArea(models.Model):
    """An area at one showtime: the row that is locked before places of it are taken."""

    id = models.BigAutoField(primary_key=True)
    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="areas", db_index=False)
    name = models.CharField(max_length=LONGEST_SECTION_NAME)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["showtime", "name"], name="area_once_per_showtime")]

    def __str__(self) -> str:
        return self.name


class ShowtimeSeat(models.Model):
    """One seat at one showtime: the row that is locked. Free, held, pending, sold or a house seat, and nothing between.

    A house seat that the counter took, by a right, keeps its reason while it is held and sold: when that ends, it is a
    house seat again, also when its hold lapses and no worker runs.

    The rows of a sofa have the same hold and booking whenever a transaction commits: a trigger refuses a change of only
    some of them.
    """

    id = models.BigAutoField(primary_key=True)
    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="seats", db_index=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+", db_index=False)
    label = models.CharField(max_length=LONGEST_LABEL)
    unit = models.CharField(
        max_length=8, db_default="", blank=True, help_text="Shared by the seats of one sofa, which is sold whole."
    )
    area = models.ForeignKey(
        ShowtimeArea,
        null=True,
        on_delete=models.PROTECT,
        related_name="places",
        db_index=False,
        help_text="It is a place of this area: unnumbered, and sold by number.",
    )
    hold = models.ForeignKey(Hold, null=True, on_delete=models.PROTECT, related_name="seats", db_index=False)
    booking = models.ForeignKey(Booking, null=True, on_delete=models.PROTECT, related_name="seats", db_index=False)
    held_until = models.DateTimeField(null=True)
    house_reason = models.CharField(max_length=60, db_default="", blank=True)

    house_release_minutes = models.PositiveSmallIntegerField(
        null=True, help_text="A house seat goes on sale by itself so many minutes before the start; empty: never."
    )

    kept_from_hold = models.BigIntegerField(
        null=True,
        help_text="Somebody had the seat when it was kept back: the number of that hold, or of the first of its holds. It is a "
        "house seat as soon as they leave it.",
    )
    broken_seat = models.ForeignKey(
        BrokenSeat,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="The chair is kept back because it is broken; once it is mended it is on sale again.",
    )
    group_block = models.ForeignKey(
        GroupBlock,
        null=True,
        on_delete=models.SET_NULL,
        related_name="seats",
        db_index=False,
        help_text="The house seat is kept for this group.",
    )

    class Meta:
        permissions = [("keep_seats_back", "Can keep seats back from sale and release them")]
        constraints = [
            models.UniqueConstraint(fields=["showtime", "label"], name="seat_once_per_showtime"),
            models.CheckConstraint(
                name="seat_is_in_one_state",
                violation_error_message="A seat is free, held or booked, and only one of them.",
                condition=Q(hold=None, booking=None, held_until=None)
                | Q(hold__isnull=False, booking=None, held_until__isnull=False)
                | Q(hold=None, booking__isnull=False),
            ),
            models.CheckConstraint(
                name="only_house_seats_are_released_or_mended",
                condition=~Q(house_reason="") | Q(house_release_minutes=None, broken_seat=None),
                violation_error_message="A seat goes back on sale only where it was kept back, with a reason.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["showtime"], condition=Q(house_release_minutes__isnull=False), name="house_seat_released_later"
            ),
            models.Index(fields=["area"], condition=Q(area__isnull=False), name="place_of_area"),
            models.Index(fields=["showtime", "unit"], condition=~Q(unit=""), name="seat_of_unit"),
            models.Index(fields=["held_until"], condition=Q(held_until__isnull=False), name="seat_lapses"),
            models.Index(fields=["hold"], condition=Q(hold__isnull=False), name="seat_of_hold"),
            models.Index(fields=["booking"], condition=Q(booking__isnull=False), name="seat_of_booking"),
            models.Index(fields=["broken_seat"], condition=Q(broken_seat__isnull=False), name="seat_kept_as_broken"),
            models.Index(fields=["group_block"], condition=Q(group_block__isnull=False), name="seat_of_group"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def state_when_left(self) -> str:
        """The state of the seat as soon as nobody has it any more: free or house."""
        return (SeatState.HOUSE if is_house_seat(self) else SeatState.FREE).value
