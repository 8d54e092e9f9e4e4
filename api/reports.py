"""The figures of clause 7."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView
from api.bodies import valid
from api.errors import answers
from ledger.exceptions import Invalid
from reports.asking import Answer, answer, form_of
from reports.forms import FiguresForm
from reports.lines import NONE, By

DESCRIBED = {
    "since": "First month, 2026-08; without it the last six months are counted.",
    "until": "Last month, 2026-11; at most 36 months from the first one.",
    "department": "Code of a department.",
    "customer": f"Code of a customer, or {NONE}: unknown callers.",
    "level": f"1 to 4, or {NONE}: not classified.",
    "by": "By what the lines divide the figures.",
}


class RateSerializer(serializers.Serializer[Any]):
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True, help_text="Two decimals; null of nothing.")


class SlaSumsSerializer(serializers.Serializer[Any]):
    resolution = RateSerializer(help_text="Incidents solved in time, of all solved; by month of solution.")
    response = RateSerializer(help_text="Declarations answered in time, of all answered or due; by month of receipt.")
    attainment = RateSerializer(help_text="Incidents both answered and solved in time, of all solved.")
    overdue = serializers.IntegerField(help_text="Incidents past their due time and unsolved now.")


class SlaLineSerializer(SlaSumsSerializer):
    key = serializers.CharField()
    name = serializers.CharField()


class SlaSerializer(serializers.Serializer[Any]):
    """The figures as a whole and divided; the lines make up the whole."""

    as_of = serializers.DateTimeField()
    since = serializers.CharField()
    until = serializers.CharField()
    by = serializers.ChoiceField(choices=By.choices)
    total = SlaSumsSerializer()
    lines = SlaLineSerializer(many=True)


class SlaFigures(ApiView):
    """Solved and answered within the SLA's time."""

    @extend_schema(
        operation_id="read_sla_figures",
        summary="Read the figures of clause 7",
        parameters=[
            OpenApiParameter(name, OpenApiTypes.STR, description=text, enum=By.values if name == "by" else None)
            for name, text in DESCRIBED.items()
        ],
        responses={200: SlaSerializer, **answers(404, 422)},
    )
    def get(self, request: Request) -> Response:
        form = form_of(self.actor, request.query_params.dict())
        _refuse_unknown(form, request)
        valid(form)
        return Response(_data(answer(self.actor, form)))


def _refuse_unknown(form: FiguresForm, request: Request) -> None:
    unknown = sorted(set(request.query_params) - set(form.fields))
    if unknown:
        raise Invalid({name: [_("There is no such filter.")] for name in unknown})


def _data(found: Answer) -> dict[str, Any]:
    return SlaSerializer(
        {
            "as_of": found.at,
            "since": str(found.asked.period.first),
            "until": str(found.asked.period.last),
            "by": found.by,
            "total": found.total,
            "lines": [{"key": line.key, "name": line.label, **vars(line.sums)} for line in found.lines],
        }
    ).data
