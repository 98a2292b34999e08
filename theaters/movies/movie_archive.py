"""Archiving movies that are shown no more: they can no longer be planned, and keep their pages and figures."""

from datetime import datetime

from django.db import transaction

from core.refusals import Refusal
from staff.services.audit import record
from theaters import locks
from theaters.models import Movie, Showtime
from theaters.states import ShowtimeStatus


class ArchivingRefused(Refusal):
    """Refused: the movie cannot be archived; the sentence says why."""


def archive_movie(*, movie_id: int, actor: str, reason: str, now: datetime) -> bool:
    """Archive a movie; False if it was archived. Raises ArchivingRefused while showtimes are planned or running."""
    with transaction.atomic():
        movie = _locked(movie_id)
        if movie.archived_at is not None:
            return False
        _refuse_planned(movie, now)
        movie.archived_at = now
        movie.save(update_fields=["archived_at"])
        _record(movie, "archive", "in use", "archived", actor=actor, reason=reason)
    return True


def bring_movie_back(*, movie_id: int, actor: str, reason: str) -> bool:
    """Bring an archived movie back into use; False when it was not archived."""
    with transaction.atomic():
        movie = _locked(movie_id)
        if movie.archived_at is None:
            return False
        movie.archived_at = None
        movie.save(update_fields=["archived_at"])
        _record(movie, "bring back", "archived", "in use", actor=actor, reason=reason)
    return True


def _locked(movie_id: int) -> Movie:
    locks.movies_to_change([movie_id])
    return Movie.objects.get(pk=movie_id)


def _refuse_planned(movie: Movie, now: datetime) -> None:
    planned = (
        Showtime.objects.with_names().showing(movie).filter(ends_at__gt=now).exclude(status=ShowtimeStatus.CANCELED)
    )
    first = planned.order_by("starts_at", "pk").first()
    if first is None:
        return
    theater, number = first.auditorium.theater, planned.count()
    which = f"It has {number} showtimes that are not over; the next" if number > 1 else "Its showtime that is not over"
    raise ArchivingRefused(
        f"{movie} cannot be archived yet. {which} is on {first.starts_at.astimezone(theater.zone):%a %d %b %Y, %H:%M}, at "
        f"{theater.name}, {first.auditorium.name}."
    )


def _record(movie: Movie, action: str, before: str, after: str, *, actor: str, reason: str) -> None:
    record(
        actor=actor, action=action, thing=movie, theater=None, before={"movie": before}, after={"movie": after}, reason=reason
    )  # fmt: skip
