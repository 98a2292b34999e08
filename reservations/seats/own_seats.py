"""The seats of one browser at one showtime: its hold, its pending booking, what it bought."""

from dataclasses import dataclass
from datetime import datetime

RETAKE_OFFERED_SECONDS = 1800


@dataclass(frozen=True)
class OwnSeats:
    """The seats of one browser at one showtime, by the database's clock.

    `left_at_address`: how many more seats its internet address can take; None while that is far away, or was not asked.
    """

    now: datetime
    hold_id: int | None
    started_at: datetime | None
    expires_at: datetime | None
    cap_at: datetime | None
    extended_at: datetime | None
    ended_at: datetime | None
    end: str | None
    lapsed_labels: list[str] | None
    hold_version_id: int | None
    booking_id: int | None
    booking_reference: str | None
    payable_until: datetime | None
    labels: list[str]
    bought: int
    left_at_address: int | None
    shared_block_id: int | None
    keeps_for_friends: bool

    @property
    def is_paying(self) -> bool:
        return self.booking_id is not None

    @property
    def is_holding(self) -> bool:
        return (
            not self.is_paying
            and self.ended_at is None
            and self.expires_at is not None
            and self.expires_at > self.now
            and bool(self.labels)
        )

    @property
    def version_id(self) -> int | None:
        """The prices its hold began with; None when it holds nothing."""
        return self.hold_version_id if self.is_holding else None

    @property
    def retake(self) -> list[str]:
        """The labels of a hold that ran out lately."""
        if self.is_paying or self.expires_at is None or self.expires_at > self.now:
            return []
        if (self.now - self.expires_at).total_seconds() > RETAKE_OFFERED_SECONDS:
            return []
        if self.ended_at is None:
            return self.labels
        return (self.lapsed_labels or []) if self.end == "LAPSED" else []

    @property
    def have_moved(self) -> bool:
        """Whether it lately lost what it held because the showtime moved to another auditorium."""
        if self.is_paying or self.ended_at is None or self.end != "MOVED":
            return False
        return (self.now - self.ended_at).total_seconds() <= RETAKE_OFFERED_SECONDS
