import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0004_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="House",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("slug", models.SlugField(unique=True)),
            ],
            options={
                "ordering": ["name"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Theater",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("slug", models.SlugField(unique=True)),
                ("about", models.TextField(blank=True)),
                ("street", models.CharField(max_length=120)),
                ("city", models.CharField(max_length=80)),
                ("postal_code", models.CharField(blank=True, max_length=20)),
                (
                    "country",
                    models.CharField(
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{2}$", "Use the two letters of ISO 3166, such as GB."
                            )
                        ],
                    ),
                ),
                ("directions", models.TextField(blank=True)),
                (
                    "photo",
                    models.ImageField(
                        blank=True,
                        db_default="",
                        upload_to="theaters/",
                        validators=[django.core.validators.FileExtensionValidator(["jpg", "jpeg", "png", "webp"])],
                        verbose_name="opening photo",
                    ),
                ),
                ("photo_small", models.ImageField(blank=True, db_default="", editable=False, upload_to="theaters/")),
                ("photo_width", models.PositiveSmallIntegerField(editable=False, null=True)),
                ("photo_height", models.PositiveSmallIntegerField(editable=False, null=True)),
                (
                    "photo_alt",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="In a few words, for whoever does not see it: the lit front at dusk.",
                        max_length=160,
                        verbose_name="what it shows",
                    ),
                ),
                (
                    "photo_credit",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Named beside the photo.",
                        max_length=120,
                        verbose_name="photo by",
                    ),
                ),
                (
                    "access_features",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("STEP_FREE", "Step-free entrance"),
                                ("LIFT", "Lift to every floor"),
                                ("WHEELCHAIR", "Wheelchair spaces"),
                                ("COMPANION", "Companion seats"),
                                ("TOILET", "Accessible toilet"),
                                ("PARKING", "Accessible parking"),
                                ("HEARING_LOOP", "Hearing loop"),
                                ("AUDIO_DESCRIPTION", "Audio description"),
                                ("CAPTIONS", "Captions"),
                                ("RELAXED", "Relaxed showtimes"),
                                ("DOGS", "Assistance dogs welcome"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        help_text="Shown on the theater's page.",
                    ),
                ),
                (
                    "access_information",
                    models.TextField(
                        blank=True,
                        help_text="What the list cannot say: which door, how many steps, where to get a receiver.",
                    ),
                ),
                (
                    "access_contact",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="A phone number or an e-mail address for questions about access.",
                        max_length=120,
                    ),
                ),
                (
                    "reply_to",
                    models.EmailField(
                        blank=True,
                        db_default="",
                        help_text="Where customers' answers to our mails go. Empty: to the address the mails come from.",
                        max_length=254,
                        verbose_name="e-mail for answers",
                    ),
                ),
                ("timezone", models.CharField(max_length=50)),
                (
                    "currency",
                    models.CharField(
                        choices=[
                            ("AED", "AED"),
                            ("AUD", "AUD"),
                            ("BGN", "BGN"),
                            ("BRL", "BRL"),
                            ("CAD", "CAD"),
                            ("CHF", "CHF"),
                            ("CLP", "CLP"),
                            ("CNY", "CNY"),
                            ("CZK", "CZK"),
                            ("DKK", "DKK"),
                            ("EUR", "EUR"),
                            ("GBP", "GBP"),
                            ("HKD", "HKD"),
                            ("HUF", "HUF"),
                            ("ILS", "ILS"),
                            ("INR", "INR"),
                            ("JPY", "JPY"),
                            ("KRW", "KRW"),
                            ("MXN", "MXN"),
                            ("MYR", "MYR"),
                            ("NOK", "NOK"),
                            ("NZD", "NZD"),
                            ("PEN", "PEN"),
                            ("PHP", "PHP"),
                            ("PLN", "PLN"),
                            ("PYG", "PYG"),
                            ("RON", "RON"),
                            ("SEK", "SEK"),
                            ("SGD", "SGD"),
                            ("THB", "THB"),
                            ("TRY", "TRY"),
                            ("TWD", "TWD"),
                            ("USD", "USD"),
                            ("VND", "VND"),
                            ("XAF", "XAF"),
                            ("XOF", "XOF"),
                            ("XPF", "XPF"),
                            ("ZAR", "ZAR"),
                        ],
                        max_length=3,
                    ),
                ),
                (
                    "tax_rate",
                    models.DecimalField(
                        decimal_places=5,
                        help_text="Included in every price: 0.2 is 20 %. New rates are for showtimes that are published from then on.",
                        max_digits=6,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(Decimal("0.99999")),
                        ],
                    ),
                ),
                (
                    "booking_fee",
                    models.DecimalField(
                        db_default=0,
                        decimal_places=2,
                        default=0,
                        help_text="Per ticket, tax included, and included in every price: nothing comes on top.",
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "business_day_starts_at",
                    models.TimeField(
                        default=datetime.time(5, 0),
                        help_text="A show before this belongs to the evening before, in listings, price lists and reports.",
                        validators=[
                            django.core.validators.MaxValueValidator(
                                datetime.time(12, 0), "A business day starts in the morning: at noon at the latest."
                            )
                        ],
                    ),
                ),
                (
                    "sales_close_minutes",
                    models.SmallIntegerField(
                        default=0,
                        help_text="Minutes before the start when online sales end; negative: after the start. For showtimes that are planned or moved from then on.",
                        validators=[
                            django.core.validators.MinValueValidator(-240),
                            django.core.validators.MaxValueValidator(10080),
                        ],
                    ),
                ),
                (
                    "hold_seconds",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="How long seats are held from the first click; empty: as everywhere in the house.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(60),
                            django.core.validators.MaxValueValidator(3600),
                        ],
                    ),
                ),
                (
                    "counter_close_minutes",
                    models.SmallIntegerField(
                        db_default=30,
                        default=30,
                        help_text="Minutes after the start until when the counter sells; negative: before it.",
                    ),
                ),
                (
                    "refund_limit",
                    models.DecimalField(
                        db_default=0,
                        decimal_places=2,
                        default=0,
                        help_text="What one person may give back of one booking; above it a second person decides. 0: always.",
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "cancel_tiers",
                    models.JSONField(
                        blank=True,
                        db_default=[],
                        default=list,
                        help_text="What customers get back for tickets they cancel, by minutes before the start.",
                    ),
                ),
                (
                    "cancellation_terms",
                    models.TextField(
                        blank=True,
                        help_text="Said after the steps, before payment, and kept with every booking: what else a customer should know.",
                    ),
                ),
                (
                    "company",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Who sells, as on receipts; empty: the theater's name.",
                        max_length=120,
                    ),
                ),
                (
                    "tax_number",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Printed on receipts, such as GB 123 4567 89.",
                        max_length=40,
                    ),
                ),
                (
                    "house",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="theaters", to="houses.house"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hold_seconds", None), ("hold_seconds__gt", 0), _connector="OR"),
                        name="theater_holds_last",
                        violation_error_message="Seats are held for more than no time.",
                    )
                ],
            },
        ),
    ]
