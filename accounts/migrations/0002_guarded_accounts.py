from django.db import migrations

SUPERUSERS = """
CREATE FUNCTION marquee_refuse_superusers()
    RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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
SUPERUSERS_UNDONE = """
DROP TRIGGER superusers_by_owner ON accounts_user;
DROP FUNCTION marquee_refuse_superusers();
"""
FACTORS_END_SESSIONS = """
CREATE FUNCTION mfa_factor_ends_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    factor mfa_authenticator := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF factor.type <> 'recovery_codes' THEN
        UPDATE accounts_user SET sessions_number = sessions_number + 1 WHERE id = factor.user_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER mfa_factor_ends_sessions AFTER INSERT OR DELETE ON mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION mfa_factor_ends_sessions();
"""
FACTORS_END_SESSIONS_UNDONE = """
DROP TRIGGER mfa_factor_ends_sessions ON mfa_authenticator;
DROP FUNCTION mfa_factor_ends_sessions();
"""


class Migration(migrations.Migration):
    """Superusers are made by the owner of the database alone; a changed second factor ends the sessions of its person."""

    dependencies = [("accounts", "0001_initial"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        migrations.RunSQL(SUPERUSERS, SUPERUSERS_UNDONE),
        migrations.RunSQL(FACTORS_END_SESSIONS, FACTORS_END_SESSIONS_UNDONE),
    ]
