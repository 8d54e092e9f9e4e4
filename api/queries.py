"""What programs read over the interface: declarations as lists and whole."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects

from accounts.actors import Actor
from accounts.models import User
from base.compiled import CompiledRecords
from escalation.models import EscalationRequest, Warning
from escalation.queries.problems import NUMBER
from incidents.access import declaration_with, declarations
from incidents.models import (
    Annex,
    Attachment,
    Communication,
    Declaration,
    HandlingStep,
    Handover,
    KnowledgeLookup,
    Visit,
)
from incidents.queries.parts import rows_of
from incidents.queries.searching import search_condition

LINE_WITH = ("customer", "contact", "contract", "department", "desk", "handler")
# Each is a join; eleven of them would take the planner of PostgreSQL longer than all else that is read.
PEOPLE = (
    "desk",
    "handler",
    "accepted_by",
    "relayed_by",
    "first_response_by",
    "screened_by",
    "classified_by",
    "resolved_by",
    "closed_by",
    "filed_by",
    "receiver",
)
WHOLE_WITH = (
    "customer",
    "contact",
    "contract",
    "department",
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
    """One declaration with everything that is answered of it, under the names of `PARTS`; 11 statements, and three more
    where there are warnings or requests. Raises DoesNotExist if it is not to be seen.
    """
    _require_number(number)
    found = declaration_with(WHOLE_WITH, actor, number)
    _name_people(found)
    for name, (compiled, *further) in PARTS.items():
        rows = compiled.found(declaration=found.pk)
        prefetch_related_objects(rows, *further)
        setattr(found, name, rows)
    return found


def _name_people(declaration: Declaration) -> None:
    keys = {name: getattr(declaration, f"{name}_id") for name in PEOPLE}
    people = User.objects.in_bulk({key for key in keys.values() if key})
    for name, key in keys.items():
        setattr(declaration, name, people.get(key))


def _require_number(number: str) -> None:
    if not NUMBER.fullmatch(number):
        raise Declaration.DoesNotExist


# The rows of a declaration by the names under which they are answered, and what is read of each row besides.
PARTS: dict[str, tuple[CompiledRecords[Any], *tuple[str, ...]]] = {
    "attachments": (rows_of(Attachment, "file", "voided_by"),),
    "communications": (rows_of(Communication, "by", "contact", "voided_by"),),
    "handling": (rows_of(HandlingStep, "by", "voided_by"),),
    "visits": (rows_of(Visit, "by", "voided_by"),),
    "lookups": (rows_of(KnowledgeLookup, *LOOKED_UP_WITH),),
    "handovers": (rows_of(Handover, "receiver", "received_by"),),
    "warnings": (rows_of(Warning, "by"), "acknowledgements__by"),
    "escalations": (
        rows_of(EscalationRequest, "by", "decided_by", "problem"),
        "decisions__by",
        "countersignatures__by",
    ),
    "annexes": (rows_of(Annex),),
}
