"""The test suite: real PostgreSQL and Valkey, mail in memory, cheap password hashes."""

from decimal import Decimal

from config import env
from config.logs import logging_config
from config.settings.base import *
from config.settings.base import BASE_DIR, INSTALLED_APPS, LANGUAGES, LOCALE_PATHS, REDIS_URL, postgres

DEBUG = False
STATE_DIR = ""
# The pseudo-language: longer, and from right to left. dev/messages/pseudo.py makes its sentences before the tests.
LANGUAGES = [*LANGUAGES, ("dv", "Pseudo")]
LANGUAGES_BIDI = ["dv"]
LOCALE_PATHS = [*LOCALE_PATHS, BASE_DIR / ".dev" / "locale"]
SECRET_KEY = "for-tests-only-0123456789-0123456789-0123456789-0123456789"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", ".localhost"]
SITE_URL = env.origin("SITE_URL", "http://testserver")
ROOT_URLCONF = "dev.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "dev"]

DATABASES = {"default": postgres(env.text("DATABASE_URL"), application_name="marquee-test", by_role=False)}
CACHES = {
    "default": {
        "BACKEND": "core.caches.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.text("PYTEST_XDIST_WORKER", "test") + ".",
    }
}
MAILERS = env.mailers("EMAIL_URL", "memory:")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", "sk_test_suite")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", "whsec_suite")
STRIPE_API_BASE = env.web_address("STRIPE_API_BASE", "http://127.0.0.1:1")
STRIPE_CHECKOUT_ORIGIN = env.web_address("STRIPE_CHECKOUT_ORIGIN", "http://localhost:1")

HOLDS_PER_MINUTE_PER_HOLDER = 0
HOLDS_PER_MINUTE_PER_ADDRESS = 0
LIVE_SEATS_PER_ADDRESS = 0
SHOWTIME_SHARE_PER_ADDRESS = Decimal(0)
SHOWTIME_SHARE_UNPAID = Decimal(0)
TICKETS_PER_PERSON_AND_SHOWTIME = 0
PAYMENT_SESSIONS_PER_HOUR_PER_BROWSER = 0
DECLINES_PER_HOUR_PER_ADDRESS = 0
PAYMENT_SESSIONS_PER_HOUR_PER_ADDRESS = 0
LIVE_MAPS_PER_ADDRESS = 0
LIVE_MAPS_PER_BROWSER = 0
# Race tests make many threads wait for one showtime on purpose.
LOCK_WAIT_REFUSAL_SECONDS = 0.0
PROMO_MISSES_PER_HOUR_PER_HOLDER = 0
PROMO_MISSES_PER_HOUR_PER_ADDRESS = 0
UNPAID_HOLD_PAUSE_SECONDS = 0
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
MFA_TOTP_TOLERANCE = 1  # a code that was read in one half minute may be typed in the next
STAFF_SECOND_FACTOR_REQUIRED = env.boolean("STAFF_SECOND_FACTOR_REQUIRED", default=False)
HINTS_ENABLED = env.boolean("HINTS_ENABLED", default=False)
LOGGING = logging_config(json_lines=False, level=env.text("LOG_LEVEL", "CRITICAL"), quiet=QUIET_LOGGERS)
