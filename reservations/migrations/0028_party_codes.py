from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0027_kept_from_hold")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="party_code",
            field=models.CharField(
                help_text="Lets in all of its people at the door, where the customer chose one code for all.",
                max_length=32,
                null=True,
            ),
        ),
    ]
