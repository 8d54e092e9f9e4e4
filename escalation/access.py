"""Who may see and receive problems."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.acting import Actor, Held
from accounts.models import Role
from escalation.models import Problem
from incidents.access import declarations
from ledger.exceptions import NotPermitted, NotPossible


def problem_for_working(actor: Actor, problem: Problem) -> Held:
    """The grant under which `actor` may sign for this problem.

    Raises Problem.DoesNotExist (invisible), NotPermitted, or NotPossible when it is signed for already or withdrawn.
    """
    held = actor.holds(Role.PROBLEM_MANAGER)
    if held is None:
        if not declarations(actor).filter(pk=problem.declaration_id).exists():
            raise Problem.DoesNotExist
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
