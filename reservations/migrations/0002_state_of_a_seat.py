from django.db import migrations

SEAT_STATE = """
CREATE FUNCTION seat_state_v1(
    hold_id bigint, booking_id bigint, held_until timestamptz, house_reason text, at timestamptz
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN booking_id IS NOT NULL AND held_until IS NULL THEN 'sold'
            WHEN coalesce(held_until > at, hold_id IS NOT NULL)
            THEN CASE WHEN booking_id IS NULL THEN 'held' ELSE 'pending' END
            WHEN house_reason <> '' THEN 'house'
            ELSE 'free' END
$$;
"""
SEAT_STATE_UNDONE = """
DROP FUNCTION seat_state_v1(bigint, bigint, timestamptz, text, timestamptz);
"""


class Migration(migrations.Migration):
    """The state of a row of seats. A later state gets a function with the next number in its name."""

    dependencies = [("reservations", "0001_initial")]

    operations = [
        migrations.RunSQL(SEAT_STATE, SEAT_STATE_UNDONE),
    ]
