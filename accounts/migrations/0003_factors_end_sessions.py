"""A second factor that is added or removed ends the sessions of its account, whatever code did it."""

from django.db import migrations

FORWARD = """
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
BACKWARD = """
DROP TRIGGER mfa_factor_ends_sessions ON mfa_authenticator;
DROP FUNCTION mfa_factor_ends_sessions();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_session_number"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
