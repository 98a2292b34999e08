import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csrf import csrf_exempt

from bench.ceiling.models import Show, ShowSeat

STATES = {"f": "free", "h": "held"}
HOLD = timedelta(minutes=8)

LETTERS = """
SELECT string_agg(CASE WHEN held_until > clock_timestamp() THEN 'h' ELSE 'f' END, '' ORDER BY id)
  FROM ceiling_showseat WHERE show_id = %s
"""

HOLD_IN_ONE = """
WITH locked AS MATERIALIZED (
    SELECT id, held_until FROM ceiling_showseat WHERE show_id = %(show)s AND label = ANY(%(labels)s)
     ORDER BY id FOR NO KEY UPDATE),
fit AS MATERIALIZED (
    SELECT count(*) = %(wanted)s AND bool_and((held_until IS NULL OR held_until <= clock_timestamp()) IS TRUE) AS ok FROM locked),
taken AS (
    UPDATE ceiling_showseat AS seat SET holder = %(holder)s, held_until = clock_timestamp() + interval '8 minutes'
      FROM locked WHERE seat.id = locked.id AND (SELECT ok FROM fit) RETURNING seat.id)
SELECT count(*) = %(wanted)s FROM taken
"""

_markup: dict[int, tuple[dict[str, str], ...]] = {}


def shows(request: HttpRequest) -> HttpResponse:
    return render(request, "shows.html", {"shows": Show.objects.order_by("starts_at", "pk")[:10]})


def seats(request: HttpRequest, show_id: int) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(LETTERS, [show_id])
        states = cursor.fetchone()[0]
    return render(request, "seats.html", {"show_id": show_id, "grid": _grid(show_id, states)})


def _grid(show_id: int, states: str) -> SafeString:
    if show_id not in _markup:
        labels = ShowSeat.objects.filter(show_id=show_id).order_by("pk").values_list("label", flat=True)
        _markup[show_id] = tuple(
            {
                letter: f'<button name="take" value="{label}" data-state="{state}">{label}</button>'
                for letter, state in STATES.items()
            }
            for label in labels
        )
    return mark_safe("".join([seat[state] for seat, state in zip(_markup[show_id], states, strict=True)]))  # noqa: S308


@csrf_exempt
def hold_by_orm(request: HttpRequest, show_id: int) -> HttpResponse:
    """Four round trips: BEGIN, lock, update, COMMIT."""
    labels, now = request.POST.getlist("take"), timezone.now()
    with transaction.atomic():
        rows = list(ShowSeat.objects.filter(show_id=show_id, label__in=labels).order_by("pk").select_for_update())
        if len(rows) != len(labels) or any(row.held_until and row.held_until > now for row in rows):
            return HttpResponse("taken", status=409)
        ids = [row.pk for row in rows]
        ShowSeat.objects.filter(pk__in=ids).update(holder=uuid.uuid4().hex, held_until=now + HOLD)
    return HttpResponse("held")


@csrf_exempt
def hold_in_one(request: HttpRequest, show_id: int) -> HttpResponse:
    labels = request.POST.getlist("take")
    with connection.cursor() as cursor:
        cursor.execute(
            HOLD_IN_ONE, {"show": show_id, "labels": labels, "wanted": len(labels), "holder": uuid.uuid4().hex}
        )
        held = cursor.fetchone()[0]
    return HttpResponse("held") if held else HttpResponse("taken", status=409)
