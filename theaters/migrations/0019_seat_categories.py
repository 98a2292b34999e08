import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

CATEGORIES = """
CREATE FUNCTION marquee_usual_seat_categories() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO theaters_seatcategory (theater_id, code, position)
        SELECT NEW.id, usual.code, usual.position
          FROM unnest(ARRAY['STANDARD', 'PREMIUM', 'SOFA', 'WHEELCHAIR', 'COMPANION'])
               WITH ORDINALITY AS usual (code, position);
    RETURN NULL;
END $$;
CREATE TRIGGER usual_seat_categories AFTER INSERT ON houses_theater
    FOR EACH ROW EXECUTE FUNCTION marquee_usual_seat_categories();

INSERT INTO theaters_seatcategory (theater_id, code, position)
    SELECT theater.id, usual.code, usual.position
      FROM houses_theater AS theater,
           unnest(ARRAY['STANDARD', 'PREMIUM', 'SOFA', 'WHEELCHAIR', 'COMPANION'])
           WITH ORDINALITY AS usual (code, position)
        ON CONFLICT DO NOTHING;

CREATE TRIGGER seat_category_frozen BEFORE UPDATE OF id, theater_id, code ON theaters_seatcategory
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'theater_id', 'code');

CREATE FUNCTION marquee_seat_has_a_category() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unknown text;
BEGIN
    SELECT seat.category INTO unknown
      FROM (SELECT DISTINCT plan_id, category FROM added) AS seat
      JOIN theaters_seatingplan AS plan ON plan.id = seat.plan_id
      JOIN theaters_auditorium AS auditorium ON auditorium.id = plan.auditorium_id
      LEFT JOIN theaters_seatcategory AS known
             ON known.theater_id = auditorium.theater_id AND known.code = seat.category
     WHERE known.id IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the theater has no seat category %', unknown USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER seat_has_a_category AFTER INSERT ON theaters_seat REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_seat_has_a_category();
"""
CATEGORIES_UNDONE = """
DROP TRIGGER seat_has_a_category ON theaters_seat;
DROP FUNCTION marquee_seat_has_a_category();
DROP TRIGGER seat_category_frozen ON theaters_seatcategory;
DROP TRIGGER usual_seat_categories ON houses_theater;
DROP FUNCTION marquee_usual_seat_categories();
"""


class Migration(migrations.Migration):
    """Seat categories are an open list of each theater; the five of the first release are rows like all others.

    Seats, prices and ticket types name them by code, as before. The database gives a new theater the usual five, so the
    release before this one makes whole theaters too.
    """

    dependencies = [
        ("houses", "0009_public_holidays"),
        ("theaters", "0018_more_texts_in_languages"),
    ]

    operations = [
        migrations.AlterField(
            model_name="pinnedprice", name="category", field=models.CharField(max_length=10)
        ),
        migrations.AlterField(model_name="price", name="category", field=models.CharField(max_length=10)),
        migrations.AlterField(
            model_name="seat", name="category", field=models.CharField(default="STANDARD", max_length=10)
        ),
        migrations.AlterField(
            model_name="tickettype",
            name="categories",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10),
                blank=True,
                db_default=[],
                default=list,
                help_text="The seats it is sold on; none ticked: all.",
            ),
        ),
        migrations.CreateModel(
            name="SeatCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(editable=False, max_length=10)),
                ("name", models.CharField(blank=True, db_default="", max_length=40)),
                ("note", models.CharField(blank=True, db_default="", help_text="What is special about these seats, in a few words.", max_length=80)),
                ("translations", models.JSONField(blank=True, db_default={}, default=dict, editable=False)),
                ("position", models.PositiveSmallIntegerField(db_default=0, default=0, help_text="The lowest comes first. A category further down counts as a better one.")),
                ("sign", models.CharField(blank=True, db_default="", help_text="One letter or sign on the seat, for those who see no colors.", max_length=1)),
                ("color_light", models.CharField(blank=True, db_default="", max_length=7, verbose_name="color, light theme")),
                ("color_dark", models.CharField(blank=True, db_default="", max_length=7, verbose_name="color, dark theme")),
                ("archived_at", models.DateTimeField(editable=False, null=True)),
                ("theater", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="seat_categories", to="houses.theater")),
            ],
            options={
                "verbose_name_plural": "seat categories",
                "ordering": ["theater", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("theater", "code"), name="seat_category_code_once_per_theater"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            ("code__in", ["STANDARD", "PREMIUM", "SOFA", "WHEELCHAIR", "COMPANION"]),
                            _connector="OR",
                        ),
                        name="seat_category_has_a_name",
                        violation_error_message="Say what these seats are called.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("color_dark", ""), ("color_light", "")),
                            models.Q(
                                models.Q(("color_light", ""), _negated=True), models.Q(("color_dark", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="seat_category_has_both_colors",
                        violation_error_message="Give a color for the light and one for the dark theme, or none.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CATEGORIES, CATEGORIES_UNDONE),
    ]
