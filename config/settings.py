"""Settings of the incident desk: one module, everything from the environment (see .env.example).

Embedded means one machine, plain http on loopback, no other server; its values are the defaults. Everything
else is production, which `config.checks` lets start only with strong settings.
"""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import environ
from django.utils.translation import gettext_lazy as _

from config.jobs import schedule
from config.logs import logging_settings
from config.stores import bucket_storage, replica_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def _text(name: str, default: Path | str) -> str:
    """The variable `name`; an empty one counts as not set."""
    return env.str(name, default="") or str(default)


environ.Env.read_env(_text("ENV_FILE", BASE_DIR / ".env"))

VAR_DIR = Path(_text("VAR_DIR", BASE_DIR / "var"))
VAR_DIR.mkdir(parents=True, exist_ok=True)

EMBEDDED = env.bool("EMBEDDED", default=True)
DEBUG = env.bool("DEBUG", default=False)
if EMBEDDED:
    # Database, attachments and kept mails are for the account that runs the desk, and for nobody else on the machine.
    os.umask(0o077)
    VAR_DIR.chmod(0o700)


def _secret(name: str) -> str:
    """The value of the variable `name`, or of the file that `name`_FILE points to; empty when there is neither."""
    file = _text(f"{name}_FILE", "")
    return Path(file).read_text().strip() if file else _text(name, "")


def _address(name: str) -> str:
    """The variable `name`_URL (or its file), in which {password} stands for the one of `name`_PASSWORD."""
    return _secret(f"{name}_URL").replace("{password}", quote(_secret(f"{name}_PASSWORD"), safe=""))


def _embedded_secret(name: str) -> str:
    """A random key, made once and kept beside the embedded data."""
    path = VAR_DIR / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret("SECRET_KEY") or (_embedded_secret("secret_key") if EMBEDDED else "")
PUBLIC_URL = _text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if EMBEDDED else [urlsplit(PUBLIC_URL).hostname or ""]
CSRF_TRUSTED_ORIGINS = [] if EMBEDDED else [PUBLIC_URL]
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_fsm",
    "axes",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "config",
    "base",
    "ui",
    "ledger",
    "files",
    "search",
    "accounts",
    "procedure",
    "sla",
    "knowledge",
    "notifications",
    "incidents",
    "escalation",
    "record_form",
    "audit",
    "reports",
    "setup",
    "workbook",
    "desk",
    "api",
    "demo",
]

MIDDLEWARE = [
    "config.middleware.TrustedProxies",
    "config.middleware.RequestLog",
    "config.middleware.NoStore",
    "desk.live.quick.QuickAnswers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.KeepSignIn",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.SessionLimits",
    "accounts.middleware.ActorMiddleware",
    "accounts.middleware.ReadersZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "desk.sent_forms.SentForms",
    "desk.refusals.Refusals",
    "config.replica.ReadingFromReplica",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "desk.frame.frame",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["ui.indentation.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": ["django.templatetags.i18n"],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja",
        "DIRS": [BASE_DIR / "jinja"],
        "OPTIONS": {"environment": "ui.components.jinja.environment"},
    },
]

# Django's own fields, from the same templates for Jinja: a third of what they cost otherwise (decision 0070).
FORM_RENDERER = "django.forms.renderers.Jinja2"

_database = _address("DATABASE") or f"sqlite:///{VAR_DIR / 'desk.sqlite3'}"
DATABASES = {"default": env.db_url_config(_database)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A deferred transaction that reads first and writes later fails at once when two do it: hence IMMEDIATE.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-64000;"
            "PRAGMA mmap_size=134217728;PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A worker that stands still keeps its claims no longer than this; others then take them over. And no statement of a
    # page is worth a program of its own: of many records the planner thinks it is, and takes seconds to make one.
    options = DATABASES["default"].setdefault("OPTIONS", {})
    if env.bool("DATABASE_POOLED", default=False):
        # Between two transactions the connection is somebody else's: both stand on the role (deploy/roles.sql), and
        # `config.checks` looks. A cursor on the server would outlive its transaction.
        DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    else:
        settings_of_connection = " -c idle_in_transaction_session_timeout=5min -c jit=off"
        options["options"] = f"{options.get('options', '')}{settings_of_connection}".strip()
    # Lists, reports and search read from here (config.replica); what waits for it long goes to the other.
    if _replica := _address("REPLICA"):
        DATABASES["replica"] = replica_settings(DATABASES["default"], env.db_url_config(_replica))

# The role that web, worker and beat sign in with: `migrate`, run by the owner of the tables, grants it its rights.
APPLICATION_ROLE = _text("APPLICATION_ROLE", "")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.signed_in.Accounts"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.DifferentCharacters"},
    {"NAME": "accounts.passwords.NotOneself"},
    {"NAME": "accounts.passwords.NotThePrevious"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "desk"
# Where a desk leads on which nobody has an account yet.
FIRST_START_URL = "start"
LOGOUT_REDIRECT_URL = "sign-in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.sessions.locked_out"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = _text("STATIC_ROOT", VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ui.staticfiles.PackageFinder",
]
_bucket = _address("FILES")
STORAGES = {
    # Only the attachments; `files.bucket` says how they lie there, `files.storage` how in MEDIA_ROOT.
    "default": bucket_storage(_bucket) if _bucket else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "ui.staticfiles.DeskStaticFilesStorage"
    },
}
# Embedded serves the files from where they lie, so that nothing need be collected before the first page.
WHITENOISE_USE_FINDERS = EMBEDDED
if EMBEDDED:
    Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # else WhiteNoise complains at every start
MEDIA_ROOT = Path(_text("MEDIA_ROOT", VAR_DIR / "files"))
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

SESSION_ENGINE = "accounts.signed_in"
# Idle and absolute life of a sign-in; the cookie itself ends with the absolute one.
SESSION_IDLE_AGE = timedelta(hours=2)
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not EMBEDDED
_prefix = "" if EMBEDDED else "__Host-"
SESSION_COOKIE_NAME = f"{_prefix}session"
CSRF_COOKIE_NAME = f"{_prefix}csrf"
LANGUAGE_COOKIE_NAME = f"{_prefix}language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
MESSAGE_STORAGE = "config.messages.MessageStorage"

if not EMBEDDED:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True

# What may be asked without signing in: looks at the pages behind password links from one address (a firm behind one
# address moves in on one morning), passwords tried with one link, and forgotten ones from one address and for one name.
PASSWORD_RATES = {
    "password_link": "120/min",
    "password_tries": "20/hour",
    "forgotten": "30/hour",
    "forgotten_account": "20/hour",
}
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "EXCEPTION_HANDLER": "api.errors.handle",
    "DEFAULT_THROTTLE_RATES": {"api": "300/min", "lookup": "120/min", **PASSWORD_RATES},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Incident desk",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "DeclarationState": "incidents.models.State",
        "EscalationRequestState": "escalation.models.EscalationRequest.State",
        "Way": "incidents.models.Way",
    },
}

# The key that signs checkpoints must not lie in the database or go with its backup, the copy of them neither.
CHECKPOINT_KEY_FILE = _text("CHECKPOINT_KEY_FILE", VAR_DIR / "checkpoint_key" if EMBEDDED else "")
# What `verify_ledger` asks besides, each a function without arguments: rows that follow from what chains tell of.
LEDGER_VERIFIERS = [
    "sla.replays.clock_faults",
    "escalation.proof.silenced_clocks",
    "notifications.proof.delivery_faults",
]
CHECKPOINT_COPY = _text("CHECKPOINT_COPY", VAR_DIR / "checkpoints.jsonl")
# Whether mails and pushes leave this machine; else each is kept as a file, and a page shows them.
OUTGOING = _text("OUTGOING", "false" if EMBEDDED else "true").lower() in {"true", "1", "yes", "on"}
_mail = env.email_url_config(_address("EMAIL") or "smtp://:@:25")
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"] or "", _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = _text("EMAIL_FROM", f"desk@{urlsplit(PUBLIC_URL).hostname}")
# The first key encrypts the secrets of robots, all decrypt; separated by commas or white space.
ENCRYPTION_KEYS = (
    (_secret("ENCRYPTION_KEYS") or (_embedded_secret("encryption_key") if EMBEDDED else "")).replace(",", " ").split()
)
# Folders with fonts for names in further scripts, which the form then prints instead of their code points.
FORM_FONT_FOLDERS = env.list("FORM_FONT_FOLDERS", default=[])
# What a webhook may call besides public addresses at the ports given.
WEBHOOK_NETWORKS = env.list("WEBHOOK_NETWORKS", default=[])
WEBHOOK_PORTS = [int(port) for port in env.list("WEBHOOK_PORTS", default=["443", "8443"])]
OUTGOING_CA_FILE = _text("OUTGOING_CA_FILE", "")

# Celery prefers a variable named CELERY_BROKER_URL to any setting, hence the other name.
CELERY_BROKER_URL = _address("BROKER") or "filesystem://localhost"
if CELERY_BROKER_URL.startswith("filesystem://"):
    _queue = VAR_DIR / "queue"
    _queue.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(VAR_DIR / "queue-control"),
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
        "health_check_interval": 25,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Counts requests (ui.rates). Without Redis there is one web process, whose memory will do.
if CELERY_BROKER_URL.startswith(("redis://", "rediss://")):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CELERY_BROKER_URL,
            "KEY_PREFIX": "desk",
            "OPTIONS": {
                "serializer": "ui.rates.JsonSerializer",
                "socket_timeout": 1,
                "socket_connect_timeout": 1,
            },
        }
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = schedule()

LOGGING = logging_settings(json=not EMBEDDED, level=_text("LOG_LEVEL", "WARNING" if EMBEDDED else "INFO"))
LOGGING_CONFIG = "config.logs.configure"
