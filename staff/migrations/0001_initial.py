import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("houses", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "actor",
                    models.CharField(help_text="As in the log of moves: staff:<id>, worker, sweep …", max_length=60),
                ),
                (
                    "action",
                    models.CharField(help_text="add, change, delete, or what a service calls its act", max_length=40),
                ),
                ("what", models.CharField(help_text="Kind of thing, such as theaters.showtime", max_length=60)),
                ("what_id", models.BigIntegerField(null=True)),
                ("what_text", models.CharField(help_text="The thing in words, as it was then", max_length=200)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
                (
                    "theater",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="houses.theater"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit log",
                "ordering": ["-pk"],
                "permissions": [("export_auditentry", "Can take the audit log out as a file")],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["what", "what_id"], name="staff_audit_what_6780b3_idx"),
                    models.Index(fields=["theater", "-id"], name="staff_audit_theater_c7f841_idx"),
                    django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="audit_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("first_name", models.CharField(blank=True, max_length=150)),
                ("last_name", models.CharField(blank=True, max_length=150)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("BOX_OFFICE", "Box office"),
                            ("DOOR", "Door"),
                            ("MANAGER", "Manager"),
                            ("FINANCE", "Finance"),
                            ("AUDITOR", "Auditor"),
                            ("OWNER", "Owner"),
                        ],
                        max_length=10,
                    ),
                ),
                ("secret_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("reason", models.CharField(max_length=200)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()"),
                        editable=False,
                    ),
                ),
                ("expires_at", models.DateTimeField(editable=False)),
                (
                    "sent_at",
                    models.DateTimeField(
                        editable=False, help_text="Of mails from before there was an outbox for them.", null=True
                    ),
                ),
                ("accepted_at", models.DateTimeField(editable=False, null=True)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.accountmail",
                    ),
                ),
                (
                    "theater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="houses.theater"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("email", "theater", "role"),
                        name="invitation_once_per_address_theater_and_role",
                        violation_error_message="This person is invited to this role already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["BOX_OFFICE", "DOOR", "MANAGER", "FINANCE", "AUDITOR", "OWNER"])
                        ),
                        name="invitation_role_is_known",
                        violation_error_message="There is no such role.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"
                        ),
                        name="invitation_accepted_or_withdrawn",
                        violation_error_message="An invitation is accepted or withdrawn, not both.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("BOX_OFFICE", "Box office"),
                            ("DOOR", "Door"),
                            ("MANAGER", "Manager"),
                            ("FINANCE", "Finance"),
                            ("AUDITOR", "Auditor"),
                            ("OWNER", "Owner"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "given_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()"),
                        editable=False,
                    ),
                ),
                (
                    "theater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="staff_roles", to="houses.theater"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "role",
                "ordering": ["theater", "role", "user"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "theater", "role"),
                        name="staff_role_once_per_person_and_theater",
                        violation_error_message="This person has that role there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["BOX_OFFICE", "DOOR", "MANAGER", "FINANCE", "AUDITOR", "OWNER"])
                        ),
                        name="staff_role_is_known",
                        violation_error_message="There is no such role.",
                    ),
                ],
            },
        ),
    ]
