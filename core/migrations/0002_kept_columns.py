from django.db import migrations

from core.frozen_rows import KEEP_COLUMNS


class Migration(migrations.Migration):
    """A trigger function that keeps the columns it is told to keep."""

    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunSQL(KEEP_COLUMNS, "DROP FUNCTION marquee_keep_columns()")]
