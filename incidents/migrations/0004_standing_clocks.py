from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def note_standing_clocks(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What waits now with a clock that stands."""
    declarations = apps.get_model("incidents", "Declaration").objects.filter(state="waiting_customer")
    standing = declarations.filter(resolution_clock__paused_at__lt=F("resolution_clock__due_at"))
    keys = list(standing.values_list("pk", flat=True))
    for first in range(0, len(keys), 500):
        declarations.filter(pk__in=keys[first : first + 500]).update(clock_stands=True)


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0003_climbing_and_alarm_sources"),
        ("sla", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="declaration",
            name="clock_stands",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="reopening",
            name="earlier_met",
            field=models.BooleanField(null=True),
        ),
        migrations.RunPython(note_standing_clocks, migrations.RunPython.noop),
    ]
