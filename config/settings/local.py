"""Settings for development: the servers of `make run`, or those in the environment."""

import os

from dev.state import fill_environment

# The addresses of servers that `make run` wrote down; variables of the environment win.
fill_environment(os.environ)

from config import env
from config.logs import logging_config
from config.settings.base import *
from config.settings.base import (
    BASE_DIR,
    INSTALLED_APPS,
    REDIS_URL,
    origin_of,
    postgres,
)

DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY", "for-development-only-never-in-production-0123456789")
# Names below localhost lead to this machine: a second house can be tried at http://lantern.localhost:8000.
ALLOWED_HOSTS = ["localhost", ".localhost", "127.0.0.1", "[::1]", *env.words("ALLOWED_HOSTS")]
SITE_URL = env.origin("SITE_URL", "http://localhost:8000")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ROOT_URLCONF = "dev.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "dev"]

# `make run` makes roles for web and worker where it may; with another DATABASE_URL they may be missing.
DATABASES = {
    "default": postgres(
        env.text("DATABASE_URL"),
        application_name=env.text("APPLICATION_NAME", "marquee"),
        process=env.text("PROCESS", ""),
        by_role=env.boolean("DATABASE_ROLES", default=False),
    )
}
CACHES = {"default": {"BACKEND": "core.caches.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}}
MAILERS = env.mailers("EMAIL_URL", (BASE_DIR / ".dev" / "mail").as_uri())
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True

STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", "sk_test_development")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", "whsec_development")
STRIPE_API_BASE = env.web_address("STRIPE_API_BASE", "http://localhost:1")
STRIPE_CHECKOUT_ORIGIN = env.web_address("STRIPE_CHECKOUT_ORIGIN", origin_of(STRIPE_API_BASE))

# Off, because here all customers may share one address: a developer's, or that of a load test.
HOLDS_PER_MINUTE_PER_ADDRESS = env.integer("HOLDS_PER_MINUTE_PER_ADDRESS", 0)
SHOWTIME_SHARE_PER_ADDRESS = env.share("SHOWTIME_SHARE_PER_ADDRESS", "0")
SHOWTIME_SHARE_UNPAID = env.share("SHOWTIME_SHARE_UNPAID", "0")
TICKETS_PER_PERSON_AND_SHOWTIME = env.integer("TICKETS_PER_PERSON_AND_SHOWTIME", 0)
PAYMENT_SESSIONS_PER_HOUR_PER_BROWSER = env.integer("PAYMENT_SESSIONS_PER_HOUR_PER_BROWSER", 0)
DECLINES_PER_HOUR_PER_ADDRESS = env.integer("DECLINES_PER_HOUR_PER_ADDRESS", 0)
PAYMENT_SESSIONS_PER_HOUR_PER_ADDRESS = env.integer("PAYMENT_SESSIONS_PER_HOUR_PER_ADDRESS", 0)
LIVE_MAPS_PER_ADDRESS = env.integer("LIVE_MAPS_PER_ADDRESS", 0)
LIVE_MAPS_PER_BROWSER = env.integer("LIVE_MAPS_PER_BROWSER", 0)
PROMO_MISSES_PER_HOUR_PER_ADDRESS = env.integer("PROMO_MISSES_PER_HOUR_PER_ADDRESS", 0)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
STAFF_SECOND_FACTOR_REQUIRED = env.boolean("STAFF_SECOND_FACTOR_REQUIRED", default=False)
LOGGING = logging_config(json_lines=False, level=env.text("LOG_LEVEL", "INFO"), quiet=QUIET_LOGGERS)
