from django.db import migrations, models

FROZEN = """
CREATE TRIGGER ticket_empty_place_frozen BEFORE UPDATE OF is_empty_place ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('is_empty_place');
"""
UNDONE = "DROP TRIGGER ticket_empty_place_frozen ON reservations_ticket;"


class Migration(migrations.Migration):
    dependencies = [("reservations", "0025_index_of_shared_blocks")]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="is_empty_place",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Of a sofa, and paid for: nobody sits there, and its code opens nothing.",
            ),
        ),
        migrations.RunSQL(FROZEN, UNDONE),
    ]
