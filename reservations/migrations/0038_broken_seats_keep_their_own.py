"""A house seat that is kept back because its chair is broken says for which report, not by equal words alone."""

import django.db.models.deletion
from django.db import migrations, models

# What was kept back before is found by its words, once.
FORWARDS = """
UPDATE reservations_showtimeseat AS seat SET broken_seat_id = broken.id
  FROM theaters_showtime AS showtime, theaters_brokenseat AS broken
 WHERE showtime.id = seat.showtime_id AND broken.auditorium_id = showtime.auditorium_id AND broken.mended_at IS NULL
   AND broken.label = seat.label AND broken.reason = seat.house_reason
"""
# A time to go on sale without a reason meant nothing.
NO_REASON = """
UPDATE reservations_showtimeseat SET house_release_minutes = NULL
 WHERE house_reason = '' AND house_release_minutes IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("reservations", "0037_labels_with_a_section"), ("theaters", "0024_labels_with_a_section")]

    operations = [
        migrations.AddField(
            model_name="showtimeseat",
            name="broken_seat",
            field=models.ForeignKey(
                db_index=False,
                help_text="The chair is kept back because it is broken; once it is mended it is on sale again.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="theaters.brokenseat",
            ),
        ),
        migrations.RunSQL(FORWARDS, migrations.RunSQL.noop),
        migrations.RunSQL(NO_REASON, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="showtimeseat",
            index=models.Index(
                condition=models.Q(("broken_seat__isnull", False)), fields=["broken_seat"], name="seat_kept_as_broken"
            ),
        ),
        migrations.AddConstraint(
            model_name="showtimeseat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("house_reason", ""), _negated=True),
                    models.Q(("broken_seat", None), ("house_release_minutes", None)),
                    _connector="OR",
                ),
                name="only_house_seats_are_released_or_mended",
                violation_error_message="A seat goes back on sale only where it was kept back, with a reason.",
            ),
        ),
    ]
