"""The action bar: the one next step, what else can be done, and for the rest why not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.actors import SYSTEM
from desk.next_step import next_verb
from desk.record.names import joined
from desk.step_address import press_address, step_address
from incidents.access import NextStep
from incidents.actions import typed_caller
from incidents.forms.intake import EnterCallerForm
from incidents.models import OPEN_STATES, Declaration, State, Type, guards, moves
from record_form.verbs import PROMPTS, SCREENING, STEPS, VERBS

SHOWN = 4
NOT_YET = {guards.CONFIRMED.sentence, guards.COMMUNICATED.sentence}


@dataclass(frozen=True)
class Action:
    """As components/action.html shows it; the next one says why now."""

    verb: str
    label: str
    url: str
    icon: str
    key: str = ""
    method: str = ""
    running: str = ""
    why: str = ""
    clause: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    is_next: bool = False


@dataclass(frozen=True)
class Blocked:
    label: str
    reason: str
    clause: str


@dataclass(frozen=True)
class Bar:
    """As components/action_bar.html shows it."""

    next: Action | None = None
    others: list[Action] = field(default_factory=list)
    rare: list[Action] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)

    @property
    def has_any(self) -> bool:
        return bool(self.next or self.others or self.rare)

    @property
    def all(self) -> list[Action]:
        """Everything that can be done now, the next step first; for the palette and the list of keys."""
        return [*([self.next] if self.next else []), *self.others, *self.rare]


def bar_of(declaration: Declaration, steps: Sequence[NextStep], *, done: Collection[str] = ()) -> Bar:
    """From `incidents.access.next_steps`; verbs without a page of their own (joining an alarm) are left out.

    What is `done` already may be done again, but is nobody's next step.
    """
    offered = [step for step in steps if step.verb in VERBS]
    first = next_verb(declaration, [step for step in offered if step.verb not in done])
    rest = [step for step in offered if step.possible and step is not first and not _same(step, first)]
    rest = _once(sorted(rest, key=_rank))
    shown = [step for step in rest if not step.rare][:SHOWN]
    return Bar(
        next=_next(declaration, first) if first else None,
        others=[*_in_one(declaration, offered), *(action(declaration, step) for step in shown)],
        rare=[action(declaration, step) for step in rest if step not in shown],
        blocked=_blocked(declaration, offered),
    )


def _next(declaration: Declaration, step: NextStep) -> Action:
    return replace(action(declaration, step), why=PROMPTS[step.verb].why_now(declaration), is_next=True)


def action(declaration: Declaration, step: NextStep) -> Action:
    """The button of a step: at once where there is nothing to fill in, else the way to its form."""
    verb = step.verb
    screening = verb in SCREENING
    at_once = STEPS[verb].at_once
    return Action(
        verb=verb,
        label=pgettext("step", "Screen") if screening else str(step.label),
        url=press_address(declaration.number, verb) if at_once else step_address(declaration.number, verb),
        icon="filter" if screening else STEPS[verb].icon,
        key=STEPS[verb].key,
        method="post" if at_once else "",
        running=_("Working…") if at_once else "",
        clause=step.clause,
    )


def _in_one(declaration: Declaration, offered: Sequence[NextStep]) -> list[Action]:
    """What takes the step that is possible now together with those after it, up to the solution."""
    found = [verb for verb in STEPS.values() if verb.opens and any(_opens(verb.opens, step) for step in offered)]
    return [
        Action(
            verb=verb.name,
            label=str(verb.label),
            url=step_address(declaration.number, verb.name),
            icon=verb.icon,
            key=verb.key,
            clause=verb.move.clause,
        )
        for verb in found
    ]


def _opens(verb: str, step: NextStep) -> bool:
    return step.verb == verb and step.possible


def _same(step: NextStep, first: NextStep | None) -> bool:
    """The four outcomes of screening are one button."""
    return first is not None and step.verb in SCREENING and first.verb in SCREENING


def _once(steps: list[NextStep]) -> list[NextStep]:
    screening = [step for step in steps if step.verb in SCREENING]
    return [step for step in steps if step not in screening[1:]]


def _rank(step: NextStep) -> int:
    return STEPS[step.verb].rank


def _blocked(declaration: Declaration, offered: Sequence[NextStep]) -> list[Blocked]:
    # Guards that say only “there is nothing to do here” are not worth a line; those of the next milestones are.
    found = [_held_back(step) for step in offered if not step.possible and STEPS[step.verb].is_milestone]
    return found + (_milestones(declaration, {step.verb for step in offered}) if offered else [])


def _held_back(step: NextStep) -> Blocked:
    reasons = joined([str(reason.sentence) for reason in step.reasons])
    return Blocked(str(step.label), reasons, step.reasons[0].clause)


def _milestones(declaration: Declaration, offered: set[str]) -> list[Blocked]:
    """What everybody works towards, though its state is not reached yet."""
    if declaration.type != Type.INCIDENT or declaration.state not in OPEN_STATES:
        return []
    found = []
    if "close" not in offered and declaration.state != State.RESOLVED:
        obstacles = [reason.sentence for reason in moves()["close"].obstacles(declaration)]
        ahead = [_("Resolve it first."), *(str(each) for each in obstacles if each not in NOT_YET)]
        found.append(Blocked(str(moves()["close"].label), joined(ahead), moves()["close"].clause))
    if "file" not in offered:
        found.append(
            Blocked(str(moves()["file"].label), _("By the custodian, once it is closed."), moves()["file"].clause)
        )
    return found


def caller_steps(declaration: Declaration, steps: Sequence[NextStep]) -> list[Action]:
    """Beside a caller who is no contact: adding them, by one press where nothing is missing, and choosing a contact."""
    offered = {step.verb: step for step in steps if step.possible}
    if declaration.contact_id is not None:
        return []
    found = [action(declaration, offered[verb]) for verb in ("enter_caller", "tie_contact") if verb in offered]
    typed = typed_caller(declaration)
    reachable = typed["number"] or typed["email"]
    if not reachable or not EnterCallerForm(typed, declaration=declaration, actor=SYSTEM).is_valid():
        return found
    return [
        replace(each, method="post", running=_("Working…"), fields=typed) if each.verb == "enter_caller" else each
        for each in found
    ]
