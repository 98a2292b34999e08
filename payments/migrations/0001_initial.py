import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("sales", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SetAsideCause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(
                        help_text="The kind of the delivery, and of the error.", max_length=160, unique=True
                    ),
                ),
                ("says", models.CharField(help_text="The newest error in words.", max_length=200)),
                (
                    "first_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "last_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "tell_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("told_at", models.DateTimeField(help_text="When the mail to staff went out.", null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="InvariantRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("actor", models.CharField(help_text="The schedule, or who asked for it.", max_length=60)),
                ("finished_at", models.DateTimeField(null=True)),
                ("milliseconds", models.PositiveIntegerField(default=0)),
                ("checked", models.PositiveSmallIntegerField(default=0, help_text="How many rules.")),
                ("broken", models.PositiveSmallIntegerField(default=0, help_text="How many of them found something.")),
                (
                    "findings",
                    models.JSONField(default=list, help_text="Name, sentence and first rows of each broken rule."),
                ),
                (
                    "tell_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("told_at", models.DateTimeField(help_text="When the mail to staff went out.", null=True)),
            ],
            options={
                "verbose_name": "check of seats and money",
                "verbose_name_plural": "checks of seats and money",
                "ordering": ["-pk"],
                "permissions": [("run_invariants", "Can check now whether seats and money add up")],
                "default_permissions": ["view"],
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("finished_at", None)),
                        name="invariants_one_waiting_run",
                        violation_error_message="A check waits already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", False),
                            models.Q(("broken", 0), ("checked", 0), ("findings", []), ("told_at", None)),
                            _connector="OR",
                        ),
                        name="invariants_found_when_finished",
                        violation_error_message="A check that is not finished has found nothing yet.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("broken__lte", models.F("checked"))),
                        name="invariants_broken_were_checked",
                        violation_error_message="No more rules are broken than were checked.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("told_at", None), ("broken__gt", 0), _connector="OR"),
                        name="invariants_told_of_something",
                        violation_error_message="Staff are told of a check that found something.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyRefusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "provider",
                    models.CharField(
                        help_text="Who collects this money: the name of a payment provider.", max_length=20
                    ),
                ),
                ("right", models.CharField(max_length=80)),
                ("says", models.CharField(help_text="The provider's words.", max_length=500)),
                (
                    "first_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "last_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "tell_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("told_at", models.DateTimeField(help_text="When the mail to staff went out.", null=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("provider", "right"), name="key_refusal_once")],
            },
        ),
        migrations.CreateModel(
            name="LedgerComparison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("actor", models.CharField(help_text="The schedule, or who asked for it.", max_length=60)),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                (
                    "try_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "error",
                    models.CharField(
                        blank=True, db_default="", help_text="Why a provider could not be asked.", max_length=200
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True)),
                ("mended", models.JSONField(default=list, help_text="What differed and agrees now.")),
                ("left", models.JSONField(default=list, help_text="What still differs.")),
                ("differences", models.PositiveIntegerField(default=0, help_text="How many are left.")),
                (
                    "tell_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("told_at", models.DateTimeField(help_text="When the mail to staff went out.", null=True)),
            ],
            options={
                "verbose_name": "comparison of books",
                "verbose_name_plural": "comparisons of books",
                "ordering": ["-pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("finished_at", None)),
                        name="comparison_one_waiting",
                        violation_error_message="A comparison waits already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("differences", 0),
                                ("finished_at", None),
                                ("left", []),
                                ("mended", []),
                                ("told_at", None),
                            ),
                            models.Q(
                                ("error", ""),
                                ("finished_at__isnull", False),
                                ("since__isnull", False),
                                ("until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="comparison_found_when_finished",
                        violation_error_message="A comparison that is finished says of which time, and one that waits has found nothing.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("told_at", None), ("differences__gt", 0), _connector="OR"),
                        name="comparison_told_of_something",
                        violation_error_message="Staff are told of a comparison that left something.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("CREATED", "Created"),
                            ("OPEN", "Open"),
                            ("SUCCEEDED", "Succeeded"),
                            ("FAILED", "Failed"),
                            ("CLOSED", "Closed"),
                            ("DISPUTED", "Disputed"),
                        ],
                        default="CREATED",
                        max_length=10,
                    ),
                ),
                (
                    "provider",
                    models.CharField(
                        help_text="Who collects this money: the name of a payment provider.", max_length=20
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("ONLINE", "Card online"), ("CASH", "Cash"), ("TERMINAL", "Card at the counter")],
                        db_default="ONLINE",
                        default="ONLINE",
                        max_length=8,
                    ),
                ),
                (
                    "tendered",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="The cash that was handed over; empty: exactly enough.",
                        max_digits=10,
                        null=True,
                    ),
                ),
                ("key", models.CharField(max_length=32, unique=True)),
                ("request", models.JSONField(help_text="The exact parameters sent; a repeat sends them again.")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10)),
                ("currency", models.CharField(max_length=3)),
                (
                    "captured",
                    models.DecimalField(
                        decimal_places=2, help_text="What really came; empty: the amount.", max_digits=10, null=True
                    ),
                ),
                ("captured_currency", models.CharField(max_length=3, null=True)),
                (
                    "session_id",
                    models.CharField(help_text="The provider's id of the payment session.", max_length=200, null=True),
                ),
                ("provider_id", models.CharField(help_text="The provider's id of it.", max_length=200, null=True)),
                ("session_url", models.URLField(blank=True, max_length=2000)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Where Pay was pressed: an IPv4 address or an IPv6 /56; empty at the counter, or forgotten.",
                        max_length=64,
                    ),
                ),
                (
                    "declines",
                    models.PositiveSmallIntegerField(
                        db_default=0, default=0, help_text="How often a card was declined in its payment session."
                    ),
                ),
                ("declined_at", models.DateTimeField(help_text="When the last of these declines was seen.", null=True)),
                (
                    "card",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="A fingerprint of the card that paid, by its provider.",
                        max_length=64,
                    ),
                ),
                (
                    "card_last4",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The last four digits of the card that paid.",
                        max_length=4,
                    ),
                ),
                (
                    "card_noted_at",
                    models.DateTimeField(help_text="When its provider was asked which card paid.", null=True),
                ),
                ("look_at", models.DateTimeField(help_text="When a sweep asks its provider about it next.")),
                ("looks", models.PositiveIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "operator",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Who took it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="sales.sale"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("refund_payment", "Can give money back, up to the theater's limit"),
                    ("approve_refund", "Can approve a refund above the limit that somebody else asked for"),
                    ("retry_refund", "Can try a failed refund again"),
                    ("pay_out", "Can pay money out at the counter"),
                    ("export_ledger", "Can take sales and money out as a file for accounting"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("NEW", "New: told of"),
                            ("INQUIRY", "Inquiry: the bank asks, no money moves"),
                            ("OPEN", "Open: the bank holds the money"),
                            ("WON", "Won"),
                            ("LOST", "Lost"),
                            ("CLOSED", "Closed without a dispute"),
                        ],
                        default="NEW",
                        max_length=8,
                    ),
                ),
                (
                    "provider",
                    models.CharField(
                        help_text="Who collects this money: the name of a payment provider.", max_length=20
                    ),
                ),
                ("provider_id", models.CharField(help_text="The provider's id of it.", max_length=200)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10)),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(help_text="The bank's word for it.", max_length=60)),
                ("answer_by", models.DateTimeField(help_text="Evidence is accepted until then.", null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="payments.payment"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ProviderEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "provider",
                    models.CharField(
                        help_text="Who collects this money: the name of a payment provider.", max_length=20
                    ),
                ),
                ("provider_id", models.CharField(help_text="The provider's id of it.", max_length=200)),
                ("kind", models.CharField(max_length=80)),
                ("payload", models.JSONField()),
                (
                    "payment_key",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="The key of the payment that it names; empty: none.",
                        max_length=200,
                    ),
                ),
                (
                    "object_id",
                    models.CharField(blank=True, db_default="", help_text="What it is about.", max_length=200),
                ),
                (
                    "provider_payment_id",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="The money that it is about, by the provider's id.",
                        max_length=200,
                    ),
                ),
                (
                    "says_paid",
                    models.BooleanField(db_default=False, help_text="Whether it says that this payment was paid."),
                ),
                (
                    "received_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "try_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("failures", models.PositiveSmallIntegerField(db_default=0, default=0)),
                (
                    "set_aside_at",
                    models.DateTimeField(help_text="When it had failed too often to be tried by itself.", null=True),
                ),
                ("done_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("replay_providerevent", "Can decide about a delivery of a payment provider that was set aside")
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("payment_key", ""), _negated=True),
                        fields=["payment_key"],
                        name="event_by_payment_key",
                    ),
                    models.Index(condition=models.Q(("done_at__isnull", True)), fields=["try_at"], name="event_due"),
                    models.Index(
                        condition=models.Q(("done_at__isnull", True), ("set_aside_at__isnull", False)),
                        fields=["set_aside_at"],
                        name="event_set_aside",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "provider_id"), name="event_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("set_aside_at", None)),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="event_ended_with_an_outcome",
                        violation_error_message="A delivery that was acted on or set aside says what came of it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("REQUESTED", "Requested"),
                            ("SUBMITTED", "Submitted"),
                            ("PENDING", "Pending"),
                            ("SUCCEEDED", "Succeeded"),
                            ("FAILED", "Failed"),
                        ],
                        default="REQUESTED",
                        max_length=10,
                    ),
                ),
                (
                    "provider",
                    models.CharField(
                        help_text="Who collects this money: the name of a payment provider.", max_length=20
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("ONLINE", "Card online"), ("CASH", "Cash"), ("TERMINAL", "Card at the counter")],
                        db_default="ONLINE",
                        default="ONLINE",
                        help_text="How it goes back. At the counter cash may become a card, and the other way round, until it is paid out.",
                        max_length=8,
                    ),
                ),
                ("key", models.CharField(max_length=32, unique=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10)),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(max_length=120)),
                ("provider_id", models.CharField(help_text="The provider's id of it.", max_length=200, null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                (
                    "look_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("looks", models.PositiveIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "operator",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Who paid it out.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="payments.payment"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("status__in", ("CREATED", "OPEN"))), fields=["look_at"], name="payment_due"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("address", ""), _negated=True),
                fields=["address", "created_at"],
                name="payment_by_address",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("card_noted_at", None), ("method", "ONLINE"), ("status", "SUCCEEDED")),
                fields=["ended_at"],
                name="payment_card_unknown",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("card", ""), _negated=True), fields=["card"], name="payment_by_card"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("card_last4", ""), _negated=True), fields=["card_last4"], name="payment_by_last4"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("CREATED",)), _negated=True),
                    models.Q(
                        ("captured__isnull", True),
                        ("captured_currency__isnull", True),
                        ("provider_id__isnull", True),
                        ("ended_at__isnull", True),
                        ("session_id__isnull", True),
                        ("session_url", ""),
                    ),
                    _connector="OR",
                ),
                name="payment_status_created",
                violation_error_message="A payment that its provider has not answered to has no payment session, no money and no end.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("OPEN",)), _negated=True),
                    models.Q(
                        ("captured__isnull", True),
                        ("captured_currency__isnull", True),
                        ("provider_id__isnull", True),
                        ("session_id__isnull", False),
                        models.Q(("session_url", ""), _negated=True),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="payment_status_open",
                violation_error_message="An open payment has a payment session with an address, no money and no end.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("FAILED", "CLOSED")), _negated=True),
                    models.Q(
                        ("captured__isnull", True),
                        ("captured_currency__isnull", True),
                        ("provider_id__isnull", True),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="payment_status_ended",
                violation_error_message="A payment that failed or was closed says when, and has no money.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("SUCCEEDED", "DISPUTED")), _negated=True),
                    models.Q(
                        ("captured__isnull", False),
                        ("captured_currency__isnull", False),
                        ("ended_at__isnull", False),
                        models.Q(
                            ("method__in", ("CASH", "TERMINAL")),
                            models.Q(("provider_id__isnull", False), ("session_id__isnull", False)),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="payment_status_captured",
                violation_error_message="A payment that succeeded says when, how much came in which currency and, online, by which payment session.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["CREATED", "OPEN", "SUCCEEDED", "FAILED", "CLOSED", "DISPUTED"])),
                name="payment_status_known",
                violation_error_message="There is no such status.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("CREATED", "OPEN"))),
                fields=("sale",),
                name="payment_one_open_per_sale",
                violation_error_message="A payment of this sale is open already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("provider", "session_id"), name="payment_session_once"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("provider", "provider_id"), name="payment_provider_id_once"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)),
                name="payment_amount_positive",
                violation_error_message="A payment is more than 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("method", "ONLINE"),
                        ("operator", None),
                        models.Q(("provider__in", ["", "counter"]), _negated=True),
                    ),
                    models.Q(
                        ("captured", models.F("amount")),
                        ("captured__isnull", False),
                        ("captured_currency", models.F("currency")),
                        ("captured_currency__isnull", False),
                        ("ended_at__isnull", False),
                        ("method__in", ("CASH", "TERMINAL")),
                        ("operator__isnull", False),
                        ("provider", "counter"),
                        ("provider_id", None),
                        ("session_id", None),
                        ("session_url", ""),
                        ("status", "SUCCEEDED"),
                    ),
                    _connector="OR",
                ),
                name="payment_online_or_of_the_counter",
                violation_error_message="A payment is online and without an operator, or taken whole at the counter by one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tendered", None),
                    models.Q(("method", "CASH"), ("tendered__gte", models.F("amount"))),
                    _connector="OR",
                ),
                name="payment_tendered_is_cash_and_enough",
                violation_error_message="What is tendered is cash, and enough.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("NEW", "INQUIRY", "OPEN")), _negated=True),
                    ("ended_at__isnull", True),
                    _connector="OR",
                ),
                name="dispute_status_undecided",
                violation_error_message="A dispute that is not decided has no end.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("WON", "LOST", "CLOSED")), _negated=True),
                    ("ended_at__isnull", False),
                    _connector="OR",
                ),
                name="dispute_status_decided",
                violation_error_message="A dispute that is decided says when.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["NEW", "INQUIRY", "OPEN", "WON", "LOST", "CLOSED"])),
                name="dispute_status_known",
                violation_error_message="There is no such status.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.UniqueConstraint(fields=("provider", "provider_id"), name="dispute_once"),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)),
                name="dispute_amount_positive",
                violation_error_message="A dispute is about more than 0.",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("status__in", ["REQUESTED", "SUBMITTED", "PENDING"])),
                fields=["look_at"],
                name="refund_due",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("method__in", ("CASH", "TERMINAL")), ("status", "REQUESTED")),
                fields=["created_at"],
                name="refund_waiting_at_counter",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("REQUESTED", "SUBMITTED")), _negated=True),
                    models.Q(("ended_at__isnull", True), ("provider_id__isnull", True)),
                    _connector="OR",
                ),
                name="refund_status_unsent",
                violation_error_message="A refund that its provider has not answered to has no id there and no end.",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("PENDING",)), _negated=True),
                    models.Q(("provider_id__isnull", False), ("ended_at__isnull", True)),
                    _connector="OR",
                ),
                name="refund_status_pending",
                violation_error_message="A pending refund has its id at the provider and no end.",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("SUCCEEDED",)), _negated=True),
                    models.Q(
                        ("ended_at__isnull", False),
                        models.Q(("method__in", ("CASH", "TERMINAL")), ("provider_id__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="refund_status_succeeded",
                violation_error_message="A refund that succeeded says when and, online, has its id at the provider.",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("FAILED",)), _negated=True), ("ended_at__isnull", False), _connector="OR"
                ),
                name="refund_status_failed",
                violation_error_message="A refund that failed says when.",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["REQUESTED", "SUBMITTED", "PENDING", "SUCCEEDED", "FAILED"])),
                name="refund_status_known",
                violation_error_message="There is no such status.",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(fields=("provider", "provider_id"), name="refund_provider_id_once"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)),
                name="refund_amount_positive",
                violation_error_message="A refund is more than 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("method", "ONLINE"),
                        ("operator", None),
                        models.Q(("provider__in", ["", "counter"]), _negated=True),
                    ),
                    models.Q(
                        ("method__in", ("CASH", "TERMINAL")),
                        ("provider", "counter"),
                        ("provider_id", None),
                        ("status__in", ["REQUESTED", "FAILED"]),
                    ),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("method__in", ("CASH", "TERMINAL")),
                        ("operator__isnull", False),
                        ("provider", "counter"),
                        ("provider_id", None),
                        ("status", "SUCCEEDED"),
                    ),
                    _connector="OR",
                ),
                name="refund_online_or_of_the_counter",
                violation_error_message="A refund goes back online without an operator, or is paid out at the counter by one.",
            ),
        ),
    ]
