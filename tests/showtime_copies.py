"""Copies a showtime that the services made: three statements where planning and opening take 44.

Each process learns the rows once and then undoes them, so a test finds empty tables. Numbers, names and times are new in
each copy. tests/core/test_showtime_copies.py compares a copy with an original, table by table.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from houses.models import Theater
from reservations.models import Move, ShowtimeSeat
from tests.clock import evening
from tests.house_with_terms import is_now, learn_usual_house, with_usual_house
from theaters.models import (
    Auditorium,
    Movie,
    PinnedPrice,
    Price,
    PriceList,
    PriceVersion,
    Seat,
    SeatingPlan,
    Showtime,
    TicketType,
)
from theaters.states import PlanStatus

Row = dict[str, Any]
# Related rows that the showtime returned by `open_for_sale` has already loaded.
READ = ("movie", "auditorium__theater", "plan", "price_list", "price_version")
PUBLISH = "UPDATE theaters_seatingplan SET status = %s, published_at = %s WHERE id = %s"


@dataclass
class Pattern:
    """The rows of one showtime as JSON, by model, each after the rows that it needs."""

    theater: Theater
    starts_at: datetime
    rows: dict[type[models.Model], list[Row]]


_learned: list[Pattern] = []


def is_learned() -> bool:
    return bool(_learned)


def learn(make: Callable[[], Showtime]) -> None:
    with transaction.atomic():
        learn_usual_house()
        _learned[:] = [_pattern(make())]
        transaction.set_rollback(True)


def _pattern(showtime: Showtime) -> Pattern:
    theater = showtime.auditorium.theater
    found: list[models.QuerySet] = [
        Theater.objects.filter(pk=theater.pk),
        TicketType.objects.filter(theater=theater),
        Auditorium.objects.filter(pk=showtime.auditorium_id),
        SeatingPlan.objects.filter(pk=showtime.plan_id),
        Seat.objects.filter(plan=showtime.plan_id),
        Movie.objects.filter(pk=showtime.movie_id),
        PriceList.objects.filter(pk=showtime.price_list_id),
        Price.objects.filter(price_list=showtime.price_list_id),
        PriceVersion.objects.filter(pk=showtime.price_version_id),
        PinnedPrice.objects.filter(version=showtime.price_version_id),
        Showtime.objects.filter(pk=showtime.pk),
        ShowtimeSeat.objects.filter(showtime=showtime),
        Move.objects.filter(what="showtime", what_id=showtime.pk),
    ]
    return Pattern(theater, showtime.starts_at, {rows.model: list(_as_json(rows)) for rows in found})


def _as_json(rows: models.QuerySet) -> Iterator[Row]:
    """The row as JSON, without the moments that the database sets itself."""
    by_itself = {field.column for field in rows.model._meta.fields if is_now(field)}
    with connection.cursor() as cursor:
        query = f"SELECT to_jsonb(it)::text FROM {rows.model._meta.db_table} AS it WHERE id = ANY(%s) ORDER BY id"
        cursor.execute(query, [list(rows.values_list("pk", flat=True))])
        for (text,) in cursor.fetchall():
            row = models.JSONField().from_db_value(text, None, connection)
            yield {column: value for column, value in row.items() if column not in by_itself}


def copied_showtime(numbers: Iterator[int]) -> Showtime:
    """A copy of the usual showtime, in a theater of its own; `numbers` keep names apart."""
    (pattern,) = _learned
    house_id, new = _new_ids(pattern)
    copies = {model: [_copied(model, row, new) for row in rows] for model, rows in pattern.rows.items()}
    _rename(copies, numbers)
    copies[Theater][0]["house_id"] = house_id
    _move(copies[Showtime][0], evening(theater=pattern.theater) - pattern.starts_at)
    (plan,) = copies[SeatingPlan]
    # Seats are written while the plan is a draft, because a published plan accepts no more.
    plan |= {"status": PlanStatus.DRAFT.value, "published_at": None}
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        inserts = [_insert(model, rows) for model, rows in copies.items()]
        publish = [PlanStatus.PUBLISHED.value, timezone.now(), plan["id"]]
        cursor.execute("; ".join([*(sql for sql, _ in inserts), PUBLISH]), [*(rows for _, rows in inserts), *publish])
    return Showtime.objects.select_related(*READ).get(pk=copies[Showtime][0]["id"])


def _new_ids(pattern: Pattern) -> tuple[int, dict[type[models.Model], dict[int, int]]]:
    """Make the usual house; returns it and, by model, the new id of each old row."""
    taken = (
        f"ARRAY(SELECT nextval(pg_get_serial_sequence('{model._meta.db_table}', 'id')) FROM generate_series(1, {len(rows)}))"
        for model, rows in pattern.rows.items()
    )
    with connection.cursor() as cursor:
        with_house, values = with_usual_house()
        cursor.execute(f"{with_house} SELECT id, {', '.join(taken)} FROM house", values)
        house_id, *found = cursor.fetchone()
    return house_id, {
        model: dict(zip((row["id"] for row in rows), ids, strict=True))
        for (model, rows), ids in zip(pattern.rows.items(), found, strict=True)
    }


def _copied(model: type[models.Model], row: Row, new: dict[type[models.Model], dict[int, int]]) -> Row:
    own = {"id": new[model][row["id"]]}
    for field in model._meta.fields:
        if field.related_model in new and row[field.column] is not None:
            own[field.column] = new[field.related_model][row[field.column]]
    if model is Move:
        own["what_id"] = new[Showtime][row["what_id"]]
    return row | own


def _rename(copies: dict[type[models.Model], list[Row]], numbers: Iterator[int]) -> None:
    names = {
        Theater: ("Theater", "name"),
        Auditorium: ("Room", "name"),
        Movie: ("Film", "title"),
        PriceList: ("List", "name"),
    }
    for model, (word, column) in names.items():
        number = next(numbers)
        (row,) = copies[model]
        row[column] = f"{word} {number}"
        if "slug" in row:
            row["slug"] = f"{word.lower()}-{number}"


def _move(showtime: Row, by) -> None:
    for column in ("starts_at", "ends_at", "occupied_until", "sales_close_at"):
        showtime[column] = (datetime.fromisoformat(showtime[column]) + by).isoformat()


def _insert(model: type[models.Model], rows: list[Row]) -> tuple[str, Jsonb]:
    table, columns = model._meta.db_table, ", ".join(f'"{column}"' for column in rows[0])
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s)", Jsonb(
        rows
    )
