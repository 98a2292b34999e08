"""Production: whatever differs between installations comes from the environment, and no default is insecure."""

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.logs import logging_config, without_secrets
from config.settings.base import *
from config.settings.base import REDIS_URL, postgres
from core.checks import weak_settings

DAY_SECONDS = 24 * 3600

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
SITE_URL = env.origin("SITE_URL")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [SITE_URL.split("://")[1].split(":")[0]]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
if weak := weak_settings(secret_key=SECRET_KEY, site_url=SITE_URL, allowed_hosts=ALLOWED_HOSTS):
    raise ImproperlyConfigured(" ".join(weak.values()))

PROCESS = env.choice("PROCESS", "", of=("web", "worker", "beat"))
DATABASES = {
    "default": postgres(
        env.text("DATABASE_URL"), application_name=env.text("APPLICATION_NAME", "marquee"), process=PROCESS
    )
}
CACHES = {"default": {"BACKEND": "core.caches.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}}
MAILERS = env.mailers("EMAIL_URL")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.web.static_files.RememberingStaticFilesStorage"},
}

KEPT_PAGE_SECONDS = 5

STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET")
STRIPE_API_BASE = env.web_address("STRIPE_API_BASE", "https://api.stripe.com")

# `SITE_URL=http://…` is for rehearsals on one machine (docker compose without a certificate, the benchmark).
_https = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.integer("TRUSTED_PROXY_COUNT", 0) else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
# Preloading cannot be taken back by the next owner of a domain: it is the operator's own step.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if not _https:
    # Only for a rehearsal on localhost: no HSTS, no redirect to https, cookies without Secure.
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
if _https:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    HOLDER_COOKIE_NAME = "__Host-holder"
    KNOWN_DEVICE_COOKIE_NAME = "__Host-device"
    WORKPLACE_COOKIE_NAME = "__Host-workplace"

if not env.boolean("STAFF_SECOND_FACTOR_REQUIRED", default=True):
    raise ImproperlyConfigured("STAFF_SECOND_FACTOR_REQUIRED cannot be turned off in production: take the line out.")
STAFF_SECOND_FACTOR_REQUIRED = True
STAFF_IDLE_SECONDS = env.integer("STAFF_IDLE_SECONDS", 15 * 60, least=60, most=DAY_SECONDS)
COUNTER_IDLE_SECONDS = env.integer("COUNTER_IDLE_SECONDS", 12 * 3600, least=60, most=DAY_SECONDS)
STAFF_SESSION_SECONDS = env.integer("STAFF_SESSION_SECONDS", 8 * 3600, least=60, most=DAY_SECONDS)
LOGGING = logging_config(
    json_lines=True,
    level=env.choice("LOG_LEVEL", "INFO", of=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
    quiet=QUIET_LOGGERS,
)

if dsn := env.text("SENTRY_DSN", ""):
    import sentry_sdk
    from sentry_sdk.utils import BadDsn

    try:
        sentry_sdk.init(
            dsn=dsn,
            max_request_body_size="never",
            include_local_variables=False,
            before_send=without_secrets,
            before_breadcrumb=without_secrets,
        )
    except BadDsn:
        raise ImproperlyConfigured("SENTRY_DSN must look like https://key@sentry.example.com/1.") from None
