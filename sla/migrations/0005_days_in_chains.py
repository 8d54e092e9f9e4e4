"""The chain of a calendar tells of its special days, that of a contract of targets that were dropped; those of before
are told of now."""

import json
from collections import defaultdict
from typing import Any

from django.db import migrations

from ledger.adoption import adopt, told
from ledger.verification import replayed

DAY = ("calendar_id", "date", "kind", "windows", "name", "source")


def tell_of_days(apps: Any, _editor: Any) -> None:
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in apps.get_model("sla", "CalendarDay").objects.order_by("pk").values("pk", *DAY):
        key, calendar = row.pop("pk"), row.pop("calendar_id")
        rows[f"calendar:{calendar}"].append(told("sla.calendarday", key, calendar=calendar, **row))
    adopt(apps, rows, action="adopt_days")


def tell_of_dropped_targets(apps: Any, _editor: Any) -> None:
    """Only of those whose change said that they were dropped: what else is gone stays to be named."""
    rows: dict[str, list[Any]] = defaultdict(list)
    for stream, levels in _dropped(apps).items():
        for (label, key), fields in replayed(stream).rows.items():
            is_dropped = label == "sla.contracttarget" and fields and str(fields["level"]) in levels
            if is_dropped and not apps.get_model("sla", "ContractTarget").objects.filter(pk=key).exists():
                rows[stream].append({**told(label, key), "removed": True})
    adopt(apps, rows, action="adopt_dropped_targets")


def _dropped(apps: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    payloads = apps.get_model("ledger", "Payload").objects.filter(entry__action="change_contract")
    for stream, content in payloads.values_list("entry__stream", "content").iterator(chunk_size=500):
        found[stream] |= set(json.loads(content).get("facts", {}).get("dropped", {}))
    return {stream: levels for stream, levels in found.items() if levels}


class Migration(migrations.Migration):
    dependencies = [("sla", "0004_findable_contracts"), ("ledger", "0002_checkpoints")]

    operations = [
        migrations.RunPython(tell_of_days, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(tell_of_dropped_targets, migrations.RunPython.noop, elidable=True),
    ]
