"""Houses that are ready to sell, because they have terms of sale."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection, models
from django.utils.text import slugify
from psycopg.types.json import Jsonb

from houses.models import House, PageText, TextPage
from houses.selectors import forget_houses

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


# Makes whatever is missing of the usual house; `house` is its number. One statement costs a tenth of eleven.
USUAL_HOUSE = """
WITH known AS (SELECT id FROM houses_house ORDER BY id LIMIT 1),
made AS (INSERT INTO houses_house ({house}) SELECT {house} FROM jsonb_populate_record(NULL::houses_house, %s) AS it
          WHERE NOT EXISTS (SELECT FROM known) RETURNING id),
house AS (SELECT id FROM known UNION ALL SELECT id FROM made),
known_page AS (SELECT page.id FROM houses_textpage page JOIN house ON house.id = page.house_id WHERE page.slug = 'terms'),
made_page AS (INSERT INTO houses_textpage (house_id, {page})
              SELECT house.id, {page} FROM house, jsonb_populate_record(NULL::houses_textpage, %s) AS it
               WHERE NOT EXISTS (SELECT FROM known_page) RETURNING id),
page AS (SELECT id FROM known_page UNION ALL SELECT id FROM made_page),
made_text AS (INSERT INTO houses_pagetext (page_id, {text})
              SELECT page.id, {text} FROM page, jsonb_populate_record(NULL::houses_pagetext, %s) AS it
               WHERE NOT EXISTS (SELECT FROM houses_pagetext old WHERE old.page_id = page.id))
"""
_learned: list[tuple[str, list[Jsonb]]] = []


def usual_house() -> House:
    """The house of the installation, with terms, so that it may sell."""
    with_house, rows = _learned[0]
    with connection.cursor() as cursor:
        cursor.execute(f"{with_house} SELECT id FROM house", rows)
        return House.objects.get(pk=cursor.fetchone()[0])


def with_usual_house() -> tuple[str, list[Jsonb]]:
    """The beginning of a statement that makes the usual house, and its values: see USUAL_HOUSE."""
    return _learned[0]


def learn_usual_house() -> House:
    """Make the house as the product does, and remember its rows, which are written again from then on."""
    house = House.objects.of_installation()
    text = write_terms(house)
    rows = [row_as_json(thing) for thing in (house, text.page, text)]
    own = ({"id"}, {"id", "house_id"}, {"id", "page_id"})
    kept = [{name: value for name, value in row.items() if name not in but} for row, but in zip(rows, own, strict=True)]
    names = [", ".join(f'"{name}"' for name in row) for row in kept]
    _learned[:] = [
        (USUAL_HOUSE.format(**dict(zip(("house", "page", "text"), names, strict=True))), list(map(Jsonb, kept)))
    ]
    return house


def row_as_json(thing: models.Model) -> dict[str, Any]:
    """A row by its columns, without the moments that the database sets itself."""
    by_itself = {field.column for field in thing._meta.fields if is_now(field)}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(it)::text FROM {thing._meta.db_table} AS it WHERE id = %s", [thing.pk])
        row = models.JSONField().from_db_value(cursor.fetchone()[0], None, connection)
    return {column: value for column, value in row.items() if column not in by_itself}


def is_now(field: models.Field) -> bool:
    return isinstance(field, models.DateTimeField) and field.has_db_default()


def make_house(name: str, *, domains=(), **columns) -> House:
    """Make another house, with terms."""
    house = House.objects.create(name=name, slug=slugify(name), domains=list(domains), **columns)
    write_terms(house)
    forget_houses()
    return house


def write_terms(house: House) -> PageText:
    page, _ = TextPage.objects.get_or_create(house=house, slug="terms")
    return page.texts.first() or PageText.objects.create(
        page=page, language="en", title="Terms of sale", body="Tickets are sold by us.", holds_from=LONG_AGO
    )
