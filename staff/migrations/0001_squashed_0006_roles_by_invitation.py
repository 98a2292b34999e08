import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

AUDIT_LOG_ONLY_GROWS = """
CREATE FUNCTION marquee_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE ON staff_auditentry
    FOR EACH ROW EXECUTE FUNCTION marquee_audit_only_grows();
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON staff_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_audit_only_grows();
"""
AUDIT_LOG_UNDONE = """
DROP TRIGGER audit_append_only ON staff_auditentry;
DROP TRIGGER audit_never_emptied ON staff_auditentry;
DROP FUNCTION marquee_audit_only_grows();
"""
STAFF_BY_INVITATION = """
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
STAFF_BY_INVITATION_UNDONE = """
DROP TRIGGER users_staff_by_invitation ON accounts_user;
DROP FUNCTION marquee_staff_by_invitation();
"""
NOTE_CHANGES = """
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
NOTE_CHANGES_UNDONE = """
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
ROLES_BY_INVITATION = """
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
ROLES_BY_INVITATION_UNDONE = """
DROP TRIGGER staffroles_by_invitation ON staff_staffrole;
DROP FUNCTION marquee_roles_by_invitation();
"""


class Migration(migrations.Migration):
    """All tables of this app, and what its later migrations made of them, for an empty database."""

    initial = True

    replaces = [
        ("staff", "0001_initial"),
        ("staff", "0002_audit_log_only_grows"),
        ("staff", "0003_staff_by_invitation"),
        ("staff", "0004_staff_changes_are_noted"),
        ("staff", "0005_devices_and_pins"),
        ("staff", "0006_roles_by_invitation"),
    ]

    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("accounts", "0005_language_of_the_account"),
        ("houses", "0001_squashed_0017_theaters_that_close"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('task', models.CharField(choices=[('COUNTER', 'Counter'), ('DOOR', 'Door'), ('BOARD', 'Board')], max_length=7)),
                ('made_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'), editable=False)),
                ('link_hash', models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ('link_until', models.DateTimeField(editable=False, null=True)),
                ('cookie_hash', models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ('enrolled_at', models.DateTimeField(editable=False, null=True)),
                ('used_at', models.DateTimeField(editable=False, help_text='To within a few seconds.', null=True)),
                ('revoked_at', models.DateTimeField(editable=False, null=True)),
                ('chosen_at', models.DateTimeField(editable=False, help_text='When the operator chose themselves.', null=True)),
                ('active_at', models.DateTimeField(editable=False, help_text='When the operator last did something.', null=True)),
                ('made_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('operator', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='houses.theater')),
            ],
            options={
                'ordering': ['theater', 'name'],
                'default_permissions': ('view', 'add', 'change'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('theater', 'name'), name='device_name_once_per_theater', violation_error_message='This theater has a device of that name.'), models.CheckConstraint(condition=models.Q(('task__in', ['COUNTER', 'DOOR', 'BOARD'])), name='device_task_is_known', violation_error_message='There is no such task.'), models.CheckConstraint(condition=models.Q(models.Q(('link_hash', None), ('link_until', None)), models.Q(('link_hash__isnull', False), ('link_until__isnull', False)), _connector='OR'), name='device_link_has_an_end', violation_error_message='A link that enrolls a device ends at a moment.'), models.CheckConstraint(condition=models.Q(models.Q(('cookie_hash', None), ('enrolled_at', None)), models.Q(('cookie_hash__isnull', False), ('enrolled_at__isnull', False)), _connector='OR'), name='device_enrolled_with_a_cookie', violation_error_message='A device that is enrolled has a cookie.'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_by', None)), models.Q(('link_hash', None), ('operator', None), ('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='device_revoked_by_somebody', violation_error_message='A revoked device says by whom, and has no operator and no link.'), models.CheckConstraint(condition=models.Q(models.Q(('active_at', None), ('chosen_at', None), ('operator', None)), models.Q(('chosen_at__isnull', False), ('enrolled_at__isnull', False), ('operator__isnull', False)), _connector='OR'), name='device_operator_was_chosen', violation_error_message='An operator chose themselves at a moment, on an enrolled device.'), models.CheckConstraint(condition=models.Q(('active_at', None), models.Q(('active_at__gte', models.F('chosen_at')), ('chosen_at__isnull', False)), _connector='OR'), name='device_active_after_the_choice', violation_error_message='An operator acts after they chose themselves.')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('actor', models.CharField(help_text='As in the log of moves: staff:<id>, staff:<id>@<device>, worker …', max_length=60)),
                ('action', models.CharField(help_text='add, change, delete, or what a service calls its act', max_length=40)),
                ('what', models.CharField(help_text='Kind of thing, such as theaters.showtime', max_length=60)),
                ('what_id', models.BigIntegerField(null=True)),
                ('what_text', models.CharField(help_text='The thing in words, as it was then', max_length=200)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('reason', models.TextField(blank=True)),
                ('theater', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.theater')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('device', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.device')),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit log',
                'ordering': ['-pk'],
                'permissions': [('export_auditentry', 'Can take the audit log out as a file')],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['what', 'what_id'], name='staff_audit_what_6780b3_idx'), models.Index(fields=['theater', '-id'], name='staff_audit_theater_c7f841_idx'), django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='audit_at')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('first_name', models.CharField(blank=True, max_length=150)),
                ('last_name', models.CharField(blank=True, max_length=150)),
                ('role', models.CharField(choices=[('BOX_OFFICE', 'Box office'), ('DOOR', 'Door'), ('MANAGER', 'Manager'), ('FINANCE', 'Finance'), ('AUDITOR', 'Auditor'), ('OWNER', 'Owner')], max_length=10)),
                ('secret_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('reason', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'), editable=False)),
                ('expires_at', models.DateTimeField(editable=False)),
                ('sent_at', models.DateTimeField(editable=False, help_text='Of mails from before there was an outbox for them.', null=True)),
                ('accepted_at', models.DateTimeField(editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mail', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.accountmail')),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='houses.theater')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('email', 'theater', 'role'), name='invitation_once_per_address_theater_and_role', violation_error_message='This person is invited to this role already.'), models.CheckConstraint(condition=models.Q(('role__in', ['BOX_OFFICE', 'DOOR', 'MANAGER', 'FINANCE', 'AUDITOR', 'OWNER'])), name='invitation_role_is_known', violation_error_message='There is no such role.'), models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='invitation_accepted_or_withdrawn', violation_error_message='An invitation is accepted or withdrawn, not both.')],
            },
        ),
        migrations.CreateModel(
            name='Pin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('salt', models.CharField(max_length=32)),
                ('digest', models.CharField(max_length=64)),
                ('set_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pin', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PinTries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wrong', models.PositiveSmallIntegerField(default=0)),
                ('locked_at', models.DateTimeField(help_text='Until a manager unlocks it.', null=True)),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pin_tries', to='staff.device')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'tries of PINs',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('user', 'device'), name='pin_tries_once_per_person_and_device', nulls_distinct=False, violation_error_message='The tries of a person at a device are counted once.'), models.CheckConstraint(condition=models.Q(('locked_at', None), ('wrong__gt', 0), _connector='OR'), name='pin_locked_after_wrong_tries', violation_error_message='A PIN is locked after wrong tries.')],
            },
        ),
        migrations.CreateModel(
            name='StaffRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('BOX_OFFICE', 'Box office'), ('DOOR', 'Door'), ('MANAGER', 'Manager'), ('FINANCE', 'Finance'), ('AUDITOR', 'Auditor'), ('OWNER', 'Owner')], max_length=10)),
                ('given_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'), editable=False)),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staff_roles', to='houses.theater')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff_roles', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'role',
                'ordering': ['theater', 'role', 'user'],
                'constraints': [models.UniqueConstraint(fields=('user', 'theater', 'role'), name='staff_role_once_per_person_and_theater', violation_error_message='This person has that role there already.'), models.CheckConstraint(condition=models.Q(('role__in', ['BOX_OFFICE', 'DOOR', 'MANAGER', 'FINANCE', 'AUDITOR', 'OWNER'])), name='staff_role_is_known', violation_error_message='There is no such role.')],
            },
        ),
        migrations.RunSQL(AUDIT_LOG_ONLY_GROWS, AUDIT_LOG_UNDONE),
        migrations.RunSQL(STAFF_BY_INVITATION, STAFF_BY_INVITATION_UNDONE),
        migrations.RunSQL(NOTE_CHANGES, NOTE_CHANGES_UNDONE),
        migrations.RunSQL(ACCOUNTS, ACCOUNTS_UNDONE),
        migrations.RunSQL(ADDRESSES, ADDRESSES_UNDONE),
        migrations.RunSQL(FACTORS, FACTORS_UNDONE),
        migrations.RunSQL(ROLES, ROLES_UNDONE),
        migrations.RunSQL(ROLES_BY_INVITATION, ROLES_BY_INVITATION_UNDONE),
    ]
