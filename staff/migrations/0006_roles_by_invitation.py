"""The roles of web and workers give a role at a theater only while an open invitation to exactly that role stands.

Whoever opens a new theater becomes its owner: the first role there goes to somebody who is an owner already, or a superuser.
"""

from django.db import migrations

BY_INVITATION = """
CREATE FUNCTION marquee_roles_by_invitation()
    RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
       AND NOT EXISTS (
           SELECT 1 FROM staff_invitation AS invitation
             JOIN accounts_user AS inviter ON inviter.id = invitation.invited_by_id
             JOIN accounts_user AS person ON person.id = NEW.user_id
            WHERE invitation.theater_id = NEW.theater_id AND invitation.role = NEW.role
              AND (lower(invitation.email) = lower(person.email) OR EXISTS (
                      SELECT 1 FROM account_emailaddress AS address
                       WHERE address.user_id = person.id AND address.verified
                         AND lower(address.email) = lower(invitation.email)))
              AND inviter.id <> person.id AND inviter.is_active AND inviter.is_staff
              AND (inviter.is_superuser OR EXISTS (
                      SELECT 1 FROM staff_staffrole AS theirs
                       WHERE theirs.user_id = inviter.id AND theirs.theater_id = NEW.theater_id
                         AND (theirs.role = 'OWNER' OR (theirs.role = 'MANAGER' AND NEW.role IN ('BOX_OFFICE', 'DOOR')))))
              AND invitation.accepted_at IS NULL AND invitation.withdrawn_at IS NULL
              AND invitation.expires_at > clock_timestamp())
       AND NOT (
           NEW.role = 'OWNER'
           AND NOT EXISTS (SELECT 1 FROM staff_staffrole WHERE theater_id = NEW.theater_id)
           AND EXISTS (
               SELECT 1 FROM accounts_user AS person
                WHERE person.id = NEW.user_id AND person.is_active AND person.is_staff
                  AND (person.is_superuser OR EXISTS (
                          SELECT 1 FROM staff_staffrole WHERE user_id = person.id AND role = 'OWNER')))) THEN
        RAISE EXCEPTION 'a role is given by accepting an open invitation to it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER staffroles_by_invitation BEFORE INSERT OR UPDATE ON staff_staffrole
    FOR EACH ROW EXECUTE FUNCTION marquee_roles_by_invitation();
"""
BY_INVITATION_UNDONE = """
DROP TRIGGER staffroles_by_invitation ON staff_staffrole;
DROP FUNCTION marquee_roles_by_invitation();
"""


class Migration(migrations.Migration):
    """Only the owner of the database gives a role without an open invitation to it."""

    dependencies = [("staff", "0005_devices_and_pins"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [
        migrations.RunSQL(BY_INVITATION, BY_INVITATION_UNDONE),
    ]
