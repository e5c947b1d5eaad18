"""What a web server calls."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonhold.web.settings")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)
# What is loaded stays: looking through all of it for garbage takes 50 ms, and some page's reader would wait for that.
gc.collect()
gc.freeze()
