import uuid
from email.utils import parseaddr

from django.conf import settings
from django.db import migrations


def begin_to_wait(apps, schema_editor):
    """Messages that wait already get the time and the name that new ones are written with."""
    rows = apps.get_model("notifications", "Notification").objects
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    for row in rows.filter(status__in=["queued", "failed"], next_attempt_at=None).iterator():
        row.next_attempt_at = row.held_until or row.created_at
        if row.channel != "in_app":
            row.message_id = f"{uuid.uuid4()}@{domain}"
        row.save(update_fields=["next_attempt_at", "message_id"])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_channels")]
    operations = [migrations.RunPython(begin_to_wait, migrations.RunPython.noop)]
