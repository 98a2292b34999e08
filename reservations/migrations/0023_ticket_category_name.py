from django.db import migrations, models

NAMES = """
CREATE FUNCTION marquee_ticket_category_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT category.name INTO NEW.category_name
      FROM theaters_seat AS seat
      JOIN theaters_seatingplan AS plan ON plan.id = seat.plan_id
      JOIN theaters_auditorium AS auditorium ON auditorium.id = plan.auditorium_id
      JOIN theaters_seatcategory AS category
        ON category.theater_id = auditorium.theater_id AND category.code = seat.category
     WHERE seat.id = NEW.seat_id;
    NEW.category_name := coalesce(NEW.category_name, '');
    RETURN NEW;
END $$;

CREATE TRIGGER ticket_category_name_sold BEFORE INSERT ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_ticket_category_name();
CREATE TRIGGER ticket_category_name_moved BEFORE UPDATE OF seat_id ON reservations_ticket
    FOR EACH ROW WHEN (NEW.seat_id IS DISTINCT FROM OLD.seat_id) EXECUTE FUNCTION marquee_ticket_category_name();
"""
NAMES_UNDONE = """
DROP TRIGGER ticket_category_name_sold ON reservations_ticket;
DROP TRIGGER ticket_category_name_moved ON reservations_ticket;
DROP FUNCTION marquee_ticket_category_name();
"""


class Migration(migrations.Migration):
    """A ticket keeps the name of its seat's category as it was sold; another seat brings that seat's name.

    Empty: the usual word, as for all tickets that are older than this.
    """

    dependencies = [("reservations", "0022_index_of_group_seats"), ("theaters", "0019_seat_categories")]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="category_name",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=40),
        ),
        migrations.RunSQL(NAMES, NAMES_UNDONE),
    ]
