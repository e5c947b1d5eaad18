"""The product's settings with the probe beside its apps; the database is the environment's."""

from commonhold.web.settings import *  # noqa: F403
from commonhold.web.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.jobs.probe"]
