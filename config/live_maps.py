"""The hub of the live seat maps, with the functions that identify a visitor and tell whether a showtime exists."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from typing import Any

from a2wsgi.wsgi import build_environ
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, connection

from core.caches.process_cache import ProcessCache
from core.limits.addresses import client_address, is_limited
from core.live.seat_map_hub import SeatMapHub
from core.live.viewer_limits import MapViewer, ViewerLimits, most_viewers
from reservations.access import holder_of
from theaters.selectors import is_showtime_public

KNOWN_SECONDS = 30
_known: ProcessCache[int, bool] = ProcessCache(seconds=KNOWN_SECONDS, most=5_000, has_sentences=False)
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="known-showtimes")


def visitor_of(scope: dict[str, Any]) -> MapViewer:
    """Identify the visitor of an ASGI request, by the same rules as for all pages."""
    request = WSGIRequest(build_environ(scope, BytesIO()))  # type: ignore[arg-type]
    address = client_address(request)
    return MapViewer(address=address if is_limited(address) else "", browser=holder_of(request))


async def _is_known(showtime_id: int) -> bool | None:
    """Whether the showtime exists; None when the database does not answer."""
    return await asyncio.get_running_loop().run_in_executor(_thread, _look_up, showtime_id)


def _look_up(showtime_id: int) -> bool | None:
    try:
        return _known.get(showtime_id, partial(is_showtime_public, showtime_id))
    except DatabaseError:
        return None
    finally:
        connection.close()


hub = SeatMapHub(
    settings.REDIS_URL,
    is_known=_is_known,
    limits=ViewerLimits(
        settings.REDIS_URL,
        most=most_viewers(),
        per_address=settings.LIVE_MAPS_PER_ADDRESS,
        per_browser=settings.LIVE_MAPS_PER_BROWSER,
    ),
)
