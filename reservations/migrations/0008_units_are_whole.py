from django.db import migrations, models

UNIT_IS_WHOLE = """
CREATE FUNCTION marquee_unit_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(DISTINCT (coalesce(seat.hold_id, 0), coalesce(seat.booking_id, 0)))
          FROM reservations_showtimeseat seat
         WHERE seat.showtime_id = NEW.showtime_id AND seat.unit = NEW.unit AND seat.unit <> '') > 1 THEN
        RAISE EXCEPTION 'unit % of showtime % is cut', NEW.unit, NEW.showtime_id
              USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_is_whole', TABLE = 'reservations_showtimeseat';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER unit_is_whole AFTER UPDATE OF hold_id, booking_id ON reservations_showtimeseat
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.unit <> '') EXECUTE FUNCTION marquee_unit_is_whole();
"""
UNIT_MAY_BE_CUT = """
DROP TRIGGER unit_is_whole ON reservations_showtimeseat;
DROP FUNCTION marquee_unit_is_whole();
"""


class Migration(migrations.Migration):
    """The seats of a sofa have one owner whenever a transaction commits.

    Rows of showtimes that are on sale already have no unit, so the release before this one goes on selling them as it did.
    """

    dependencies = [("reservations", "0007_scans_at_devices")]

    operations = [
        migrations.AddField(
            model_name="showtimeseat",
            name="unit",
            field=models.CharField(
                blank=True, db_default="", help_text="Shared by the seats of one sofa, which is sold whole.", max_length=8
            ),
        ),
        migrations.RunSQL(UNIT_IS_WHOLE, UNIT_MAY_BE_CUT),
    ]
