"""How time left looks to programs: the same computation as on every page, at the instant of the answer."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from sla.models import Clock
from sla.queries import TimeLeft, TimeState, counted_lines, reasons

KINDS = ("response", "resolution", "relay", "handover", "decision", "countersign")


class ClockSerializer(serializers.Serializer[Any]):
    """One clock now. Seconds are of counted time; `left_seconds` is negative by what is overdue.

    `due_at` is null while a pause makes it uncertain.
    """

    kind = serializers.ChoiceField([(kind, kind) for kind in KINDS])
    state = serializers.ChoiceField([(state.value, state.value) for state in TimeState])
    due_at = serializers.DateTimeField(allow_null=True)
    left_seconds = serializers.IntegerField()
    used_seconds = serializers.IntegerField()
    words = serializers.CharField()


class VerdictSerializer(ClockSerializer):
    """One clock now, with what was found when it ended; a breach stays, also where a later target was kept (A-29)."""

    started_at = serializers.DateTimeField()
    stopped_at = serializers.DateTimeField(allow_null=True)
    met = serializers.BooleanField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    why = serializers.ListField(child=serializers.CharField(), help_text="Why it is due then, in sentences.")
    counted = serializers.ListField(child=serializers.CharField(), help_text="The stretches that add up to it.")


def told(left: TimeLeft) -> dict[str, Any]:
    """What `ClockSerializer` says."""
    return {
        "kind": left.kind,
        "state": left.state.value,
        "due_at": None if left.state in (TimeState.PAUSED, TimeState.CANCELLED) else left.due,
        "left_seconds": int(left.left.total_seconds()),
        "used_seconds": int(left.used.total_seconds()),
        "words": left.words,
    }


def judged(clock: Clock, left: TimeLeft) -> dict[str, Any]:
    """What `VerdictSerializer` says."""
    columns = ("started_at", "stopped_at", "met", "breached_at")
    verdict = {name: getattr(clock, name) for name in columns}
    return told(left) | verdict | {"why": reasons(clock), "counted": counted_lines(clock)}
