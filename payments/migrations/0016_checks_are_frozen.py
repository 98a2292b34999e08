"""A check that has ended stays as it ended."""

from django.db import migrations

from core.frozen_rows import freeze

FINDINGS = """
CREATE FUNCTION marquee_keep_findings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.finished_at IS NOT NULL THEN
        RAISE EXCEPTION 'check % has ended', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER findings_frozen BEFORE UPDATE OF finished_at, milliseconds, checked, broken, findings ON payments_invariantrun
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_findings();
"""
DROP = """
DROP TRIGGER check_frozen ON payments_invariantrun;
DROP TRIGGER findings_frozen ON payments_invariantrun;
DROP FUNCTION marquee_keep_findings();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0015_indexes_of_limits")]
    operations = [
        migrations.RunSQL(
            freeze("payments_invariantrun", "check_frozen", kept=("id", "asked_at", "actor")) + FINDINGS, DROP
        )
    ]
