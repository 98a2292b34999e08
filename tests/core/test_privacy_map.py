"""docs/privacy.md names every column that can hold text, as personal data with its term or as not personal."""

import re
from pathlib import Path

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

TEXT_FIELDS = (
    models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField, models.BinaryField, ArrayField,
)  # fmt: skip
DOCUMENT = Path("docs/privacy.md")
ROW = re.compile(r"^\| ([a-z0-9]+_[a-z0-9_]+) \| ([a-z0-9_, ]+) \|", re.MULTILINE)


def columns_with_text() -> set[str]:
    """All columns with text, except those whose values come from a fixed list."""
    return {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, TEXT_FIELDS) and not field.choices
    }


def mapped_columns(text: str) -> set[str]:
    return {f"{table}.{column.strip()}" for table, columns in ROW.findall(text) for column in columns.split(",")}


def not_personal(text: str) -> tuple[set[str], set[str]]:
    """Whole tables and single columns that the document calls not personal."""
    end = text.partition("## Not personal")[2]
    names = set(re.findall(r"`([a-z0-9_.]+)`", end))
    return {name for name in names if "." not in name}, {name for name in names if "." in name}


def test_every_column_with_text_is_in_the_map_or_not_personal():
    text = DOCUMENT.read_text()
    tables, columns = not_personal(text)
    known = mapped_columns(text) | columns
    missing = {name for name in columns_with_text() - known if name.partition(".")[0] not in tables}
    assert missing == set(), "docs/privacy.md: say what is personal about these columns, or that nothing is"


def test_the_map_names_nothing_that_is_not_there():
    text = DOCUMENT.read_text()
    tables, columns = not_personal(text)
    there = columns_with_text()
    assert (mapped_columns(text) | columns) - there == set()
    assert tables - {model._meta.db_table for model in apps.get_models(include_auto_created=True)} == set()
    assert mapped_columns(text) & columns == set()
    assert {name.partition(".")[0] for name in mapped_columns(text)} & tables == set()


def test_addresses_and_keys_of_people_are_never_called_not_personal():
    """A column for e-mail addresses is personal, whatever the document's list says."""
    emails = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, (models.EmailField, models.GenericIPAddressField))
    }
    assert emails - mapped_columns(DOCUMENT.read_text()) == set()
