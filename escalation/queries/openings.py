"""What the request for a problem opens with (E1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import Actor
from escalation.models import EscalationRequest
from incidents.access import declarations
from incidents.models import Declaration
from incidents.queries.repeats import earlier_repeats
from procedure.queries import rules

Trigger = EscalationRequest.Trigger


def opening(declaration: Declaration, actor: Actor) -> dict[str, Any]:
    """The trigger that the grading gave, and a draft of the reason; nothing where the request is not obligatory."""
    triggers = declaration.escalation_triggers
    if not triggers:
        return {}
    sentences = []
    if Trigger.SEVERE_IMPACT in triggers:
        sentences.append(_("Severe impact: %(subject)s.") % {"subject": declaration.subject})
    if Trigger.REPEAT_THRESHOLD in triggers:
        sentences.append(
            _("Time %(ordinal)s in this category for this customer, after %(numbers)s.")
            % {"ordinal": declaration.repeat_ordinal, "numbers": ", ".join(_earlier(declaration, actor)) or "–"}
        )
    return {"trigger": triggers[0], "reason": "\n".join(sentences)}


def _earlier(declaration: Declaration, actor: Actor) -> list[str]:
    """The numbers of the repeats before it that the actor may see."""
    window = rules(declaration.procedure_version_id).parameter("repeat_window_days")
    found = earlier_repeats(declaration, window_days=window)
    readable = set(declarations(actor).filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True))
    return [each.number for each in found if each.pk in readable]
