"""What programs read over the interface: declarations as lists and whole."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from accounts.actors import Actor
from escalation.models import EscalationRequest, Warning
from escalation.queries.problems import NUMBER
from incidents.access import declaration_with, declarations
from incidents.models import (
    Attachment,
    Communication,
    Declaration,
    HandlingStep,
    Handover,
    KnowledgeLookup,
    Visit,
)
from incidents.queries.listing import search_condition

LINE_WITH = ("customer", "contact", "contract", "department", "desk", "handler")
WHOLE_WITH = (
    *LINE_WITH,
    "accepted_by",
    "relayed_by",
    "first_response_by",
    "screened_by",
    "classified_by",
    "resolved_by",
    "closed_by",
    "filed_by",
    "receiver",
    "told_to",
    "duplicate_of",
    "linked_to",
    "response_clock__calendar_version",
    "resolution_clock__calendar_version",
)
LOOKED_UP_WITH = ("by", "voided_by", "article_version__article", "like_case")
# The conditions that a program may set, with the column of each.
FILTERS = {
    "state": "state__in",
    "type": "type__in",
    "level": "priority__in",
    "channel": "channel__in",
    "customer": "customer__code__in",
    "department": "department__code__in",
    "handler": "handler__employee_number__in",
    "leaf": "leaf__in",
    "received_from": "received_at__gte",
    "received_to": "received_at__lt",
}


def found(actor: Actor, wanted: dict[str, Any]) -> QuerySet[Declaration]:
    """What `actor` may see under these conditions, newest receipt first by `declaration_received`; one statement."""
    condition = Q(**{FILTERS[name]: value for name, value in wanted.items() if name in FILTERS and value})
    if wanted.get("q"):
        condition &= search_condition(wanted["q"])
    rows = declarations(actor).filter(condition).select_related(*LINE_WITH)
    return rows.order_by("-received_at", "-pk")


def whole(actor: Actor, number: str) -> Declaration:
    """One declaration with everything that is answered of it, 11 statements; raises DoesNotExist if not to be seen."""
    _require_number(number)
    found = declaration_with(WHOLE_WITH, actor, number)
    prefetch_related_objects([found], *_parts())
    return found


def _require_number(number: str) -> None:
    if not NUMBER.fullmatch(number):
        raise Declaration.DoesNotExist


def _parts() -> list[str | Prefetch[Any]]:
    requests = EscalationRequest.objects.select_related("by", "decided_by", "problem")
    return [
        Prefetch("attachment_rows", Attachment.objects.select_related("file", "voided_by")),
        Prefetch("communication_rows", Communication.objects.select_related("by", "contact", "voided_by")),
        Prefetch("handlingstep_rows", HandlingStep.objects.select_related("by", "voided_by")),
        Prefetch("visit_rows", Visit.objects.select_related("by", "voided_by")),
        Prefetch("knowledgelookup_rows", KnowledgeLookup.objects.select_related(*LOOKED_UP_WITH)),
        Prefetch("handover_rows", Handover.objects.select_related("receiver", "received_by")),
        Prefetch("warning_rows", Warning.objects.select_related("by").prefetch_related("acknowledgements__by")),
        Prefetch("escalationrequest_rows", requests.prefetch_related("decisions__by", "countersignatures__by")),
        "annex_rows",
    ]
