import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0004_extensions"),
        ("houses", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Movie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160)),
                ("slug", models.SlugField(max_length=80, unique=True)),
                (
                    "code",
                    models.CharField(
                        blank=True,
                        help_text="What a distributor or another system calls it; an import finds the movie by it.",
                        max_length=60,
                        null=True,
                        unique=True,
                    ),
                ),
                ("original_title", models.CharField(blank=True, max_length=160)),
                ("tagline", models.CharField(blank=True, max_length=160)),
                ("synopsis", models.TextField(blank=True)),
                ("year", models.PositiveSmallIntegerField()),
                ("director", models.CharField(max_length=160)),
                (
                    "cast",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list
                    ),
                ),
                (
                    "running_minutes",
                    models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)]),
                ),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=2,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^[A-Z]{2}$", "Use the two letters of ISO 3166, such as GB."
                                )
                            ],
                        ),
                        blank=True,
                        default=list,
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list
                    ),
                ),
                (
                    "genres",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list
                    ),
                ),
                (
                    "palette",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=7,
                            validators=[
                                django.core.validators.RegexValidator("^#[0-9a-f]{6}$", "Use a color such as #a1b2c3.")
                            ],
                        ),
                        blank=True,
                        default=list,
                        size=3,
                    ),
                ),
                ("poster_layout", models.CharField(blank=True, max_length=20)),
                (
                    "poster_image",
                    models.ImageField(
                        blank=True,
                        upload_to="posters/",
                        validators=[django.core.validators.FileExtensionValidator(["jpg", "jpeg", "png", "webp"])],
                    ),
                ),
                ("trailer_url", models.URLField(blank=True)),
                ("archived_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="Auditorium",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                (
                    "preroll_minutes",
                    models.PositiveSmallIntegerField(default=15, help_text="Adverts and trailers before the film."),
                ),
                (
                    "turnaround_minutes",
                    models.PositiveSmallIntegerField(default=20, help_text="Cleaning between two showtimes."),
                ),
                (
                    "theater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="auditoriums", to="houses.theater"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "auditoriums",
                "ordering": ["theater", "name"],
            },
        ),
        migrations.CreateModel(
            name="BrokenSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=49)),
                ("reason", models.CharField(max_length=60)),
                (
                    "broken_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("mended_at", models.DateTimeField(null=True)),
                (
                    "auditorium",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="broken_seats",
                        to="theaters.auditorium",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="MovieRating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("label", models.CharField(max_length=12)),
                (
                    "min_age",
                    models.PositiveSmallIntegerField(blank=True, help_text="Nobody younger is let in.", null=True),
                ),
                (
                    "accompanied_below",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Whoever is younger comes with a grown-up.", null=True
                    ),
                ),
                (
                    "movie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ratings", to="theaters.movie"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MovieVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "picture",
                    models.CharField(
                        choices=[
                            ("2D", "2D"),
                            ("3D", "3D"),
                            ("IMAX", "IMAX"),
                            ("IMAX 3D", "IMAX 3D"),
                            ("4DX", "4DX"),
                            ("35 mm", "35 mm"),
                            ("70 mm", "70 mm"),
                        ],
                        db_default="2D",
                        default="2D",
                        max_length=8,
                    ),
                ),
                (
                    "dubbed_in",
                    models.CharField(
                        blank=True, db_default="", help_text="German; empty: the film's own sound.", max_length=40
                    ),
                ),
                (
                    "subtitles_in",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="French and Dutch; empty: none.",
                        max_length=40,
                        verbose_name="subtitles",
                    ),
                ),
                (
                    "movie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="theaters.movie"
                    ),
                ),
            ],
            options={
                "ordering": ["movie", "picture", "dubbed_in", "subtitles_in"],
            },
        ),
        migrations.CreateModel(
            name="PlanDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rows", models.JSONField(default=list)),
                (
                    "revision",
                    models.PositiveIntegerField(
                        default=1, help_text="Counts the saves; who saves says which one they saw."
                    ),
                ),
                (
                    "saved_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "auditorium",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="plan_draft", to="theaters.auditorium"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="EarlierDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField()),
                ("rows", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="earlier", to="theaters.plandraft"
                    ),
                ),
            ],
            options={
                "ordering": ["-revision"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PriceList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (1, "Monday"),
                                (2, "Tuesday"),
                                (3, "Wednesday"),
                                (4, "Thursday"),
                                (5, "Friday"),
                                (6, "Saturday"),
                                (7, "Sunday"),
                            ]
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        help_text="The business day's: a 00:30 show is the evening before. None ticked: every day.",
                    ),
                ),
                ("from_time", models.TimeField(blank=True, help_text="Showtimes that start then or later.", null=True)),
                (
                    "until_time",
                    models.TimeField(
                        blank=True,
                        help_text="Showtimes that start before then; empty: until the business day is over.",
                        null=True,
                    ),
                ),
                ("first_on", models.DateField(blank=True, null=True, verbose_name="first day")),
                (
                    "last_on",
                    models.DateField(blank=True, help_text="It still counts.", null=True, verbose_name="last day"),
                ),
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        db_default=0, default=0, help_text="Where several lists fit, the highest rank wins."
                    ),
                ),
                (
                    "is_by_hand",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Never found by its dates: somebody chooses it.",
                        verbose_name="only by hand",
                    ),
                ),
                (
                    "theater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="price_lists", to="houses.theater"
                    ),
                ),
            ],
            options={
                "ordering": ["theater", "name"],
            },
        ),
        migrations.CreateModel(
            name="PriceVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("tax_rate", models.DecimalField(decimal_places=5, max_digits=6)),
                ("booking_fee", models.DecimalField(decimal_places=2, max_digits=10)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "price_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="theaters.pricelist"
                    ),
                ),
            ],
            options={
                "ordering": ["price_list", "-number"],
            },
        ),
        migrations.CreateModel(
            name="SeatingPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[("DRAFT", "Draft"), ("PUBLISHED", "Published")], default="DRAFT", max_length=10
                    ),
                ),
                ("source", models.TextField(help_text="The drawing it was made from.")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "auditorium",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="theaters.auditorium"
                    ),
                ),
            ],
            options={
                "ordering": ["auditorium", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=49)),
                ("row", models.CharField(max_length=4)),
                ("number", models.PositiveSmallIntegerField()),
                ("section", models.CharField(blank=True, max_length=40)),
                ("x", models.PositiveSmallIntegerField()),
                ("y", models.PositiveSmallIntegerField()),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("STANDARD", "Standard"),
                            ("PREMIUM", "Premium"),
                            ("SOFA", "Sofa"),
                            ("WHEELCHAIR", "Wheelchair space"),
                            ("COMPANION", "Companion"),
                        ],
                        default="STANDARD",
                        max_length=10,
                    ),
                ),
                ("unit", models.CharField(blank=True, help_text="Shared by the seats of one sofa.", max_length=8)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="theaters.seatingplan"
                    ),
                ),
            ],
            options={
                "ordering": ["plan", "pk"],
            },
        ),
        migrations.AddField(
            model_name="plandraft",
            name="based_on",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="theaters.seatingplan"
            ),
        ),
        migrations.CreateModel(
            name="Showtime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "picture",
                    models.CharField(
                        choices=[
                            ("2D", "2D"),
                            ("3D", "3D"),
                            ("IMAX", "IMAX"),
                            ("IMAX 3D", "IMAX 3D"),
                            ("4DX", "4DX"),
                            ("35 mm", "35 mm"),
                            ("70 mm", "70 mm"),
                        ],
                        db_default="2D",
                        default="2D",
                        max_length=8,
                    ),
                ),
                (
                    "dubbed_in",
                    models.CharField(
                        blank=True, db_default="", help_text="German; empty: the film's own sound.", max_length=40
                    ),
                ),
                (
                    "subtitles_in",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="French and Dutch; empty: none.",
                        max_length=40,
                        verbose_name="subtitles",
                    ),
                ),
                ("is_list_by_hand", models.BooleanField(db_default=True, default=True, editable=False)),
                ("starts_at", models.DateTimeField(db_index=True)),
                ("ends_at", models.DateTimeField(editable=False, help_text="Adverts and film over.")),
                ("occupied_until", models.DateTimeField(editable=False, help_text="Cleaning included.")),
                ("sales_close_at", models.DateTimeField(editable=False)),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        db_column="format",
                        help_text="4K restoration, live piano, with the director …",
                        max_length=100,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("DRAFT", "Draft"), ("PUBLISHED", "Published"), ("CANCELED", "Canceled")],
                        default="DRAFT",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("seats_total", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("seats_taken", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("fullness_at", models.DateTimeField(editable=False, null=True)),
                ("times_changed", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                ("changed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "auditorium",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="showtimes", to="theaters.auditorium"
                    ),
                ),
                (
                    "movie",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="showtimes", to="theaters.movie"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="showtimes", to="theaters.seatingplan"
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="showtimes", to="theaters.pricelist"
                    ),
                ),
                (
                    "price_version",
                    models.ForeignKey(
                        editable=False,
                        help_text="Pinned when it is published: what is sold costs this.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="showtimes",
                        to="theaters.priceversion",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "pk"],
                "permissions": [("change_sold_showtime", "Can cancel or change a showtime that is on sale")],
            },
        ),
        migrations.CreateModel(
            name="ShowtimeChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("CANCEL", "Cancel"),
                            ("TIME", "Move the time"),
                            ("MOVIE", "Show another film"),
                            ("VERSION", "Other version"),
                            ("PRICES", "Other price list"),
                            ("PLAN", "Other seating plan"),
                            ("RATING", "Other age rating"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("PLANNED", "Planned"), ("APPLIED", "Applied")], default="PLANNED", max_length=8
                    ),
                ),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("touched", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, help_text="Told to the customers too.", max_length=200)),
                (
                    "planned_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "offer_until",
                    models.DateTimeField(help_text="Until then holders may take all of their money back.", null=True),
                ),
                (
                    "showtime",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="theaters.showtime"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="TicketType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("ADULT", "Adult"),
                            ("CHILD", "Child"),
                            ("SENIOR", "Senior"),
                            ("STUDENT", "Student"),
                            ("CARER", "Carer"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("note", models.CharField(blank=True, help_text="Who may use it, in a few words.", max_length=80)),
                ("min_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("max_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "is_adult",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Grown up: children who need somebody with them may come along.",
                    ),
                ),
                (
                    "needs_adult",
                    models.BooleanField(
                        db_default=False, default=False, help_text="Sold only together with a ticket of a grown-up."
                    ),
                ),
                (
                    "needs_wheelchair",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="A carer: one for each wheelchair space in the booking.",
                    ),
                ),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("STANDARD", "Standard"),
                                ("PREMIUM", "Premium"),
                                ("SOFA", "Sofa"),
                                ("WHEELCHAIR", "Wheelchair space"),
                                ("COMPANION", "Companion"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        help_text="The seats it is sold on; none ticked: all.",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_default", models.BooleanField(default=False, help_text="The type a seat starts with.")),
                (
                    "theater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ticket_types", to="houses.theater"
                    ),
                ),
            ],
            options={
                "ordering": ["theater", "position"],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("STANDARD", "Standard"),
                            ("PREMIUM", "Premium"),
                            ("SOFA", "Sofa"),
                            ("WHEELCHAIR", "Wheelchair space"),
                            ("COMPANION", "Companion"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=10, validators=[django.core.validators.MinValueValidator(0)]
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="prices", to="theaters.pricelist"
                    ),
                ),
                (
                    "ticket_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="prices", to="theaters.tickettype"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PinnedPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("STANDARD", "Standard"),
                            ("PREMIUM", "Premium"),
                            ("SOFA", "Sofa"),
                            ("WHEELCHAIR", "Wheelchair space"),
                            ("COMPANION", "Companion"),
                        ],
                        max_length=10,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="prices", to="theaters.priceversion"
                    ),
                ),
                (
                    "ticket_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="theaters.tickettype"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="auditorium",
            constraint=models.UniqueConstraint(fields=("theater", "name"), name="auditorium_name_once_per_theater"),
        ),
        migrations.AddConstraint(
            model_name="brokenseat",
            constraint=models.UniqueConstraint(
                condition=models.Q(("mended_at", None)),
                fields=("auditorium", "label"),
                name="seat_broken_once_at_a_time",
                violation_error_message="This seat is reported broken already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="movierating",
            constraint=models.UniqueConstraint(fields=("movie", "country"), name="rating_once_per_country"),
        ),
        migrations.AddConstraint(
            model_name="movieversion",
            constraint=models.UniqueConstraint(
                fields=("movie", "picture", "dubbed_in", "subtitles_in"),
                name="version_once_per_movie",
                violation_error_message="This version is listed already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="earlierdraft",
            constraint=models.UniqueConstraint(fields=("draft", "revision"), name="draft_revision_kept_once"),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.UniqueConstraint(fields=("theater", "name"), name="price_list_name_once_per_theater"),
        ),
        migrations.AddConstraint(
            model_name="priceversion",
            constraint=models.UniqueConstraint(
                fields=("price_list", "number"), name="price_version_number_once_per_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="seatingplan",
            constraint=models.UniqueConstraint(fields=("auditorium", "number"), name="plan_number_once_per_auditorium"),
        ),
        migrations.AddConstraint(
            model_name="seatingplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "DRAFT"), ("published_at__isnull", False), _connector="XOR"),
                name="plan_published_has_a_moment",
                violation_error_message="A published plan says when it was published, and a draft does not.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seatingplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["DRAFT", "PUBLISHED"])),
                name="plan_status_known",
                violation_error_message="There is no such status.",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(fields=("plan", "label"), name="seat_label_once_per_plan"),
        ),
        migrations.AddIndex(
            model_name="showtime",
            index=models.Index(fields=["movie", "starts_at"], name="theaters_sh_movie_i_47fbe8_idx"),
        ),
        migrations.AddIndex(
            model_name="showtime",
            index=models.Index(fields=["auditorium", "starts_at"], name="theaters_sh_auditor_a0b283_idx"),
        ),
        migrations.AddConstraint(
            model_name="showtime",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__gt", models.F("starts_at")), ("occupied_until__gte", models.F("ends_at"))
                ),
                name="showtime_ends_after_it_starts",
                violation_error_message="A showtime ends after it starts, and the auditorium is cleaned after that.",
            ),
        ),
        migrations.AddConstraint(
            model_name="showtime",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("status", "CANCELED"), _negated=True),
                expressions=[
                    ("auditorium", "="),
                    (models.Func("starts_at", "occupied_until", function="TSTZRANGE"), "&&"),
                ],
                name="showtimes_do_not_overlap",
                violation_error_message="Another showtime is in this auditorium at that time, cleaning included.",
            ),
        ),
        migrations.AddConstraint(
            model_name="showtime",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["DRAFT", "PUBLISHED", "CANCELED"])),
                name="showtime_status_known",
                violation_error_message="There is no such status.",
            ),
        ),
        migrations.AddConstraint(
            model_name="showtimechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("PLANNED",)), _negated=True), ("applied_at__isnull", True), _connector="OR"
                ),
                name="change_status_planned",
                violation_error_message="A change that is planned is not made yet.",
            ),
        ),
        migrations.AddConstraint(
            model_name="showtimechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("APPLIED",)), _negated=True),
                    models.Q(("applied_at__isnull", False), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="change_status_applied",
                violation_error_message="A change that was made says when and why.",
            ),
        ),
        migrations.AddConstraint(
            model_name="showtimechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["PLANNED", "APPLIED"])),
                name="change_status_known",
                violation_error_message="There is no such status.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tickettype",
            constraint=models.UniqueConstraint(fields=("theater", "code"), name="ticket_type_code_once_per_theater"),
        ),
        migrations.AddConstraint(
            model_name="tickettype",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("theater",),
                name="ticket_type_one_default_per_theater",
                violation_error_message="Another ticket type of this theater is the usual one already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(
                fields=("price_list", "ticket_type", "category"), name="price_once_per_type_and_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)),
                name="price_not_negative",
                violation_error_message="A price is 0 or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pinnedprice",
            constraint=models.UniqueConstraint(
                fields=("version", "ticket_type", "category"), name="pinned_price_once_per_type_and_category"
            ),
        ),
    ]
