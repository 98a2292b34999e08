"""Versions of a movie become facts of the showtime. What `format` and `language_note` said is read into them once.

The column `format` stays and is called `note` from here on; `language_note` stays too, unread, until the release before
this one runs nowhere.
"""

import re

import django.db.models.deletion
from django.db import migrations, models

import theaters.models.movies

REELS = {"35 mm": "35 mm", "35mm": "35 mm", "70 mm": "70 mm", "70mm": "70 mm", "imax": "IMAX", "3d": "3D", "2d": "2D"}
SUBTITLED = re.compile(r"([^\W\d_][^\d,;]*) subtitles", re.IGNORECASE)
DUBBED = re.compile(r"dubbed in ([^\W\d_][^\d,;]*)", re.IGNORECASE)
LONGEST = 100


def read_versions(apps, schema_editor):
    showtimes = apps.get_model("theaters", "Showtime").objects.order_by()
    for note, language_note in showtimes.values_list("note", "language_note").distinct():
        facts, words = {}, []
        if reel := REELS.get(note.strip().lower()):
            facts["picture"] = reel
        elif note:
            words.append(note)
        for part in filter(None, map(str.strip, language_note.split(","))):
            if found := SUBTITLED.fullmatch(part):
                facts["subtitles_in"] = found[1][:40]
            elif found := DUBBED.fullmatch(part):
                facts["dubbed_in"] = found[1][:40]
            else:
                words.append(part)
        facts["note"] = ", ".join(words)[:LONGEST]
        showtimes.filter(note=note, language_note=language_note).update(**facts)
    keep_what_is_planned(apps)


def keep_what_is_planned(apps):
    """A movie comes in what it was planned in; one that was planned plain alone says nothing."""
    planned = apps.get_model("theaters", "Showtime").objects.order_by()
    seen = set(planned.values_list("movie", "picture", "dubbed_in", "subtitles_in").distinct())
    special = {movie for movie, *facts in seen if facts != ["2D", "", ""]}
    versions = apps.get_model("theaters", "MovieVersion").objects
    versions.bulk_create(
        versions.model(movie_id=movie, picture=picture, dubbed_in=dubbed, subtitles_in=subtitles)
        for movie, picture, dubbed, subtitles in sorted(seen)
        if movie in special
    )


def write_words(apps, schema_editor):
    showtimes = apps.get_model("theaters", "Showtime").objects.order_by()
    known = ("note", "picture", "dubbed_in", "subtitles_in")
    for note, picture, dubbed, subtitles in showtimes.values_list(*known).distinct():
        words = [f"Dubbed in {dubbed}"] if dubbed else []
        words += [f"{subtitles} subtitles"] if subtitles else []
        said = ", ".join(filter(None, ["" if picture == "2D" else picture, note]))[:40]
        showtimes.filter(note=note, picture=picture, dubbed_in=dubbed, subtitles_in=subtitles).update(
            note=said, language_note=", ".join(words)[:60]
        )


def fact(*args, **options):
    return models.CharField(
        *args,
        blank=True,
        db_default="",
        max_length=40,
        validators=[theaters.models.movies.validate_language],
        **options,
    )


def facts():
    pictures = ["2D", "3D", "IMAX", "IMAX 3D", "4DX", "35 mm", "70 mm"]
    return [
        (
            "picture",
            models.CharField(choices=[(one, one) for one in pictures], db_default="2D", default="2D", max_length=8),
        ),
        ("dubbed_in", fact(help_text="German; empty: the film's own sound.")),
        ("subtitles_in", fact(help_text="French and Dutch; empty: none.", verbose_name="subtitles")),
    ]


KINDS = [
    ("CANCEL", "Cancel"),
    ("TIME", "Move the time"),
    ("MOVIE", "Show another film"),
    ("VERSION", "Other version"),
    ("PRICES", "Other price list"),
    ("PLAN", "Other seating plan"),
    ("RATING", "Other age rating"),
]


class Migration(migrations.Migration):
    dependencies = [("theaters", "0010_broken_seats")]

    operations = [
        migrations.AlterField("showtimechange", "kind", models.CharField(choices=KINDS, max_length=8)),
        migrations.AddField(
            "movie",
            "code",
            models.CharField(
                blank=True,
                help_text="What a distributor or another system calls it; an import finds the movie by it.",
                max_length=60,
                null=True,
                unique=True,
            ),
        ),
        migrations.CreateModel(
            name="MovieVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                *facts(),
                (
                    "movie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="theaters.movie"
                    ),
                ),
            ],
            options={
                "ordering": ["movie", "picture", "dubbed_in", "subtitles_in"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["movie", "picture", "dubbed_in", "subtitles_in"],
                        name="version_once_per_movie",
                        violation_error_message="This version is listed already.",
                    )
                ],
            },
        ),
        *[migrations.AddField("showtime", name, field) for name, field in facts()],
        migrations.AlterField("showtime", "format", models.CharField(blank=True, db_column="format", max_length=40)),
        migrations.RenameField("showtime", "format", "note"),
        migrations.AlterField(
            "showtime",
            "note",
            models.CharField(
                blank=True,
                db_column="format",
                help_text="4K restoration, live piano, with the director …",
                max_length=100,
            ),
        ),
        migrations.AlterField(
            "showtime", "language_note", models.CharField(blank=True, db_default="", max_length=60)
        ),
        migrations.RunPython(read_versions, write_words),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("showtime", "language_note")]),
    ]
