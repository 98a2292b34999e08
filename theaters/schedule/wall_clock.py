"""Local times as moments. A time that clocks skip or show twice is refused, never guessed."""

from datetime import UTC, date, datetime, time

from core.refusals import Refusal
from houses.models import Theater

FIRST, SECOND = 0, 1


class ImpossibleTime(Refusal):
    """Clocks skip this time when they change; the sentence says what they show instead."""


class DoubledTime(Refusal):
    """Clocks show this time twice when they change: both moments, to choose from."""

    def __init__(self, sentence: str, moments: tuple[datetime, datetime]) -> None:
        super().__init__(sentence)
        self.moments = moments


def wall_moment(*, theater: Theater, on: date, at: time, which: int | None = None) -> datetime:
    """`which` is FIRST or SECOND, for a time that comes twice. Raises ImpossibleTime or DoubledTime."""
    first = datetime.combine(on, at, tzinfo=theater.zone)
    second = first.replace(fold=SECOND)
    before, after = first.utcoffset(), second.utcoffset()
    assert before is not None and after is not None
    if before < after:
        earlier, later = (f"{moment.astimezone(UTC).astimezone(theater.zone):%H:%M}" for moment in (second, first))
        raise ImpossibleTime(
            f"The clocks in {theater.city} go forward that night and skip {at:%H:%M}. Did you mean {earlier} or {later}?"
        )
    if before > after and which is None:
        raise DoubledTime(
            f"The clocks in {theater.city} go back that night and show {at:%H:%M} twice. Which one do you mean?",
            (first, second),
        )
    return (second if which == SECOND else first).astimezone(UTC)


def wall_text(moment: datetime) -> str:
    """Say a time that occurs twice with its zone: 01:30 EDT (UTC-04:00)."""
    return f"{moment:%H:%M %Z} ({moment:UTC%:z})"
