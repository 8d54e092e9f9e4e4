"""The Celery application; jobs are sweeps over rows, so a lost or doubled message changes only latency."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("incident_desk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
