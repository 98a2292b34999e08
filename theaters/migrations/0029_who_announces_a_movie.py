import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The release before announces each movie in every house."""

    dependencies = [("houses", "0014_seat_notes_in_languages"), ("theaters", "0028_seats_beside_an_aisle")]

    operations = [
        migrations.AddField(
            "movie",
            "coming_house",
            models.ForeignKey(
                "houses.house",
                blank=True,
                db_index=False,
                help_text="Houses share movies; another one does not say that this movie is coming.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                verbose_name="announced by",
            ),
        ),
    ]
