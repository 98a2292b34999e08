"""The state of a seat row at a moment, as one function (its Python twin: reservations/seats/state.py).

The moment is used once, so PostgreSQL may write the body into a statement although the clock is volatile.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION seat_state_v1(hold_id bigint, booking_id bigint, held_until timestamptz, house_reason text, at timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN booking_id IS NOT NULL AND held_until IS NULL THEN 'sold'
            WHEN coalesce(held_until > at, hold_id IS NOT NULL)
            THEN CASE WHEN booking_id IS NULL THEN 'held' ELSE 'pending' END
            WHEN house_reason <> '' THEN 'house'
            ELSE 'free' END
$$
"""
DROP = "DROP FUNCTION seat_state_v1(bigint, bigint, timestamptz, text, timestamptz)"


class Migration(migrations.Migration):
    dependencies = [("reservations", "0034_asked_links")]

    operations = [migrations.RunSQL(CREATE, DROP)]
