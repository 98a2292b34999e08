from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0031_ticket_category_name_frozen")]

    operations = [
        migrations.AddField(
            model_name="waitingentry",
            name="is_numbered",
            field=models.BooleanField(db_default=False, default=False, help_text="No unreserved places."),
        ),
        migrations.AlterField(
            model_name="waitingentry",
            name="section",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Or an area of unreserved places. Empty: anywhere.",
                max_length=40,
            ),
        ),
    ]
