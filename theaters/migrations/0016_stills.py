import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("theaters", "0015_moving_showtimes")]

    operations = [
        migrations.CreateModel(
            name="MovieStill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "picture",
                    models.ImageField(
                        height_field="height",
                        upload_to="stills/",
                        validators=[django.core.validators.FileExtensionValidator(["jpg", "jpeg", "png", "webp"])],
                        width_field="width",
                    ),
                ),
                ("width", models.PositiveSmallIntegerField(editable=False)),
                ("height", models.PositiveSmallIntegerField(editable=False)),
                (
                    "alt",
                    models.CharField(
                        help_text=(
                            "What is to be seen, for people who do not see it: Ripley with the cat in the escape shuttle."
                        ),
                        max_length=160,
                        verbose_name="description",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(db_default=0, default=0)),
                (
                    "movie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stills", to="theaters.movie"
                    ),
                ),
            ],
            options={"ordering": ["position", "pk"]},
        ),
    ]
