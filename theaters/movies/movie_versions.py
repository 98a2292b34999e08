"""Changes of a movie's versions, checked against the planned showtimes."""

from collections.abc import Collection
from datetime import datetime

from django.db.models.functions import Now

from theaters.models import Movie, Showtime
from theaters.states import ShowtimeStatus
from theaters.versions import Version


def missed_version(*, movie: Movie, offered: Collection[Version], now: datetime | Now) -> str:
    """The sentence that names a showtime ahead whose version would be offered no more; '' when there is none."""
    ahead = Showtime.objects.with_names().showing(movie).filter(ends_at__gt=now).exclude(status=ShowtimeStatus.CANCELED)
    for showtime in ahead.order_by("starts_at", "pk"):
        parts = [item.version for item in showtime.program if item.movie_id == movie.pk]
        missed = next((version for version in parts or [showtime.version] if version not in offered), None)
        if missed is not None:
            return (
                f"{showtime} is planned as {missed}: change that showtime first, or keep the version. "
                "What it comes in can always grow."
            )
    return ""
