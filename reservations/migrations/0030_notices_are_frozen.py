"""Which change of a showtime a notice is about, and whose booking, stays; it is done once. An answer may change: who kept the tickets may still give them back."""

from django.db import migrations

from core.frozen_rows import freeze


class Migration(migrations.Migration):
    dependencies = [("reservations", "0029_paper_series"), ("core", "0002_kept_columns")]
    operations = [
        migrations.RunSQL(
            freeze(
                "reservations_changenotice", "notice_frozen",
                kept=("id", "change_id", "booking_id"), once=("done_at",),
            ),
            "DROP TRIGGER notice_frozen ON reservations_changenotice;",
        )
    ]  # fmt: skip
