from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0039_sentences_of_constraints")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="language",
            field=models.CharField(
                db_default="en",
                default="en",
                help_text="In which it was bought: its mails and papers are written in it.",
                max_length=12,
            ),
        ),
    ]
