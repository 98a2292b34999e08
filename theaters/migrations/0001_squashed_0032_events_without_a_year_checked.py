import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

PLANS = """
CREATE FUNCTION marquee_published_plan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'PUBLISHED' THEN
        RAISE EXCEPTION 'a published plan never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION marquee_published_seat_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM theaters_seatingplan WHERE id = OLD.plan_id AND status = 'PUBLISHED') THEN
        RAISE EXCEPTION 'a seat of a published plan never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION marquee_published_plan_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A plan and its seats may be written in one transaction, the plan first.
    IF EXISTS (
        SELECT 1 FROM added JOIN theaters_seatingplan AS plan ON plan.id = added.plan_id
         WHERE plan.status = 'PUBLISHED' AND plan.xmin <> pg_current_xact_id()::xid
    ) THEN
        RAISE EXCEPTION 'a published plan gets no more seats' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER published_plan_frozen BEFORE DELETE OR UPDATE ON theaters_seatingplan
    FOR EACH ROW EXECUTE FUNCTION marquee_published_plan_stays();
CREATE TRIGGER published_seat_frozen BEFORE DELETE OR UPDATE ON theaters_seat
    FOR EACH ROW EXECUTE FUNCTION marquee_published_seat_stays();
CREATE TRIGGER published_plan_full AFTER INSERT ON theaters_seat REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_published_plan_is_full();
"""
PLANS_UNDONE = """
DROP TRIGGER published_plan_frozen ON theaters_seatingplan;
DROP TRIGGER published_seat_frozen ON theaters_seat;
DROP TRIGGER published_plan_full ON theaters_seat;
DROP FUNCTION marquee_published_plan_is_full();
DROP FUNCTION marquee_published_seat_stays();
DROP FUNCTION marquee_published_plan_stays();
"""
PRICES = """
CREATE FUNCTION marquee_prices_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the prices of a version never change' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER pinned_price_frozen BEFORE DELETE OR UPDATE ON theaters_pinnedprice
    FOR EACH ROW EXECUTE FUNCTION marquee_prices_stay();
CREATE TRIGGER price_version_frozen BEFORE DELETE OR UPDATE ON theaters_priceversion
    FOR EACH ROW EXECUTE FUNCTION marquee_prices_stay();
"""
PRICES_UNDONE = """
DROP TRIGGER pinned_price_frozen ON theaters_pinnedprice;
DROP TRIGGER price_version_frozen ON theaters_priceversion;
DROP FUNCTION marquee_prices_stay();
"""
CHANGES = """
CREATE FUNCTION marquee_change_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'APPLIED' THEN
        RAISE EXCEPTION 'a change that was applied is an entry of the audit' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE TRIGGER change_frozen BEFORE DELETE OR UPDATE ON theaters_showtimechange
    FOR EACH ROW EXECUTE FUNCTION marquee_change_frozen();
"""
CHANGES_UNDONE = """
DROP TRIGGER change_frozen ON theaters_showtimechange;
DROP FUNCTION marquee_change_frozen();
"""
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
    """All tables of this app, and what its later migrations made of them, for an empty database."""

    initial = True

    replaces = [
        ("theaters", "0001_initial"),
        ("theaters", "0002_frozen_rows"),
        ("theaters", "0003_movie_search"),
        ("theaters", "0004_measures_of_auditoriums"),
        ("theaters", "0005_programs"),
        ("theaters", "0006_series_and_kinds"),
        ("theaters", "0007_index_of_series"),
        ("theaters", "0008_ticket_type_rules"),
        ("theaters", "0009_pin_ticket_type_rules"),
        ("theaters", "0010_closed_showtimes"),
        ("theaters", "0011_hires_are_not_on_sale"),
        ("theaters", "0012_price_rules"),
        ("theaters", "0013_index_of_early_prices"),
        ("theaters", "0014_public_holidays"),
        ("theaters", "0015_moving_showtimes"),
        ("theaters", "0016_stills"),
        ("theaters", "0017_texts_in_languages"),
        ("theaters", "0018_more_texts_in_languages"),
        ("theaters", "0019_seat_categories"),
        ("theaters", "0020_empty_places"),
        ("theaters", "0021_relaxed_series_and_outages"),
        ("theaters", "0022_auditoriums_in_languages"),
        ("theaters", "0023_movies_without_a_director"),
        ("theaters", "0024_early_birds_by_the_clock"),
        ("theaters", "0025_early_birds_by_the_clock_checked"),
        ("theaters", "0026_facts_of_seats"),
        ("theaters", "0027_corrected_facts_of_seats"),
        ("theaters", "0028_seats_beside_an_aisle"),
        ("theaters", "0029_who_announces_a_movie"),
        ("theaters", "0030_address_in_words"),
        ("theaters", "0031_events_without_a_year"),
        ("theaters", "0032_events_without_a_year_checked"),
    ]

    dependencies = [
        ("core", "0004_extensions"),
        ("houses", "0001_squashed_0017_theaters_that_close"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Auditorium',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict, editable=False)),
                ('preroll_minutes', models.PositiveSmallIntegerField(default=15, help_text='Adverts and trailers before the film.')),
                ('turnaround_minutes', models.PositiveSmallIntegerField(default=20, help_text='Cleaning between two showtimes.')),
                ('screen_width_cm', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='screen width (cm)')),
                ('screen_height_cm', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='screen height (cm)')),
                ('first_row_cm', models.PositiveSmallIntegerField(blank=True, help_text='From the screen to the eyes of the first row.', null=True, verbose_name='screen to first row (cm)')),
                ('row_pitch_cm', models.PositiveSmallIntegerField(blank=True, help_text='From the back of a seat to the back of the seat behind it.', null=True, verbose_name='row to row (cm)')),
                ('row_rise_cm', models.PositiveSmallIntegerField(blank=True, help_text='How much a row is higher than the row before; 0 on a flat floor.', null=True, verbose_name='rise per row (cm)')),
                ('exit_rows', models.CharField(blank=True, db_default='', default='', help_text='Their names, such as A, M. Visitors who need a seat near an exit find these in the list of seats.', max_length=100, verbose_name='rows near an exit')),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='auditoriums', to='houses.theater')),
            ],
            options={
                'verbose_name_plural': 'auditoriums',
                'ordering': ['theater', 'name'],
                'constraints': [models.UniqueConstraint(fields=('theater', 'name'), name='auditorium_name_once_per_theater'), models.CheckConstraint(condition=models.Q(models.Q(('first_row_cm__isnull', True), ('row_pitch_cm__isnull', True), ('row_rise_cm__isnull', True), ('screen_height_cm__isnull', True), ('screen_width_cm__isnull', True)), models.Q(('first_row_cm__gt', 0), ('first_row_cm__isnull', False), ('row_pitch_cm__gt', 0), ('row_pitch_cm__isnull', False), ('row_rise_cm__isnull', False), ('screen_height_cm__gt', 0), ('screen_height_cm__isnull', False), ('screen_width_cm__gt', 0), ('screen_width_cm__isnull', False)), _connector='OR'), name='auditorium_measured_as_a_whole', violation_error_message='Give all five measures of the auditorium, above 0, or none. Only the rise may be 0.')],
            },
        ),
        migrations.CreateModel(
            name='BrokenSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=49)),
                ('reason', models.CharField(max_length=60)),
                ('broken_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('mended_at', models.DateTimeField(null=True)),
                ('auditorium', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='broken_seats', to='theaters.auditorium')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('mended_at', None)), fields=('auditorium', 'label'), name='seat_broken_once_at_a_time', violation_error_message='This seat is reported broken already.')],
            },
        ),
        migrations.CreateModel(
            name='Movie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=160)),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='address')),
                ('code', models.CharField(blank=True, help_text='What a distributor or another system calls it; an import finds the movie by it.', max_length=60, null=True, unique=True)),
                ('original_title', models.CharField(blank=True, max_length=160)),
                ('tagline', models.CharField(blank=True, max_length=160)),
                ('synopsis', models.TextField(blank=True)),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict)),
                ('year', models.PositiveSmallIntegerField(blank=True, help_text='An event, such as a talk or a concert, needs none.', null=True)),
                ('director', models.CharField(blank=True, help_text='Empty where nobody is named: short films, a talk.', max_length=160)),
                ('cast', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list)),
                ('running_minutes', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)])),
                ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$', 'Use the two letters of ISO 3166, such as GB.')]), blank=True, default=list)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list)),
                ('genres', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list)),
                ('palette', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}$', 'Use a color such as #a1b2c3.')]), blank=True, default=list, size=3)),
                ('poster_layout', models.CharField(blank=True, max_length=20)),
                ('poster_image', models.ImageField(blank=True, upload_to='posters/', validators=[django.core.validators.FileExtensionValidator(['jpg', 'jpeg', 'png', 'webp'])])),
                ('trailer_url', models.URLField(blank=True)),
                ('kind', models.CharField(choices=[('FEATURE', 'Feature'), ('SHORT', 'Short film'), ('EVENT', 'Event')], db_default='FEATURE', default='FEATURE', max_length=8)),
                ('credits', models.TextField(blank=True, db_default='', default='', help_text='One line each: Music: Jerry Goldsmith', max_length=2000)),
                ('coming_on', models.DateField(blank=True, help_text='Until it has showtimes on sale it stands under “coming soon”.', null=True, verbose_name='coming on')),
                ('coming_season', models.CharField(blank=True, db_default='', default='', help_text='Spring 2027, where no day is known.', max_length=60, verbose_name='or a season')),
                ('archived_at', models.DateTimeField(editable=False, null=True)),
                ('search_text', models.TextField(db_default='', default='', editable=False)),
                ('coming_house', models.ForeignKey(blank=True, db_index=False, help_text='Houses share movies; another one does not say that this movie is coming.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.house', verbose_name='announced by')),
            ],
            options={
                'ordering': ['title'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search_text'], name='movie_search', opclasses=['gin_trgm_ops']), models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Left('search_text', 60), 'text_pattern_ops'), name='movie_search_begin')],
                'constraints': [models.CheckConstraint(condition=models.Q(('year__isnull', False), ('kind', 'EVENT'), _connector='OR'), name='movie_has_year', violation_error_message='A film has a year; an event needs none.')],
            },
        ),
        migrations.CreateModel(
            name='MovieRating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$', 'Use the two letters of ISO 3166, such as GB.')])),
                ('label', models.CharField(max_length=12)),
                ('min_age', models.PositiveSmallIntegerField(blank=True, help_text='Nobody younger is let in.', null=True)),
                ('accompanied_below', models.PositiveSmallIntegerField(blank=True, help_text='Whoever is younger comes with a grown-up.', null=True)),
                ('movie', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='theaters.movie')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('movie', 'country'), name='rating_once_per_country')],
            },
        ),
        migrations.CreateModel(
            name='MovieStill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict)),
                ('picture', models.ImageField(height_field='height', upload_to='stills/', validators=[django.core.validators.FileExtensionValidator(['jpg', 'jpeg', 'png', 'webp'])], width_field='width')),
                ('width', models.PositiveSmallIntegerField(editable=False)),
                ('height', models.PositiveSmallIntegerField(editable=False)),
                ('alt', models.CharField(help_text='What is to be seen, for people who do not see it: Ripley with the cat in the escape shuttle.', max_length=160, verbose_name='description')),
                ('position', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('movie', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stills', to='theaters.movie')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='MovieVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('picture', models.CharField(choices=[('2D', '2D'), ('3D', '3D'), ('IMAX', 'IMAX'), ('IMAX 3D', 'IMAX 3D'), ('4DX', '4DX'), ('35 mm', '35 mm'), ('70 mm', '70 mm')], db_default='2D', default='2D', max_length=8)),
                ('dubbed_in', models.CharField(blank=True, db_default='', help_text="German; empty: the film's own sound.", max_length=40)),
                ('subtitles_in', models.CharField(blank=True, db_default='', help_text='French and Dutch; empty: none.', max_length=40, verbose_name='subtitles')),
                ('movie', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='theaters.movie')),
            ],
            options={
                'ordering': ['movie', 'picture', 'dubbed_in', 'subtitles_in'],
                'constraints': [models.UniqueConstraint(fields=('movie', 'picture', 'dubbed_in', 'subtitles_in'), name='version_once_per_movie', violation_error_message='This version is listed already.')],
            },
        ),
        migrations.CreateModel(
            name='PlanDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rows', models.JSONField(default=list)),
                ('revision', models.PositiveIntegerField(default=1, help_text='Counts the saves; who saves says which one they saw.')),
                ('saved_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('auditorium', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='plan_draft', to='theaters.auditorium')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='EarlierDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('rows', models.JSONField()),
                ('saved_at', models.DateTimeField()),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='earlier', to='theaters.plandraft')),
            ],
            options={
                'ordering': ['-revision'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('draft', 'revision'), name='draft_revision_kept_once')],
            },
        ),
        migrations.CreateModel(
            name='PriceList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(choices=[(1, 'Monday'), (2, 'Tuesday'), (3, 'Wednesday'), (4, 'Thursday'), (5, 'Friday'), (6, 'Saturday'), (7, 'Sunday')]), blank=True, db_default=[], default=list, help_text="The business day's: a 00:30 show is the evening before. None ticked: every day.")),
                ('holidays', models.CharField(blank=True, choices=[('ON', 'Only on public holidays'), ('EVE', 'Only on the day before a public holiday'), ('BOTH', 'Only on public holidays and the day before'), ('NOT', 'Not on public holidays'), ('NEITHER', 'Neither on public holidays nor the day before')], db_default='', default='', help_text="Those of the theater's country and region; the business day's, as weekdays are.", max_length=8, verbose_name='public holidays')),
                ('from_time', models.TimeField(blank=True, help_text='Showtimes that start then or later.', null=True)),
                ('until_time', models.TimeField(blank=True, help_text='Showtimes that start before then; empty: until the business day is over.', null=True)),
                ('first_on', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('last_on', models.DateField(blank=True, help_text='It still counts.', null=True, verbose_name='last day')),
                ('name', models.CharField(max_length=60)),
                ('rank', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='Where several lists fit, the highest rank wins.')),
                ('is_by_hand', models.BooleanField(db_default=False, default=False, help_text='Never found by its dates: somebody chooses it.', verbose_name='only by hand')),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='price_lists', to='houses.theater')),
            ],
            options={
                'ordering': ['theater', 'name'],
                'constraints': [models.UniqueConstraint(fields=('theater', 'name'), name='price_list_name_once_per_theater')],
            },
        ),
        migrations.CreateModel(
            name='PriceRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(choices=[(1, 'Monday'), (2, 'Tuesday'), (3, 'Wednesday'), (4, 'Thursday'), (5, 'Friday'), (6, 'Saturday'), (7, 'Sunday')]), blank=True, db_default=[], default=list, help_text="The business day's: a 00:30 show is the evening before. None ticked: every day.")),
                ('holidays', models.CharField(blank=True, choices=[('ON', 'Only on public holidays'), ('EVE', 'Only on the day before a public holiday'), ('BOTH', 'Only on public holidays and the day before'), ('NOT', 'Not on public holidays'), ('NEITHER', 'Neither on public holidays nor the day before')], db_default='', default='', help_text="Those of the theater's country and region; the business day's, as weekdays are.", max_length=8, verbose_name='public holidays')),
                ('from_time', models.TimeField(blank=True, help_text='Showtimes that start then or later.', null=True)),
                ('until_time', models.TimeField(blank=True, help_text='Showtimes that start before then; empty: until the business day is over.', null=True)),
                ('first_on', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('last_on', models.DateField(blank=True, help_text='It still counts.', null=True, verbose_name='last day')),
                ('kind', models.CharField(choices=[('DAY_RATE', 'Day rate: a price on some days, or less'), ('SURCHARGE', 'Surcharge: added to the price'), ('EARLY', 'Early bird: taken off for those who choose early')], max_length=10)),
                ('name', models.CharField(help_text='Customers read it: 3D surcharge, Happy Monday, Early bird.', max_length=40)),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict, editable=False)),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(0)])),
                ('percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)])),
                ('hours_before', models.PositiveSmallIntegerField(db_default=0, default=0, validators=[django.core.validators.MaxValueValidator(8760)], verbose_name='hours before the start')),
                ('until_clock', models.TimeField(blank=True, null=True, verbose_name='at this time of the day')),
                ('until_day', models.DateField(blank=True, null=True, verbose_name='until this date')),
                ('position', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='Of several day rates that fit, the lowest counts.')),
                ('pictures', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('2D', '2D'), ('3D', '3D'), ('IMAX', 'IMAX'), ('IMAX 3D', 'IMAX 3D'), ('4DX', '4DX'), ('35 mm', '35 mm'), ('70 mm', '70 mm')], max_length=8), blank=True, db_default=[], default=list, help_text='None ticked: all.')),
                ('movie_kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('FEATURE', 'Feature'), ('SHORT', 'Short film'), ('EVENT', 'Event')], max_length=8), blank=True, db_default=[], default=list, help_text='None ticked: all.')),
                ('auditoriums', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, db_default=[], default=list)),
                ('ticket_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, db_default=[], default=list)),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='price_rules', to='houses.theater')),
            ],
            options={
                'ordering': ['theater', 'position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('amount__gte', 0), ('amount__isnull', False), ('percent', None)), models.Q(('amount', None), ('percent__gte', 0), ('percent__isnull', False), ('percent__lte', 100)), _connector='OR'), name='price_rule_is_an_amount_or_a_percentage', violation_error_message='A rule has an amount or a percentage, 0 or more.'), models.CheckConstraint(condition=models.Q(models.Q(('hours_before__gte', 1), ('kind', 'EARLY')), models.Q(('kind', 'EARLY'), ('until_clock__isnull', False)), models.Q(('kind', 'EARLY'), ('until_day__isnull', False)), models.Q(models.Q(('kind', 'EARLY'), _negated=True), ('hours_before', 0), ('until_clock', None), ('until_day', None)), _connector='OR'), name='price_rule_early_says_how_early', violation_error_message='An early bird, and nothing else, ends some time before the start.')],
            },
        ),
        migrations.CreateModel(
            name='PriceVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('tax_rate', models.DecimalField(decimal_places=5, max_digits=6)),
                ('booking_fee', models.DecimalField(decimal_places=2, max_digits=10)),
                ('rules', models.JSONField(db_default={}, default=dict)),
                ('price_rules', models.JSONField(db_default=[], default=list)),
                ('hours_before', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('ends_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('price_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='theaters.pricelist')),
                ('standard', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='early_versions', to='theaters.priceversion')),
            ],
            options={
                'ordering': ['price_list', '-number'],
                'indexes': [models.Index(condition=models.Q(('standard__isnull', False)), fields=['standard', '-hours_before'], name='early_price_versions')],
                'constraints': [models.UniqueConstraint(fields=('price_list', 'number'), name='price_version_number_once_per_list')],
            },
        ),
        migrations.CreateModel(
            name='SeatCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=10)),
                ('name', models.CharField(blank=True, db_default='', max_length=40)),
                ('note', models.CharField(blank=True, db_default='', help_text='What is special about these seats, in a few words.', max_length=80)),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict, editable=False)),
                ('position', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='The lowest comes first. A category further down counts as a better one.')),
                ('sign', models.CharField(blank=True, db_default='', help_text='One letter or sign on the seat, for those who see no colors.', max_length=1)),
                ('color_light', models.CharField(blank=True, db_default='', max_length=7, verbose_name='color, light theme')),
                ('color_dark', models.CharField(blank=True, db_default='', max_length=7, verbose_name='color, dark theme')),
                ('archived_at', models.DateTimeField(editable=False, null=True)),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seat_categories', to='houses.theater')),
            ],
            options={
                'verbose_name_plural': 'seat categories',
                'ordering': ['theater', 'position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('theater', 'code'), name='seat_category_code_once_per_theater'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('code__in', ['STANDARD', 'PREMIUM', 'SOFA', 'WHEELCHAIR', 'COMPANION']), _connector='OR'), name='seat_category_has_a_name', violation_error_message='Say what these seats are called.'), models.CheckConstraint(condition=models.Q(models.Q(('color_dark', ''), ('color_light', '')), models.Q(models.Q(('color_light', ''), _negated=True), models.Q(('color_dark', ''), _negated=True)), _connector='OR'), name='seat_category_has_both_colors', violation_error_message='Give a color for the light and one for the dark theme, or none.')],
            },
        ),
        migrations.CreateModel(
            name='SeatingPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('status', models.CharField(choices=[('DRAFT', 'Draft'), ('PUBLISHED', 'Published')], default='DRAFT', max_length=10)),
                ('source', models.TextField(help_text='The drawing it was made from.')),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('auditorium', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='theaters.auditorium')),
            ],
            options={
                'ordering': ['auditorium', '-number'],
                'constraints': [models.UniqueConstraint(fields=('auditorium', 'number'), name='plan_number_once_per_auditorium'), models.CheckConstraint(condition=models.Q(('status', 'DRAFT'), ('published_at__isnull', False), _connector='XOR'), name='plan_published_has_a_moment', violation_error_message='A published plan says when it was published, and a draft does not.'), models.CheckConstraint(condition=models.Q(('status__in', ['DRAFT', 'PUBLISHED'])), name='plan_status_known', violation_error_message='There is no such status.')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=49)),
                ('row', models.CharField(max_length=4)),
                ('number', models.PositiveSmallIntegerField()),
                ('section', models.CharField(blank=True, max_length=40)),
                ('x', models.PositiveSmallIntegerField()),
                ('y', models.PositiveSmallIntegerField()),
                ('category', models.CharField(default='STANDARD', max_length=10)),
                ('unit', models.CharField(blank=True, help_text='Shared by the seats of one sofa.', max_length=8)),
                ('steps', models.PositiveSmallIntegerField(blank=True, help_text="From the auditorium's entrance to the seat.", null=True)),
                ('hearing_loop', models.BooleanField(blank=True, null=True)),
                ('armrest_lifts', models.BooleanField(blank=True, null=True)),
                ('beside_aisle', models.BooleanField(blank=True, help_text='Empty: as the drawing shows it.', null=True)),
                ('note', models.CharField(blank=True, db_default='', default='', max_length=80)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='theaters.seatingplan')),
            ],
            options={
                'ordering': ['plan', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'label'), name='seat_label_once_per_plan')],
            },
        ),
        migrations.AddField(
            model_name='plandraft',
            name='based_on',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theaters.seatingplan'),
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('slug', models.SlugField(max_length=80, verbose_name='address')),
                ('text', models.TextField(blank=True, db_default='', help_text='Markdown, as on pages.', max_length=5000)),
                ('is_relaxed', models.BooleanField(db_default=False, default=False, help_text='With some light, less loud, and nobody minds noise. Visitors who need that find its showtimes.', verbose_name='relaxed showtimes')),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='houses.house')),
            ],
            options={
                'verbose_name_plural': 'series',
                'ordering': ['name', 'pk'],
                'default_permissions': ('view', 'add', 'change'),
                'constraints': [models.UniqueConstraint(fields=('house', 'slug'), name='series_once_per_house', violation_error_message='Another series has this address.')],
            },
        ),
        migrations.CreateModel(
            name='Showtime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('picture', models.CharField(choices=[('2D', '2D'), ('3D', '3D'), ('IMAX', 'IMAX'), ('IMAX 3D', 'IMAX 3D'), ('4DX', '4DX'), ('35 mm', '35 mm'), ('70 mm', '70 mm')], db_default='2D', default='2D', max_length=8)),
                ('dubbed_in', models.CharField(blank=True, db_default='', help_text="German; empty: the film's own sound.", max_length=40)),
                ('subtitles_in', models.CharField(blank=True, db_default='', help_text='French and Dutch; empty: none.', max_length=40, verbose_name='subtitles')),
                ('is_list_by_hand', models.BooleanField(db_default=True, default=True, editable=False)),
                ('starts_at', models.DateTimeField(db_index=True)),
                ('ends_at', models.DateTimeField(editable=False, help_text='Adverts and film over.')),
                ('occupied_until', models.DateTimeField(editable=False, help_text='Cleaning included.')),
                ('sales_close_at', models.DateTimeField(editable=False)),
                ('note', models.CharField(blank=True, db_column='format', help_text='4K restoration, live piano, with the director …', max_length=100)),
                ('closed_for', models.CharField(blank=True, db_default='', default='', help_text='Who has the auditorium, or why nothing is on sale. It cannot be published then.', max_length=100, verbose_name='private hire')),
                ('access_code', models.CharField(blank=True, db_default='', default='', editable=False, max_length=40)),
                ('sales_paused_until', models.DateTimeField(editable=False, null=True)),
                ('program_title', models.CharField(blank=True, db_default='', default='', editable=False, max_length=200)),
                ('program_minutes', models.PositiveSmallIntegerField(editable=False, null=True)),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict, editable=False)),
                ('status', models.CharField(choices=[('DRAFT', 'Draft'), ('PUBLISHED', 'Published'), ('CANCELED', 'Canceled')], default='DRAFT', editable=False, max_length=10)),
                ('seats_total', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('seats_taken', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('fullness_at', models.DateTimeField(editable=False, null=True)),
                ('times_changed', models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                ('changed_at', models.DateTimeField(editable=False, null=True)),
                ('auditorium', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='showtimes', to='theaters.auditorium')),
                ('movie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='showtimes', to='theaters.movie')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='showtimes', to='theaters.seatingplan')),
                ('price_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='showtimes', to='theaters.pricelist')),
                ('price_version', models.ForeignKey(editable=False, help_text='Pinned when it is published: what is sold costs this.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='showtimes', to='theaters.priceversion')),
                ('series', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='showtimes', to='theaters.series')),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
                'permissions': [('change_sold_showtime', 'Can cancel or change a showtime that is on sale')],
                'indexes': [models.Index(fields=['movie', 'starts_at'], name='theaters_sh_movie_i_47fbe8_idx'), models.Index(fields=['auditorium', 'starts_at'], name='theaters_sh_auditor_a0b283_idx'), models.Index(condition=models.Q(('series__isnull', False)), fields=['series', 'starts_at'], name='showtime_series')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at')), ('occupied_until__gte', models.F('ends_at'))), name='showtime_ends_after_it_starts', violation_error_message='A showtime ends after it starts, and the auditorium is cleaned after that.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status', 'CANCELED'), _negated=True), expressions=[('auditorium', '='), (models.Func('starts_at', 'occupied_until', function='TSTZRANGE'), '&&')], name='showtimes_do_not_overlap', violation_error_message='Another showtime is in this auditorium at that time, cleaning included.'), models.CheckConstraint(condition=models.Q(('closed_for', ''), models.Q(('status', 'PUBLISHED'), _negated=True), _connector='OR'), name='private_hire_is_not_on_sale', violation_error_message='A private hire is not put on sale.'), models.CheckConstraint(condition=models.Q(('status__in', ['DRAFT', 'PUBLISHED', 'CANCELED'])), name='showtime_status_known', violation_error_message='There is no such status.')],
            },
        ),
        migrations.CreateModel(
            name='ProgramItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('picture', models.CharField(choices=[('2D', '2D'), ('3D', '3D'), ('IMAX', 'IMAX'), ('IMAX 3D', 'IMAX 3D'), ('4DX', '4DX'), ('35 mm', '35 mm'), ('70 mm', '70 mm')], db_default='2D', default='2D', max_length=8)),
                ('dubbed_in', models.CharField(blank=True, db_default='', help_text="German; empty: the film's own sound.", max_length=40)),
                ('subtitles_in', models.CharField(blank=True, db_default='', help_text='French and Dutch; empty: none.', max_length=40, verbose_name='subtitles')),
                ('position', models.PositiveSmallIntegerField()),
                ('text', models.CharField(blank=True, db_default='', max_length=160)),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict)),
                ('minutes', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)])),
                ('movie', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='program_items', to='theaters.movie')),
                ('showtime', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='program_items', to='theaters.showtime')),
            ],
            options={
                'ordering': ['showtime', 'position'],
                'constraints': [models.UniqueConstraint(fields=('showtime', 'position'), name='program_position_once'), models.CheckConstraint(condition=models.Q(models.Q(('movie__isnull', False), ('text', '')), models.Q(('movie__isnull', True), models.Q(('text', ''), _negated=True)), _connector='OR'), name='program_item_is_movie_or_text', violation_error_message='A part of a program is a movie or has a text of its own.'), models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 1440)), name='program_item_has_a_length', violation_error_message='Say how many minutes each part lasts.')],
            },
        ),
        migrations.CreateModel(
            name='ShowtimeChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('CANCEL', 'Cancel'), ('TIME', 'Move the time'), ('MOVIE', 'Show another film'), ('VERSION', 'Other version'), ('PRICES', 'Other price list'), ('PLAN', 'Other seating plan'), ('RATING', 'Other age rating'), ('MOVE', 'Move to another auditorium'), ('OUTAGE', 'Something for access is out of order'), ('FACTS', 'Corrected facts of seats')], max_length=8)),
                ('status', models.CharField(choices=[('PLANNED', 'Planned'), ('APPLIED', 'Applied')], default='PLANNED', max_length=8)),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('touched', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, help_text='Told to the customers too.', max_length=200)),
                ('planned_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('applied_at', models.DateTimeField(null=True)),
                ('offer_until', models.DateTimeField(help_text='Until then holders may take all of their money back.', null=True)),
                ('showtime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='theaters.showtime')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('PLANNED',)), _negated=True), ('applied_at__isnull', True), _connector='OR'), name='change_status_planned', violation_error_message='A change that is planned is not made yet.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('APPLIED',)), _negated=True), models.Q(('applied_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='change_status_applied', violation_error_message='A change that was made says when and why.'), models.CheckConstraint(condition=models.Q(('status__in', ['PLANNED', 'APPLIED'])), name='change_status_known', violation_error_message='There is no such status.')],
            },
        ),
        migrations.CreateModel(
            name='TicketType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='A short name for files and links, such as FAMILY. It stays for ever.', max_length=10)),
                ('name', models.CharField(max_length=40)),
                ('note', models.CharField(blank=True, help_text='Who may use it, in a few words.', max_length=80)),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict, editable=False)),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='The lowest comes first.')),
                ('is_default', models.BooleanField(default=False, help_text='The type a seat starts with.')),
                ('min_age', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('max_age', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('is_adult', models.BooleanField(db_default=False, default=False, help_text='Grown up: children who need somebody with them may come along.')),
                ('needs_adult', models.BooleanField(db_default=False, default=False, help_text='Sold only together with a ticket of a grown-up.')),
                ('needs_wheelchair', models.BooleanField(db_default=False, default=False, help_text='A carer: one for each wheelchair space in the booking.')),
                ('is_empty_place', models.BooleanField(db_default=False, default=False, help_text='What one person on a sofa for two pays for the other place. Without such a type nobody can leave one empty. It stays as it is once it is saved.', verbose_name='for a place that stays empty')),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, db_default=[], default=list, help_text='The seats it is sold on; none ticked: all.')),
                ('people', models.SmallIntegerField(db_default=1, default=1, help_text='A family ticket for 4 has one price and is chosen for four seats: each gets a ticket and its share.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='counts as so many people')),
                ('least', models.SmallIntegerField(blank=True, help_text='Tickets of this type. Empty: no limit.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='at least per booking')),
                ('most', models.SmallIntegerField(blank=True, help_text='Tickets of this type. Empty: no limit.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='at most per booking')),
                ('channel', models.CharField(blank=True, choices=[('ONLINE', 'Only online'), ('COUNTER', 'Only at the counter')], db_default='', default='', max_length=8, verbose_name='sold')),
                ('needs_code', models.BooleanField(db_default=False, default=False, help_text='Offered once a promo code is typed that names this type.', verbose_name='only with a promo code')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(choices=[(1, 'Monday'), (2, 'Tuesday'), (3, 'Wednesday'), (4, 'Thursday'), (5, 'Friday'), (6, 'Saturday'), (7, 'Sunday')]), blank=True, db_default=[], default=list, help_text="The business day's: a 00:30 show is the evening before. None ticked: every day.")),
                ('last_on', models.DateField(blank=True, help_text='Sold for showtimes until this day; it still counts.', null=True, verbose_name='last day')),
                ('derived_percent', models.DecimalField(blank=True, decimal_places=2, help_text='80: a fifth less than the other type.', max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(300)], verbose_name='percent of its price')),
                ('derived_amount', models.DecimalField(blank=True, decimal_places=2, help_text='−2 takes two off.', max_digits=10, null=True, verbose_name='added to its price')),
                ('round_to', models.DecimalField(blank=True, decimal_places=2, help_text='Half up, to a multiple of this: 0.50. Empty: to the smallest coin.', max_digits=6, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='rounded to')),
                ('archived_at', models.DateTimeField(editable=False, null=True)),
                ('derived_from', models.ForeignKey(blank=True, db_index=False, help_text='Where a price list has no price of this type, it is made from that of another type.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='derived_types', to='theaters.tickettype')),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ticket_types', to='houses.theater')),
            ],
            options={
                'ordering': ['theater', 'position'],
                'constraints': [models.UniqueConstraint(fields=('theater', 'code'), name='ticket_type_code_once_per_theater'), models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('theater',), name='ticket_type_one_default_per_theater', violation_error_message='Another ticket type of this theater is the usual one already.'), models.CheckConstraint(condition=models.Q(models.Q(('derived_amount', None), ('derived_from', None), ('derived_percent', None)), models.Q(('derived_amount', None), ('derived_from__isnull', False), ('derived_percent__isnull', False)), models.Q(('derived_amount__isnull', False), ('derived_from__isnull', False), ('derived_percent', None)), _connector='OR'), name='ticket_type_derived_in_one_way', violation_error_message='A derived price is a percentage of the other price, or an amount added to it.'), models.CheckConstraint(condition=models.Q(('people__gte', 1)), name='ticket_type_counts_somebody', violation_error_message='A ticket type counts as one person or more.')],
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(max_length=10)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10, validators=[django.core.validators.MinValueValidator(0)])),
                ('price_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='theaters.pricelist')),
                ('ticket_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='theaters.tickettype')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('price_list', 'ticket_type', 'category'), name='price_once_per_type_and_category'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='price_not_negative', violation_error_message='A price is 0 or more.')],
            },
        ),
        migrations.CreateModel(
            name='PinnedPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(max_length=10)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10)),
                ('list_amount', models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='theaters.priceversion')),
                ('ticket_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theaters.tickettype')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'ticket_type', 'category'), name='pinned_price_once_per_type_and_category')],
            },
        ),
        migrations.RunSQL(PLANS, PLANS_UNDONE),
        migrations.RunSQL(PRICES, PRICES_UNDONE),
        migrations.RunSQL(CHANGES, CHANGES_UNDONE),
        migrations.RunSQL(CATEGORIES, CATEGORIES_UNDONE),
    ]
