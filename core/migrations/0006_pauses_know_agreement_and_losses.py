from django.db import migrations, models

from core.frozen_rows import freeze

KEPT = ("id", "kind", "why", "actor", "since", "known_until")


class Migration(migrations.Migration):
    """After a restore: when both ledgers agreed, and what the file beside the database knows to be lost."""

    dependencies = [("core", "0005_pauses_are_told")]

    operations = [
        migrations.AddField(
            model_name="salespause",
            name="agreed_at",
            field=models.DateTimeField(
                help_text="After a restore: when Stripe and the database agreed; empty while they differ.", null=True
            ),
        ),
        migrations.AddField(
            model_name="salespause",
            name="lost",
            field=models.JSONField(
                db_default={},
                default=dict,
                help_text="After a restore: sales without Stripe that the file beside the database knows of, and it does not.",
            ),
        ),
        migrations.RunSQL(
            freeze("core_salespause", "pause_is_frozen", kept=(*KEPT, "lost"), once=("ended_at",)),
            freeze("core_salespause", "pause_is_frozen", kept=KEPT, once=("ended_at",)),
        ),
    ]
