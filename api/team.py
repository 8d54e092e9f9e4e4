"""The team, as its page shows it: who has how much, what is late or will be, what waits since when."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView
from api.clocks import ClockSerializer, told
from api.errors import answers
from base.clock import now
from escalation.queries.team import KINDS, Awaited, Load, Threat, Timed, loads, unhandled, watched
from incidents.access import require_team


class ColleagueSerializer(serializers.Serializer[Any]):
    """One colleague, by employee number, with figures of open records."""

    person = serializers.CharField()
    name = serializers.CharField()
    open = serializers.IntegerField()
    severe = serializers.IntegerField(help_text="Of levels 1 and 2.")
    late = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="Somebody else's move.")
    due_first = serializers.DateTimeField(allow_null=True)
    deputies = serializers.ListField(child=serializers.CharField(), help_text="Who stands in now, while away.")


class TimedSerializer(serializers.Serializer[Any]):
    """A record with the clock that times it now."""

    number = serializers.CharField()
    subject = serializers.CharField()
    handler = serializers.CharField(allow_null=True)
    clock = ClockSerializer(allow_null=True)


class ThreatenedSerializer(TimedSerializer):
    why = serializers.ChoiceField(
        [(each.value, each.value) for each in Threat],
        help_text="Its share of warning is used, under an hour is left, like cases miss, it is due before work ends.",
    )


class AwaitedSerializer(TimedSerializer):
    since = serializers.DateTimeField()


class TeamSerializer(serializers.Serializer[Any]):
    """The team of whoever asks; the lists end after 40 records, due first."""

    as_of = serializers.DateTimeField()
    people = ColleagueSerializer(many=True)
    unhandled = serializers.IntegerField(help_text="Open records in nobody's hand, counted up to 41.")
    late = TimedSerializer(many=True)
    will_be_late = ThreatenedSerializer(many=True)
    waiting = AwaitedSerializer(many=True)


class Team(ApiView):
    """Who has what in the departments of the reader; for desks and heads."""

    @extend_schema(
        operation_id="read_team",
        summary="Read who has what in the team",
        responses={200: TeamSerializer, **answers(403)},
    )
    def get(self, request: Request) -> Response:
        departments, at = require_team(self.actor), now()
        found = watched(self.actor, departments, at)
        answer = {
            "as_of": at,
            "people": [_colleague(each) for each in loads(self.actor, departments)],
            "unhandled": unhandled(self.actor, departments),
            "late": [_line(each) for each in found.late],
            "will_be_late": [{**_line(each), "why": each.threat} for each in found.risky],
            "waiting": [{**_line(each), "since": each.since} for each in found.waiting],
        }
        return Response(TeamSerializer(answer).data)


def _colleague(load: Load) -> dict[str, Any]:
    return {
        "person": load.user.employee_number,
        "name": load.user.name,
        **{kind: getattr(load, kind) for kind in KINDS},
        "due_first": load.worst,
        "deputies": [one.employee_number for one in load.deputies],
    }


def _line(each: Timed | Awaited) -> dict[str, Any]:
    record, handler = each.record, each.record.handler or each.record.desk
    return {
        "number": record.number,
        "subject": record.subject,
        "handler": handler.employee_number if handler else None,
        "clock": told(each.left) if each.left else None,
    }
