"""Django settings. Every value from outside passes `carloans.config`, which refuses nonsense at start.

With no configuration at all: SQLite in WAL, a file-system broker, the in-process channel layer, the simulated model,
credit bureau and mail provider. DATABASE_URL and REDIS_URL switch the same code to PostgreSQL and Redis.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from carloans import config

BASE_DIR = config.BASE_DIR
ENVIRONMENT = config.choice("ENVIRONMENT", "local", ("local", "production"))
PRODUCTION = ENVIRONMENT == "production"
DEBUG = config.flag("DEBUG", False)
DATA_DIR = Path(config.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
#: The web process's port. Supervisors give each process a PORT of its own; WEB_PORT tells the others the web's.
PORT = config.number("WEB_PORT", config.number("PORT", 8000, least=1, most=65535), least=1, most=65535)
PUBLIC_URL = config.url("PUBLIC_URL", f"http://127.0.0.1:{PORT}")

SECRET_KEY = config.secret("SECRET_KEY", production=PRODUCTION, data_dir=DATA_DIR)
FIELD_ENCRYPTION_KEYS = config.encryption_keys(
    config.secret("FIELD_ENCRYPTION_KEYS", production=PRODUCTION, data_dir=DATA_DIR)
)
BLIND_INDEX_KEY = config.secret("BLIND_INDEX_KEY", production=PRODUCTION, data_dir=DATA_DIR)
#: Sign the audit trail's seals, the newest first; without any, a key derived from BLIND_INDEX_KEY does.
AUDIT_KEYS = config.listing("AUDIT_KEYS")
ALLOWED_HOSTS = config.listing("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1],testserver")
#: Probes and the simulated providers come by these names from inside.
ALLOWED_HOSTS += [host for host in ("127.0.0.1", "localhost") if host not in ALLOWED_HOSTS]
#: Origins of customers' pages that may embed the chat, beside those stored with each site.
SITE_ORIGINS = config.listing("SITE_ORIGINS")

COMPANY_NAME = config.text("COMPANY_NAME", "Car Loans")
COMPANY_POSTAL_ADDRESS = config.text(
    "COMPANY_POSTAL_ADDRESS", "" if PRODUCTION else "Car Loans Demo, 100 Example Street, Austin, TX 78701"
)

OPENAI_API_KEY = config.text("OPENAI_API_KEY")
OPENAI_BASE_URL = config.url("OPENAI_BASE_URL")
OPENAI_MODEL = config.text("OPENAI_MODEL", "gpt-5-mini")
#: The wire protocol: OpenAI's Responses, or Chat Completions as most other servers speak it.
OPENAI_API = config.choice("OPENAI_API", "responses", ("responses", "chat"))
#: A smaller model that answers when the first one does not; empty: none.
OPENAI_FALLBACK_MODEL = config.text("OPENAI_FALLBACK_MODEL")
#: Cents per million tokens, "model:in:out", for the money budgets; a model without a price counts tokens alone.
OPENAI_PRICES = config.prices("OPENAI_PRICES")
#: Spent, a person takes over; 0: no limit.
BUDGET_TOKENS_PER_CONVERSATION = config.number("BUDGET_TOKENS_PER_CONVERSATION", 200_000)
BUDGET_TOKENS_PER_DAY = config.number("BUDGET_TOKENS_PER_DAY", 20_000_000)
BUDGET_CENTS_PER_CONVERSATION = config.number("BUDGET_CENTS_PER_CONVERSATION", 100)
BUDGET_CENTS_PER_DAY = config.number("BUDGET_CENTS_PER_DAY", 10_000)

#: The simulated providers speak real HTTP and live in the web process at this address.
SANDBOX_URL = config.url("SANDBOX_URL", f"http://127.0.0.1:{PORT}/sandbox")
ALLOWED_HOSTS += [host for host in [urlsplit(SANDBOX_URL).hostname or ""] if host not in ALLOWED_HOSTS]
MAILGUN_API_KEY = config.text("MAILGUN_API_KEY")
MAIL_MODE = "live" if MAILGUN_API_KEY else "simulated"
MAILGUN_API_URL = config.url(
    "MAILGUN_API_URL", "https://api.mailgun.net/v3" if MAILGUN_API_KEY else f"{SANDBOX_URL}/mail/v3"
)
MAILGUN_SENDER_DOMAIN = config.text("MAILGUN_SENDER_DOMAIN", "mail.carloans.example")
MAILGUN_WEBHOOK_SIGNING_KEY = config.text("MAILGUN_WEBHOOK_SIGNING_KEY")
FLEXPATH_API_KEY = config.text("FLEXPATH_API_KEY")
FLEXPATH_MODE = config.choice("FLEXPATH_MODE", "live" if FLEXPATH_API_KEY else "simulated", ("simulated", "live"))
FLEXPATH_API_URL = config.url(
    "FLEXPATH_API_URL", "https://app.flexpathdxp.com" if FLEXPATH_MODE == "live" else f"{SANDBOX_URL}/flexpath"
)
FLEXPATH_DEALER_KEY = config.text("FLEXPATH_DEALER_KEY")

#: Whether a real model sums a chat up for the person who takes it over; the rule's summary is always there first.
BRIEF_BY_MODEL = config.flag("BRIEF_BY_MODEL", True) and bool(OPENAI_API_KEY)
ABANDON_AFTER_SECONDS = config.number("ABANDON_AFTER_SECONDS", 3600, least=1, most=30 * 86400)
#: How often each sweep looks for work whose nudge was lost.
SWEEP_SECONDS = config.decimal("SWEEP_SECONDS", 5.0, least=0.2, most=3600)
#: How long a customer may wait for a person before staff is alarmed, and how long a person who has a conversation may
#: give no sign of life before it goes back to the queue.
WAITING_ALARM_SECONDS = config.number("WAITING_ALARM_SECONDS", 300, least=10, most=86400)
STAFF_AWAY_SECONDS = config.number("STAFF_AWAY_SECONDS", 600, least=60, most=86400)
DATABASE_URL = config.text("DATABASE_URL")
REDIS_URL = config.text("REDIS_URL")
#: How often a web process asks the database for news; with Redis the channel layer is faster and this the safety net.
TAIL_SECONDS = config.decimal("TAIL_SECONDS", 2.0 if REDIS_URL else 0.25, least=0.05, most=60)

#: What one address may have of one web process: sockets at once; new conversations and messages within a minute.
CHAT_SOCKETS_PER_ADDRESS = config.number("CHAT_SOCKETS_PER_ADDRESS", 200, least=1)
CHAT_OPENED_PER_ADDRESS = config.number("CHAT_OPENED_PER_ADDRESS", 300, least=1)
CHAT_MESSAGES_PER_ADDRESS = config.number("CHAT_MESSAGES_PER_ADDRESS", 1200, least=1)

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "django_celery_beat",
    "django_otp",
    "django_otp_webauthn",
    "axes",
    "csp",
    "anymail",
    "import_export",
    "carloans.core",
    "cathy",
    "visitors",
    "campaigns",
    "credit",
    "chat",
    "leads",
    "dashboard",
]

MIDDLEWARE = [
    "carloans.core.middleware.request_context",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "carloans.core.middleware.content_security_policy",
    "carloans.core.middleware.problem_documents",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "dashboard.access.staff_sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "carloans.urls"
ASGI_APPLICATION = "carloans.asgi.application"
WSGI_APPLICATION = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "carloans" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "carloans.core.context.modes",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    if not DATABASE_URL:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "carloans.sqlite3",
            # Opening a connection costs 2 ms (Django registers its functions); it holds no lock while it is idle.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    database: dict[str, Any] = environ.Env.db_url_config(DATABASE_URL)
    if "postgresql" in database["ENGINE"]:
        # CONN_MAX_AGE above 0 under ASGI exhausts the server's connections within a second: a pool instead.
        database["CONN_MAX_AGE"] = 0
        database["OPTIONS"] = {**database.get("OPTIONS", {}), "pool": {"min_size": 1, "max_size": 12, "timeout": 10}}
    return database


DATABASES = {"default": _database()}
#: Names queues, channels and cache keys, so that two installations may share one Redis.
NAMESPACE = "carloans-" + hashlib.sha256(f"{DATABASE_URL}|{DATABASES['default']['NAME']}".encode()).hexdigest()[:10]

CHANNEL_LAYERS: dict[str, Any] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES: dict[str, Any] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": NAMESPACE},
        }
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": NAMESPACE,
        }
    }

BROKER_DIR = DATA_DIR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # Longer than the longest task (CELERY_TASK_TIME_LIMIT); the sweeps recover lost work far sooner.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"visibility_timeout": 180, "global_keyprefix": f"{NAMESPACE}:"}
else:
    BROKER_DIR.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT = "carloans.core.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.05,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "dashboard.access.EndsSessions"},
]
LOGIN_URL = "/ops/sign-in/"
LOGIN_REDIRECT_URL = "/ops/"
LOGOUT_REDIRECT_URL = "/ops/sign-in/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "dashboard.access.axes_username"
AXES_CLIENT_IP_CALLABLE = "dashboard.access.axes_ip"
AXES_LOCKOUT_CALLABLE = "dashboard.access.locked_out"
AXES_DISABLE_ACCESS_LOG = True
#: Tries while the lock holds neither count nor prolong it: nobody can keep a colleague out for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_SENSITIVE_PARAMETERS = ["username", "password", "code"]

#: Outside demo mode nobody enters with a password alone.
REQUIRE_SECOND_FACTOR = config.flag("REQUIRE_SECOND_FACTOR", PRODUCTION)
STAFF_IDLE_SECONDS = config.number("STAFF_IDLE_SECONDS", 30 * 60, least=60, most=86400)
STAFF_SESSION_SECONDS = config.number("STAFF_SESSION_SECONDS", 12 * 3600, least=300, most=7 * 86400)
STAFF_FRESH_SECONDS = config.number("STAFF_FRESH_SECONDS", 30 * 60, least=60, most=86400)
STAFF_SESSIONS = config.number("STAFF_SESSIONS", 3, least=1, most=100)
_PUBLIC = urlsplit(PUBLIC_URL)
#: A key belongs to a domain; an address of numbers is none, so on one's own machine keys work at "localhost" alone.
_IS_NUMBERS = (_PUBLIC.hostname or "").replace(".", "").isdecimal()
OTP_WEBAUTHN_RP_ID = "localhost" if _IS_NUMBERS else _PUBLIC.hostname or "localhost"
OTP_WEBAUTHN_RP_NAME = COMPANY_NAME
OTP_WEBAUTHN_ALLOWED_ORIGINS = [
    f"http://localhost:{_PUBLIC.port or 80}" if _IS_NUMBERS else f"{_PUBLIC.scheme}://{_PUBLIC.netloc}"
]
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False
OTP_WEBAUTHN_EXCEPTION_LOGGER_NAME = ""

SESSION_COOKIE_AGE = STAFF_SESSION_SECONDS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# The prefix makes browsers refuse a cookie of this name from a subdomain or over plain HTTP.
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrftoken"
CSRF_TRUSTED_ORIGINS = config.listing("CSRF_TRUSTED_ORIGINS")
SECURE_SSL_REDIRECT = PRODUCTION and config.flag("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^sandbox/"]
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if config.flag("BEHIND_PROXY", PRODUCTION) else None
# Not "no-referrer": with it browsers send "Origin: null" with our own forms and the CSRF check refuses them.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "carloans" / "static"]
STATIC_ROOT = DATA_DIR / "staticfiles"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# What customers' pages load is sent without comments and spaces; the sources stay readable.
MINIFIED_ROOT = DATA_DIR / "minified"
MINIFIED_SCRIPTS = ["visitors/embed.js", "chat/launcher.js", "chat/widget.js", "chat/widget/*.js"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "carloans.core.minifying.MinifyingAppDirectories",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = True

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "carloans" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
DEFAULT_FROM_EMAIL = f"cathy@{MAILGUN_SENDER_DOMAIN}"
ANYMAIL = {
    "MAILGUN_API_KEY": MAILGUN_API_KEY or "simulated",
    "MAILGUN_API_URL": MAILGUN_API_URL,
    "MAILGUN_SENDER_DOMAIN": MAILGUN_SENDER_DOMAIN,
    "REQUESTS_TIMEOUT": 10,
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "carloans.core.middleware.rest_exception_handler",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Car Loans",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "visitors.schema.add_paths"],
}
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
UNFOLD = {
    "SITE_TITLE": "Car Loans",
    "SITE_HEADER": "Car Loans",
    "SITE_URL": "/ops/",
    "SHOW_HISTORY": True,
    # The theme's inline style and its Alpine with eval stay out: see carloans/static/unfold/js/alpine/README.md.
    "COLORS": lambda request: {},
    "STYLES": ["/static/dashboard/admin.css"],
    "SCRIPTS": ["/static/dashboard/admin.js"],
}

LOG_LEVEL = config.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"scrub": {"()": "carloans.core.privacy.logs.ScrubFilter"}},
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            "processor": structlog.processors.JSONRenderer()
            if PRODUCTION
            else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        }
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["scrub"], "stream": sys.stderr}
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Addresses on request lines may hold tokens; the web server's own access log stays off.
        "daphne": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.channels.server": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
    },
}
