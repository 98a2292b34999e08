"""The choice that the holder of a booking has after a change of its showtime."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from core.clock import in_zone
from core.rows.known_values import known
from core.texts.languages import current_language
from core.texts.lazy_text import gettext_lazy as _
from core.texts.local_formats import format_moment, zone_name
from reservations.models import Booking, ChangeNotice
from reservations.seats.fact_words import named_facts_in_words
from reservations.selectors.cancelable_tickets import cancelable
from reservations.states import LIVE_TICKETS, BookingStatus, OfferAnswer, OutOfOrder
from theaters.models import AgeRule, ShowtimeChange
from theaters.seat_facts import SeatFacts
from theaters.seat_labels import labels_in_words
from theaters.states import ChangeKind

SAYS: dict[str, str] = {
    ChangeKind.TIME: _("Your showtime starts at another time"),
    ChangeKind.MOVIE: _("The program has changed"),
    ChangeKind.VERSION: _("Another version is shown"),
    ChangeKind.RATING: _("The age rating has changed"),
    ChangeKind.MOVE: _("Your showtime is in another auditorium"),
    ChangeKind.OUTAGE: _("Something that you may need is out of order"),
    ChangeKind.FACTS: _("Your seats are not as we told you"),
}


@dataclass(frozen=True)
class ChangeOffer:
    """Keep the tickets, or take all of the money back until then."""

    id: int
    says: str
    before: str
    after: str
    reason: str
    until: datetime
    is_kept: bool
    is_all_used: bool  # then no money can come back
    is_part_used: bool


def side_text(kind: str, side: Mapping[str, Any], zone: ZoneInfo) -> str:
    """The value before or after a change, in the reader's language; '' for a kind of another release.

    `side`: `before` or `after` of a change.
    """
    if kind == ChangeKind.TIME:
        moment = in_zone(datetime.fromisoformat(side["value"]), zone)
        return f"{format_moment(moment, 'short_day_and_year')} {zone_name(moment)}"
    if kind == ChangeKind.RATING:
        return _rating_in_words(side) or gettext("no age rating")
    if kind == ChangeKind.OUTAGE:
        is_off = gettext("%(feature)s: out of order")
        return is_off % {"feature": _feature(side["value"])} if "outage_until" in side else gettext("works")
    if kind == ChangeKind.FACTS:
        return "; ".join(_facts_in_words(*seat) for seat in side["seats"])
    return _text_and_seats(side) if kind in SAYS else ""


def _rating_in_words(side: Mapping[str, Any]) -> str:
    """The label, and whom it lets in; changes of older releases have no ages."""
    label, (least, company) = str(side["value"]), side.get("ages") or (None, None)
    rule = AgeRule(label, least or None, company or None, country=side.get("country", ""))
    return f"{label}: {rule.sentence}" if label and rule.sentence else label


def _text_and_seats(side: Mapping[str, Any]) -> str:
    text = str(side.get("texts", {}).get(current_language()) or side["text"])
    if labels := side.get("seats"):
        return f"{text}: {labels_in_words(labels)}"
    return text


def _feature(code: str) -> str:
    feature = known(OutOfOrder, code)
    return str(feature.label) if feature else gettext("Something at the theater")


def sides_of(change: ShowtimeChange, booking: Booking) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values before and after a change for one booking: the facts of its own seats, or its seats before and after a
    move.
    """
    if change.kind == ChangeKind.FACTS:
        return _facts_of(change.before, booking), _facts_of(change.after, booking)
    if change.kind != ChangeKind.MOVE:
        return change.before, change.after
    had = change.before["seats"]
    tickets = booking.tickets.order_by("seat_id").values_list("pk", flat=True)
    labels = [had[str(ticket)] for ticket in tickets if str(ticket) in had]
    return {**change.before, "seats": labels}, {
        name: change.after[name] for name in ("text", "texts") if name in change.after
    }


def _facts_of(side: dict[str, Any], booking: Booking) -> dict[str, Any]:
    """Label, facts and the names of those that are worse now, for each seat of the booking that the change is about."""
    labels = booking.tickets.order_by("seat_id").values_list("seat__label", flat=True)
    worse = {label: [fact for fact, those in side["worse"].items() if label in those] for label in labels}
    return {
        "text": side["text"],
        "seats": [[label, side["facts"][label], names] for label, names in worse.items() if names],
    }


def _facts_in_words(label: str, facts: dict[str, Any], names: list[str]) -> str:
    words = ", ".join(named_facts_in_words(SeatFacts.from_dict(facts), names))
    return gettext("%(seat)s: %(facts)s") % {"seat": labels_in_words([label]), "facts": words}


def open_offer(booking: Booking) -> ChangeOffer | None:
    """The newest one that is still open. No query for a showtime that was never changed."""
    if booking.status != BookingStatus.CONFIRMED or not booking.showtime.times_changed:
        return None
    notices = ChangeNotice.objects.open_offers().filter(booking=booking).select_related("change")
    notice = notices.order_by("-pk").first()
    if notice is None:
        return None
    change = notice.change
    assert change.offer_until is not None
    zone = booking.showtime.auditorium.theater.zone
    live = [ticket for ticket in booking.tickets.all() if ticket.status in LIVE_TICKETS]
    unused = cancelable(live)
    before, after = sides_of(change, booking)
    return ChangeOffer(
        id=notice.pk,
        says=SAYS.get(change.kind, _("Something about your showtime has changed")),
        before=side_text(change.kind, before, zone),
        after=side_text(change.kind, after, zone),
        reason=change.reason,
        until=in_zone(change.offer_until, zone),
        is_kept=notice.answer == OfferAnswer.KEPT,
        is_all_used=not unused,
        is_part_used=len(unused) < len(live),
    )
