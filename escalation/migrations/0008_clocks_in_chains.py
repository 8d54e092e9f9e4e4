"""The chain of a declaration tells of its clocks and of what happened to them; those of before are told of now."""

from collections import defaultdict
from typing import Any

from django.db import migrations

from ledger.adoption import adopt, told

SET = 500
# Where a clock is pointed to from, and by which column the declaration is known there.
OWNERS = (
    ("incidents", "Declaration", "relay_clock", "pk"),
    ("incidents", "Declaration", "response_clock", "pk"),
    ("incidents", "Declaration", "resolution_clock", "pk"),
    ("incidents", "Handover", "clock", "declaration_id"),
    ("escalation", "EscalationRequest", "decision_clock", "declaration_id"),
    ("escalation", "EscalationRequest", "countersign_clock", "declaration_id"),
    ("escalation", "Decision", "clock", "declaration_id"),
    ("escalation", "Countersignature", "clock", "declaration_id"),
)


def tell_of_clocks(apps: Any, _editor: Any) -> None:
    clock, last = apps.get_model("sla", "Clock"), 0
    while some := list(clock.objects.filter(pk__gt=last).order_by("pk")[:SET]):
        owners = _owners(apps, [one.pk for one in some])
        rows: dict[str, list[Any]] = defaultdict(list)
        for one in some:
            if one.pk in owners:
                rows[f"declaration:{owners[one.pk]}"] += [told("sla.clock", one.pk, kind=one.kind), *_events(apps, one)]
        adopt(apps, rows, action="adopt_clocks")
        last = some[-1].pk


def _owners(apps: Any, clocks: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for room, name, link, declaration in OWNERS:
        rows = apps.get_model(room, name).objects.filter(**{f"{link}__in": clocks})
        found.update(rows.values_list(f"{link}_id", declaration))
    return found


def _events(apps: Any, clock: Any) -> list[Any]:
    names = ("clock_id", "sequence", "kind", "at", "data")
    rows = apps.get_model("sla", "ClockEvent").objects.filter(clock=clock).order_by("sequence").values("pk", *names)
    return [
        told("sla.clockevent", row.pop("pk"), clock=row.pop("clock_id"), **row) for row in rows.iterator(chunk_size=SET)
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0007_stopped_clocks"),
        ("incidents", "0005_problem_withdrawn"),
        ("ledger", "0002_checkpoints"),
        ("sla", "0005_days_in_chains"),
    ]

    operations = [migrations.RunPython(tell_of_clocks, migrations.RunPython.noop, elidable=True)]
