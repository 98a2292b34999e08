"""Who may do everything is decided on the server, by the owner of the tables: the roles of web and workers cannot."""

from django.db import migrations

CREATE = """
CREATE FUNCTION marquee_refuse_superusers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_superuser IS DISTINCT FROM (CASE WHEN TG_OP = 'UPDATE' THEN OLD.is_superuser ELSE false END)
       AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RAISE EXCEPTION 'is_superuser is set by the owner of the database alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER superusers_by_owner BEFORE INSERT OR UPDATE OF is_superuser ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_superusers();
"""
DROP = "DROP TRIGGER superusers_by_owner ON accounts_user; DROP FUNCTION marquee_refuse_superusers();"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_factors_end_sessions")]
    operations = [migrations.RunSQL(CREATE, DROP)]
