"""Triggers that keep rows as they were written, for migrations. The owner of the tables can drop them, but not by mistake.

The database role of web and workers cannot even try (docs/deploy.md, "Database roles").
"""

from collections.abc import Sequence

# Named in the arguments: columns that never change, and, with a question mark, those that get their value once.
KEEP_COLUMNS = """
CREATE FUNCTION marquee_keep_columns() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
    argument text;
    name text;
BEGIN
    FOREACH argument IN ARRAY TG_ARGV LOOP
        name := rtrim(argument, '?');
        IF after -> name IS DISTINCT FROM before -> name AND (name = argument OR before -> name <> 'null') THEN
            RAISE EXCEPTION '% of % % is frozen', name, TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
"""


def freeze(table: str, trigger: str, *, kept: Sequence[str], once: Sequence[str] = ()) -> str:
    """The statements that make (or make anew) the trigger of a table. It costs nothing when only a status moves."""
    arguments = ", ".join([f"'{name}'" for name in kept] + [f"'{name}?'" for name in once])
    return f"""
    DROP TRIGGER IF EXISTS {trigger} ON {table};
    CREATE TRIGGER {trigger} BEFORE UPDATE OF {", ".join([*kept, *once])} ON {table}
        FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns({arguments});
    """


def never_emptied(table: str, trigger: str) -> str:
    """TRUNCATE passes by the triggers of rows. The function stands in reservations 0002."""
    return f"""
    CREATE TRIGGER {trigger} BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
    """
