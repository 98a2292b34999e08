import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("reservations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RefundRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tickets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), help_text="The tickets that become void."
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(default=100, help_text="Of the price of these tickets.")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10)),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[("WAITING", "Waits for a second person"), ("DONE", "Done"), ("DECLINED", "Declined")],
                        default="WAITING",
                        max_length=8,
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=models.Func(output_field=models.DateTimeField(), template="clock_timestamp()")
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, help_text="Why it was declined.", max_length=200)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refund_requests",
                        to="reservations.booking",
                    ),
                ),
                (
                    "decided_by",
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
                "permissions": [("view_reports", "Can see the reports and the money of the day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "WAITING")),
                        fields=("booking",),
                        name="request_one_waiting_per_booking",
                        violation_error_message="A request about this booking waits already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__lte", 100), ("amount__gte", 0)),
                        name="request_is_a_part",
                        violation_error_message="A request is about 100 % at most, and about 0 or more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("WAITING",)), _negated=True),
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("answer", "")),
                            _connector="OR",
                        ),
                        name="request_status_waiting",
                        violation_error_message="A request that waits was decided by nobody.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("DONE",)), _negated=True),
                            models.Q(("decided_at__isnull", False), ("answer", "")),
                            _connector="OR",
                        ),
                        name="request_status_done",
                        violation_error_message="A request that was granted says when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("DECLINED",)), _negated=True),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="request_status_declined",
                        violation_error_message="A request that was declined says when, by whom and why.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["WAITING", "DONE", "DECLINED"])),
                        name="request_status_known",
                        violation_error_message="There is no such status.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "DONE"), _negated=True),
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="request_decided_by_another",
                        violation_error_message="Another person decides than the one who asked.",
                    ),
                ],
            },
        ),
    ]
