import secrets

from django.db import migrations, models

from core.frozen_rows import freeze


def write_the_row(apps, schema_editor):
    apps.get_model("core", "Installation").objects.create(pk=1, public_id=secrets.token_hex(16))


class Migration(migrations.Migration):
    """Each installation has a random id. It is written once and never changed."""

    dependencies = [("core", "0002_kept_columns")]

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("public_id", models.CharField(max_length=32)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(id=1), name="installation_has_one_row")],
            },
        ),
        migrations.RunPython(write_the_row, migrations.RunPython.noop),
        migrations.RunSQL(
            freeze("core_installation", "installation_is_frozen", kept=("id", "public_id")),
            "DROP TRIGGER installation_is_frozen ON core_installation",
        ),
    ]
