"""Triggers that note each change of who acts as staff, and how they sign in, with the owners who are told of it by mail.

What the owner of the tables does (migrations, createsuperuser on the server) is not noted. The functions run as the owner of
the tables, so that the roles of web and workers need no right to write a notice.
"""

from django.db import migrations

# In the order of the arguments: whose account, at which theater (if at one alone), what happened, and addresses to be told
# beside those of the owners. The role that connected counts, not one that it changed to.
NOTE = """
CREATE FUNCTION marquee_note_staff(person_id bigint, place bigint, happened text, more text[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'accounts_user'::regclass), 'USAGE') THEN
        RETURN;
    END IF;
    INSERT INTO accounts_staffnotice (what, person, database_role, attempts, last_error, "to")
    SELECT left(happened, 400), person.email, session_user, 0, '', ARRAY(
               SELECT email::text FROM accounts_user WHERE is_superuser AND is_active
                UNION SELECT owner.email FROM accounts_user AS owner JOIN theaters_staffrole AS given ON given.user_id = owner.id
                       WHERE given.role = 'OWNER' AND owner.is_active AND (given.theater_id = place OR given.theater_id IN (
                             SELECT theater_id FROM theaters_staffrole WHERE user_id = person_id))
                UNION SELECT unnest(more))
      FROM accounts_user AS person WHERE person.id = person_id;
END $$;
REVOKE EXECUTE ON FUNCTION marquee_note_staff FROM PUBLIC;
"""
TRIGGER = """
CREATE FUNCTION marquee_note_{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
{body}
    RETURN NULL;
END $$;
CREATE TRIGGER {name}_noted AFTER {events} ON {table} FOR EACH ROW EXECUTE FUNCTION marquee_note_{name}();
"""
# A role that is given in the same transaction has its own notice.
ACCOUNT = """
    IF NEW.is_staff AND NOT (TG_OP = 'UPDATE' AND OLD.is_staff) AND NOT EXISTS (
           SELECT 1 FROM accounts_staffnotice WHERE person = NEW.email AND created_at >= now()) THEN
        PERFORM marquee_note_staff(NEW.id, NULL, 'became staff', '{}');
    ELSIF TG_OP = 'UPDATE' AND OLD.is_staff THEN
        IF NEW.email <> OLD.email THEN
            PERFORM marquee_note_staff(NEW.id, NULL, 'had the address ' || OLD.email || ' before', ARRAY[OLD.email::text]);
        END IF;
        IF NEW.password <> OLD.password THEN
            PERFORM marquee_note_staff(NEW.id, NULL, 'has another password', '{}');
        END IF;
        IF NEW.is_active <> OLD.is_active OR NEW.is_staff <> OLD.is_staff THEN
            PERFORM marquee_note_staff(NEW.id, NULL,
                CASE WHEN NEW.is_active AND NEW.is_staff THEN 'was opened again' ELSE 'was closed' END, ARRAY[OLD.email::text]);
        END IF;
    END IF;
"""
ROLE = """
    IF TG_OP <> 'INSERT' THEN
        PERFORM marquee_note_staff(OLD.user_id, OLD.theater_id, 'lost the role ' || OLD.role || ' at ' || name,
            ARRAY(SELECT email::text FROM accounts_user WHERE id = OLD.user_id AND OLD.role = 'OWNER'))
           FROM theaters_theater WHERE id = OLD.theater_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM marquee_note_staff(NEW.user_id, NEW.theater_id, 'has the role ' || NEW.role || ' at ' || name, '{}')
           FROM theaters_theater WHERE id = NEW.theater_id;
    END IF;
"""
# Recovery codes that are used up are no change; nor is when a key was used last.
FACTOR = """
    IF TG_OP = 'DELETE' THEN
        PERFORM marquee_note_staff(id, NULL, 'lost a second factor: ' || OLD.type, '{}')
           FROM accounts_user WHERE id = OLD.user_id AND is_staff;
    ELSIF TG_OP = 'INSERT' OR NEW.data - 'used_mask' <> OLD.data - 'used_mask' OR NEW.user_id <> OLD.user_id
          OR NEW.type <> OLD.type THEN
        PERFORM marquee_note_staff(id, NULL, 'has a new second factor: ' || NEW.type, '{}')
           FROM accounts_user WHERE id = NEW.user_id AND is_staff;
    END IF;
"""
ADDRESS = """
    IF NEW.verified AND NOT (TG_OP = 'UPDATE' AND OLD.verified AND OLD.email = NEW.email AND OLD.user_id = NEW.user_id) THEN
        PERFORM marquee_note_staff(id, NULL, 'can sign in with the address ' || NEW.email, '{}')
           FROM accounts_user WHERE id = NEW.user_id AND is_staff;
    END IF;
"""
TRIGGERS = [
    ("staff_account", "accounts_user", "INSERT OR UPDATE OF is_staff, is_active, email, password", ACCOUNT),
    ("staff_role", "theaters_staffrole", "INSERT OR UPDATE OR DELETE", ROLE),
    ("staff_factor", "mfa_authenticator", "INSERT OR UPDATE OR DELETE", FACTOR),
    ("staff_address", "account_emailaddress", "INSERT OR UPDATE", ADDRESS),
]
CREATE = NOTE + "".join(
    TRIGGER.replace("{name}", name).replace("{table}", table).replace("{events}", events).replace("{body}", body.strip("\n"))
    for name, table, events, body in TRIGGERS
)
DROP = "".join(
    f"DROP TRIGGER {name}_noted ON {table}; DROP FUNCTION marquee_note_{name}();" for name, table, _, _ in TRIGGERS
) + "DROP FUNCTION marquee_note_staff;"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_staff_notices"),
        ("theaters", "0022_audit_log_by_day_and_as_file"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
