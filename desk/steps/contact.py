"""A contact with the customer, in whose form a step of handling can be recorded too."""

from __future__ import annotations

from typing import Any

from incidents.access import next_steps
from incidents.forms import VerbForm
from incidents.models import Declaration

HANDLING = ("what", "result")


def context(request: Any, declaration: Declaration, verb: str, form: VerbForm) -> dict[str, Any]:
    """Nothing beside the form; it asks for a step of handling only where one can be recorded."""
    handles = any(step.verb == "log_handling" and step.possible for step in next_steps(form.actor, declaration))
    if not form.is_bound and not handles:
        for name in HANDLING:
            del form.fields[name]
    return {}
