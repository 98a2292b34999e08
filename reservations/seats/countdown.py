"""How long seats are held, as the seat panel and the checkout show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from reservations.refusals.seats import HoldLapsed
from reservations.seats.own_seats import OwnSeats


@dataclass(frozen=True)
class Countdown:
    """`expires_at` in ISO 8601; `hold_seconds`: the whole length."""

    expires_at: str
    seconds_left: int
    hold_seconds: int
    can_extend: bool
    may_extend_later: bool


def countdown_of(own: OwnSeats) -> Countdown:
    """Describe the countdown of a browser that holds seats."""
    assert own.expires_at is not None and own.started_at is not None and own.cap_at is not None
    left = (own.expires_at - own.now).total_seconds()
    may_extend = own.extended_at is None and own.expires_at < own.cap_at
    return Countdown(
        expires_at=own.expires_at.isoformat(),
        seconds_left=int(left),
        hold_seconds=int((own.expires_at - own.started_at).total_seconds()),
        can_extend=may_extend and left <= settings.HOLD_EXTENSION_OFFERED_SECONDS,
        may_extend_later=may_extend,
    )


def countdown_to(until: datetime | None, *, seconds: int, now: datetime) -> Countdown | None:
    """Describe the countdown of what is held for a payment, or for an answer, of this whole length; None after its end.

    It cannot be lengthened: a payment page closes then, and others wait for what is offered.
    """
    if until is None or until <= now:
        return None
    return Countdown(
        expires_at=until.isoformat(),
        seconds_left=int((until - now).total_seconds()),
        hold_seconds=seconds,
        can_extend=False,
        may_extend_later=False,
    )


def time_context(own: OwnSeats) -> dict[str, Any]:
    """What a page about held seats says of their time: the countdown, and after its end the labels to take again."""
    lapsed = own.retake
    return {
        "countdown": countdown_of(own) if own.is_holding else None,
        "lapsed": lapsed,
        "refusal": HoldLapsed() if lapsed else None,
    }
