"""The word Stripe stands in the Stripe provider, in settings and in documents, and in no new place of the product."""

import subprocess

from dev.state import CHECKOUT

ROOMS = ("accounts", "boxoffice", "config", "core", "payments", "reservations", "theaters", "templates", "static")
ITS_OWN = ("payments/providers/stripe/", "config/settings/")
# It names the provider where it is chosen, or keeps its ids and commands out of logs and in words. The list only gets shorter.
STILL_SAY_IT = {
    "boxoffice/admin/actions/events.py",
    "boxoffice/admin/actions/payments.py",
    "boxoffice/admin/actions/refunds.py",
    "boxoffice/admin/bookings.py",
    "boxoffice/admin/comparisons.py",
    "boxoffice/admin/events.py",
    "boxoffice/admin/sales_pauses.py",
    "boxoffice/templatetags/checks.py",
    "config/celery.py",
    "config/logs.py",
    "config/queues.py",
    "config/urls.py",
    "core/checks.py",
    "core/models.py",
    "core/pauses.py",
    "core/redaction.py",
    "payments/admin.py",
    "payments/emails.py",
    "payments/selectors.py",
    "payments/services/comparison_runs.py",
    "payments/services/money_advice.py",
    "payments/tasks.py",
    "reservations/models/bookings.py",
    "reservations/services/outside_refunds.py",
    "reservations/states.py",
    "static/css/admin.css",
    "templates/admin/core/salespause/change_list.html",
    "templates/admin/payments/ledgercomparison/change_form.html",
    "templates/admin/reservations/booking/change_form.html",
    "templates/mail/refund_alert.html",
    "templates/mail/refund_alert.txt",
    "theaters/management/commands/resume_sales.py",
    "theaters/services/sales_pauses.py",
}


def test_no_other_place_knows_stripe():
    told = subprocess.run(
        ["git", "grep", "-il", "stripe", "--", *ROOMS], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    say_it = {name for name in told.stdout.split() if "/migrations/" not in name and not name.startswith(ITS_OWN)}
    assert say_it == STILL_SAY_IT
