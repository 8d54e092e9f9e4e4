"""Category leaf, impact × urgency → level → time allowed, repeats and what follows from them (clause 5.4.3)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.actors import Actor, local_day
from accounts.models import Role
from accounts.queries import head_of, holders
from base.clock import now
from incidents.actions.clocks import look_ahead, take_resolution_target
from incidents.actions.notices import notify_of
from incidents.actions.steps import require, working
from incidents.models import (
    REPEAT_THRESHOLD,
    SEVERE_IMPACT,
    Declaration,
    EscalationState,
    Impact,
    Reclassification,
    Urgency,
)
from incidents.queries.repeats import earlier_repeats
from ledger.actions import RecordChange
from ledger.exceptions import Sentence
from procedure.queries import Rules, rules
from sla import actions as sla
from sla.queries import resolution_target
from sla.targets import Target

ASKABLE = (EscalationState.NONE, EscalationState.REQUIRED, EscalationState.LAPSED)


@dataclass(frozen=True)
class Grading:
    """What the desk chooses; the level follows from it and is never typed (R-5.4.3-2)."""

    leaf: str
    impact: str
    urgency: str
    basis: str = ""
    category_gap: str = ""


def classify(declaration_id: int, *, version: int | None, actor: Actor, grading: Grading) -> Declaration:
    """Classify an incident (T14): level from the nine cells, due time from the contract, else from the matrix.

    The resolution clock runs from receipt. Counts repeats (A-08), marks an obligatory escalation (R-5.4.5-1), and
    makes the desk its handler unless there is one.
    """
    with working(declaration_id, "classify", version=version, actor=actor) as step:
        declaration = step.record
        book = rules(declaration.procedure_version_id)
        require(**_problems(grading, book))
        _grade(declaration, grading, book)
        target, source = _target(declaration, book)
        declaration.resolution_clock = take_resolution_target(declaration, target, source, now())
        _take_target(declaration, target, source)
        count_repeats(declaration, book)
        declaration.classify(
            classified_by=actor.user,
            classified_at=now(),
            handler=declaration.handler or declaration.desk or actor.user,
        )
        _tell(declaration)
    return declaration


def reclassify(declaration_id: int, *, version: int | None, actor: Actor, grading: Grading, reason: str) -> Declaration:
    """Grade again, with the reason (T18, A-29): due recomputed from receipt, a breach that happened stays."""
    with working(declaration_id, "reclassify", version=version, actor=actor) as step:
        declaration = step.record
        book = rules(declaration.procedure_version_id)
        require(**_problems(grading, book), reason=None if reason.strip() else _("Say why it is graded again."))
        _keep_earlier(step, actor, reason)
        _grade(declaration, grading, book)
        target, source = _target(declaration, book)
        assert declaration.resolution_clock is not None
        sla.retarget(declaration.resolution_clock, target=target, source=source, at=now())
        _take_target(declaration, target, source)
        count_repeats(declaration, book)
        declaration.reclassify(classified_by=actor.user, classified_at=now())
        _tell(declaration)
    return declaration


def _problems(grading: Grading, book: Rules) -> dict[str, Sentence | None]:
    weighty = grading.impact == Impact.SEVERE or grading.urgency == Urgency.HIGH
    return {
        "leaf": None if _is_open(grading.leaf, book) else _("Choose one of the 13 categories."),
        "impact": None if grading.impact in Impact.values else _("Choose impact and urgency."),
        "urgency": None if grading.urgency in Urgency.values else _("Choose impact and urgency."),
        "grading_basis": (
            _("Severe impact or high urgency needs its basis in a sentence.")
            if weighty and not grading.basis.strip()
            else None
        ),
    }


def _is_open(leaf: str, book: Rules) -> bool:
    return leaf in book.leaves and book.leaf(leaf).is_active


def _grade(declaration: Declaration, grading: Grading, book: Rules) -> None:
    level = book.priority(grading.impact, grading.urgency)
    declaration.set(
        leaf=grading.leaf,
        leaf_path=[step.zh for step in book.leaf(grading.leaf).path],
        impact=grading.impact,
        urgency=grading.urgency,
        grading_basis=grading.basis,
        category_gap=grading.category_gap,
        priority=level,
        is_major=book.parameter("major_used") and level in book.parameter("major_levels"),
        matrix_target=book.target(level),
    )


def _target(declaration: Declaration, book: Rules) -> tuple[Target, str]:
    assert declaration.priority is not None
    return resolution_target(
        declaration.contract, declaration.priority, Target.from_data(book.target(declaration.priority))
    )


def _take_target(declaration: Declaration, target: Target, source: str) -> None:
    assert declaration.resolution_clock is not None
    look_ahead(declaration.resolution_clock, declaration)
    clock = declaration.resolution_clock
    declaration.set(target=target.as_data(), target_source=source, due_at=clock.due_at, clock_stands=clock.stands)


def count_repeats(declaration: Declaration, book: Rules) -> None:
    """Which time it is by its receipt, and what has to be requested because of that (A-08)."""
    earlier = earlier_repeats(declaration, window_days=book.parameter("repeat_window_days"))
    declaration.set(repeat_ordinal=len(earlier) + 1, repeats=[each.number for each in earlier])
    triggers = []
    if declaration.impact == Impact.SEVERE:
        triggers.append(SEVERE_IMPACT)
    # A later one joins the request or problem of its key; after a refusal a new request is due.
    joined = next((each for each in reversed(earlier) if each.problem_number or each.escalation_is_open), None)
    if declaration.repeat_ordinal >= book.parameter("repeat_threshold") and joined is None:
        triggers.append(REPEAT_THRESHOLD)
    declaration.set(escalation_triggers=triggers)
    if joined is not None and declaration.linked_to_id is None:
        declaration.linked_to_id = joined.pk
    if declaration.escalation_state in ASKABLE:
        declaration.escalation_state = EscalationState.REQUIRED if triggers else EscalationState.NONE


def _keep_earlier(step: RecordChange[Declaration], actor: Actor, reason: str) -> None:
    declaration = step.record
    assert declaration.priority is not None
    assert declaration.due_at is not None
    step.add(
        Reclassification(
            declaration=declaration,
            by=actor.user,
            at=now(),
            reason=reason,
            leaf=declaration.leaf,
            impact=declaration.impact,
            urgency=declaration.urgency,
            priority=declaration.priority,
            due_at=declaration.due_at,
        )
    )


def _tell(declaration: Declaration) -> None:
    """The head sees level and due time (R-5.4.3-4); of a major incident top management hears as well (A-33)."""
    head = head_of(declaration.department)
    management = holders(Role.MANAGEMENT, on=local_day(now())) if declaration.is_major else []
    facts = {"level": declaration.priority, "due_at": declaration.due_at}
    notify_of(declaration, "incident.classified", [head, *management], facts=facts)
