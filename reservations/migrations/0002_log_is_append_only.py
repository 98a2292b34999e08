from django.db import migrations

FORWARDS = """
CREATE FUNCTION marquee_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER move_append_only BEFORE UPDATE OR DELETE ON reservations_move
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_change();

CREATE FUNCTION marquee_ticket_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.booking_id, NEW.showtime_id, NEW.price, NEW.tax, NEW.tax_rate, NEW.currency, NEW.code)
       IS DISTINCT FROM (OLD.booking_id, OLD.showtime_id, OLD.price, OLD.tax, OLD.tax_rate, OLD.currency, OLD.code) THEN
        RAISE EXCEPTION 'a ticket keeps what it was sold as' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ticket_frozen BEFORE UPDATE ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_ticket_frozen();
"""

BACKWARDS = """
DROP TRIGGER ticket_frozen ON reservations_ticket;
DROP FUNCTION marquee_ticket_frozen();
DROP TRIGGER move_append_only ON reservations_move;
DROP FUNCTION marquee_refuse_change();
"""


class Migration(migrations.Migration):
    """The log of moves only grows; what a ticket was sold as never changes."""

    dependencies = [("reservations", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
