import secrets

from django.db import migrations


def write_the_row(apps, schema_editor):
    apps.get_model("core", "Installation").objects.create(pk=1, public_id=secrets.token_hex(16))


class Migration(migrations.Migration):
    """Each installation has a random id."""

    dependencies = [("core", "0002_frozen_rows")]

    operations = [migrations.RunPython(write_the_row, migrations.RunPython.noop)]
