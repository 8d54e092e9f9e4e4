"""Where a record stands: the nine sections of the form as steps, each with its result in a few words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from incidents.models import Declaration, EscalationState, State, Type
from incidents.verbs.timeline import Names

NAMES = (
    ("一", pgettext_lazy("section", "Intake"), "5.4.1"),
    ("二", pgettext_lazy("section", "Screening"), "5.4.2"),
    ("三", pgettext_lazy("section", "Classification"), "5.4.3"),
    ("四", pgettext_lazy("section", "Handling"), "5.4.4"),
    ("五", pgettext_lazy("section", "Escalation"), "5.4.5"),
    ("六", pgettext_lazy("section", "Monitoring"), "5.4.6"),
    ("七", pgettext_lazy("section", "Completion"), "5.4.7"),
    ("八", pgettext_lazy("section", "Filing"), "5.4.7"),
    ("九", pgettext_lazy("section", "Audit"), "6"),
)
IN_WORK = (State.CLASSIFIED, State.IN_PROGRESS, State.WAITING_CUSTOMER)
SOLVED = (State.RESOLVED, State.CLOSED, State.FILED)
ELSEWHERE = (State.HANDED_OVER, State.HANDOVER_RECEIVED, State.REQUEST_REVIEW, State.REQUEST_IN_PROGRESS)
CURRENT = {
    State.RELAYED: 0,
    State.ACCEPTED: 1,
    **dict.fromkeys(ELSEWHERE, 1),
    State.SCREENED: 2,
    **dict.fromkeys(IN_WORK, 3),
    State.RESOLVED: 6,
    State.CLOSED: 7,
}


@dataclass(frozen=True)
class Stage:
    """As components/stepper.html shows it."""

    numeral: str
    name: str
    clause: str
    result: str
    url: str
    state: str


def stepper(declaration: Declaration, names: Names, *, contacts: int, reviewed: str) -> list[Stage]:
    """`contacts` is how often the customer was spoken to, `reviewed` the word for the review, empty without one."""
    results = [
        _intake(declaration),
        _screening(declaration, names),
        _grading(declaration, names),
        _handling(declaration),
        _escalation(declaration),
        _monitoring(declaration, contacts),
        _completion(declaration),
        _filing(declaration),
        ("done", reviewed) if reviewed else ("ahead", ""),
    ]
    steps = []
    for index, ((numeral, name, clause), (state, result)) in enumerate(zip(NAMES, results, strict=True)):
        words = _("Not applicable") if state == "absent" else result
        steps.append(Stage(numeral, str(name), clause, words, f"#section-{index + 1}", state))
    return steps


def is_absent(declaration: Declaration) -> bool:
    """Whether sections 3 to 8 do not apply: it turned out to be no incident, or ended before it was one."""
    if declaration.type not in (Type.UNKNOWN, Type.INCIDENT):
        return True
    return declaration.has_ended and declaration.classified_at is None


def _intake(d: Declaration) -> tuple[str, str]:
    return ("current" if d.state == State.RELAYED else "done"), f"{localtime(d.received_at):%m-%d %H:%M}"


def _screening(d: Declaration, names: Names) -> tuple[str, str]:
    if d.state in (State.RELAYED, State.ACCEPTED):
        return ("current", _("in progress")) if d.state == State.ACCEPTED else ("ahead", _("not yet"))
    if d.state in ELSEWHERE:
        return "waiting", str(State(d.state).label)
    if d.screened_at is None:
        return "done", str(State(d.state).label)
    return "done", f"{localtime(d.screened_at):%H:%M} {Type(d.type).label}"


def _grading(d: Declaration, names: Names) -> tuple[str, str]:
    if is_absent(d):
        return "absent", ""
    if d.classified_at is None or d.state in (State.ACCEPTED, State.SCREENED, State.RELAYED):
        return ("current", _("in progress")) if d.state == State.SCREENED else ("ahead", _("not yet"))
    return "done", f"{localtime(d.classified_at):%H:%M} {names.level(d.priority)}"


def _handling(d: Declaration) -> tuple[str, str]:
    if is_absent(d):
        return "absent", ""
    if d.state in IN_WORK:
        waiting = d.state == State.WAITING_CUSTOMER
        return ("waiting" if waiting else "current"), str(State(d.state).label)
    if d.resolved_at is not None:
        return "done", f"{localtime(d.resolved_at):%m-%d %H:%M}"
    return ("done", "") if d.has_ended else ("ahead", _("not yet"))


def _escalation(d: Declaration) -> tuple[str, str]:
    if is_absent(d):
        return "absent", ""
    match d.escalation_state:
        case EscalationState.REQUIRED:
            return "current", _("request due")
        case EscalationState.REQUESTED | EscalationState.OBJECTED:
            return "waiting", _("undecided")
        case EscalationState.DECIDED:
            return "waiting", _("countersignature open")
        case EscalationState.SETTLED:
            return "done", d.problem_number or _("refused")
        case EscalationState.LAPSED:
            return "done", _("lapsed")
    if d.classified_at is None:
        return "ahead", _("not yet")
    return ("absent", "") if d.state in SOLVED or d.has_ended else ("ahead", _("not required"))


def _monitoring(d: Declaration, contacts: int) -> tuple[str, str]:
    if is_absent(d):
        return "absent", ""
    words = ngettext("%(count)d contact", "%(count)d contacts", contacts) % {"count": contacts}
    if d.state in IN_WORK:
        return "current", words
    return ("done", words) if d.resolved_at or d.has_ended else ("ahead", _("not yet"))


def _completion(d: Declaration) -> tuple[str, str]:
    if is_absent(d):
        return "absent", ""
    if d.state == State.RESOLVED:
        return ("current", _("confirmed")) if d.confirmed_at else ("waiting", _("to be confirmed"))
    if d.closed_at is not None:
        return "done", f"{localtime(d.closed_at):%m-%d %H:%M}"
    return ("absent", "") if d.has_ended else ("ahead", _("not yet"))


def _filing(d: Declaration) -> tuple[str, str]:
    if is_absent(d) or d.state == State.WITHDRAWN:
        return "absent", ""
    if d.filed_at is not None:
        return "done", f"{localtime(d.filed_at):%m-%d %H:%M}"
    return ("waiting", _("with the custodian")) if d.state == State.CLOSED else ("ahead", _("not yet"))
