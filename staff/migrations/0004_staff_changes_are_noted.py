"""Triggers that note each change of who acts as staff, and how they sign in, with the owners who are told of it by mail.

What the owner of the tables does (migrations, createsuperuser on the server) is not noted. The functions run as the owner of
the tables, so that the roles of web and workers need no right to write a notice.
"""

from django.db import migrations

# In the order of the arguments: whose account, at which theater (if at one alone), what happened, and addresses to be told
# beside those of the owners. The role that connected counts, not one that it changed to.
NOTE = """
CREATE FUNCTION marquee_note_staff(person_id bigint, place bigint, happened text, more text[])
    RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'accounts_user'::regclass), 'USAGE') THEN
        RETURN;
    END IF;
    INSERT INTO accounts_staffnotice (what, person, database_role, attempts, last_error, "to")
    SELECT left(happened, 400), person.email, session_user, 0, '', ARRAY(
               SELECT email::text FROM accounts_user WHERE is_superuser AND is_active
                UNION SELECT owner.email FROM accounts_user AS owner JOIN staff_staffrole AS given ON given.user_id = owner.id
                       WHERE given.role = 'OWNER' AND owner.is_active AND (given.theater_id = place OR given.theater_id IN (
                             SELECT theater_id FROM staff_staffrole WHERE user_id = person_id))
                UNION SELECT unnest(more))
      FROM accounts_user AS person WHERE person.id = person_id;
END $$;
REVOKE ALL ON FUNCTION marquee_note_staff(bigint, bigint, text, text[]) FROM PUBLIC;
"""
NOTE_UNDONE = """
DROP FUNCTION marquee_note_staff(bigint, bigint, text, text[]);
"""
ACCOUNTS = """
CREATE FUNCTION marquee_note_staff_account()
    RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
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
    RETURN NULL;
END $$;

CREATE TRIGGER staff_account_noted AFTER INSERT OR UPDATE OF is_staff, is_active, email, password ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION marquee_note_staff_account();
"""
ACCOUNTS_UNDONE = """
DROP TRIGGER staff_account_noted ON accounts_user;
DROP FUNCTION marquee_note_staff_account();
"""
ADDRESSES = """
CREATE FUNCTION marquee_note_staff_address()
    RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.verified AND NOT (TG_OP = 'UPDATE' AND OLD.verified AND OLD.email = NEW.email AND OLD.user_id = NEW.user_id) THEN
        PERFORM marquee_note_staff(id, NULL, 'can sign in with the address ' || NEW.email, '{}')
           FROM accounts_user WHERE id = NEW.user_id AND is_staff;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER staff_address_noted AFTER INSERT OR UPDATE ON account_emailaddress
    FOR EACH ROW EXECUTE FUNCTION marquee_note_staff_address();
"""
ADDRESSES_UNDONE = """
DROP TRIGGER staff_address_noted ON account_emailaddress;
DROP FUNCTION marquee_note_staff_address();
"""
FACTORS = """
CREATE FUNCTION marquee_note_staff_factor()
    RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM marquee_note_staff(id, NULL, 'lost a second factor: ' || OLD.type, '{}')
           FROM accounts_user WHERE id = OLD.user_id AND is_staff;
    ELSIF TG_OP = 'INSERT' OR NEW.data - 'used_mask' <> OLD.data - 'used_mask' OR NEW.user_id <> OLD.user_id
          OR NEW.type <> OLD.type THEN
        PERFORM marquee_note_staff(id, NULL, 'has a new second factor: ' || NEW.type, '{}')
           FROM accounts_user WHERE id = NEW.user_id AND is_staff;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER staff_factor_noted AFTER INSERT OR DELETE OR UPDATE ON mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION marquee_note_staff_factor();
"""
FACTORS_UNDONE = """
DROP TRIGGER staff_factor_noted ON mfa_authenticator;
DROP FUNCTION marquee_note_staff_factor();
"""
ROLES = """
CREATE FUNCTION marquee_note_staff_role()
    RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM marquee_note_staff(OLD.user_id, OLD.theater_id, 'lost the role ' || OLD.role || ' at ' || name,
            ARRAY(SELECT email::text FROM accounts_user WHERE id = OLD.user_id AND OLD.role = 'OWNER'))
           FROM houses_theater WHERE id = OLD.theater_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM marquee_note_staff(NEW.user_id, NEW.theater_id, 'has the role ' || NEW.role || ' at ' || name, '{}')
           FROM houses_theater WHERE id = NEW.theater_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER staff_role_noted AFTER INSERT OR DELETE OR UPDATE ON staff_staffrole
    FOR EACH ROW EXECUTE FUNCTION marquee_note_staff_role();
"""
ROLES_UNDONE = """
DROP TRIGGER staff_role_noted ON staff_staffrole;
DROP FUNCTION marquee_note_staff_role();
"""


class Migration(migrations.Migration):
    """Each change of who acts as staff, and how they sign in, is noted for the owners who are told of it by mail."""

    dependencies = [("staff", "0003_staff_by_invitation"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        migrations.RunSQL(NOTE, NOTE_UNDONE),
        migrations.RunSQL(ACCOUNTS, ACCOUNTS_UNDONE),
        migrations.RunSQL(ADDRESSES, ADDRESSES_UNDONE),
        migrations.RunSQL(FACTORS, FACTORS_UNDONE),
        migrations.RunSQL(ROLES, ROLES_UNDONE),
    ]
