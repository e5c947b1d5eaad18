"""The product's settings, with a home of the tests' own, and the database that COMMONHOLD_TEST_DATABASE names.

The settings are the first thing that a test run reads, so a PostgreSQL is started here; its workers inherit it.
"""

import atexit
import os
import tempfile
from pathlib import Path

from tests import postgres

if "COMMONHOLD_TEST_HOME" not in os.environ:
    os.environ["COMMONHOLD_TEST_HOME"] = tempfile.mkdtemp(prefix="commonhold-tests-")
# Each process that runs tests has a home of its own: what one holds alone there must not stop another.
os.environ["COMMONHOLD_HOME"] = f"{os.environ['COMMONHOLD_TEST_HOME']}/{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
if not Path(os.environ["COMMONHOLD_HOME"]).is_dir():
    Path(os.environ["COMMONHOLD_HOME"]).mkdir()
if os.environ.get("COMMONHOLD_TEST_DATABASE") == "postgresql":
    if "PGHOST" not in os.environ:
        folder, stop = postgres.start()
        os.environ["PGHOST"] = str(folder)
        atexit.register(stop)
    os.environ["DATABASE_URL"] = f"postgresql://postgres@/commonhold?host={os.environ['PGHOST']}"
else:
    os.environ.pop("DATABASE_URL", None)

from commonhold.web.settings import *  # noqa: F403
from commonhold.web.settings import DATABASES, HOME, ON_POSTGRESQL, STORAGES

if not ON_POSTGRESQL:
    # A file of the tests' own, for each process another: nothing in it has to survive a power cut.
    DATABASES["default"] |= {"TEST": {"NAME": str(HOME / "test.sqlite3")}}
    DATABASES["default"]["OPTIONS"] |= {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT = None  # nothing is gathered: files are served from where they lie
