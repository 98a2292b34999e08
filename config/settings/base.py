"""Settings of all environments. local, test and production add to them; values that differ come from the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from config import env, queues
from core.database.sessions import (
    CONNECT_SECONDS,
    NETWORK,
    SITE,
    answers_within,
    notices_silence,
    required_settings,
    startup_options,
)
from core.texts import catalogs

BASE_DIR = Path(__file__).resolve().parent.parent.parent

PRODUCT_NAME = "Marquee"
# The function that tells core the house to use where neither the domain nor a theater decides.
MAIN_HOUSE_FACTS = "houses.selectors.main_house_facts"
# Functions that return the house id (or None) of what an argument of a URL names.
HOUSE_OF_ARGUMENT = {
    "showtime_id": "theaters.selectors.house_of_showtime",
    "reference": "sales.selectors.house_of_sale",
    "code": "reservations.selectors.tickets.house_of_code",
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "config.urls"
APPEND_SLASH = True

# Earlier keys, newest first: what they signed stays valid while SECRET_KEY signs what is new.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

INSTALLED_APPS = [
    "core",
    "accounts",
    "houses",
    "staff",
    "theaters",
    "sales",
    "reservations",
    "payments",
    "payments.providers.stripe.apps.StripeProviderConfig",
    "boxoffice",
    "config.apps.OfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
]

MIDDLEWARE = [
    "core.web.middleware.SecurityHeadersMiddleware",
    "core.web.search_engines.SearchEnginesMiddleware",
    "core.web.middleware.NoStoreMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.web.compression.CompressionMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "core.web.request_log.RequestLogMiddleware",
    "core.monitoring.security_log.SecurityLogMiddleware",
    "houses.middleware.HouseMiddleware",
    "core.web.early_fonts.EarlyFontMiddleware",
    "core.web.language_choice.LanguageMiddleware",
    "core.web.middleware.KnownMethodsMiddleware",
    "core.web.middleware.AdminNetworksMiddleware",
    "core.web.middleware.UnstorableTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.web.middleware.DatabaseRefusalsMiddleware",
    "core.web.refusal_pages.RefusalsMiddleware",
    "core.web.wrong_links.WrongLinksMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.AccountLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.web.htmx_redirects.HtmxRedirectMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AccountSessionsMiddleware",
    "reservations.views.closed_showtimes.ClosedShowtimesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "builtins": ["core.templatetags.directions"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["core.web.template_files.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.web.context.product",
                "theaters.menu.menu",
                "houses.context.pages",
                "reservations.views.cart.cart",
            ],
        },
    }
]
# Templates whose sentences scripts show on more than one page (core/texts/script_sentences.py).
SCRIPT_SENTENCES = ("sentences.html", "reservations/map_sentences.html")
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- the database --------------------------------------------------------------------------------------------------


def postgres(url: str, *, application_name: str = "marquee", process: str = "", by_role: bool = True) -> dict[str, Any]:
    """A DATABASES entry. Each session is checked for what this kind of process needs (core/database/sessions.py).

    The values come with the role of `url`, or, where that is not by_role, as options of the connection.
    """
    config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "DATABASE_URL must be a postgresql:// address: seats are locked by PostgreSQL itself."
        )
    config["ENGINE"] = "core.database"
    config["SESSION"] = required_settings(process)
    config["ANSWERS_WITHIN_SECONDS"] = answers_within(process)
    config["NOTICES_SILENCE"] = notices_silence(process)
    options = config.setdefault("OPTIONS", {})
    options["application_name"] = application_name
    options |= {"connect_timeout": CONNECT_SECONDS, **NETWORK}
    # Only statements of core/database/prepared_statements.py are ever prepared.
    options["prepare_threshold"] = 5
    if not by_role:
        options["options"] = startup_options({**SITE, **config["SESSION"]})
    return config


# The roles that `manage.py grant_roles` makes: set where migrations run, and there alone.
WEB_DATABASE_URL = env.text("WEB_DATABASE_URL", "")
WORKER_DATABASE_URL = env.text("WORKER_DATABASE_URL", "")
# The role that a worker takes for the nightly job that forgets; empty: it stays what it is.
RETENTION_DATABASE_ROLE = env.text("RETENTION_DATABASE_ROLE", "")

# --- Redis or Valkey: hints, cache, live updates; never truth ---------------------------------------------------------

REDIS_URL = env.redis_address("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
WORKER_QUEUES = tuple(queues.PROCESSES)

# --- people --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["staff.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.password_rules.LengthValidator"},
    {"NAME": "accounts.password_rules.RepetitionValidator"},
    {"NAME": "accounts.password_rules.GuessingValidator"},
    {"NAME": "accounts.password_rules.BreachValidator"},
]
# New passwords are looked up among published ones (k-anonymity); empty is off.
PASSWORD_BREACH_URL = env.web_address("PASSWORD_BREACH_URL") if env.text("PASSWORD_BREACH_URL", "") else ""
PASSWORD_HASHERS = [
    "accounts.password_hashing.BoundedArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "bookings"
# The function that says where staff begin instead: accounts knows no roles.
STAFF_FIRST_PAGE = "staff.first_page.first_page_of"
ACCOUNT_LOGOUT_REDIRECT_URL = "whats_on"
MFA_ADAPTER = "accounts.adapter.FactorAdapter"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "request_login_code": "accounts.forms.AskForCodeForm",
    "confirm_login_code": "accounts.forms.MailedCodeForm",
    "add_email": "accounts.forms.AddAddressForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
# A code by e-mail signs in beside password and passkey (accounts/sign_in_codes.py).
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Confirmation links carry a random key instead of a signed primary key, which a restored database gives again.
ACCOUNT_EMAIL_CONFIRMATION_HMAC = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {
    # allauth counts every device here, also known ones; instead sign-ins on others count, right or wrong.
    "login": "",
    "sign_in_by_address": "30/m/ip",
    # Wrong passwords of an account in five minutes, on devices that are not known, and of an address in one.
    "login_failed_of_account": "5/300s/key",
    "login_failed_by_address": "10/m/ip",
    # Tries on a device where the person signed in before, and in a session that asks for the password again.
    "login_failed_on_known_device": "5/300s/key",
    # allauth counts second-factor codes here by account alone, so that strangers lock it: off, see accounts/code_limits.py.
    "login_failed": "",
    "wrong_codes": "5/300s/key",
    "wrong_codes_of_account": "20/h/key",
    "wrong_codes_on_known_device": "5/300s/key",
    # Mails with a code that signs in. allauth answers with the form again where we answer 429: off.
    "request_login_code": "",
    "code_mails_by_address": "20/m/ip",
    "code_mails_to_mailbox": "5/h/key",
    "code_mails_on_known_device": "5/h/key",
}
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "activate_totp": "accounts.forms.NewAppForm",
    "add_webauthn": "accounts.forms.NewKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.web.views.csrf_failure"
# Seconds until staff sign in again: after a pause in the office, after a pause at the counter and the door, and after
# their sign-in; 0 is off.
STAFF_IDLE_SECONDS = env.integer("STAFF_IDLE_SECONDS", 0)
COUNTER_IDLE_SECONDS = env.integer("COUNTER_IDLE_SECONDS", 0)
STAFF_SESSION_SECONDS = env.integer("STAFF_SESSION_SECONDS", 0)
# Seconds of a pause after which an enrolled device asks its operator for the PIN again.
DEVICE_IDLE_SECONDS = env.integer("DEVICE_IDLE_SECONDS", 120, least=10)
# /admin/ answers 404 to clients outside of these networks; empty is everywhere.
ADMIN_NETWORKS = env.networks("ADMIN_NETWORKS")
HOLDER_COOKIE_NAME = "holder"
KNOWN_DEVICE_COOKIE_NAME = "device"
WORKPLACE_COOKIE_NAME = "workplace"
THEATER_COOKIE_NAME = "theater"
NEEDS_COOKIE_NAME = "needs"
NEEDS_FILTER_COOKIE_NAME = "needs-filter"

# --- headers (docs/security.md) --------------------------------------------------------------------------------------

SECURE_CSP: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", 0, most=10)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# --- language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# In their own names. Translations of a language are complete where dev/messages says so.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# The office's sentences are not translated yet: its pages stay in these.
OFFICE_LANGUAGES = ("en",)
LOCALE_PATHS = catalogs.PATHS
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.folder("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.folder("MEDIA_ROOT", str(BASE_DIR / "media")))

# Where the newest fact of the database is kept outside it (core/database/restore_marker.py). Empty: nowhere.
STATE_DIR = env.folder("STATE_DIR")

# --- mail -----------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Marquee <tickets@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
STAFF_MAIL = env.words("STAFF_MAIL")

# --- pages -----------------------------------------------------------------------------------------------------------

# Production keeps drawn pages for some seconds (core/caches/page_cache.py); elsewhere what was changed shows at once.
KEPT_PAGE_SECONDS = 0
# Parts of a cached page that each browser gets anew: the name in the template, and the function of the request that
# draws it.
KEPT_PAGE_HOLES = {
    "cart_line": "reservations.views.cart.cart_line",
    "return_address": "core.web.language_choice.return_address",
    "page_links": "core.web.search_engines.page_links",
}

# Sites that may show the program with /widget.js, such as https://www.example.com; no others get the showtimes as data.
WIDGET_ORIGINS = env.origins("WIDGET_ORIGINS")

# --- seats and payment sessions, in seconds -----------------------------------------------------------------------

HOLD_SECONDS = env.seconds("HOLD_SECONDS", 480)
HOLD_EXTENSION_SECONDS = env.seconds("HOLD_EXTENSION_SECONDS", 240)
HOLD_EXTENSION_OFFERED_SECONDS = 90
HOLD_CAP_SECONDS = env.seconds("HOLD_CAP_SECONDS", 1200)
if HOLD_CAP_SECONDS < HOLD_SECONDS:
    raise ImproperlyConfigured(
        "HOLD_CAP_SECONDS must be HOLD_SECONDS or more: no seat is held for longer than the cap."
    )
# How long seats that came back are held for somebody on the waiting list, at most.
WAITING_OFFER_SECONDS = env.seconds("WAITING_OFFER_SECONDS", 3600)
# How long somebody holds seats for friends who pay alone ("sit together, pay apart").
SHARED_BLOCK_MINUTES = env.integer("SHARED_BLOCK_MINUTES", 30, least=1, most=24 * 60)
CHECKOUT_SECONDS = env.seconds("CHECKOUT_SECONDS", 600)
PAYMENT_GRACE_SECONDS = env.seconds("PAYMENT_GRACE_SECONDS", 180)
MAX_SEATS_PER_HOLD = env.integer("MAX_SEATS_PER_HOLD", 10)
COMPANIONS_PER_WHEELCHAIR_SPACE = env.integer("COMPANIONS_PER_WHEELCHAIR_SPACE", 3)
HOLDS_PER_MINUTE_PER_HOLDER = env.integer("HOLDS_PER_MINUTE_PER_HOLDER", 60)
HOLDS_PER_MINUTE_PER_ADDRESS = env.integer("HOLDS_PER_MINUTE_PER_ADDRESS", 600)
LIVE_HOLDS_PER_HOLDER = env.integer("LIVE_HOLDS_PER_HOLDER", 4)
# Held and pending seats of an address over all showtimes, as a number; the shares of a showtime have replaced it.
LIVE_SEATS_PER_ADDRESS = env.integer("LIVE_SEATS_PER_ADDRESS", 0)
# The most of a showtime's seats that one address, and that all browsers without a paid booking, hold and are paying for.
SHOWTIME_SHARE_PER_ADDRESS = env.share("SHOWTIME_SHARE_PER_ADDRESS", "0.25")
SHOWTIME_SHARE_UNPAID = env.share("SHOWTIME_SHARE_UNPAID", "0.5")
# Days after a hold or payment until the network address of its customer is emptied; 0: never.
CLIENT_ADDRESS_DAYS = env.integer("CLIENT_ADDRESS_DAYS", 30, most=3650)
# Live and reserved tickets of one person for one showtime, bought online.
TICKETS_PER_PERSON_AND_SHOWTIME = env.integer("TICKETS_PER_PERSON_AND_SHOWTIME", 20)
# Countries, by their two letters, where certified equipment of the operator's own records every sale of the counter.
COUNTER_WITHOUT_ADAPTER = env.countries("COUNTER_WITHOUT_ADAPTER")
# Countries whose shops may choose whether cash is rounded to coins (theaters/cash_rounding.py), and ours do not.
CASH_NOT_ROUNDED = env.countries("CASH_NOT_ROUNDED")
# Payment sessions of one browser; and cards declined at one address while fewer payments succeed there.
PAYMENT_SESSIONS_PER_HOUR_PER_BROWSER = env.integer("PAYMENT_SESSIONS_PER_HOUR_PER_BROWSER", 20)
DECLINES_PER_HOUR_PER_ADDRESS = env.integer("DECLINES_PER_HOUR_PER_ADDRESS", 10)
PAYMENT_SESSIONS_PER_HOUR_PER_ADDRESS = env.integer("PAYMENT_SESSIONS_PER_HOUR_PER_ADDRESS", 300)
# Tries with unknown promo codes.
PROMO_MISSES_PER_HOUR_PER_HOLDER = env.integer("PROMO_MISSES_PER_HOUR_PER_HOLDER", 10)
PROMO_MISSES_PER_HOUR_PER_ADDRESS = env.integer("PROMO_MISSES_PER_HOUR_PER_ADDRESS", 100)
# After three unpaid holds of a browser within an hour, the first pause before a new one; it doubles. 0 is off.
UNPAID_HOLD_PAUSE_SECONDS = env.integer("UNPAID_HOLD_PAUSE_SECONDS", 30)

# Days after the show, or after its renewal, for which the link in the mails of a booking works; 0: for ever.
BOOKING_LINK_DAYS = env.integer("BOOKING_LINK_DAYS", 14, most=3650)
# Wrong links from one address.
WRONG_LINKS_PER_MINUTE_PER_ADDRESS = env.integer("WRONG_LINKS_PER_MINUTE_PER_ADDRESS", 10)

# --- payment providers -------------------------------------------------------------------------------------------------

# Classes of payments/providers/port.py; ONLINE_PAYMENT_PROVIDER is the name of the one whose page opens at Pay.
PAYMENT_PROVIDERS = [
    "payments.providers.stripe.provider.StripeProvider",
    "payments.providers.counter.CounterProvider",
    "payments.providers.moved_in.MovedInProvider",
]
ONLINE_PAYMENT_PROVIDER = "stripe"
# URL modules of providers: where their webhooks arrive.
PAYMENT_PROVIDER_URLS = ["payments.providers.stripe.urls"]
# The command that compares the provider's books with ours after a restore, as staff are told it.
RECONCILE_COMMAND = "reconcile_stripe"
# Libraries whose log lines below a warning say nothing to operators.
QUIET_LOGGERS = ["stripe"]
# What /metrics counts: lists of metrics in apps that core does not import.
METRICS = [
    "reservations.metrics.COUNTS",
    "payments.metrics.COUNTS",
    "accounts.metrics.COUNTS",
    "core.monitoring.metrics.COUNTS",
]
# URL names of pages that read QR codes with the camera, and of pages that are the same for everybody who is not signed
# in.
PAGES_WITH_CAMERA = {"door", "scan", "undo_scan", "overrule_scan", "door_booking", "admit_booking"}
PAGES_FOR_EVERYBODY = {"whats_on", "movie", "theater", "series", "coming_soon"}
# Pages that say the same to all browsers without cookies: their length tells nothing (core/web/compression.py).
FIRST_VISITS_ARE_ALIKE = {*PAGES_FOR_EVERYBODY, "seat_map"}
SMALLEST_CHARGE = "payments.providers.registry.smallest_charge"

# --- Stripe -----------------------------------------------------------------------------------------------------------

STRIPE_WEBHOOK_TOLERANCE = 300
STRIPE_CHECKOUT_ORIGIN = env.origin("STRIPE_CHECKOUT_ORIGIN", "https://checkout.stripe.com")


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


# --- metrics -----------------------------------------------------------------------------------------------------------

METRICS_TOKEN = env.text("METRICS_TOKEN", "")

# --- the web server ----------------------------------------------------------------------------------------------------

WEB_THREADS = env.integer("WEB_THREADS", 8, least=3, most=64)
# Seconds: a request for a showtime is refused at once when another has waited that long for one of its locks; 0 is off.
LOCK_WAIT_REFUSAL_SECONDS = env.decimal("LOCK_WAIT_REFUSAL_SECONDS", 0.5, most=10)
# Live seat maps open at the same time, over all processes; 0 is off.
LIVE_MAPS_PER_ADDRESS = env.integer("LIVE_MAPS_PER_ADDRESS", 50)
LIVE_MAPS_PER_BROWSER = env.integer("LIVE_MAPS_PER_BROWSER", 3)
SECURITY_CONTACT = env.contact("SECURITY_CONTACT")
