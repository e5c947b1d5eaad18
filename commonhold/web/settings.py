"""Every setting, read from the environment once; docs/guide/running.md lists them."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from commonhold.web.environment import database, flag, home, secret, words

HOME = home()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ.get("SECRET_KEY") or secret(HOME, "secret")
DEBUG = False
ALLOWED_HOSTS = words("COMMONHOLD_HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = words("COMMONHOLD_ORIGINS", "")
BEHIND_TLS = flag("COMMONHOLD_TLS")
SITE = os.environ.get("COMMONHOLD_SITE", "")

DATABASES = {"default": database(os.environ.get("DATABASE_URL"), HOME)}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # a worker imports the apps' tasks, and nothing else does
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ON_POSTGRESQL = DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    *(["procrastinate.contrib.django"] if ON_POSTGRESQL else []),
    *(["django_linear_migrations"] if flag("COMMONHOLD_DEVELOPMENT") else []),
    "commonhold.govuk",
    "commonhold.documents",
    "commonhold.ledger",
    "commonhold.jobs",
    "commonhold.partnership",
    "commonhold.governance",
    "commonhold.demand",
    "commonhold.performance",
    "commonhold.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "commonhold.web.middleware.log_line",
    "commonhold.web.middleware.refuse_too_large",
    "commonhold.web.tokens.without_cookies",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "commonhold.web.middleware.who_acts",
    "commonhold.web.middleware.SayNoPlainly",
    "commonhold.web.tokens.WhereTokensAreTaken",
]

ROOT_URLCONF = "commonhold.web.urls"
WSGI_APPLICATION = "commonhold.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "commonhold.govuk.jinja.environment",
            "context_processors": [
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
                "commonhold.web.context.shell",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "commonhold.ledger.durable.DurableFiles",
        "OPTIONS": {"location": HOME / "evidence", "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "commonhold.govuk.storage.HashedFiles"},
}
WHITENOISE_USE_FINDERS = True

# Counts of sign-in attempts, shared by the processes of a machine. Nothing else is cached here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HOME / "limits",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

OFFERS = "commonhold.web.offers.offers"
CHOICES = "commonhold.web.offers.choices"

AUTH_USER_MODEL = "partnership.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "commonhold.partnership.signin.Accounts"
ACCOUNT_SESSION_REMEMBER = True  # a session lasts SESSION_COOKIE_AGE, whoever asks
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_FORMS = {
    "login": "commonhold.partnership.forms.signin.SignIn",
    "change_password": "commonhold.partnership.forms.signin.ChangePassword",
    "set_password": "commonhold.partnership.forms.signin.SetPassword",
    "reset_password": "commonhold.partnership.forms.signin.ResetPassword",
    "reset_password_from_key": "commonhold.partnership.forms.signin.ResetPasswordKey",
    "reauthenticate": "commonhold.partnership.forms.signin.Reauthenticate",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("COMMONHOLD_PROXIES") or BEHIND_TLS)  # limits are per client address
MFA_ADAPTER = "commonhold.partnership.signin.SecondFactors"
MFA_FORMS = {
    "authenticate": "commonhold.partnership.forms.signin.Authenticate",
    "reauthenticate": "commonhold.partnership.forms.signin.ReauthenticateByCode",
    "activate_totp": "commonhold.partnership.forms.signin.ActivateApp",
    "deactivate_totp": "commonhold.partnership.forms.signin.DeactivateApp",
    "generate_recovery_codes": "commonhold.partnership.forms.signin.GenerateCodes",
    "add_webauthn": "commonhold.partnership.forms.signin.AddPasskey",
    "edit_webauthn": "commonhold.partnership.forms.signin.RenamePasskey",
    "authenticate_webauthn": "commonhold.partnership.forms.signin.AuthenticateByPasskey",
    "login_webauthn": "commonhold.partnership.forms.signin.SignInByPasskey",
    "reauthenticate_webauthn": "commonhold.partnership.forms.signin.ReauthenticateByPasskey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Commonhold"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "commonhold.web.views.errors.form_not_sent"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = [
    "commonhold.web.uploading.WithinTheLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_LIMIT = int(os.environ.get("COMMONHOLD_UPLOAD_LIMIT") or 200 * 2**20)
FEEDS = os.environ.get("COMMONHOLD_FEEDS", "")  # the watched folder: NAME/*.csv
UNPACKED_LIMIT = int(os.environ.get("COMMONHOLD_UNPACKED_LIMIT") or 2 * 2**30)

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 30
TELL_BY_EMAIL: bool = "EMAIL_HOST" in os.environ  # people are told on their pages in any case
DEFAULT_FROM_EMAIL = os.environ.get("COMMONHOLD_FROM", "commonhold@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "commonhold.web.log.OneLine"}},
    "filters": {"without_address": {"()": "commonhold.web.log.WithoutAddress"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["without_address"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("COMMONHOLD_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
    },
}
