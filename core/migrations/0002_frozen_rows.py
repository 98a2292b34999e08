from django.db import migrations

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

CREATE TRIGGER installation_is_frozen BEFORE UPDATE OF id, public_id ON core_installation
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'public_id');
CREATE TRIGGER pause_is_frozen BEFORE UPDATE OF id, kind, why, actor, since, known_until, lost, ended_at
    ON core_salespause
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'kind', 'why', 'actor', 'since', 'known_until',
        'lost', 'ended_at?');
"""
KEEP_COLUMNS_UNDONE = """
DROP TRIGGER installation_is_frozen ON core_installation;
DROP TRIGGER pause_is_frozen ON core_salespause;
DROP FUNCTION marquee_keep_columns();
"""
REFUSE_CHANGE = """
CREATE FUNCTION marquee_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
REFUSE_CHANGE_UNDONE = """
DROP FUNCTION marquee_refuse_change();
"""


class Migration(migrations.Migration):
    """Functions that keep rows and columns as they were written, for the triggers of every app; the tables of this one."""

    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(KEEP_COLUMNS, KEEP_COLUMNS_UNDONE),
        migrations.RunSQL(REFUSE_CHANGE, REFUSE_CHANGE_UNDONE),
    ]
