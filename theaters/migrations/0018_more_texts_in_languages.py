from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("theaters", "0017_texts_in_languages")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="translations",
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=editable),
        )
        for name, editable in (("moviestill", True), ("programitem", True), ("showtime", False))
    ]
