"""The roles of web and workers make staff only while an open invitation to that address stands.

Temporary tables are looked up before all others: each function names its search path, so that none can stand in.
"""

from django.db import migrations

BY_INVITATION = """
CREATE FUNCTION marquee_staff_by_invitation()
    RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.is_staff AND NOT (TG_OP = 'UPDATE' AND OLD.is_staff)
       AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
       AND NOT EXISTS (
           SELECT 1 FROM staff_invitation AS invitation JOIN accounts_user AS inviter ON inviter.id = invitation.invited_by_id
            WHERE (lower(invitation.email) = lower(NEW.email) OR EXISTS (
                      SELECT 1 FROM account_emailaddress AS address
                       WHERE address.user_id = NEW.id AND address.verified AND lower(address.email) = lower(invitation.email)))
              AND inviter.id <> NEW.id AND inviter.is_active AND inviter.is_staff
              AND invitation.accepted_at IS NULL AND invitation.withdrawn_at IS NULL
              AND invitation.expires_at > clock_timestamp()) THEN
        RAISE EXCEPTION 'is_staff is set by accepting an open invitation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER users_staff_by_invitation BEFORE INSERT OR UPDATE OF is_staff, email ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION marquee_staff_by_invitation();
"""
BY_INVITATION_UNDONE = """
DROP TRIGGER users_staff_by_invitation ON accounts_user;
DROP FUNCTION marquee_staff_by_invitation();
"""


class Migration(migrations.Migration):
    """Only the owner of the database makes somebody staff without an open invitation."""

    dependencies = [("staff", "0002_audit_log_only_grows"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [
        migrations.RunSQL(BY_INVITATION, BY_INVITATION_UNDONE),
    ]
