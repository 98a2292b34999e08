"""The change that a manager asks for on a published showtime, as a value and as text."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from reservations.changes.outages import Outage, read_outage
from theaters.age_limits import NO_LIMITS, Limits, RatingRow, limits_in_force, limits_of, limits_to_store
from theaters.models import Auditorium, Movie, MovieRating, PriceList, SeatingPlan, Showtime, ShowtimeChange
from theaters.schedule.scheduling import chosen_version
from theaters.states import CHANGES_WITH_AN_OFFER, ChangeKind
from theaters.versions import PLAIN, Version, version_of

OFFER_DAYS = 7


@dataclass(frozen=True)
class ChangeRequest:
    """The kind of change with its new value, and the number of days that holders have to decide.

    `moves_to` is a plan of another auditorium, `new_seats` the seats there by ticket. `worse` has, by fact, the labels
    of seats for which a new plan says something worse. `rated` is another movie of the program than the leading one, and
    `ages` are those of its new rating; None keeps what was typed for the label.
    """

    kind: ChangeKind
    starts_at: datetime | None = None
    movie: Movie | None = None
    version: Version | None = None
    price_list: PriceList | None = None
    plan: SeatingPlan | None = None
    moves_to: SeatingPlan | None = None
    new_seats: dict[int, str] = field(default_factory=dict)
    rating: str = ""
    ages: Limits | None = None
    rated: Movie | None = None
    offer_days: int = OFFER_DAYS
    outage: Outage | None = None
    worse: dict[str, list[str]] = field(default_factory=dict)


def planned_value(after: dict[str, object], request: ChangeRequest) -> dict[str, object]:
    """Return the new value as a change stores it, with `offer_days` for changes that offer money back."""
    return {**after, "offer_days": request.offer_days} if request.kind in CHANGES_WITH_AN_OFFER else after


def request_of(change: ShowtimeChange) -> ChangeRequest:
    if change.kind == ChangeKind.OUTAGE:
        request = ChangeRequest(ChangeKind.OUTAGE, outage=read_outage(change.after))
    elif change.kind == ChangeKind.FACTS:
        request = ChangeRequest(ChangeKind.FACTS, worse=change.after["worse"])
    else:
        request = _request_of(change)
    return replace(request, offer_days=change.after.get("offer_days", OFFER_DAYS))


def _request_of(change: ShowtimeChange) -> ChangeRequest:
    kind, value = ChangeKind(change.kind), change.after["value"]
    if kind == ChangeKind.TIME:
        return ChangeRequest(kind, starts_at=datetime.fromisoformat(value))
    if kind == ChangeKind.MOVIE:
        # Changes of releases without movie versions have only the movie's id.
        pk, version = value if isinstance(value, list) else (value, "")
        return ChangeRequest(kind, movie=Movie.objects.get(pk=pk), version=version_of(version) if version else None)
    if kind == ChangeKind.VERSION:
        return ChangeRequest(kind, version=version_of(value))
    if kind == ChangeKind.PRICES:
        return ChangeRequest(kind, price_list=PriceList.objects.get(pk=value))
    if kind in (ChangeKind.PLAN, ChangeKind.MOVE):
        return _seating_request(kind, change.after)
    return _rating_request(change.after) if kind == ChangeKind.RATING else ChangeRequest(kind)


def _rating_request(after: dict[str, Any]) -> ChangeRequest:
    """Changes of releases before this one have neither ages nor a movie."""
    ages = (after["ages"][0], after["ages"][1]) if after.get("ages") else None
    movie = Movie.objects.get(pk=after["movie"]) if after.get("movie") else None
    return ChangeRequest(ChangeKind.RATING, rating=after["value"], ages=ages, rated=movie)


def _seating_request(kind: ChangeKind, after: dict[str, Any]) -> ChangeRequest:
    plan = SeatingPlan.objects.select_related("auditorium__theater").get(pk=after["value"])
    if kind == ChangeKind.PLAN:
        return ChangeRequest(kind, plan=plan)
    seats = {int(ticket): label for ticket, label in after["seats"].items()}
    return ChangeRequest(kind, moves_to=plan, new_seats=seats)


def values_of(showtime: Showtime, request: ChangeRequest) -> tuple[dict[str, object], dict[str, object]]:
    """The values before and after, each for the software and as text for people. Raises SchedulingRefused."""
    zone = showtime.auditorium.theater.zone
    if request.kind in (ChangeKind.CANCEL, ChangeKind.OUTAGE):
        return _what_is_said(request)
    if request.kind == ChangeKind.TIME:
        assert request.starts_at is not None
        moments = (showtime.starts_at, request.starts_at)
        one, other = (
            _value(at.astimezone(UTC).isoformat(), f"{at.astimezone(zone):%a %-d %b %Y, %H:%M %Z}") for at in moments
        )
        return one, other
    if request.kind == ChangeKind.RATING:
        return _what_is_rated(showtime, request)
    if request.kind in (ChangeKind.MOVIE, ChangeKind.VERSION):
        return _what_is_shown(showtime, request)
    if request.moves_to is not None:
        return _seated(showtime.plan_id, showtime.auditorium), _seated(request.moves_to.pk, request.moves_to.auditorium)
    pairs = {
        ChangeKind.PRICES: (showtime.price_list, request.price_list),
        ChangeKind.PLAN: (showtime.plan, request.plan),
    }
    before, after = pairs[request.kind]
    assert after is not None
    return _value(before.pk, str(before)), _value(after.pk, str(after))


def _what_is_said(request: ChangeRequest) -> tuple[dict[str, object], dict[str, object]]:
    if request.outage is not None:
        return _value("WORKS", "works"), request.outage.as_json()
    return _value("PUBLISHED", "on sale"), _value("CANCELED", "canceled")


def _what_is_shown(showtime: Showtime, request: ChangeRequest) -> tuple[dict[str, object], dict[str, object]]:
    """Return movie and version before and after. Raises SchedulingRefused for a version the movie lacks."""
    version = shown_version(showtime, request)
    if request.movie is not None:
        return _showing(showtime.movie, showtime.version), _showing(request.movie, version)
    return _value(showtime.version.text, showtime.version.text), _value(version.text, version.text)


def shown_version(showtime: Showtime, request: ChangeRequest) -> Version:
    """The version after the change; for another movie without a choice its only version."""
    if request.movie is None and request.version is None:
        return showtime.version
    return chosen_version(request.movie or showtime.movie, request.version)


def _showing(movie: Movie, version: Version) -> dict[str, object]:
    """Put movie and version into words; the plain version is left out."""
    return _value([movie.pk, version.text], str(movie) if version == PLAIN else f"{movie}, {version}")


def _seated(plan_id: int, auditorium: Auditorium) -> dict[str, object]:
    """Add the auditorium's name in other languages, for customers who read the change in one of them."""
    names = {code: said["name"] for code, said in auditorium.translations.items() if said.get("name")}
    return {**_value(plan_id, str(auditorium)), **({"texts": names} if names else {})}


def _value(value: object, text: str) -> dict[str, object]:
    return {"value": value, "text": text}


def _what_is_rated(showtime: Showtime, request: ChangeRequest) -> tuple[dict[str, object], dict[str, object]]:
    """Return the rating before and after, with the ages; they are said where the label alone does not say them."""
    held = rating_of(showtime, request.rated)
    kept = (held.min_age, held.accompanied_below) if held.label == request.rating else NO_LIMITS
    wanted = RatingRow(held.country, request.rating, *(kept if request.ages is None else request.ages))
    before, after = (_rating_value(rating, is_label_kept=held.label == wanted.label) for rating in (held, wanted))
    return before, after | ({"movie": request.rated.pk} if request.rated else {})


def _rating_value(rating: RatingRow, *, is_label_kept: bool) -> dict[str, object]:
    text, least, company = rating.label or "none", *limits_in_force(rating)
    if rating.label and (is_label_kept or (least, company) != limits_of(rating.country, rating.label)):
        ages = [f"from {least}"] if least else []
        ages += [f"accompanied under {company}"] if company else []
        text = ", ".join([text, *(ages or ["no limit"])])
    return {**_value(rating.label, text), "ages": list(limits_to_store(rating)), "country": rating.country}


def is_as_it_was(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two sides of a change say the same; ratings also have ages, which older changes do not name."""
    return before["value"] == after["value"] and (
        "ages" not in before or "ages" not in after or before["ages"] == after["ages"]
    )


def rating_of(showtime: Showtime, movie: Movie | None = None) -> RatingRow:
    """The rating of the showtime's leading movie, or of another movie of its program, in the country of the theater."""
    country = showtime.auditorium.theater.country
    ratings = MovieRating.objects.filter(movie=movie or showtime.movie, country=country)
    held = ratings.values_list("label", "min_age", "accompanied_below").first()
    return RatingRow(country, *(held or ("",)))
