"""The Celery application; jobs are sweeps over rows, so a lost or doubled message changes only latency."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("incident_desk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_logging(**kwargs: Any) -> None:
    """Celery leaves logging alone once somebody listens here; settings.LOGGING holds for every process."""


@worker_init.connect
def _refuse_unfit_worker(**kwargs: Any) -> None:
    _refuse_unfit(signs=True)


@beat_init.connect
def _refuse_unfit_beat(**kwargs: Any) -> None:
    _refuse_unfit(signs=False)


def _refuse_unfit(*, signs: bool) -> None:
    from django.db import connection  # both need Django set up, which Celery has done by now

    from config.checks import refuse_unfit

    try:
        refuse_unfit(signs=signs)
    except Exception as reason:
        # Celery logs what its receivers raise and goes on, unless it is this.
        raise SystemExit(f"{type(reason).__name__}: {reason}") from reason
    finally:
        connection.close()  # the embedded beat is forked off next, and must not inherit it
