"""Whether sales are paused, and what goes on meanwhile.

Paused by hand: nothing new is sold; open payments settle, refunds, mail and the door go on.
Paused after a restore: the database is older than the provider and the customers, so nothing settles either, and no refund and
no mail goes out, until it was reconciled. Pausing and resuming: theaters/schedule/sales_pauses.py.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from core.caches.process_cache import ProcessCache
from core.clock import in_zone
from core.models import PauseKind, SalesPause
from core.texts.lazy_text import gettext_lazy as _
from core.texts.local_formats import format_moment

SENTENCE = _(
    "We have paused ticket sales for a short while. Tickets that you have already bought stay valid. "
    "Please come back in a few minutes."
)
# How late a process may hear of a pause where the statement that locks a showtime does not tell it.
KEPT_SECONDS = 2.0


class WhenPaused(StrEnum):
    """Whether an act goes on or stops while sales are paused."""

    STOPS = "stops"
    STOPS_AFTER_RESTORE = "stops after a restore"


@dataclass(frozen=True)
class Pause:
    """The pause that is active. After a restore `known_until` is the last moment of which the database knows all
    tickets.
    """

    kind: PauseKind
    why: str
    since: datetime
    known_until: datetime | None
    agreed_at: datetime | None = None
    lost: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The sentence for customers and the counter."""
        return SENTENCE

    @property
    def in_words(self) -> str:
        """The pause for the office and operators; its moment in UTC."""
        return f"paused {self.kind.label.lower()} since {_utc(self.since)}: {self.why}"

    def unknown_tickets(self, zone: ZoneInfo) -> str:
        """Tell the door since when valid tickets may be unknown here, after a restore; else ''."""
        if self.known_until is None:
            return ""
        moment = format_moment(in_zone(self.known_until, zone), "day")
        return gettext("Tickets sold after %(moment)s cannot be known here.") % {"moment": moment}

    @property
    def is_after_restore(self) -> bool:
        return self.kind == PauseKind.AFTER_RESTORE

    @property
    def losses_in_words(self) -> list[str]:
        """Sentences for the office and operators about what may be lost for good after a restore, because no provider
        knows of it.
        """
        if not self.is_after_restore:
            return []
        first = "" if self.known_until is None else f"after {_utc(self.known_until)} "
        lines = [
            "The payment provider knows nothing of counter sales, payouts at the counter, free bookings, and who was let in.",
            f"What of it was done {first}until {_utc(self.since)} may be lost.",
        ]
        if self.lost:
            counted_at = datetime.fromisoformat(self.lost["counted_at"])
            lines.append(
                f"The file beside the database had counted by {_utc(counted_at)}, and they are not here: "
                f"counter sales: {self.lost['counter']}, free bookings: {self.lost['free']}, "
                f"receipts and credit notes: {self.lost['papers']}."
            )
            if days := self.lost.get("days"):
                lines.append(
                    f"By theater and business day: {'; '.join(_day(*entry) for entry in sorted(days.items()))}."
                )
        else:
            lines.append("Nothing outside the database has counted them: look at the papers at the counter.")
        return lines


def _day(name: str, lost: Mapping[str, int]) -> str:
    words = {"counter": "at the counter", "free": "free"}
    return f"{name}: " + ", ".join(f"{lost[kind]} {word}" for kind, word in words.items() if kind in lost)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%d %b %Y %H:%M} UTC"


_kept: ProcessCache[None, Pause | None] = ProcessCache(seconds=KEPT_SECONDS, most=1, has_sentences=False)
_is_reconciling: ContextVar[bool] = ContextVar("is_reconciling", default=False)


def current_pause() -> Pause | None:
    """The pause as it was up to KEPT_SECONDS ago; None while sales run."""
    return _kept.get(None, read_pause)


def read_pause() -> Pause | None:
    """Read the pause now; None while sales run. One after a restore comes before one by hand."""
    row = SalesPause.objects.active().order_by("kind", "pk").first()
    return None if row is None else as_pause(row)


def as_pause(row: SalesPause) -> Pause:
    return Pause(PauseKind(row.kind), row.why, row.since, row.known_until, row.agreed_at, row.lost)


def note_no_pause() -> None:
    """The statement that locks a showtime has just seen that sales run: what follows need not ask again."""
    _kept.put(None, None)


def forget_pause() -> None:
    """Forget the pause, because one began or ended in this process."""
    _kept.clear()


@contextmanager
def reconciling() -> Iterator[None]:
    """Context in which settling and refunds are allowed in a pause after a restore: for the comparison with the
    provider.
    """
    token = _is_reconciling.set(True)
    try:
        yield
    finally:
        _is_reconciling.reset(token)


def stops(when_paused: WhenPaused, kind: PauseKind | None) -> bool:
    """Whether a pause of this kind stops such an act; kind None means that sales run."""
    if kind is None:
        return False
    if when_paused == WhenPaused.STOPS:
        return True
    return kind == PauseKind.AFTER_RESTORE and not _is_reconciling.get()


def is_stopped_after_restore() -> bool:
    """Whether settling, refunds and mail wait because of a restore."""
    pause = current_pause()
    return pause is not None and stops(WhenPaused.STOPS_AFTER_RESTORE, pause.kind)
