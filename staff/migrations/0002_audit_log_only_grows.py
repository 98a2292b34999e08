from django.db import migrations

ONLY_GROWS = """
CREATE FUNCTION marquee_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE ON staff_auditentry
    FOR EACH ROW EXECUTE FUNCTION marquee_audit_only_grows();
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON staff_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_audit_only_grows();
"""
ONLY_GROWS_UNDONE = """
DROP TRIGGER audit_append_only ON staff_auditentry;
DROP TRIGGER audit_never_emptied ON staff_auditentry;
DROP FUNCTION marquee_audit_only_grows();
"""


class Migration(migrations.Migration):
    """Entries of the audit log are never changed, deleted or emptied."""

    dependencies = [("staff", "0001_initial")]

    operations = [
        migrations.RunSQL(ONLY_GROWS, ONLY_GROWS_UNDONE),
    ]
