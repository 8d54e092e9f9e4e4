"""All that has ended waits to be counted: the job of the figures does it, and until then their pages count it."""

from __future__ import annotations

from typing import Any

from django.db import migrations

ENDED = ("closed", "filed", "handover_done", "invalid", "request_declined", "request_done", "withdrawn")


def wait(apps: Any, editor: Any) -> None:
    """One statement: there may be a million."""
    marks = ", ".join(["%s"] * len(ENDED))
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO incidents_awaitscount (declaration_id)"  # noqa: S608 nothing but marks is in it
            f" SELECT id FROM incidents_declaration WHERE state IN ({marks})",
            ENDED,
        )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0009_awaits_count")]

    operations = [migrations.RunPython(wait, migrations.RunPython.noop, elidable=True)]
