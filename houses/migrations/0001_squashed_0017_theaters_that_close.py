import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

PAGE_TEXTS_FROZEN = """
CREATE TRIGGER page_text_frozen BEFORE UPDATE OR DELETE ON houses_pagetext
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER page_text_never_emptied BEFORE TRUNCATE ON houses_pagetext
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
"""
PAGE_TEXTS_UNDONE = """
DROP TRIGGER page_text_never_emptied ON houses_pagetext;
DROP TRIGGER page_text_frozen ON houses_pagetext;
"""


class Migration(migrations.Migration):
    """All tables of this app, and what its later migrations made of them, for an empty database."""

    initial = True

    replaces = [
        ("houses", "0001_initial"),
        ("houses", "0002_identity_and_texts"),
        ("houses", "0003_no_single_seats"),
        ("houses", "0004_texts_are_frozen"),
        ("houses", "0005_contact_months"),
        ("houses", "0006_how_to_reach_a_theater"),
        ("houses", "0007_exchanges"),
        ("houses", "0008_theater_photos"),
        ("houses", "0009_public_holidays"),
        ("houses", "0010_described_pictures"),
        ("houses", "0011_words_in_languages"),
        ("houses", "0012_posts_in_other_languages"),
        ("houses", "0013_refund_limit_of_a_sale"),
        ("houses", "0014_seat_notes_in_languages"),
        ("houses", "0015_every_currency"),
        ("houses", "0016_address_in_words"),
        ("houses", "0017_theaters_that_close"),
    ]

    dependencies = [
        ("core", "0004_extensions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='House',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('slug', models.SlugField(unique=True, verbose_name='address')),
                ('domains', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253, validators=[django.core.validators.RegexValidator('^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$', 'A domain is written in small letters, without https:// and without a path: roxy.example.')]), blank=True, db_default=[], default=list, help_text='Where customers find this house, the first for links in mails. Empty: the address of the installation.')),
                ('logo', models.ImageField(blank=True, db_default='', help_text='PNG or WebP up to 5 MB. Empty: the name.', upload_to='houses/')),
                ('accent_light', models.CharField(db_default='#7a4b00', default='#7a4b00', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}$', 'Use a color such as #a1b2c3.')])),
                ('accent_dark', models.CharField(db_default='#f5b83d', default='#f5b83d', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}$', 'Use a color such as #a1b2c3.')])),
                ('surface_light', models.CharField(db_default='#f8f4ec', default='#f8f4ec', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}$', 'Use a color such as #a1b2c3.')])),
                ('surface_dark', models.CharField(db_default='#16110d', default='#16110d', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}$', 'Use a color such as #a1b2c3.')])),
                ('has_own_colors', models.BooleanField(db_default=False, default=False, verbose_name='colors of its own')),
                ('typeface', models.CharField(choices=[('ARCHIVO', 'Archivo: narrow capitals, as on a board over the door'), ('FRAUNCES', 'Fraunces: a warm serif'), ('FIGTREE', 'Figtree: round and plain')], db_default='ARCHIVO', default='ARCHIVO', max_length=10)),
                ('footer_text', models.CharField(blank=True, db_default='', max_length=300)),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict)),
                ('section_names', models.JSONField(blank=True, db_default={}, default=dict)),
                ('seat_notes', models.JSONField(blank=True, db_default={}, default=dict)),
                ('social_links', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200, validators=[django.core.validators.URLValidator(schemes=['https'])]), blank=True, db_default=[], default=list)),
                ('sender_name', models.CharField(blank=True, db_default='', help_text='Empty: the name of the house.', max_length=80)),
                ('sender_address', models.EmailField(blank=True, db_default='', help_text='Empty: the sender of the installation.', max_length=254)),
                ('reply_to', models.EmailField(blank=True, db_default='', help_text='Gets answers to mails where a theater has no address.', max_length=254)),
                ('company', models.CharField(blank=True, db_default='', help_text='The legal person that sells the tickets.', max_length=120)),
                ('company_address', models.CharField(blank=True, db_default='', max_length=200)),
                ('register_entry', models.CharField(blank=True, db_default='', help_text='Where and as what it is registered.', max_length=120)),
                ('tax_number', models.CharField(blank=True, db_default='', max_length=40)),
                ('responsible_person', models.CharField(blank=True, db_default='', max_length=120)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, db_default=[], default=list, help_text='Offered to customers. Empty: all.')),
                ('contact_months', models.PositiveSmallIntegerField(db_default=18, default=18, help_text='After the last show of a booking. 18: a bank can take back the money of a card for up to 540 days.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='months until contacts are erased')),
            ],
            options={
                'ordering': ['name'],
                'default_permissions': ('view', 'add', 'change'),
            },
        ),
        migrations.CreateModel(
            name='TextPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='The last part of /pages/…/, such as terms.', max_length=60, verbose_name='address')),
                ('is_in_footer', models.BooleanField(db_default=True, default=True, verbose_name='linked in the footer')),
                ('position', models.PositiveSmallIntegerField(db_default=100, default=100, help_text='Its place in the footer; the lowest first.')),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pages', to='houses.house')),
            ],
            options={
                'ordering': ['house', 'position', 'slug'],
                'default_permissions': ('view', 'add', 'change'),
                'constraints': [models.UniqueConstraint(fields=('house', 'slug'), name='text_page_once_per_house', violation_error_message='This house has a page at this address.')],
            },
        ),
        migrations.CreateModel(
            name='PageText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=10)),
                ('title', models.CharField(max_length=120)),
                ('body', models.TextField(help_text='Markdown: ## headings, **bold**, lists, links.', max_length=100000, verbose_name='text')),
                ('holds_from', models.DateTimeField(verbose_name='holds from')),
                ('written_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'), editable=False)),
                ('written_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='houses.textpage')),
            ],
            options={
                'ordering': ['page', 'language', '-holds_from'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['page', 'language', '-holds_from'], name='page_text_now')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('body', ''), _negated=True)), name='page_text_says_something', violation_error_message='A text has a title and something to say.')],
            },
        ),
        migrations.CreateModel(
            name='Theater',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('slug', models.SlugField(unique=True, verbose_name='address')),
                ('about', models.TextField(blank=True)),
                ('street', models.CharField(max_length=120)),
                ('city', models.CharField(max_length=80)),
                ('postal_code', models.CharField(blank=True, max_length=20)),
                ('country', models.CharField(max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$', 'Use the two letters of ISO 3166, such as GB.')])),
                ('holiday_region', models.CharField(blank=True, db_default='', default='', help_text='Price lists and price rules may be for public holidays: those of this region.', max_length=12, verbose_name='region for public holidays')),
                ('directions', models.TextField(blank=True)),
                ('phone', models.CharField(blank=True, db_default='', default='', max_length=40, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ()/.-]{3,38}$', 'Write it as people dial it, such as +44 20 7946 0018.')])),
                ('email', models.EmailField(blank=True, db_default='', default='', help_text="For guests: on the theater's page, tickets and mails.", max_length=254, verbose_name='e-mail')),
                ('opening_hours', models.TextField(blank=True, db_default='', default='', help_text='As guests read it: Doors open half an hour before the first show.', max_length=400)),
                ('map_url', models.URLField(blank=True, db_default='', default='', help_text='Of the map that you like best. Empty: OpenStreetMap, searched for the address.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='link to a map')),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict)),
                ('photo', models.ImageField(blank=True, db_default='', upload_to='theaters/', validators=[django.core.validators.FileExtensionValidator(['jpg', 'jpeg', 'png', 'webp'])], verbose_name='opening photo')),
                ('photo_small', models.ImageField(blank=True, db_default='', editable=False, upload_to='theaters/')),
                ('photo_width', models.PositiveSmallIntegerField(editable=False, null=True)),
                ('photo_height', models.PositiveSmallIntegerField(editable=False, null=True)),
                ('photo_alt', models.CharField(blank=True, db_default='', help_text='In a few words, for whoever does not see it: the lit front at dusk.', max_length=160, verbose_name='what it shows')),
                ('photo_credit', models.CharField(blank=True, db_default='', help_text='Named beside the photo.', max_length=120, verbose_name='photo by')),
                ('access_features', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('STEP_FREE', 'Step-free entrance'), ('LIFT', 'Lift to every floor'), ('WHEELCHAIR', 'Wheelchair spaces'), ('COMPANION', 'Companion seats'), ('TOILET', 'Accessible toilet'), ('PARKING', 'Accessible parking'), ('HEARING_LOOP', 'Hearing loop'), ('AUDIO_DESCRIPTION', 'Audio description'), ('CAPTIONS', 'Captions'), ('RELAXED', 'Relaxed showtimes'), ('DOGS', 'Assistance dogs welcome')], max_length=20), blank=True, db_default=[], default=list, help_text="Shown on the theater's page.")),
                ('access_information', models.TextField(blank=True, help_text='What the list cannot say: which door, how many steps, where to get a receiver.')),
                ('access_contact', models.CharField(blank=True, db_default='', help_text='A phone number or an e-mail address for questions about access.', max_length=120)),
                ('reply_to', models.EmailField(blank=True, db_default='', help_text="Where customers' answers to our mails go. Empty: to the address the mails come from.", max_length=254, verbose_name='e-mail for answers')),
                ('timezone', models.CharField(max_length=50)),
                ('currency', models.CharField(max_length=3)),
                ('tax_rate', models.DecimalField(decimal_places=5, help_text='Included in every price: 0.2 is 20 %. New rates are for showtimes that are published from then on.', max_digits=6, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(Decimal('0.99999'))])),
                ('booking_fee', models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='Per ticket, tax included, and included in every price: nothing comes on top.', max_digits=10, validators=[django.core.validators.MinValueValidator(0)])),
                ('business_day_starts_at', models.TimeField(default=datetime.time(5, 0), help_text='A show before this belongs to the evening before, in listings, price lists and reports.', validators=[django.core.validators.MaxValueValidator(datetime.time(12, 0), 'A business day starts in the morning: at noon at the latest.')])),
                ('sales_close_minutes', models.SmallIntegerField(default=0, help_text='Minutes before the start when online sales end; negative: after the start. For showtimes that are planned or moved from then on.', validators=[django.core.validators.MinValueValidator(-240), django.core.validators.MaxValueValidator(10080)])),
                ('hold_seconds', models.PositiveSmallIntegerField(blank=True, help_text='How long seats are held from the first click; empty: as everywhere in the house.', null=True, validators=[django.core.validators.MinValueValidator(60), django.core.validators.MaxValueValidator(3600)])),
                ('avoids_single_seats', models.BooleanField(db_default=True, default=True, help_text='Who would leave one seat alone between others is offered seats beside it, where there are such.', verbose_name='no single seat left over')),
                ('single_seats_off_up_to', models.PositiveSmallIntegerField(db_default=10, default=10, help_text='While no more seats than this are free at a showtime, nobody is asked.', verbose_name='free seats from which on single seats may be left over')),
                ('counter_close_minutes', models.SmallIntegerField(db_default=30, default=30, help_text='Minutes after the start until when the counter sells; negative: before it.')),
                ('refund_limit', models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='What one person may give back of one sale, with all exchanges; above it a second person decides. 0: always.', max_digits=10, validators=[django.core.validators.MinValueValidator(0)])),
                ('cancel_tiers', models.JSONField(blank=True, db_default=[], default=list, help_text='What customers get back for tickets they cancel, by minutes before the start.')),
                ('exchange_minutes', models.PositiveIntegerField(db_default=0, default=0, help_text='Until then customers change seats or showtime themselves and pay or get back the difference. 0: never.', validators=[django.core.validators.MaxValueValidator(129600)], verbose_name='exchanges until, in minutes before the start')),
                ('cancellation_terms', models.TextField(blank=True, help_text='Said after the steps, before payment, and kept with every booking: what else a customer should know.')),
                ('company', models.CharField(blank=True, db_default='', help_text="Who sells, as on receipts; empty: the theater's name.", max_length=120)),
                ('tax_number', models.CharField(blank=True, db_default='', help_text='Printed on receipts, such as GB 123 4567 89.', max_length=40)),
                ('closes_on', models.DateField(blank=True, help_text='If it closes: nothing can be planned for later days, and its page says so. Figures and tickets stay.', null=True, verbose_name='last day')),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='theaters', to='houses.house')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('hold_seconds', None), ('hold_seconds__gt', 0), _connector='OR'), name='theater_holds_last', violation_error_message='Seats are held for more than no time.')],
            },
        ),
        migrations.CreateModel(
            name='TheaterPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict)),
                ('place', models.PositiveSmallIntegerField(db_default=1, default=1, help_text='1 comes first.')),
                ('photo', models.ImageField(upload_to='theaters/', validators=[django.core.validators.FileExtensionValidator(['jpg', 'jpeg', 'png', 'webp'])])),
                ('photo_small', models.ImageField(editable=False, upload_to='theaters/')),
                ('width', models.PositiveSmallIntegerField(editable=False)),
                ('height', models.PositiveSmallIntegerField(editable=False)),
                ('alt', models.CharField(help_text='In a few words, for people who do not see it: the bar in the foyer.', max_length=160, verbose_name='what it shows')),
                ('credit', models.CharField(blank=True, db_default='', max_length=120, verbose_name='photo by')),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='houses.theater')),
            ],
            options={
                'verbose_name': 'photo',
                'ordering': ['place', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('slug', models.SlugField(max_length=80, verbose_name='address')),
                ('language', models.CharField(db_default='en', default='en', max_length=10)),
                ('text', models.TextField(help_text='Markdown, as on pages.', max_length=20000)),
                ('picture', models.ImageField(blank=True, db_default='', upload_to='news/', validators=[django.core.validators.FileExtensionValidator(['jpg', 'jpeg', 'png', 'webp'])])),
                ('picture_alt', models.CharField(blank=True, db_default='', max_length=160, verbose_name='what it shows')),
                ('translations', models.JSONField(blank=True, db_default={}, default=dict)),
                ('published_at', models.DateTimeField(blank=True, help_text='From when on everybody sees it. Empty: a draft.', null=True)),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='houses.house')),
                ('same_as', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='others', to='houses.post', verbose_name='the same post as')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('published_at'), descending=True, nulls_first=True), '-pk'],
                'default_permissions': ('view', 'add', 'change'),
                'constraints': [models.UniqueConstraint(fields=('house', 'slug'), name='post_once_per_house', violation_error_message='Another post has this address.'), models.CheckConstraint(condition=models.Q(('picture', ''), models.Q(('picture_alt', ''), _negated=True), _connector='OR'), name='post_picture_is_described', violation_error_message='Say what the picture shows, for those who do not see it.')],
            },
        ),
        migrations.RunSQL(PAGE_TEXTS_FROZEN, PAGE_TEXTS_UNDONE),
    ]
