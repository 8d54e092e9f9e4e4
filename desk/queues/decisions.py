"""A decision as its page shows it: what it is about, until when, what each button does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.actors import Actor
from accounts.models import User
from base.text import alone
from desk.queues.choices import CHOICES
from desk.queues.queries import Matter
from incidents.access import capacities
from incidents.models import Capacity, Declaration, Impact, Report, State, Urgency
from incidents.verbs import VerbButton
from procedure.queries import rules
from record_form.verbs import VERBS
from sla.queries import TimeLeft, TimeState, time_left

TONES = {TimeState.BREACHED: "red", TimeState.LATE: "red", TimeState.AT_RISK: "amber"}


@dataclass(frozen=True)
class Fact:
    """One line about the matter; `at` and `beside` stand small after it, `tone` is a colour of state."""

    label: str
    text: str
    at: datetime | None = None
    beside: str = ""
    clause: str = ""
    tone: str = ""

    @property
    def words(self) -> str:
        """The text, which turns nothing beside it."""
        return alone(self.text)


@dataclass(frozen=True)
class DecisionRow:
    """One decision in the list."""

    number: str
    subject: str
    customer: str
    priority: int | None
    kind: str
    icon: str
    time_left: TimeLeft | None
    restricted: bool


@dataclass(frozen=True)
class OpenDecision:
    """The decision that is open: `own` says why this person may not take it, `deputy` for whom it is taken."""

    declaration: Declaration
    verb: str
    kind: str
    icon: str
    version: int
    facts: list[Fact]
    choices: tuple[VerbButton, ...]
    ready: tuple[Promise, ...]
    explains: str
    label: str
    own: str = ""
    deputy: str = ""
    grade: str = ""


def line(declaration: Declaration, verb: str, left: TimeLeft | None) -> DecisionRow:
    kind, icon = VERBS[verb].listed_as
    return DecisionRow(
        number=declaration.number,
        subject=declaration.subject,
        customer=declaration.customer_name,
        priority=declaration.priority,
        kind=str(kind),
        icon=icon,
        time_left=left,
        restricted=declaration.restricted,
    )


def case(actor: Actor, matter: Matter, verb: str, at: datetime) -> OpenDecision:
    """Everything that the decision looks at, in the order in which one asks."""
    declaration = matter.declaration
    kind, icon = VERBS[verb].listed_as
    facts = [*_about(matter, verb), *_progress(matter, at)]
    return OpenDecision(
        declaration=declaration,
        verb=verb,
        kind=str(kind),
        icon=icon,
        version=matter.request.version if matter.request else declaration.version,
        facts=facts,
        choices=CHOICES[verb],
        ready=VERBS[verb].ready,
        explains=_explains(matter, verb),
        label=str(VERBS[verb].answer) or _("Your reason"),
        own=_own(actor, matter, verb),
        deputy=_deputy(actor, declaration, verb),
        grade=_grade(declaration),
    )


def _grade(declaration: Declaration) -> str:
    if not declaration.impact:
        return ""
    impact, urgency = Impact(declaration.impact).label, Urgency(declaration.urgency).label
    return _("Impact %(impact)s · urgency %(urgency)s") % {"impact": impact, "urgency": urgency}


def _about(matter: Matter, verb: str) -> list[Fact]:
    if matter.request is not None:
        return _of_escalation(matter, verb)
    if matter.reports:
        return [fact for report in matter.reports for fact in _of_report(report)]
    declaration = matter.declaration
    facts = [Fact(_("Asked for"), declaration.verbatim, clause="5.4.2")]
    if declaration.other_demands:
        facts.append(Fact(_("Other demands"), declaration.other_demands))
    for opinion in matter.opinions:
        word = _("agrees") if opinion.agrees else _("speaks against it")
        role = str(Capacity(opinion.role).label)
        facts.append(
            Fact(
                role,
                f"{word}{pgettext('label', ': ')}{opinion.text}",
                opinion.at,
                _name(opinion.by),
                tone="" if opinion.agrees else "amber",
            )
        )
    if matter.answer is not None:
        facts.append(Fact(_("Customer told"), matter.answer.text, matter.answer.at, _name(matter.answer.by)))
    return facts


def _of_report(report: Report) -> list[Fact]:
    alone = _("The desk cannot solve it alone") if report.desk_cannot_solve else ""
    return [
        Fact(_("Reported by"), _name(report.by), report.at),
        Fact(_("Reason"), report.reason, clause="5.4.4", beside=alone),
    ]


def _of_escalation(matter: Matter, verb: str) -> list[Fact]:
    request = matter.request
    assert request is not None
    trigger = str(request.get_trigger_display())
    obliged = request.trigger != request.Trigger.OTHER
    facts = [
        Fact(
            _("Trigger"),
            _("%(trigger)s, must be requested") % {"trigger": trigger} if obliged else trigger,
            clause="5.4.5",
        ),
        Fact(_("Requested by"), _name(request.by), request.at),
        Fact(_("Reason"), request.reason),
    ]
    for decision in matter.decisions[-1:]:
        word = _("approved") if decision.approved else _("refused")
        facts.append(
            Fact(_("Decision"), f"{word}{pgettext('label', ': ')}{decision.reason}", decision.at, _name(decision.by))
        )
    for objection in matter.objections[-1:]:
        facts.append(Fact(_("Objection"), objection.opinion, objection.at, _name(objection.by), "5.4.5", "amber"))
    return facts


def _progress(matter: Matter, at: datetime) -> list[Fact]:
    declaration, facts = matter.declaration, []
    if declaration.resolution_clock:
        left = time_left(declaration.resolution_clock, at, waiting=declaration.state == State.WAITING_CUSTOMER)
        facts.append(Fact(_("Resolution"), left.words, declaration.due_at, tone=TONES.get(left.state, "")))
    if matter.progress is not None:
        step = matter.progress
        facts.append(Fact(_("Progress"), f"{step.what}{_('; ')}{step.result}", step.at))
    if declaration.repeat_ordinal and matter.request is not None:
        days = rules(declaration.procedure_version_id).parameter("repeat_window_days")
        facts.append(
            Fact(
                _("Within %(days)s days") % {"days": days},
                _("No. %(count)s of this customer and category") % {"count": declaration.repeat_ordinal},
            )
        )
    return facts


def _explains(matter: Matter, verb: str) -> str:
    """What each button does, and who hears of it."""
    hearing = {"problems": _names(matter.problem_managers), "risk": _names(matter.risk_control)}
    return str(VERBS[verb].explains) % hearing


def _own(actor: Actor, matter: Matter, verb: str) -> str:
    """Three people ask, decide and countersign (A-10)."""
    if matter.request is None or actor.user is None:
        return ""
    if matter.request.by_id == actor.user.pk and verb == "decide_escalation" and matter.declaration.escalation_climbed:
        return _("You cannot decide your own request; it went one level up.")
    if matter.request.by_id == actor.user.pk:
        return _("You asked for it yourself, so somebody else decides.")
    if verb == "countersign" and matter.request.decided_by_id == actor.user.pk:
        return _("You decided it yourself, so somebody else countersigns.")
    return ""


def _deputy(actor: Actor, declaration: Declaration, verb: str) -> str:
    standing = capacities(actor, declaration)
    deciding = standing.get(Capacity.HEAD) or standing.get(Capacity.NEXT_LEVEL)
    held = standing.get(Capacity.RISK_CONTROL) if verb == "countersign" else deciding
    return held.on_behalf_of.get_full_name() if held and held.on_behalf_of else ""


def _name(person: User | None) -> str:
    return person.get_full_name() if person else ""


def _names(people: Iterable[User]) -> str:
    return pgettext("list", ", ").join(_name(person) for person in people) or "–"
