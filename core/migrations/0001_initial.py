import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=50, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("public_id", models.CharField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)),
                        name="installation_has_one_row",
                        violation_error_message="There is one row about the installation.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SalesPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("AFTER_RESTORE", "After a restore"), ("BY_HAND", "By hand")], max_length=13
                    ),
                ),
                ("why", models.TextField()),
                ("actor", models.CharField(help_text="Who paused: staff:<id>, command, worker …", max_length=60)),
                (
                    "since",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "known_until",
                    models.DateTimeField(
                        help_text="After a restore: tickets sold later cannot be known here.", null=True
                    ),
                ),
                (
                    "agreed_at",
                    models.DateTimeField(
                        help_text="After a restore: when the payment provider and the database agreed; empty while they differ.",
                        null=True,
                    ),
                ),
                (
                    "lost",
                    models.JSONField(
                        db_default={},
                        default=dict,
                        help_text="After a restore: sales without a provider that the file beside the database knows of, and it does not.",
                    ),
                ),
                (
                    "told_at",
                    models.DateTimeField(help_text="When staff got the mail about a pause after a restore.", null=True),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "verbose_name": "pause of sales",
                "verbose_name_plural": "pauses of sales",
                "ordering": ["-pk"],
                "permissions": [("pause_sales", "Can pause all ticket sales, and resume them")],
                "default_permissions": ["view"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("kind",),
                        name="sales_pause_one_active",
                        violation_error_message="Sales are paused in this way already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), models.Q(("ended_by", ""), _negated=True), _connector="XOR"
                        ),
                        name="sales_pause_ended_by_somebody",
                        violation_error_message="A pause that ended says by whom, and one that lasts does not.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "AFTER_RESTORE"),
                            models.Q(
                                ("agreed_at", None),
                                ("kind", "BY_HAND"),
                                ("known_until", None),
                                ("lost", {}),
                                ("told_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="sales_pause_by_hand_has_no_restore",
                        violation_error_message="Only a pause after a restore compares ledgers and is told to staff.",
                    ),
                ],
            },
        ),
    ]
