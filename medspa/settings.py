"""One flat settings file. What varies comes from the environment; nonsense stops the start."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from medspa.environment import BASE_DIR, VAR_DIR, Environment, database

env = Environment()

# --- What this is -----------------------------------------------------------------------------------------
DJANGO_ENV = env.choice("DJANGO_ENV", "development", {"development", "test", "production"})
PRODUCTION = DJANGO_ENV == "production"
PROCESS = env.kind
DEBUG = False
INSECURE_KEY = "insecure-key-for-a-machine-without-servers-and-nothing-else-at-all"
SECRET_KEY = env.get("SECRET_KEY", INSECURE_KEY)
if PRODUCTION and (SECRET_KEY == INSECURE_KEY or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured("SECRET_KEY must be set, with at least 50 characters, in production.")
PORT = env.number("PORT", 8000, least=1)
PLATFORM_HOST = env.get("PLATFORM_HOST", "localhost")
CLINIC_DOMAIN = env.get("CLINIC_DOMAIN", PLATFORM_HOST)  # glow → glow.<this>
SITE_SCHEME = env.choice("SITE_SCHEME", "https" if PRODUCTION else "http", {"http", "https"})
SITE_PORT = env.get("SITE_PORT", "" if PRODUCTION else str(PORT))
ALLOWED_HOSTS = ["*"]  # the host picks the clinic; tenants.middleware refuses every host it does not know
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
PUBLIC_RATE_LIMIT = env.flag("PUBLIC_RATE_LIMIT", default=True)
if PRODUCTION and not PUBLIC_RATE_LIMIT:
    raise ImproperlyConfigured("PUBLIC_RATE_LIMIT=0 is for load tests and refused in production.")

CONTACT_MAIL = env.get("CONTACT_MAIL", f"hello@{PLATFORM_HOST if '.' in PLATFORM_HOST else 'medspa.example'}")

# --- Apps: what lives in the public schema, what in each clinic's ----------------------------------------
SHARED_APPS = [
    "medspa",  # before django_tenants: its `migrate` wins
    "django_tenants",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_htmx",
    "anymail",
    "core",
    "vault",
    "audit",
    "tenants",
    "accounts",
    "messaging",
    "support",
    "support.apps.PlatformAdminConfig",  # Django's admin, with our site
    "website",
]
TENANT_APPS = [
    "django.contrib.sessions",
    "allauth.account",
    "allauth.mfa",
    "audit",
    "accounts",
    "files",
    "practice",
    "messaging",
    "ai",
    "patients",
    "consents",
    "photos",
    "documents",
    "scheduling",
    "charting",
    "webhooks",
    "desk",
    "portal",
]
INSTALLED_APPS = SHARED_APPS + [app for app in TENANT_APPS if app not in SHARED_APPS]
TENANT_MODEL = "tenants.Clinic"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
TENANT_SYNC_ROUTER = "medspa.routers.HouseRouter"
TEMPLATE_SCHEMA = "template_clinic"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Databases: three logins -----------------------------------------------------------------------------
NO_SERVER = "postgresql://nobody@/medspa?host=/nonexistent"
POOL: dict[str, object] = {
    "pool": {
        "min_size": 1,
        "max_size": env.number("DB_POOL", 4, least=1),
        "timeout": env.number("DB_POOL_TIMEOUT", 3, least=1),
        # Left to itself the pool waits twice as long after each try, for minutes after the server is back.
        "reconnect_timeout": 1,
    }
}
DATABASES: dict[str, dict[str, object]] = {
    "default": database(env.get("DATABASE_URL", NO_SERVER), engine="tenants.backend", options=POOL),
    "vault": database(
        env.get("VAULT_DATABASE_URL", NO_SERVER), engine="django.db.backends.postgresql", options=POOL
    ),
}
# A vault that is away must be found out fast, and found again without a failed request.
DATABASES["vault"] |= {"CONN_HEALTH_CHECKS": True, "OPTIONS": {"pool": {**POOL["pool"], "timeout": 2}}}  # type: ignore[dict-item]
if env.may_own and env.get("OWNER_DATABASE_URL"):
    DATABASES["owner"] = database(env.get("OWNER_DATABASE_URL"), engine="django_tenants.postgresql_backend")
if PRODUCTION and any(db["HOST"] == "/nonexistent" for db in DATABASES.values()):
    raise ImproperlyConfigured("DATABASE_URL and VAULT_DATABASE_URL must be set in production.")
DATABASE_ROUTERS = ["medspa.routers.HouseRouter"]
KEYRING_PATH = env.get("KEYRING_PATH", str(VAR_DIR / "secrets" / "keyring.json"))
ANCHORS_PATH = env.get("ANCHORS_PATH", str(VAR_DIR / "anchors" / "anchors.jsonl"))
ANCHOR_KEY_PATH = env.get("ANCHOR_KEY_PATH", str(VAR_DIR / "secrets" / "anchor.pem"))
# Keys that were destroyed, on two stores: what `restore` destroys again (vault.tombstones)
TOMBSTONES_PATH = env.get("TOMBSTONES_PATH", str(VAR_DIR / "tombstones" / "ledger.jsonl"))
TOMBSTONES_COPY_PATH = env.get("TOMBSTONES_COPY_PATH", str(VAR_DIR / "secrets" / "tombstones.jsonl"))
BACKUP_KEY_PATH = env.get("BACKUP_KEY_PATH", str(VAR_DIR / "secrets" / "backup.key"))
PG_BIN = env.get("PG_BIN")  # folder of pg_dump and pg_restore of the server's version; else the wheel's
VAULT_APP = "medspa"
VAULT_ENV = DJANGO_ENV

# --- Redis: cache and queue ------------------------------------------------------------------------------
REDIS_URL = env.get("REDIS_URL", "redis://127.0.0.1:1/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "tenants.cache.make_key",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2, "retry": Retry(NoBackoff(), 0)},
    }
}
CELERY_BROKER_URL = env.get("CELERY_BROKER_URL", REDIS_URL.replace("unix://", "redis+socket://"))
CELERY_TASK_DEFAULT_QUEUE = "default"
# Each queue has a worker of its own (docs/operate.md): strangers' slow servers must not hold up messages to patients.
CELERY_TASK_ROUTES = {
    "tenants.tasks.provision": {"queue": "provision"},
    "webhooks.tasks.send_deliveries": {"queue": "webhooks"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300, "socket_connect_timeout": 1, "max_retries": 1}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.2}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "due": {"task": "tenants.tasks.sweep_due", "schedule": timedelta(seconds=2)},
    "sign-ups": {"task": "website.tasks.resume_sign_ups", "schedule": timedelta(seconds=20)},
    "anchor": {"task": "tenants.tasks.anchor_trails", "schedule": timedelta(hours=1)},
    "metrics": {"task": "medspa.tasks.gather_metrics", "schedule": timedelta(seconds=30)},
    "due-reconcile": {"task": "tenants.tasks.reconcile_all", "schedule": timedelta(hours=6)},
}
CLINIC_VOICE = "practice.profile.profile"  # where messaging learns the clinic's name and contact
CLINIC_ZONE = "practice.profile.clinic_zone"  # … and by whose clock
# What may fall due, and the task (of the clinic's worker) that gets the ids: docs/floors.md
DUE_TASKS = {
    "message": "messaging.tasks.send_messages",
    "inbound": "messaging.tasks.apply_inbound",
    "reminder": "scheduling.tasks.plan_reminders",
    "hold": "scheduling.tasks.expire_holds",
    "webhook": "webhooks.tasks.send_deliveries",
    "portal_code": "portal.tasks.send_codes",
    "aftercare": "charting.tasks.send_aftercare",
}
# Tasks that look for work that lost its row in the due-queue, one a clinic, every few hours.
RECONCILE_TASKS = [
    "accounts.tasks.reconcile",
    "messaging.tasks.reconcile",
    "scheduling.tasks.reconcile",
    "webhooks.tasks.reconcile",
    "portal.tasks.reconcile",
    "files.tasks.sweep_objects",
    "files.tasks.purge_passed",
    "charting.tasks.reconcile",
]
PLATFORM_RECONCILE_TASKS = ["accounts.tasks.reconcile", "messaging.tasks.reconcile"]

# First-run hints for the staff, in the order in which a page shows them: see accounts.hints.
STAFF_HINTS = ["desk.hints.HINTS", "practice.hints.HINTS", "webhooks.hints.HINTS"]

# A patient's record at the desk (patients.record): its tabs, what must not be overlooked, and the timeline.
RECORD_TABS = [
    "desk.record.VISITS",
    "charting.record.CHART",
    "charting.record.HISTORY",
    "consents.record.FORMS",
    "charting.record.TREATMENTS",
    "charting.record.PLANS",
    "photos.record.PHOTOS",
    "documents.record.DOCUMENTS",
    "desk.record.LOG",
]
RECORD_ALERTS: list[str] = [
    "charting.alerts.alerts",
    "consents.record.alerts",
    "charting.events.alerts",
]
RECORD_TIMELINE = [
    "scheduling.record.entries",
    "charting.record.entries",
    "consents.record.entries",
    "charting.events.entries",
    "photos.record.entries",
    "documents.record.entries",
]

# Who is asked before a treatment begins, in the transaction that begins it; the gate stands above.
START_GATE = "charting.actions.gate.guard_start"
# What moves by rules of its own when two records of a patient are merged; rows with a key to the person move by themselves.
HAND_OVER = [
    "charting.handed"
]  # what is done on a screen that is handed over, besides signing (patients.handing)
RECORD_MOVERS = ["scheduling.merging"]

COMING_VISITS = "scheduling.coming.coming_visits"  # where the forms ask which visits are ahead
KNOWN_PATIENT = "portal.booking.known_patient"  # where the booking pages ask who has signed in
# What the home of the portal shows, in this order: each is asked with the person, and answers a card or nothing.
PORTAL_CARDS = [
    "portal.cards.new_message",
    "charting.home_cards.call",
    "charting.home_cards.forms",
    "consents.home_cards.to_sign",
    "charting.home_cards.plans",
    "scheduling.home_cards.next_visit",
    "charting.home_cards.aftercare",
    "charting.home_cards.treatments",
    "scheduling.home_cards.past_visits",
    "photos.home_cards.released",
    "documents.home_cards.documents",
    "portal.cards.messages",
    "portal.cards.dependants",
    "portal.cards.details",
    "portal.cards.opened",
]

# --- Requests --------------------------------------------------------------------------------------------
MIDDLEWARE = [
    "medspa.metrics.RequestMetrics",
    "medspa.middleware.Correlation",
    "medspa.middleware.Headers",
    "medspa.middleware.Health",
    "medspa.policy.ContentPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.ClinicMiddleware",
    "medspa.middleware.PublicReads",
    "medspa.middleware.Problems",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "medspa.language.PageLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "audit.middleware.ReadTrail",
    "accounts.middleware.SecondFactor",
    "accounts.idempotency.Idempotency",
]
# Name servers that are asked about clinics' own hosts; none: those of this machine
DNS_SERVERS = [each.strip() for each in env.get("DNS_SERVERS").split(",") if each.strip()]
PUBLIC_READS = {"/api/v1/availability/": "scheduling.api.Availability"}  # see medspa.middleware.PublicReads
ROOT_URLCONF = "medspa.urls_clinic"
PUBLIC_SCHEMA_URLCONF = "medspa.urls_platform"
WSGI_APPLICATION = "medspa.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "practice.context.clinic",
                "desk.context.staff",
                "portal.context.patient",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = PRODUCTION
PLAIN_PATHS = {"/livez", "/readyz", "/metrics", "/hosts/known"}  # asked from inside, without TLS
SECURE_REDIRECT_EXEMPT = [rf"^{path[1:]}$" for path in sorted(PLAIN_PATHS)]
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-session" if SITE_SCHEME == "https" else "session"
PATIENT_COOKIE_NAME = "__Host-portal" if SITE_SCHEME == "https" else "portal"
SESSION_COOKIE_SECURE = SITE_SCHEME == "https"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SITE_SCHEME == "https" else "csrf"
CSRF_COOKIE_SECURE = SITE_SCHEME == "https"
CSRF_COOKIE_HTTPONLY = True
PROBLEM_VIEW = "medspa.errors.answer"
CSRF_FAILURE_VIEW = "medspa.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = SITE_SCHEME == "https"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_HANDLERS = ["core.uploads.CappedUpload"]  # never on disk in clear
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W001",  # medspa.middleware.Headers sets what SecurityMiddleware would, on errors too
    "security.W002",  # … and X-Frame-Options
]

# --- People ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["accounts.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/desk/sign-in/"
ACCOUNT_ADAPTER = "accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_RATE_LIMITS = False  # accounts.throttle stands before it, row-locked
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "medspa"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1

# --- API -------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_auth.BearerAuthentication",
        "accounts.api_auth.StaffSessionAuthentication",
        "portal.api_auth.PatientSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api_auth.Closed"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "medspa.api_errors.problem_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "medspa API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "PersonState": ["claimed", "verified"],
        "NoteState": ["draft", "signed"],
        "GateItemState": ["ok", "soon", "open"],
        "ConsentKind": "consents.models.FormKind.values",
        "ConsentState": ["live", "never", "expired", "outdated", "withdrawn", "voided"],
        "ConsentChannel": "consents.models.Channel.values",
        "MessageChannel": "messaging.models.Channel.values",
        "DocumentKind": "documents.models.Kind.values",
        "ReactionState": "charting.models.EventState.values",
        "DeliveryState": ["queued", "sending", "delivered", "dead", "dropped"],
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "medspa.api_description.complete",
    ],
}

# --- Language, time, files -------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.get("STATIC_ROOT", str(VAR_DIR / "static")))
ASSETS_DIR = BASE_DIR / "var" / "assets"  # where medspa.assets builds, whatever MEDSPA_VAR says
STATICFILES_DIRS = [BASE_DIR / "static", *([ASSETS_DIR] if ASSETS_DIR.is_dir() else [])]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if (STATIC_ROOT / "staticfiles.json").exists() and DJANGO_ENV != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DJANGO_ENV == "test"
WHITENOISE_AUTOREFRESH = DJANGO_ENV == "test"  # else each test's client reads every static file first
WHITENOISE_MANIFEST_STRICT = True

# --- Providers: live only when the key is set; else the sandbox on loopback ------------------------------
SANDBOX_URL = env.get("SANDBOX_URL", "")
TWILIO_ACCOUNT_SID = env.get("TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKEN = env.get("TWILIO_AUTH_TOKEN")
TWILIO_API_BASE_URL = env.get("TWILIO_API_BASE_URL", SANDBOX_URL)
TWILIO_ANSWERS_OPT_OUT = env.flag("TWILIO_ANSWERS_OPT_OUT", default=True)
RESEND_API_KEY = env.get("RESEND_API_KEY")
RESEND_API_URL = env.get("RESEND_API_URL", SANDBOX_URL)
RESEND_SIGNING_SECRET = env.get("RESEND_SIGNING_SECRET")
if PRODUCTION and SANDBOX_URL:
    raise ImproperlyConfigured("SANDBOX_URL is for development; unset it in production.")
# A language model for drafts, in OpenAI's wire format; without a key the rules draft. The sandbox takes any key.
AI_API_KEY = env.get("AI_API_KEY", "sandbox" if SANDBOX_URL else "")
AI_BASE_URL = env.get("AI_BASE_URL", f"{SANDBOX_URL}/v1" if SANDBOX_URL else "")
AI_MODEL = env.get("AI_MODEL", "sandbox-notes" if SANDBOX_URL else "")
EMAIL_BACKEND = "anymail.backends.resend.EmailBackend"
ANYMAIL = {
    "RESEND_API_KEY": RESEND_API_KEY,
    "RESEND_SIGNING_SECRET": RESEND_SIGNING_SECRET,
    **({"RESEND_API_URL": RESEND_API_URL} if RESEND_API_URL else {}),
    "REQUESTS_TIMEOUT": (2, 10),
}
# Photos: sealed before they are stored, in one bucket of any server that speaks S3 (files.storage)
AWS_ENDPOINT_URL_S3 = env.get("AWS_ENDPOINT_URL_S3")
AWS_ACCESS_KEY_ID = env.get("AWS_ACCESS_KEY_ID")
AWS_SECRET_ACCESS_KEY = env.get("AWS_SECRET_ACCESS_KEY")
AWS_REGION = env.get("AWS_REGION", "us-east-1")
PHOTOS_BUCKET = env.get("PHOTOS_BUCKET", "medspa-photos")
# Webhooks go to public addresses only; for a receiver on the developer's own machine this lets loopback through.
WEBHOOKS_TO_LOOPBACK = env.flag("WEBHOOKS_TO_LOOPBACK", default=not PRODUCTION)
if PRODUCTION and WEBHOOKS_TO_LOOPBACK:
    raise ImproperlyConfigured("WEBHOOKS_TO_LOOPBACK=1 is for development and refused in production.")
MAIL_FROM = env.get("MAIL_FROM", f"notices@{PLATFORM_HOST if '.' in PLATFORM_HOST else 'medspa.example'}")

# --- Logs and errors: never a person ---------------------------------------------------------------------
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"})
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "medspa.logs.JsonFormatter"}},
    "filters": {"scrub": {"()": "medspa.logs.Scrub"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["scrub"]},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.db.backends": {"level": "INFO"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "urllib3": {"level": "INFO"},
        "twilio": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},  # it tells each credential's id
    },
}
SENTRY_DSN = env.get("SENTRY_DSN")
METRICS_TOKEN = env.get("METRICS_TOKEN")  # for /metrics from elsewhere than loopback
if METRICS_TOKEN and len(METRICS_TOKEN) < 32:
    raise ImproperlyConfigured("METRICS_TOKEN must have at least 32 characters.")

# Tables of other packages, in our terms: (class, who the rows are about, retention); see tenants.classes
FOREIGN_TABLES = {
    "admin.LogEntry": ("derived", "staff", "audit"),  # stays empty: our own trail is the log
    "sessions.Session": ("ordinary", "staff", "while_needed"),
    "account.EmailAddress": ("ordinary", "staff", "account"),
    "account.EmailConfirmation": ("ordinary", "staff", "while_needed"),
    "mfa.Authenticator": ("ordinary", "staff", "account"),
    "auth.Group": ("ordinary", "nobody", "while_needed"),
    "auth.Permission": ("ordinary", "nobody", "while_needed"),
    "contenttypes.ContentType": ("ordinary", "nobody", "while_needed"),
    "migrations.Migration": ("append_only", "nobody", "while_needed"),
}
