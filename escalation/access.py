"""Who may see and receive problems, and who moves due times of open records."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor, Held
from accounts.models import Role
from escalation.models import EscalationRequest, Problem
from incidents.access import NOT_YOURS, declarations
from incidents.models import Declaration
from ledger.exceptions import NotPermitted, NotPossible
from sla.access import may_apply_changes

HEADS_ALONE = gettext_lazy("Only a head of department applies a change to open records.")
# What says that somebody may not see something, or that it is not there.
INVISIBLE = (Declaration.DoesNotExist, EscalationRequest.DoesNotExist, Problem.DoesNotExist)


def require_apply_deadlines(actor: Actor) -> None:
    """Raise `NotPermitted` for people who apply no change of a calendar or contract to open records."""
    if not may_apply_changes(actor):
        raise NotPermitted(HEADS_ALONE, clause="5.4.3")


def require_apply_deadlines_to(actor: Actor, declaration: Declaration) -> Held:
    """The head's grant; raises Declaration.DoesNotExist (invisible) or NotPermitted."""
    held = actor.holds(Role.DEPARTMENT_HEAD, department_id=declaration.department_id)
    if held is None:
        if not declarations(actor).filter(pk=declaration.pk).exists():
            raise Declaration.DoesNotExist(NOT_YOURS)
        raise NotPermitted(HEADS_ALONE, clause="5.4.3")
    return held


def require_acknowledge_problem(actor: Actor, problem: Problem) -> Held:
    """The grant under which `actor` may sign for this problem.

    Raises Problem.DoesNotExist (invisible), NotPermitted, or NotPossible when it is signed for already or withdrawn.
    """
    held = actor.holds(Role.PROBLEM_MANAGER)
    closed_to_most = held is None or problem.declaration.restricted
    if closed_to_most and not declarations(actor).filter(pk=problem.declaration_id).exists():
        raise Problem.DoesNotExist
    if held is None:
        raise NotPermitted(
            _("This step is for: %(capacities)s.") % {"capacities": _("Problem manager")}, clause="5.4.5"
        )
    if problem.withdrawn_at is not None:
        raise NotPossible(
            _("This problem was withdrawn: the escalation was refused after all. There is nothing to receive."),
            clause="5.4.5",
        )
    if problem.acknowledged_at is not None:
        raise NotPossible(_("This problem has been received already."), clause="5.4.5")
    return held
