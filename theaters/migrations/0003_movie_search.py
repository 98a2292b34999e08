import re

from anyascii import anyascii
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models.functions import Left


def words(text):
    return re.findall(r"[a-z0-9]+", anyascii(text).casefold().replace("'", ""))


def write_search_text(apps, schema_editor):
    movie_model = apps.get_model("theaters", "Movie")
    for movie in movie_model.objects.only("title", "original_title", "director", "cast").iterator():
        titles = [words(title) for title in (movie.title, movie.original_title) if title]
        parts = [*(word for title in titles for word in title), *("".join(title) for title in titles if len(title) > 1)]
        parts += [word for name in (movie.director, *movie.cast) for word in words(name)]
        movie.search_text = "".join(f" {part}" for part in parts)
        movie.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    dependencies = [("theaters", "0002_frozen_rows")]

    operations = [
        migrations.AddField(
            model_name="movie",
            name="search_text",
            field=models.TextField(db_default="", default="", editable=False),
        ),
        migrations.RunPython(write_search_text, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="movie",
            index=GinIndex(fields=["search_text"], name="movie_search", opclasses=["gin_trgm_ops"]),
        ),
        migrations.AddIndex(
            model_name="movie",
            index=models.Index(OpClass(Left("search_text", 60), name="text_pattern_ops"), name="movie_search_begin"),
        ),
    ]
