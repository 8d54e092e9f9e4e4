"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from django.db import connections  # noqa: E402  Django must be set up first
from django.urls import get_resolver  # noqa: E402

from config.checks import refuse_unfit  # noqa: E402

refuse_unfit()
# Workers are forked off with all pages loaded, which they then share, and with no connection, which they must not.
get_resolver().url_patterns  # noqa: B018  a property that loads them
connections.close_all()
gc.collect()
gc.freeze()
