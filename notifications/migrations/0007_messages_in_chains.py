"""Chains tell of messages when they are written, batches when they are delivered.

Of those of before both is told now.
"""

from collections import defaultdict
from typing import Any

from django.db import migrations

from config.clock import now
from ledger.actions.chains import Act
from ledger.adoption import adopt, begin, told
from ledger.canonical import plain
from ledger.queries import heads

SET = 500
TOLD = (
    *("event", "stream", "number", "threshold", "cycle", "recipient", "channel", "data", "text"),
    *("created_at", "held_until", "message_id"),
)
LINKS = ("user", "contact", "bot")


def tell_of_messages(apps: Any, _editor: Any) -> None:
    messages, last = apps.get_model("notifications", "Notification"), 0
    while some := list(messages.objects.filter(pk__gt=last).order_by("pk")[:SET]):
        rows: dict[str, list[Any]] = defaultdict(list)
        for one in some:
            links = {name: getattr(one, f"{name}_id") for name in LINKS}
            values = {name: getattr(one, name) for name in TOLD}
            rows[one.stream].append(told("notifications.notification", one.pk, **values, **links))
        begun = heads(rows)
        adopt(apps, rows, action="adopt_messages")
        beside = [row for stream, its_rows in rows.items() if stream not in begun for row in its_rows]
        if (delivered := _delivered(some)) or beside:
            _batch(apps, delivered, beside)
        last = some[-1].pk


def _delivered(messages: list[Any]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for one in messages:
        if one.status == "sent" and (one.channel != "in_app" or one.sent_at != one.created_at):
            found[str(plain(one.sent_at))].append(one.pk)
    return dict(found)


def _batch(apps: Any, delivered: dict[str, list[int]], rows: list[Any]) -> None:
    made = apps.get_model("notifications", "Batch").objects.create(at=now(), delivered=delivered)
    own = told("notifications.batch", made.pk, version=made.version, at=made.at, delivered=delivered)
    begin(apps, [Act(f"messages:{made.pk}", "adopt_messages", "", {**own, "rows": rows, "facts": {}})])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_batches"), ("ledger", "0002_checkpoints")]

    operations = [migrations.RunPython(tell_of_messages, migrations.RunPython.noop, elidable=True)]
