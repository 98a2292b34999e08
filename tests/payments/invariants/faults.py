"""One fault for each rule, planted in spite of everything that guards against it, with the row that the rule must find."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from tests.payments.invariants.world import World

Plant = Callable[[World], str]
FAULTS: list["Fault"] = []


@dataclass(frozen=True)
class Fault:
    rule: str
    name: str
    plant: Plant

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"


def breaks(rule: str) -> Callable[[Plant], Plant]:
    """Register a function that plants a fault and returns what the rule's query must say about it."""

    def note(plant: Plant) -> Plant:
        FAULTS.append(Fault(rule, plant.__name__, plant))
        return plant

    return note


def sql(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def one(statement: str, *values: object):
    return sql(statement, *values)[0][0]


def unguarded(table: str, *constraints: str, indexes: tuple[str, ...] = ()) -> None:
    """Remove what would refuse a fault: the triggers of a table, and these constraints and indexes."""
    sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for name in constraints:
        sql(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
    for name in indexes:
        sql(f"DROP INDEX {name}")


def copied(table: str, pk: int, **changes: object) -> int:
    """Insert a copy of this row with some changes; returns its id."""
    columns = [row[0] for row in sql("SELECT column_name FROM information_schema.columns WHERE table_name = %s", table)]
    kept = [name for name in columns if name != "id"]
    values = ", ".join("%s" if name in changes else f'"{name}"' for name in kept)
    names = ", ".join(f'"{name}"' for name in kept)
    given = [changes[name] for name in kept if name in changes]
    return one(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = %s RETURNING id", *given, pk)


def unique_index(table: str, column: str) -> str:
    """The name of the constraint that makes this column unique, within a provider or altogether."""
    return one(
        """SELECT conname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[cardinality(conkey)]
            WHERE conrelid = %s::regclass AND contype = 'u' AND attname = %s""",
        table,
        column,
    )
