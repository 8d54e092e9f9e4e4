"""Warnings, escalation requests and problems as programs see them."""

from __future__ import annotations

from rest_framework import serializers

from api.representation.codes import code, person
from escalation.models import Acknowledgement, Countersignature, Decision, EscalationRequest, Problem, Warning


class AcknowledgementSerializer(serializers.ModelSerializer[Acknowledgement]):
    by = person("by")

    class Meta:
        model = Acknowledgement
        fields = ("at", "by")


class WarningSerializer(serializers.ModelSerializer[Warning]):
    by = person("by")
    acknowledgements = AcknowledgementSerializer(many=True)

    class Meta:
        model = Warning
        fields = (
            "kind",
            "at",
            "by",
            "threshold",
            "reached_at",
            "recipients",
            "reason",
            "expected_at",
            "acknowledgements",
        )


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    by = person("by")

    class Meta:
        model = Decision
        fields = ("at", "by", "approved", "reason")


class CountersignatureSerializer(serializers.ModelSerializer[Countersignature]):
    by = person("by")

    class Meta:
        model = Countersignature
        fields = ("at", "by", "agrees", "opinion")


class EscalationSerializer(serializers.ModelSerializer[EscalationRequest]):
    """`version` is what If-Match names where the request is decided or countersigned."""

    by = person("by")
    problem = code("problem.number")
    decisions = DecisionSerializer(many=True)
    countersignatures = CountersignatureSerializer(many=True)

    class Meta:
        model = EscalationRequest
        fields = (
            "version",
            "state",
            "trigger",
            "reason",
            "by",
            "at",
            "approved",
            "objections",
            "lapsed_at",
            "decisions",
            "countersignatures",
            "problem",
        )


class ProblemRecordSerializer(serializers.ModelSerializer[Problem]):
    """A problem with the incident that it was raised from."""

    url = serializers.HyperlinkedIdentityField("api-problem", lookup_field="number")
    declaration = serializers.CharField(source="declaration.number")
    declaration_url = serializers.HyperlinkedRelatedField(  # type: ignore[var-annotated]
        "api-declaration", source="declaration", lookup_field="number", read_only=True
    )
    customer = code("customer.code")
    acknowledged_by = person("acknowledged_by")
    withdrawn_by = person("withdrawn_by")
    reason = serializers.CharField(source="request.reason")
    trigger = serializers.ChoiceField(EscalationRequest.Trigger.choices, source="request.trigger")

    class Meta:
        model = Problem
        fields = (
            "number",
            "url",
            "version",
            "declaration",
            "declaration_url",
            "customer",
            "leaf",
            "subject",
            "raised_at",
            "trigger",
            "reason",
            "acknowledged_by",
            "acknowledged_at",
            "reference",
            "withdrawn_by",
            "withdrawn_at",
            "withdrawal_reason",
        )
