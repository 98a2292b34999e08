import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("houses", "0011_words_in_languages")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="same_as",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="others",
                to="houses.post", verbose_name="the same post as",
            ),
        )
    ]
