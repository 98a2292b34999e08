import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0004_extensions"),
        ("houses", "0001_initial"),
        ("sales", "0001_initial"),
        ("theaters", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "asked_for",
                    models.CharField(help_text="A booking's reference or an e-mail address, as typed.", max_length=254),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder", models.CharField(db_index=True, max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PENDING", "Pending"),
                            ("CONFIRMED", "Confirmed"),
                            ("EXPIRED", "Expired"),
                            ("CANCELED", "Canceled"),
                            ("REFUNDED", "Refunded"),
                        ],
                        default="PENDING",
                        max_length=10,
                    ),
                ),
                (
                    "total",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="The price of its tickets; the sale has the total of all its bookings.",
                        max_digits=10,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(help_text="Expired, canceled or refunded.", null=True)),
                (
                    "is_late",
                    models.BooleanField(default=False, help_text="Confirmed by money that came after its time."),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()"),
                        db_index=True,
                    ),
                ),
                (
                    "sale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="sales.sale"
                    ),
                ),
                (
                    "showtime",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="theaters.showtime"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("give_comp", "Can give tickets away, with a reason"),
                    ("sell_at_counter", "Can sell at the counter"),
                    ("see_takings", "Can see what every operator took at the counter"),
                    ("override_house_seat", "Can sell a house seat at the counter, with a reason"),
                    ("override_price", "Can sell below the list price at the counter, with a reason"),
                    ("override_sales_close", "Can sell at the counter after its close, with a reason"),
                    ("resend_mail", "Can send the confirmation again"),
                    ("change_email", "Can correct the e-mail of a booking"),
                    ("swap_seats", "Can give tickets other seats"),
                    ("write_to_holders", "Can write to all holders of a showtime"),
                ],
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Cancellation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("CUSTOMER", "By the customer"),
                            ("STAFF", "By staff"),
                            ("SHOWTIME", "The showtime was canceled"),
                            ("CHANGED", "The showtime was changed"),
                            ("DISPUTE", "The bank took the money back"),
                            ("PROVIDER", "Refunded in the payment provider's dashboard"),
                            ("GOODWILL", "Money given back, the tickets stay"),
                        ],
                        max_length=8,
                    ),
                ),
                ("actor", models.CharField(max_length=60)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("refunded", models.DecimalField(decimal_places=2, max_digits=10)),
                ("kept", models.DecimalField(decimal_places=2, max_digits=10)),
                ("currency", models.CharField(max_length=3)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancellations",
                        to="reservations.booking",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ChangeNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[("WAITING", "Waiting"), ("DONE", "Done")], default="WAITING", max_length=8
                    ),
                ),
                (
                    "try_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("KEPT", "Keeps the tickets"), ("REFUNDED", "Took the money back")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="reservations.booking"
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="theaters.showtimechange",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder", models.CharField(help_text="SHA-256 of the browser's cookie.", max_length=64)),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        help_text="Where it began: an IPv4 address or an IPv6 /56. Empty: held by staff, or forgotten.",
                        max_length=64,
                    ),
                ),
                (
                    "network",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The IPv6 /48 around the address, or the IPv4 address again. Empty: not limited by address, or forgotten.",
                        max_length=64,
                    ),
                ),
                (
                    "has_paid",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Whether this browser had a paid booking when the hold began.",
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                ("cap_at", models.DateTimeField(help_text="No hold or payment session of this browser lives past it.")),
                ("extended_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[("RELEASED", "Given back"), ("LAPSED", "Ran out"), ("PAID", "Went to Pay")],
                        max_length=8,
                    ),
                ),
                (
                    "labels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=49),
                        default=list,
                        help_text="What it held when it ran out.",
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()"),
                        db_index=True,
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Who of the staff holds these seats at the counter; empty for customers.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "price_version",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The showtime's when the hold began: what was shown stays true.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="theaters.priceversion",
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The first of the holds that followed each other by changing seats; empty: this one.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="reservations.hold",
                    ),
                ),
                (
                    "showtime",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="theaters.showtime"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="booking",
            name="hold",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="reservations.hold"
            ),
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=12)),
                ("what_id", models.BigIntegerField()),
                ("from_status", models.CharField(blank=True, max_length=12)),
                ("to_status", models.CharField(max_length=12)),
                ("actor", models.CharField(max_length=60)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["what", "what_id"], name="reservation_what_166433_idx"),
                    django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="move_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "message_key",
                    models.CharField(
                        db_default=models.Func(
                            output_field=models.CharField(),
                            template="md5(gen_random_uuid()::text || gen_random_uuid()::text)",
                        ),
                        help_text="In the Message-ID of every try.",
                        max_length=32,
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "try_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()"),
                        help_text="Due from this moment; a lease moves it on.",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("gave_up_at", models.DateTimeField(null=True)),
                (
                    "is_refused",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Given up because the receiving server refused it for good.",
                    ),
                ),
                ("last_error", models.CharField(blank=True, max_length=200)),
                ("purpose", models.CharField(max_length=80, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("CONFIRMATION", "Confirmation"),
                            ("CANCELLATION", "Tickets were canceled"),
                            ("REFUND", "Money was sent back"),
                            ("CODE", "The code asked for before canceling by a link"),
                            ("APOLOGY", "Apology: the payment is refunded"),
                            ("RESENT", "Confirmation, sent again by staff"),
                            ("ADDRESS_LEFT", "The e-mail was changed: told to the old one"),
                            ("CALLED_OFF", "The showtime was canceled"),
                            ("MOVED", "The showtime was changed"),
                            ("ADDRESS_NEW", "The e-mail was changed: told to the new one"),
                            ("REFUND_ALERT", "A refund failed: told to staff"),
                            ("MONEY_ALERT", "Money needs a person: told to staff"),
                            ("SWAPPED", "Seats were changed by staff"),
                            ("LINK", "A new link, asked for by the customer"),
                            ("FOUND", "The link, asked for by reference or e-mail"),
                            ("MESSAGE", "Written by staff to all holders of the showtime"),
                        ],
                        max_length=12,
                    ),
                ),
                ("to", models.EmailField(max_length=254)),
                (
                    "facts",
                    models.JSONField(
                        db_default={}, default=dict, help_text="What it tells beyond its booking, as written."
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="reservations.booking"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("RECEIPT", "Receipt"), ("CREDIT", "Credit note")], max_length=8)),
                (
                    "series",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="When the database was last restored (UTC: year, month, day, hour, minute); empty if never.",
                        max_length=10,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField(help_text="Everything that is printed, as it was then.")),
                (
                    "issued_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="reservations.booking"
                    ),
                ),
                (
                    "cancellation",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper",
                        to="reservations.cancellation",
                    ),
                ),
                (
                    "theater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="houses.theater"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="PaperCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("RECEIPT", "Receipt"), ("CREDIT", "Credit note")], max_length=8)),
                (
                    "series",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="When the database was last restored (UTC: year, month, day, hour, minute); empty if never.",
                        max_length=10,
                    ),
                ),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "theater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="houses.theater"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PromoCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        help_text="What customers type; capital or small letters are the same to us.",
                        max_length=24,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Z0-9][A-Z0-9-]{2,23}\\Z", "Three to 24 letters A–Z, digits and hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, help_text="What it is for; customers never see it.", max_length=120),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("PERCENT", "Percentage"),
                            ("AMOUNT", "Amount off the booking"),
                            ("FIXED", "Fixed price per ticket"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0.01")),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        blank=True,
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
                ("from_on", models.DateField(blank=True, null=True, verbose_name="valid from")),
                (
                    "until_on",
                    models.DateField(
                        blank=True,
                        help_text="The last business day it can be used.",
                        null=True,
                        verbose_name="valid until",
                    ),
                ),
                (
                    "ticket_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), blank=True, default=list
                    ),
                ),
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
                        default=list,
                    ),
                ),
                (
                    "most_uses",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Bookings; empty: no limit.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="uses in all",
                    ),
                ),
                (
                    "most_uses_each",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Bookings; empty: no limit.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="uses per customer",
                    ),
                ),
                (
                    "is_withdrawn",
                    models.BooleanField(
                        default=False, help_text="Nobody can use it any more.", verbose_name="withdrawn"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "movies",
                    models.ManyToManyField(
                        blank=True,
                        help_text="None chosen: all of them.",
                        related_name="promo_codes",
                        to="theaters.movie",
                    ),
                ),
                (
                    "theater",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: all of them.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promo_codes",
                        to="houses.theater",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="promo_code",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="reservations.promocode",
            ),
        ),
        migrations.CreateModel(
            name="PromoRedemption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer", models.CharField(help_text="The e-mail address without case and alias.", max_length=254)),
                ("discount", models.DecimalField(decimal_places=2, max_digits=10)),
                ("currency", models.CharField(max_length=3)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("given_back_at", models.DateTimeField(null=True)),
                (
                    "booking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redemption",
                        to="reservations.booking",
                    ),
                ),
                (
                    "promo_code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redemptions",
                        to="reservations.promocode",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SeatSwap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=200)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="swaps", to="reservations.booking"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ShowtimeSeat",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=49)),
                ("held_until", models.DateTimeField(null=True)),
                ("house_reason", models.CharField(blank=True, db_default="", max_length=60)),
                (
                    "house_release_minutes",
                    models.PositiveSmallIntegerField(
                        help_text="A house seat goes on sale by itself so many minutes before the start; empty: never.",
                        null=True,
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="reservations.booking",
                    ),
                ),
                (
                    "broken_seat",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The chair is kept back because it is broken; once it is mended it is on sale again.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="theaters.brokenseat",
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="reservations.hold",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="theaters.seat",
                    ),
                ),
                (
                    "showtime",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="theaters.showtime",
                    ),
                ),
            ],
            options={
                "permissions": [("keep_seats_back", "Can keep seats back from sale and release them")],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("type_name", models.CharField(max_length=40)),
                ("price", models.DecimalField(decimal_places=2, max_digits=10)),
                (
                    "discount",
                    models.DecimalField(
                        db_default=0,
                        decimal_places=2,
                        help_text="What a promo code or staff took off its full price.",
                        max_digits=10,
                    ),
                ),
                ("tax", models.DecimalField(decimal_places=2, max_digits=10)),
                (
                    "fee",
                    models.DecimalField(
                        db_default=0,
                        decimal_places=2,
                        default=0,
                        help_text="The booking fee inside the price, tax included.",
                        max_digits=10,
                    ),
                ),
                ("tax_rate", models.DecimalField(decimal_places=5, max_digits=6)),
                ("currency", models.CharField(max_length=3)),
                (
                    "status",
                    models.CharField(
                        choices=[("RESERVED", "Reserved"), ("VALID", "Valid"), ("USED", "Used"), ("VOID", "Void")],
                        default="RESERVED",
                        max_length=8,
                    ),
                ),
                ("code", models.CharField(max_length=32, unique=True)),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tickets", to="reservations.booking"
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tickets", to="theaters.seat"
                    ),
                ),
                (
                    "showtime",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tickets", to="theaters.showtime"
                    ),
                ),
                (
                    "ticket_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tickets", to="theaters.tickettype"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SwappedTicket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_code", models.CharField(max_length=32, unique=True)),
                ("new_code", models.CharField(max_length=32, unique=True)),
                (
                    "new_seat",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="theaters.seat",
                    ),
                ),
                (
                    "old_seat",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="theaters.seat",
                    ),
                ),
                (
                    "swap",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="reservations.seatswap"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="swaps", to="reservations.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("ADMITTED", "Let in"), ("REFUSED", "Refused"), ("UNDONE", "Taken back")],
                        max_length=10,
                    ),
                ),
                ("sentence", models.CharField(help_text="What the usher was told.", max_length=200)),
                ("door", models.CharField(max_length=40)),
                ("can_be_overruled", models.BooleanField(db_default=False, default=False)),
                (
                    "reason",
                    models.CharField(
                        db_default="", default="", help_text="Why a rule of the door was overruled.", max_length=200
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="Chosen by the device: asked again, the same answer is given.",
                        max_length=32,
                        null=True,
                        unique=True,
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "auditorium",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="theaters.auditorium",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "overrules",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overruled_by",
                        to="reservations.scan",
                    ),
                ),
                (
                    "theater",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="houses.theater"
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="reservations.scan",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="reservations.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("admit_ticket", "Can let people in at the door"),
                    ("overrule_door", "Can let people in at the door against its rules"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CanceledTicket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("refunded", models.DecimalField(decimal_places=2, max_digits=10)),
                ("refunded_tax", models.DecimalField(decimal_places=2, max_digits=10)),
                ("kept", models.DecimalField(decimal_places=2, max_digits=10)),
                (
                    "cancellation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="reservations.cancellation",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="canceled", to="reservations.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="TicketAllowance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "email",
                    models.EmailField(
                        help_text="The address the person books with.", max_length=254, verbose_name="e-mail"
                    ),
                ),
                ("customer", models.CharField(help_text="The e-mail address without case and alias.", max_length=254)),
                (
                    "most",
                    models.PositiveSmallIntegerField(
                        help_text="All tickets of this person for the showtime, with those bought already.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="tickets in all",
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "showtime",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ticket_allowances",
                        to="theaters.showtime",
                    ),
                ),
            ],
            options={
                "verbose_name": "ticket allowance",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="WrongCodeTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wrong_code_tries",
                        to="reservations.booking",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BookingAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder", models.CharField(db_index=True, max_length=64)),
                ("link_version", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("codes_sent", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("code_sent_at", models.DateTimeField(null=True)),
                (
                    "proven_at",
                    models.DateTimeField(
                        help_text="When the code from the booking's mailbox was given here.", null=True
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="accesses", to="reservations.booking"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("booking", "holder", "link_version"), name="access_once_per_browser"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code_sent_at", None), ("codes_sent", 0)),
                            models.Q(("code_sent_at__isnull", False), ("codes_sent__gt", 0)),
                            _connector="OR",
                        ),
                        name="access_code_sent_has_a_moment",
                        violation_error_message="A code that was sent says when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("proven_at", None), ("code_sent_at__isnull", False), _connector="OR"),
                        name="access_proven_by_a_code",
                        violation_error_message="A mailbox is proven by a code that was sent.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="cancellation",
            index=models.Index(fields=["at"], name="cancellation_at"),
        ),
        migrations.AddConstraint(
            model_name="cancellation",
            constraint=models.CheckConstraint(
                condition=models.Q(("refunded__gte", 0), ("kept__gte", 0)),
                name="cancellation_amounts_not_negative",
                violation_error_message="Amounts are 0 or more.",
            ),
        ),
        migrations.AddIndex(
            model_name="changenotice",
            index=models.Index(condition=models.Q(("status", "WAITING")), fields=["try_at"], name="notice_due"),
        ),
        migrations.AddConstraint(
            model_name="changenotice",
            constraint=models.UniqueConstraint(fields=("change", "booking"), name="notice_once_per_change_and_booking"),
        ),
        migrations.AddConstraint(
            model_name="changenotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "WAITING"), ("done_at__isnull", False), _connector="XOR"),
                name="notice_done_has_a_moment",
                violation_error_message="A notice that is done says when, and one that waits does not.",
            ),
        ),
        migrations.AddConstraint(
            model_name="changenotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer", ""), ("answered_at__isnull", False), _connector="XOR"),
                name="notice_answered_has_a_moment",
                violation_error_message="An answer has its moment, and no answer has none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="changenotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["WAITING", "DONE"])),
                name="notice_status_known",
                violation_error_message="There is no such status.",
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["expires_at"], name="hold_live_expires"
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(fields=["holder", "-started_at"], name="hold_by_holder"),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["address"], name="hold_live_address"
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                condition=models.Q(("network", ""), _negated=True),
                fields=["address", "-started_at"],
                name="hold_by_address",
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(condition=models.Q(("root__isnull", False)), fields=["root"], name="hold_by_root"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("showtime", "holder"),
                name="hold_one_live_per_browser",
                violation_error_message="This browser holds seats of this showtime already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__lte", models.F("cap_at"))),
                name="hold_not_past_its_cap",
                violation_error_message="A hold ends at the latest moment it can be extended to, or before.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__isnull", True), models.Q(("end", ""), _negated=True), _connector="XOR"),
                name="hold_ended_with_a_reason",
                violation_error_message="A hold that ended says how, and a live one does not.",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("labels", []), ("end", "LAPSED"), _connector="OR"),
                name="hold_keeps_labels_when_it_lapsed",
                violation_error_message="Only a hold that ran out remembers its seats.",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(
                condition=models.Q(("gave_up_at__isnull", True), ("sent_at__isnull", True)),
                fields=["try_at"],
                name="mail_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at", None), ("gave_up_at", None), _connector="OR"),
                name="outgoingmail_sent_or_given_up",
                violation_error_message="A mail was sent or was given up, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_refused", False), ("gave_up_at__isnull", False), _connector="OR"),
                name="outgoingmail_refused_is_given_up",
                violation_error_message="A mail that was refused for good is given up.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                fields=("theater", "kind", "series", "number"), name="paper_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "RECEIPT")),
                fields=("booking",),
                name="paper_one_receipt_per_booking",
                violation_error_message="This booking has a receipt already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "RECEIPT"), ("cancellation__isnull", False), _connector="XOR"),
                name="paper_is_one_of_two_kinds",
                violation_error_message="A credit note belongs to a cancellation, and a receipt does not.",
            ),
        ),
        migrations.AddConstraint(
            model_name="papercounter",
            constraint=models.UniqueConstraint(fields=("theater", "kind", "series"), name="paper_counter_once"),
        ),
        migrations.AddConstraint(
            model_name="promocode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount", None),
                        ("currency", ""),
                        ("kind", "PERCENT"),
                        ("percent__gt", 0),
                        ("percent__isnull", False),
                        ("percent__lte", 100),
                    ),
                    models.Q(
                        ("amount__gte", 0),
                        ("amount__isnull", False),
                        ("kind__in", ["AMOUNT", "FIXED"]),
                        ("percent", None),
                        models.Q(("currency", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="promo_has_what_its_kind_needs",
                violation_error_message="A percentage is from 1 to 100; other kinds have an amount and its currency.",
            ),
        ),
        migrations.AddConstraint(
            model_name="promocode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("from_on", None), ("until_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"
                ),
                name="promo_ends_after_it_begins",
                violation_error_message="The last day is the first one or later.",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(condition=models.Q(("status", "PENDING")), fields=["sale"], name="booking_pending_sale"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("status", "CONFIRMED")), fields=["showtime"], name="booking_confirmed_showtime"
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("confirmed_at__isnull", False)),
                fields=["confirmed_at"],
                name="booking_confirmed_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("total__gte", 0)),
                name="booking_total_not_negative",
                violation_error_message="Amounts are 0 or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("PENDING",)), _negated=True),
                    models.Q(("confirmed_at__isnull", True), ("ended_at__isnull", True)),
                    _connector="OR",
                ),
                name="booking_status_pending",
                violation_error_message="A pending booking is neither confirmed nor ended.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("CONFIRMED",)), _negated=True),
                    models.Q(("confirmed_at__isnull", False), ("ended_at__isnull", True)),
                    _connector="OR",
                ),
                name="booking_status_confirmed",
                violation_error_message="A confirmed booking says when it was confirmed, and has no end.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("CANCELED",)), _negated=True),
                    models.Q(("confirmed_at__isnull", False), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="booking_status_canceled",
                violation_error_message="A canceled booking says when it was confirmed and when it ended.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("EXPIRED", "REFUNDED")), _negated=True),
                    models.Q(("ended_at__isnull", False), ("confirmed_at__isnull", True)),
                    _connector="OR",
                ),
                name="booking_status_not_paid",
                violation_error_message="A booking that expired or was refunded says when, and was never confirmed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["PENDING", "CONFIRMED", "EXPIRED", "CANCELED", "REFUNDED"])),
                name="booking_status_known",
                violation_error_message="There is no such status.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                fields=("sale", "showtime"),
                name="booking_one_per_sale_and_showtime",
                violation_error_message="This sale has a booking for this showtime already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "PENDING")),
                fields=("hold",),
                name="booking_one_pending_per_hold",
                violation_error_message="These seats are being paid for already.",
            ),
        ),
        migrations.AddIndex(
            model_name="promoredemption",
            index=models.Index(
                condition=models.Q(("given_back_at", None)),
                fields=["promo_code", "customer"],
                name="redemption_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="promoredemption",
            constraint=models.CheckConstraint(
                condition=models.Q(("discount__gt", 0)),
                name="redemption_gives_something",
                violation_error_message="A promo code gives a discount.",
            ),
        ),
        migrations.AddIndex(
            model_name="showtimeseat",
            index=models.Index(
                condition=models.Q(("house_release_minutes__isnull", False)),
                fields=["showtime"],
                name="house_seat_released_later",
            ),
        ),
        migrations.AddIndex(
            model_name="showtimeseat",
            index=models.Index(
                condition=models.Q(("held_until__isnull", False)), fields=["held_until"], name="seat_lapses"
            ),
        ),
        migrations.AddIndex(
            model_name="showtimeseat",
            index=models.Index(condition=models.Q(("hold__isnull", False)), fields=["hold"], name="seat_of_hold"),
        ),
        migrations.AddIndex(
            model_name="showtimeseat",
            index=models.Index(
                condition=models.Q(("booking__isnull", False)), fields=["booking"], name="seat_of_booking"
            ),
        ),
        migrations.AddIndex(
            model_name="showtimeseat",
            index=models.Index(
                condition=models.Q(("broken_seat__isnull", False)), fields=["broken_seat"], name="seat_kept_as_broken"
            ),
        ),
        migrations.AddConstraint(
            model_name="showtimeseat",
            constraint=models.UniqueConstraint(fields=("showtime", "label"), name="seat_once_per_showtime"),
        ),
        migrations.AddConstraint(
            model_name="showtimeseat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("booking", None), ("held_until", None), ("hold", None)),
                    models.Q(("booking", None), ("held_until__isnull", False), ("hold__isnull", False)),
                    models.Q(("booking__isnull", False), ("hold", None)),
                    _connector="OR",
                ),
                name="seat_is_in_one_state",
                violation_error_message="A seat is free, held or booked, and only one of them.",
            ),
        ),
        migrations.AddConstraint(
            model_name="showtimeseat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("house_reason", ""), _negated=True),
                    models.Q(("broken_seat", None), ("house_release_minutes", None)),
                    _connector="OR",
                ),
                name="only_house_seats_are_released_or_mended",
                violation_error_message="A seat goes back on sale only where it was kept back, with a reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("VALID", "USED"))),
                fields=("showtime", "seat"),
                name="ticket_one_live_per_seat",
                violation_error_message="There is a ticket for this seat already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "VOID"), _negated=True),
                fields=("booking", "seat"),
                name="ticket_once_per_booking_and_seat",
                violation_error_message="This booking has a ticket for this seat already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("price__gte", 0), ("tax__gte", 0), ("tax__lte", models.F("price"))),
                name="ticket_tax_inside_price",
                violation_error_message="The tax is a part of the price.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee__gte", 0), ("fee__lte", models.F("price"))),
                name="ticket_fee_inside_price",
                violation_error_message="The booking fee is a part of the price.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("discount__gte", 0)),
                name="ticket_discount_not_negative",
                violation_error_message="A discount is 0 or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["RESERVED", "VALID", "USED", "VOID"])),
                name="ticket_status_known",
                violation_error_message="There is no such status.",
            ),
        ),
        migrations.AddConstraint(
            model_name="swappedticket",
            constraint=models.UniqueConstraint(fields=("swap", "ticket"), name="swapped_once_per_swap"),
        ),
        migrations.AddConstraint(
            model_name="swappedticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("old_seat", models.F("new_seat")), _negated=True),
                    models.Q(("old_code", models.F("new_code")), _negated=True),
                ),
                name="swap_changes_seat_and_code",
                violation_error_message="A swap changes the seat and the code.",
            ),
        ),
        migrations.AddIndex(
            model_name="scan",
            index=models.Index(fields=["theater", "-at"], name="scan_of_theater"),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["ADMITTED", "REFUSED", "UNDONE"])),
                name="scan_outcome_known",
                violation_error_message="There is no such outcome of a scan.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("can_be_overruled", False),
                    models.Q(("outcome", "REFUSED"), ("ticket__isnull", False)),
                    _connector="OR",
                ),
                name="scan_overruled_later_was_refused",
                violation_error_message="Only the refusal of a ticket can be overruled.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", "REFUSED"), ("ticket__isnull", False), _connector="OR"),
                name="scan_admits_a_ticket",
                violation_error_message="Only a refusal is about no ticket.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", "UNDONE"), ("undoes__isnull", True), _connector="XOR"),
                name="scan_undoes_another",
                violation_error_message="An entry that is taken back names the scan that let in.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("overrules__isnull", True),
                    models.Q(("outcome", "ADMITTED"), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="scan_overruled_for_a_reason",
                violation_error_message="A refusal is overruled with a reason, and somebody is let in.",
            ),
        ),
        migrations.AddConstraint(
            model_name="canceledticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kept__gte", 0),
                    ("refunded__gte", 0),
                    ("refunded_tax__gte", 0),
                    ("refunded_tax__lte", models.F("refunded")),
                ),
                name="canceled_ticket_amounts_make_sense",
                violation_error_message="Amounts are 0 or more, and tax is a part of what goes back.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketallowance",
            constraint=models.UniqueConstraint(
                fields=("showtime", "customer"), name="ticket_allowance_once_per_person"
            ),
        ),
    ]
