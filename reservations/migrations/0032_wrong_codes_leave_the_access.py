from django.db import migrations


class Migration(migrations.Migration):
    """Wrong codes are counted by booking since 0028, which kept this column for the release that was running then."""

    dependencies = [("reservations", "0031_addresses_may_be_forgotten")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE reservations_bookingaccess DROP COLUMN code_tries",
            "ALTER TABLE reservations_bookingaccess ADD COLUMN code_tries smallint NOT NULL DEFAULT 0 CHECK (code_tries >= 0)",
        ),
    ]
