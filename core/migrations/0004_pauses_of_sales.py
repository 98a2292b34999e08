from django.db import migrations, models

import core.clock
from core.frozen_rows import freeze

KEPT = ("id", "kind", "why", "actor", "since", "known_until")


class Migration(migrations.Migration):
    """Pauses of all sales, by hand or after a restore. What was written when a pause began never changes."""

    dependencies = [("core", "0003_installation")]

    operations = [
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
                ("since", models.DateTimeField(db_default=core.clock.ClockTimestamp())),
                (
                    "known_until",
                    models.DateTimeField(
                        help_text="After a restore: tickets sold later cannot be known here.", null=True
                    ),
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
                        condition=models.Q(("ended_at", None)), fields=("kind",), name="sales_pause_one_active"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            freeze("core_salespause", "pause_is_frozen", kept=KEPT, once=("ended_at",)),
            "DROP TRIGGER pause_is_frozen ON core_salespause",
        ),
    ]
