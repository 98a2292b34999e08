import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                (
                    "sessions_number",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        editable=False,
                        help_text="One more ends every session of this person, for good.",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AccountMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "message_key",
                    models.CharField(
                        db_default=models.Func(
                            output_field=models.CharField(),
                            template="md5(gen_random_uuid()::text || gen_random_uuid()::text)",
                        ),
                        help_text="In the Message-ID of every try.",
                        max_length=32,
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "try_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()"),
                        help_text="Due from this moment; a lease moves it on.",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("gave_up_at", models.DateTimeField(null=True)),
                (
                    "is_refused",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Given up because the receiving server refused it for good.",
                    ),
                ),
                ("last_error", models.CharField(blank=True, max_length=200)),
                ("kind", models.CharField(max_length=80)),
                ("to", models.EmailField(max_length=254)),
                (
                    "sealed",
                    models.TextField(
                        blank=True, help_text="Subject and text, encrypted with a key made of SECRET_KEY."
                    ),
                ),
            ],
            options={
                "verbose_name": "mail of an account",
                "verbose_name_plural": "mails of accounts",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("gave_up_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["try_at"],
                        name="account_mail_due",
                    ),
                    models.Index(
                        condition=models.Q(("sealed", ""), _negated=True),
                        fields=["created_at"],
                        name="account_mail_sealed",
                    ),
                    models.Index(fields=["created_at"], name="account_mail_age"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("gave_up_at", None), _connector="OR"),
                        name="accountmail_sent_or_given_up",
                        violation_error_message="A mail was sent or was given up, not both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_refused", False), ("gave_up_at__isnull", False), _connector="OR"),
                        name="accountmail_refused_is_given_up",
                        violation_error_message="A mail that was refused for good is given up.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session_key", models.CharField(max_length=40, unique=True)),
                (
                    "auth_hash",
                    models.CharField(
                        help_text="As in the session: it ends with the password or a factor.", max_length=128
                    ),
                ),
                ("user_agent", models.CharField(blank=True, max_length=200)),
                ("address", models.CharField(help_text="IPv6 by its /64.", max_length=60)),
                ("signed_in_at", models.DateTimeField()),
                (
                    "last_seen_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()"),
                        help_text="To within five minutes.",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-last_seen_at"],
            },
        ),
        migrations.CreateModel(
            name="StaffNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "message_key",
                    models.CharField(
                        db_default=models.Func(
                            output_field=models.CharField(),
                            template="md5(gen_random_uuid()::text || gen_random_uuid()::text)",
                        ),
                        help_text="In the Message-ID of every try.",
                        max_length=32,
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "try_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()"),
                        help_text="Due from this moment; a lease moves it on.",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("gave_up_at", models.DateTimeField(null=True)),
                (
                    "is_refused",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Given up because the receiving server refused it for good.",
                    ),
                ),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "what",
                    models.CharField(
                        help_text="What happened to the account, as the rest of a sentence.", max_length=400
                    ),
                ),
                ("person", models.CharField(max_length=254)),
                ("database_role", models.CharField(max_length=63)),
                ("to", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=254))),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("gave_up_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["try_at"],
                        name="staff_notice_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("gave_up_at", None), _connector="OR"),
                        name="staffnotice_sent_or_given_up",
                        violation_error_message="A mail was sent or was given up, not both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_refused", False), ("gave_up_at__isnull", False), _connector="OR"),
                        name="staffnotice_refused_is_given_up",
                        violation_error_message="A mail that was refused for good is given up.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                name="user_email_unique_in_any_case",
                violation_error_message="There is an account with this e-mail address already.",
            ),
        ),
    ]
