"""Which clock each record shows, and when that one is due, as `incidents.models.timing` has it from now on.

Both follow from what stands in the chains already, so no entry tells of them.
"""

from typing import Any

from django.db import migrations

SET = 500
HANDED = ("handed_over", "handover_received")
ENDED = ("invalid", "request_declined", "request_done", "handover_done", "withdrawn", "closed", "filed")
READ = ("pk", "state", "first_response_at", "relay_clock", "response_clock", "resolution_clock")


def fill(apps: Any, _editor: Any) -> None:
    declaration, last = apps.get_model("incidents", "Declaration"), 0
    while some := list(declaration.objects.filter(pk__gt=last).order_by("pk").only(*READ)[:SET]):
        keys = _candidates(apps, some)
        clocks = apps.get_model("sla", "Clock").objects.in_bulk([key for found in keys.values() for key in found])
        for one in some:
            _show(one, [clocks[key] for key in keys[one.pk]])
        declaration.objects.bulk_update(some, ["shown_clock", "shown_due_at"])
        last = some[-1].pk


def _candidates(apps: Any, some: list[Any]) -> dict[int, list[int]]:
    handed = [one.pk for one in some if one.state in HANDED]
    under_way = apps.get_model("incidents", "Handover").objects.filter(declaration__in=handed)
    under_way = under_way.filter(completed_at=None, returned_at=None).order_by("pk")
    receipts = dict(under_way.values_list("declaration_id", "clock_id"))
    return {one.pk: [key for key in _timed_by(one, receipts) if key] for one in some}


def _timed_by(one: Any, receipts: dict[int, int | None]) -> list[int | None]:
    if one.state == "relayed":
        return [one.relay_clock_id]
    if one.state in HANDED:
        return [receipts.get(one.pk)]
    if one.first_response_at is None:
        return [one.response_clock_id, one.resolution_clock_id]
    return [one.resolution_clock_id]


def _show(one: Any, clocks: list[Any]) -> None:
    running = sorted(filter(_runs, clocks), key=lambda clock: clock.due_at)
    one.shown_clock = next(iter(running or clocks), None)
    one.shown_due_at = running[0].due_at if running and one.state not in ENDED else None


def _runs(clock: Any) -> bool:
    has_ended = clock.stopped_at is not None or clock.cancelled_at is not None
    return not has_ended and not (clock.paused_at is not None and clock.paused_at < clock.due_at)


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0008_shown_clock"),
        ("sla", "0005_days_in_chains"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
