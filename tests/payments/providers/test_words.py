"""The word Stripe stands only in the Stripe provider, in settings and in documents."""

import subprocess

from dev.state import CHECKOUT

APPS = ("accounts", "boxoffice", "config", "core", "houses", "payments", "reservations", "sales", "staff", "theaters")
READ = (*APPS, "templates", "static", "locale")
ITS_OWN = ("payments/providers/stripe/", "config/settings/")


def test_no_other_place_knows_stripe():
    told = subprocess.run(
        ["git", "grep", "-il", "stripe", "--", *READ], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert [name for name in told.stdout.split() if "/migrations/" not in name and not name.startswith(ITS_OWN)] == []
