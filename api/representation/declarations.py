"""A declaration as a line of a list and whole, as programs see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.actors import Actor
from api.clocks import ClockSerializer, VerdictSerializer, judged, told
from api.representation.codes import code, person
from api.representation.escalation import EscalationSerializer, WarningSerializer
from api.representation.parts import (
    AnnexSerializer,
    AttachmentSerializer,
    CommunicationSerializer,
    HandlingSerializer,
    HandoverSerializer,
    LookupSerializer,
    VisitSerializer,
)
from base.compiled import Parameter
from incidents.access import next_steps, seen_rows
from incidents.models import Declaration, State
from record_form.verbs import VERBS
from sla.queries import time_left

COLUMNS = (
    "other_demands",
    "registered_at",
    "late_reason",
    "contact_means",
    "caller_name",
    "caller_phone",
    "caller_company",
    "pages",
    "sender_reference",
    "received_on",
    "no_file_reason",
    "source",
    "system",
    "source_ref",
    "alarm_count",
    "accepted_at",
    "relayed_at",
    "relay_acknowledged_at",
    "first_response_at",
    "first_response_way",
    "valid",
    "invalid_reason",
    "invalid_text",
    "is_customer",
    "contract_in_force",
    "service_in_contract",
    "screened_at",
    "verbatim",
    "request_reason",
    "request_result",
    "request_completed_on",
    "head_agrees",
    "risk_control_agrees",
    "customer_answered_at",
    "leaf",
    "leaf_path",
    "impact",
    "urgency",
    "grading_basis",
    "category_gap",
    "is_major",
    "target",
    "target_source",
    "repeat_ordinal",
    "repeats",
    "classified_at",
    "contract_notes_confirmed_at",
    "looked_up_at",
    "article_code",
    "started_at",
    "plan",
    "communicated_at",
    "escalation_triggers",
    "escalation_state",
    "escalation_climbed",
    "escalation_settled_at",
    "problem_number",
    "breach_reason",
    "cause",
    "solution",
    "solution_kind",
    "supporters",
    "told_way",
    "quick_solved",
    "confirmed_at",
    "satisfaction",
    "reopen_count",
    "closed_at",
    "completion_asked_at",
    "filed_at",
    "paper_place",
    "retention_until",
    "ended_at",
)


LINE = (
    "number",
    "url",
    "version",
    "state",
    "type",
    "restricted",
    "channel",
    "subject",
    "priority",
    "customer",
    "contact",
    "contract",
    "department",
    "desk",
    "handler",
    "received_at",
    "due_at",
    "resolved_at",
    "clock",
)


PEOPLE = (
    "accepted_by",
    "relayed_by",
    "first_response_by",
    "screened_by",
    "classified_by",
    "receiver",
    "resolved_by",
    "closed_by",
    "filed_by",
)


PARTS = (
    *("attachments", "communications", "lookups", "handling", "visits", "handovers", "warnings", "escalations"),
    "annexes",
)


def _linked(seen: QuerySet[Declaration]) -> QuerySet[Declaration, Any]:
    of = seen.filter(linked_to=Parameter("declaration", BigIntegerField()))
    return of.order_by("number").values_list("number")


class StepSerializer(serializers.Serializer[Any]):
    """A verb that the reader may use, and why it is not possible now; `version_of` says whose version it needs."""

    verb = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    clause = serializers.CharField()
    possible = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())
    version_of = serializers.ChoiceField(["declaration", "request"])


class LineSerializer(serializers.ModelSerializer[Declaration]):
    """A declaration in a list."""

    url = serializers.HyperlinkedIdentityField("api-declaration", lookup_field="number")
    customer = code("customer.code")
    contact = code("contact.code")
    contract = code("contract.number")
    department = code("department.code")
    desk = person("desk")
    handler = person("handler")
    clock = serializers.SerializerMethodField(help_text="The clock that matters now, as lists show it.")

    class Meta:
        model = Declaration
        fields: tuple[str, ...] = LINE

    @extend_schema_field(ClockSerializer(allow_null=True))
    def get_clock(self, declaration: Declaration) -> dict[str, Any] | None:
        left = self.context["clocks"].get(declaration.pk)
        return ClockSerializer(told(left)).data if left else None


class DeclarationSerializer(LineSerializer):
    """A declaration with its rows, and with what the reader may do now."""

    accepted_by = person("accepted_by")
    relayed_by = person("relayed_by")
    first_response_by = person("first_response_by")
    screened_by = person("screened_by")
    classified_by = person("classified_by")
    receiver = person("receiver")
    resolved_by = person("resolved_by")
    closed_by = person("closed_by")
    filed_by = person("filed_by")
    told_to = code("told_to.code")
    duplicate_of = code("duplicate_of.number")
    linked_to = code("linked_to.number")
    linked = serializers.SerializerMethodField(help_text="Numbers of the records that follow it, those one may see.")
    attachments = AttachmentSerializer(many=True)
    communications = CommunicationSerializer(many=True)
    lookups = LookupSerializer(many=True)
    handling = HandlingSerializer(many=True)
    visits = VisitSerializer(many=True)
    handovers = HandoverSerializer(many=True)
    warnings = WarningSerializer(many=True)
    escalations = EscalationSerializer(many=True)
    annexes = AnnexSerializer(many=True)
    clocks = serializers.SerializerMethodField(help_text="Response, then resolution.")
    steps = serializers.SerializerMethodField()

    class Meta:
        model = Declaration
        fields = (
            *LINE,
            "body",
            *COLUMNS,
            *PEOPLE,
            "told_to",
            "duplicate_of",
            "linked_to",
            "linked",
            *PARTS,
            "clocks",
            "steps",
        )

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_linked(self, declaration: Declaration) -> list[str]:
        return [number for (number,) in seen_rows(self.context["actor"], _linked, declaration=declaration.pk)]

    @extend_schema_field(VerdictSerializer(many=True))
    def get_clocks(self, declaration: Declaration) -> list[Any]:
        waiting = declaration.state == State.WAITING_CUSTOMER
        clocks = [clock for clock in (declaration.response_clock, declaration.resolution_clock) if clock is not None]
        at: datetime = self.context["at"]
        return [VerdictSerializer(judged(clock, time_left(clock, at, waiting=waiting))).data for clock in clocks]

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, declaration: Declaration) -> list[dict[str, Any]]:
        actor: Actor = self.context["actor"]
        return [
            {
                "verb": step.verb,
                "label": str(step.label),
                "clause": step.clause,
                "possible": step.possible,
                "reasons": [str(reason.sentence) for reason in step.reasons],
                "version_of": VERBS[step.verb].version_of,
            }
            for step in next_steps(actor, declaration)
            if step.verb in VERBS
        ]
